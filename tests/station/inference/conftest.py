"""A package with a certificate, and the pictures that it was certified on."""

from pathlib import Path

import numpy as np
import pytest

from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.proof import prove


@pytest.fixture(scope="session")
def pictures() -> list[np.ndarray]:
    return list(np.random.default_rng(3).integers(0, 256, (12, 64, 64, 3), np.uint8))


@pytest.fixture
def proven(tiny_package: ModelPackage, pictures, tmp_path: Path) -> ModelPackage:
    """The tiny package with a certificate and reference pictures."""
    certificate, reference = prove(tiny_package, pictures, np.zeros(5), tmp_path / "cache")
    (tmp_path / "reference.npz").write_bytes(reference.as_bytes())
    fields = tiny_package.manifest.model_dump(include=set(ModelDescription.model_fields))
    files = {name: tiny_package.folder / name for name in ("model.xml", "model.bin")}
    described = ModelDescription.model_validate(fields).model_copy(update={"certificate": certificate})
    return write_package(tmp_path, "proven", described, files | {"reference.npz": tmp_path / "reference.npz"})
