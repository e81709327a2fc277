"""What OpenVINO is asked for, and what is refused before the first part."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from station.domain.errors import BadInputError, FaultError, ModelError
from station.domain.recipe import InferenceSettings
from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.openvino_predictor import OpenVinoPredictor, available_devices
from station.inference.silent_openvino import ov

op = ov.opset13


def package_around(tiny: ModelPackage, folder: Path, build: Callable, *, element: str = "u8", shape=(1, 64, 64, 3)):
    """A package like `tiny` whose graph is what `build(input)` returns: nodes by output name."""
    picture = op.parameter(list(shape), getattr(ov.Type, element), name="picture")
    nodes = build(op.convert(picture, "f32"))
    for name, node in nodes.items():
        node.output(0).set_names({name})
    ov.save_model(ov.Model([op.result(node) for node in nodes.values()], [picture], "odd"), folder / "model.xml")
    fields = tiny.manifest.model_dump(exclude={"format_version", "name", "files", "seal"})
    files = {name: folder / name for name in ("model.xml", "model.bin")}
    return write_package(folder, "odd", ModelDescription.model_validate(fields), files)


def score_of(picture, axes=(0, 1, 2, 3)):
    return op.reduce_max(picture, np.int64(axes))


def map_of(picture, shape=(1, 1, 64, 192)):
    return op.reshape(picture, np.int64(shape), special_zero=False)


def agreed(picture) -> dict:
    return {"score": score_of(picture), "map": map_of(picture)}


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda picture: {"score": score_of(picture)}, "no output 'map'"),
        (lambda picture: {"map": map_of(picture)}, "no output 'score'"),
        (lambda picture: agreed(picture) | {"score": score_of(picture, (0, 1, 2))}, "not one value"),
        (lambda picture: agreed(picture) | {"map": map_of(picture, (64, 192))}, "not \\[1, 1, gh, gw\\]"),
        (lambda picture: agreed(picture) | {"map": map_of(picture, (1, 3, 64, 64))}, "not \\[1, 1, gh, gw\\]"),
        (lambda picture: agreed(picture) | {"map": map_of(picture, (1, 1, 2, 6144))}, "at most 500 a side"),
    ],
)
def test_that_a_graph_with_other_outputs_is_refused(tiny_package, tmp_path, build, message):
    package = package_around(tiny_package, tmp_path, build)
    with pytest.raises(ModelError, match=message):
        OpenVinoPredictor(package, InferenceSettings(), tmp_path / "cache")


@pytest.mark.parametrize(
    ("element", "shape", "message"),
    [
        ("f32", (1, 64, 64, 3), "takes f32"),
        ("u8", (1, 3, 64, 64), r"\[1,3,64,64\]"),
        ("u8", (1, 32, 128, 3), r"\[1,32,128,3\]"),
        ("u8", (-1, 64, 64, 3), r"\[\?,64,64,3\]"),
    ],
)
def test_that_a_graph_with_another_input_is_refused(tiny_package, tmp_path, element, shape, message):
    package = package_around(tiny_package, tmp_path, agreed, element=element, shape=shape)
    with pytest.raises(ModelError, match=message):
        OpenVinoPredictor(package, InferenceSettings(), tmp_path / "cache")


def test_that_a_file_that_is_not_a_graph_is_refused(tiny_package, tmp_path):
    (tmp_path / "model.xml").write_text("<net/>")
    fields = tiny_package.manifest.model_dump(exclude={"format_version", "name", "files", "seal"})
    files = {"model.xml": tmp_path / "model.xml", "model.bin": tiny_package.folder / "model.bin"}
    package = write_package(tmp_path, "odd", ModelDescription.model_validate(fields), files)
    with pytest.raises(ModelError, match="cannot be read"):
        OpenVinoPredictor(package, InferenceSettings(), tmp_path / "cache")


def test_that_weights_swapped_after_loading_never_reach_the_device(tiny_package, tmp_path):
    folder = shutil.copytree(tiny_package.folder, tmp_path / "tiny")
    package = ModelPackage(folder, tiny_package.manifest, tiny_package.sha256)
    (folder / "model.bin").write_bytes(bytes(144))
    with pytest.raises(ModelError, match="changed"):
        OpenVinoPredictor(package, InferenceSettings(), tmp_path / "cache")


def test_that_an_absent_device_is_named_with_those_that_are_there(tiny_package, tmp_path):
    with pytest.raises(BadInputError, match=r"'NPU7'.*CPU"):
        OpenVinoPredictor(tiny_package, InferenceSettings(device="NPU7"), tmp_path)
    assert "CPU" in available_devices()


def test_that_a_precision_nobody_knows_is_refused(tiny_package, tmp_path):
    with pytest.raises(BadInputError, match="'f8'"):
        OpenVinoPredictor(tiny_package, InferenceSettings(precision="f8"), tmp_path)


def test_that_a_score_that_is_not_a_number_is_a_fault(tiny_package, tmp_path):
    def zero_by_zero(picture):
        nothing = op.subtract(picture, picture)
        return agreed(op.divide(nothing, nothing))

    package = package_around(tiny_package, tmp_path, zero_by_zero)
    predictor = OpenVinoPredictor(package, InferenceSettings(), tmp_path / "cache")
    with pytest.raises(FaultError, match="not a number"):
        predictor.predict(np.zeros((64, 64, 3), np.uint8))


@pytest.mark.parametrize("precision", ["f16", "bf16"])
def test_that_a_model_cached_in_one_precision_is_not_computed_in_it_for_another(tiny_package, tmp_path, precision):
    picture = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)

    def raw_score(wanted: str, cache: str) -> float:
        settings = InferenceSettings(precision=wanted)
        return OpenVinoPredictor(tiny_package, settings, tmp_path / cache).predict(picture).raw_score

    try:
        fresh = raw_score(precision, "fresh")
    except BadInputError:
        pytest.skip(f"this machine does not compute in {precision}")
    raw_score("f32", "shared")
    assert raw_score(precision, "shared") == fresh


@pytest.mark.slow
def test_that_a_station_predicts_without_network_and_leaves_the_home_folder_alone(tiny_package, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    program = """
import sys
seen = []
sys.addaudithook(lambda event, arguments: seen.append(event) if event.startswith("socket.") else None)
from pathlib import Path
import numpy as np
from station.domain.recipe import InferenceSettings
from station.inference.model_package import load_package
from station.inference.openvino_predictor import OpenVinoPredictor
predictor = OpenVinoPredictor(load_package(Path(sys.argv[1])), InferenceSettings(), Path(sys.argv[2]))
predictor.predict(np.zeros((64, 64, 3), np.uint8))
assert not seen, seen
assert not sys.modules.get("openvino_telemetry") and "torch" not in sys.modules
"""
    # OpenVINO also keeps silent where it believes to be under continuous integration: that would prove nothing.
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    environment |= {"HOME": str(home), "USERPROFILE": str(home)}
    command = [sys.executable, "-c", program, str(tiny_package.folder), str(tmp_path / "cache")]
    subprocess.run(command, check=True, env=environment, timeout=120)
    assert not list(home.iterdir())
