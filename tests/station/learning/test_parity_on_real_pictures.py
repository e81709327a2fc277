"""On every real picture the exported model gives the verdict of the trained detector, in any precision."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from station.domain.frame import Image
from station.domain.recipe import InferenceSettings, View
from station.domain.verdict import GuardBand, Limits, Prediction, judge
from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.normalisation import Normalisation
from station.inference.openvino_predictor import OpenVinoPredictor
from station.inference.proof import prove
from station.inference.ways import precisions_here
from station.judgement.guard_band import in_doubt
from station.learning.datasets import DatasetVersion, good_parts, import_folder
from station.learning.jobs import TrainingJob, run_training
from station.learning.labels import GOOD
from station.learning.layout.labelled import LabelledPicture, Reading
from station.learning.layout.reading import read_layout
from station.learning.limits import limits_from_good
from station.learning.manifest import read_manifest
from station.learning.nearest_pictures import NearestPictures
from station.learning.parity import parity_of
from station.learning.picture_judge import PictureJudge
from station.learning.presets import METHODS
from station.learning.seen import input_size, look_at

LEARNED = 12
EVERY = {"bf16": 4}
"""Of bf16, which is not offered on any of these sets, every fourth picture has to do."""


def to_measure_with(picture: LabelledPicture) -> LabelledPicture:
    name = picture.name.replace("train/good/", "test/good/train_")
    return replace(picture, name=name, split="test")


def reading_of(folder: Path) -> Reading:
    """Learn from a few good pictures, and measure with all there are, these too."""
    everything = read_layout(folder).pictures
    train = [picture for picture in everything if picture.split == "train" and picture.kind == GOOD]
    learned = train[:: max(1, len(train) // LEARNED)][:LEARNED]
    measured = sorted((to_measure_with(picture) for picture in everything), key=lambda picture: picture.name)
    assert len({picture.name for picture in measured}) == len(everything)
    return Reading(folder, (*learned, *measured), has_split=True)


def job_of(dataset: DatasetVersion, folder: Path) -> TrainingJob:
    method, good = METHODS["balanced"], good_parts(dataset)
    shapes, depth = look_at(dataset.folder, good, ())
    (folder / "output").mkdir()
    return TrainingJob(
        dataset=dataset.folder,
        output=folder / "output",
        cache=folder / "cache",
        method=method,
        input_size=input_size(shapes, method.side_px),
        unstated_bits=depth.bits,
        scored=tuple(picture.name for picture in dataset.pictures_of("test")),
    )


def package_of(job: TrainingJob, held_out: Path) -> ModelPackage:
    described = ModelDescription(
        method="m",
        input_size=job.input_size,
        normalisation=limits_from_good(np.load(held_out)).normalisation,
        dataset_version="d",
        made_by="tests",
        created_at=datetime.now(UTC),
    )
    files = {name: job.output / name for name in ("model.xml", "model.bin")}
    return write_package(job.output, "package", described, files)


class BesideF32:
    """The model in f32; for each picture it is asked in low precisions too, and what they say of any limit is kept."""

    def __init__(self, exact: OpenVinoPredictor, scale: Normalisation) -> None:
        self.input_size = exact.input_size
        self.inputs = NearestPictures(exact, scale)
        self.lower: dict[str, OpenVinoPredictor] = {}
        self.answers: dict[str, list[tuple[Prediction, Prediction]]] = {}
        self._asked: set[int] = set()

    def predict(self, image: Image) -> Prediction:
        exact = self.inputs.predict(image)
        if hash(image.tobytes()) not in self._asked:
            self._asked.add(hash(image.tobytes()))
            for precision, predictor in self.lower.items():
                if len(self._asked) % EVERY.get(precision, 1):
                    continue
                self.answers.setdefault(precision, []).append((exact, predictor.predict(image)))
        return exact

    def close(self) -> None:
        pass


def exported_scores(
    package: ModelPackage, dataset: DatasetVersion, cache: Path, precisions: Sequence[str]
) -> tuple[dict[str, float], BesideF32]:
    with ExitStack() as opened:
        exact = opened.enter_context(closing(OpenVinoPredictor(package, InferenceSettings(), cache)))
        beside = BesideF32(exact, package.manifest.normalisation)
        for precision in precisions:
            lower = OpenVinoPredictor(package, InferenceSettings(precision=precision), cache)
            beside.lower[precision] = opened.enter_context(closing(lower))
        judged = PictureJudge(View(package.reference), beside)
        results = {picture.name: judged.inspect_picture(picture) for picture in dataset.pictures_of("test")}
    return {name: result.inspection.raw_score for name, result in results.items()}, beside


def turned_and_repeated(answers: list[tuple[Prediction, Prediction]], band: GuardBand) -> tuple[int, float]:
    """How many verdicts turn though nothing is in doubt, and the share that is judged again, at the model's limit."""
    turned = repeated = 0
    for exact, rough in answers:
        doubted = in_doubt(replace(rough, band=band), Limits(), (0, 0, 64, 64), (64, 64))
        repeated += doubted
        turned += not doubted and judge(rough, Limits()) != judge(exact, Limits())
    return turned, repeated / len(answers)


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize(("name", "pictures"), [("bottle", 380), ("tile", 438), ("cookie", 85), ("pan", 98)])
def test_that_no_verdict_flips_by_the_export(
    shared_data: Path, tmp_path: Path, name: str, pictures: int, record_property: Callable[[str, str], None]
):
    dataset = import_folder(reading_of(shared_data / name), name, tmp_path)
    job = job_of(dataset, tmp_path)
    trained = run_training(job, tmp_path / "training.log", lambda _: None)
    package = package_of(job, trained.held_out)
    sha256_of = {entry.name: entry.sha256 for entry in read_manifest(dataset.folder).pictures}
    lower = [each.precision for each in precisions_here() if each.device == "CPU" and each.precision != "f32"]
    exported, beside = exported_scores(package, dataset, tmp_path / "compiled", lower)
    parity = parity_of(trained.scores, exported, sha256_of, package.manifest.normalisation)
    assert (parity.pictures, parity.verdict_flips) == (pictures, 0)
    assert parity.max_difference < 1e-3
    record_property(
        f"export of {name}, {pictures} pictures", f"no flip, largest difference {parity.max_difference:.1g}"
    )
    raw = np.array([*exported.values(), *np.load(trained.held_out).max((1, 2))], np.float64)
    certificate, _ = prove(package, beside.inputs.kept(), raw, tmp_path / "compiled")
    assert certificate.of("CPU", "f32").equal
    for precision in lower:
        certified = certificate.of("CPU", precision)
        band = certified.band(package.manifest.normalisation, whole_part=False)
        turned, repeated = turned_and_repeated(beside.answers[precision], band)
        assert turned == 0
        assert not certified.offered or repeated <= 0.02
        said = f"{'offered' if certified.offered else 'not offered'}, no flip, {repeated:.1%} judged again"
        record_property(f"{name} in {precision}", said)
