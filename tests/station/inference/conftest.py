"""A package with a certificate, and the pictures that it was certified on."""

from pathlib import Path

import numpy as np
import pytest

from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.proof import prove
from station.inference.silent_openvino import opset as op
from station.inference.silent_openvino import ov


@pytest.fixture(scope="session")
def pictures() -> list[np.ndarray]:
    return list(np.random.default_rng(3).integers(0, 256, (12, 64, 64, 3), np.uint8))


@pytest.fixture(scope="session")
def convolved_package(tiny_package: ModelPackage, tmp_path_factory: pytest.TempPathFactory) -> ModelPackage:
    """A package whose answers differ in each precision: every processor rounds inside two large convolutions.

    A processor may compute all of a graph in f32 that has none, although it offers less.
    """
    folder, rng = tmp_path_factory.mktemp("convolved"), np.random.default_rng(0)
    picture = op.parameter([1, 64, 64, 3], ov.Type.u8, name="picture")
    places = op.transpose(op.convert(picture, "f32"), np.array([0, 3, 1, 2]))
    for before, after in ((3, 32), (32, 32), (32, 1)):
        weights = op.constant(rng.normal(0, (9 * before) ** -0.5, (after, before, 3, 3)).astype(np.float32))
        places = op.convolution(op.relu(places), weights, [1, 1], [1, 1], [1, 1], [1, 1])
    answers = {"score": op.reduce_max(op.relu(places), np.int64([1, 2, 3]), keep_dims=True), "map": op.relu(places)}
    for name, node in answers.items():
        node.output(0).set_names({name})
    ov.save_model(
        ov.Model([op.result(node) for node in answers.values()], [picture], "convolved"), folder / "model.xml"
    )
    files = {name: folder / name for name in ("model.xml", "model.bin")}
    return write_package(folder, "convolved", description_of(tiny_package), files)


def description_of(package: ModelPackage) -> ModelDescription:
    fields = package.manifest.model_dump(include=set(ModelDescription.model_fields))
    return ModelDescription.model_validate(fields)


@pytest.fixture
def proven(convolved_package: ModelPackage, pictures, tmp_path: Path) -> ModelPackage:
    """The package of convolutions with a certificate and reference pictures."""
    certificate, reference = prove(convolved_package, pictures, np.zeros(5), tmp_path / "cache")
    (tmp_path / "reference.npz").write_bytes(reference.as_bytes())
    files = {name: convolved_package.folder / name for name in ("model.xml", "model.bin")}
    described = description_of(convolved_package).model_copy(update={"certificate": certificate})
    return write_package(tmp_path, "proven", described, files | {"reference.npz": tmp_path / "reference.npz"})
