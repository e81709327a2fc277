"""The same verdict in every way, and what it costs.

The pictures of the set are judged in f32 by 1, 2 and 4 threads, from the compiled form, and several at once for
throughput; and in each low precision with its guard band. A model that is loaded from its compiled form is measured
over OpenVINO's own cache of the same model, in turns.
"""

import time
from functools import partial
from pathlib import Path

import numpy as np
from figure import Figure, Setting, of_pairs
from prepared import taught

from station.camera.pictures.reading import read_picture
from station.cli.in_turn import in_turn
from station.domain.recipe import InferenceSettings
from station.inference.certificate import MARGIN, MOST_REPEATED
from station.inference.model_package import ModelPackage
from station.inference.openvino_predictor import OpenVinoPredictor
from station.inference.silent_openvino import ov
from station.inference.ways import REFERENCE_WAY, Way, answers
from station.learning.datasets import load_dataset
from station.vision.preprocess import Preprocessor

NAME = "the same verdict in every way"
_F32 = (
    Way("2 threads", threads=2),
    Way("4 threads", threads=4),
    Way("from its compiled form"),
    Way("THROUGHPUT, 4 pictures at once", hint="THROUGHPUT", requests=4),
)


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return differences in f32, turned verdicts and repeats of each low precision, and the time to load a model."""
    cache = setting.folder / "compiled in ways"
    with taught(setting) as (station, product):
        package = product.package
        (version,) = (station.workspace.datasets / product.recipe.product).iterdir()
        preprocessor = Preprocessor(package.manifest.input_size)
        every = load_dataset(version).pictures[:: 6 if setting.quick else 1]
        inputs = [preprocessor.run(read_picture(each.path).image).model_input.copy() for each in every]
        exact = answers(package, REFERENCE_WAY, inputs, cache)
        figures = []
        for way in _F32:
            given = answers(package, way, inputs, cache)
            apart = max(np.abs(given.scores - exact.scores).max(), np.abs(given.maps - exact.maps).max())
            name = f"f32, {way.name} against 1 thread: largest difference"
            figures.append(Figure(name, float(apart), None, "raw score", None, 0.0, len(inputs)))
        return (*figures, *_precisions(package, inputs, exact.scores, cache), _loading(package, setting))


def _precisions(package: ModelPackage, inputs: list, exact: np.ndarray, cache: Path) -> list[Figure]:
    assert package.manifest.certificate is not None, "it was taught by this build"
    limit, figures = package.manifest.normalisation.image_threshold_raw, []
    for each in package.manifest.certificate.precisions:
        if each.precision == "f32":
            continue
        given = answers(package, Way("", InferenceSettings(each.device, each.precision)), inputs, cache).scores
        again = np.abs(given - limit) <= MARGIN * each.score_difference
        turned = ((given > limit) != (exact > limit)) & ~again
        way = f"{each.precision} on {each.device}"
        note = "" if each.offered else "not offered: too many would be judged twice"
        figures += [
            Figure(f"{way}: verdicts other than in f32", float(turned.sum()), None, "pictures", None, 0.0, len(inputs)),
            Figure(f"{way}: judged again in f32", float(again.mean()), None, "of all",
                   None, MOST_REPEATED if each.offered else None, len(inputs), note),
        ]  # fmt: skip
    return figures


def _loading(package: ModelPackage, setting: Setting) -> Figure:
    ours, theirs = setting.folder / "compiled by us", setting.folder / "compiled by OpenVINO"
    ways = {"ours": partial(_load, package, ours), "theirs": partial(_load_theirs, package, theirs)}
    taken = in_turn(ways, setting.pairs(20), warm_up=2)
    return of_pairs(
        "model from its compiled form, over OpenVINO's own cache", taken["ours"], taken["theirs"], "ms", 1.1
    )


def _load(package: ModelPackage, cache: Path, _: int) -> float:
    began = time.perf_counter()
    predictor = OpenVinoPredictor(package, InferenceSettings(), cache)
    took = time.perf_counter() - began
    predictor.close()
    return 1000 * took


def _load_theirs(package: ModelPackage, cache: Path, _: int) -> float:
    began = time.perf_counter()
    core = ov.Core()
    model = core.read_model(model=package.graph(), weights=package.weights())
    run = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32", "CACHE_DIR": str(cache)}
    request = core.compile_model(model, "CPU", run).create_infer_request()
    request.infer({0: np.zeros((1, *package.manifest.input_size, 3), np.uint8)})
    return 1000 * (time.perf_counter() - began)
