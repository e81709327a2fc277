"""A program that judges gets the whole model package, and proves by its hashes that it has it."""

from pathlib import Path

import pytest

from station.domain.errors import ModelError
from station.inference.model_package import REFERENCE, ModelDescription, ModelPackage, load_package, write_package
from station.rescore.part_judge import files_of


@pytest.fixture
def with_reference(tiny_package: ModelPackage, tmp_path: Path) -> ModelPackage:
    """A package that has every kind of file."""
    described = tiny_package.manifest.model_dump(include=set(ModelDescription.model_fields))
    files = {name: tiny_package.folder / name for name in ("model.xml", "model.bin")}
    files[REFERENCE] = tmp_path / REFERENCE
    files[REFERENCE].write_bytes(b"pictures")
    return write_package(tmp_path, "whole", ModelDescription(**described), files)


def _laid(files: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_that_a_package_is_the_same_where_its_files_are_laid(with_reference: ModelPackage, tmp_path: Path) -> None:
    laid = _laid(files_of(with_reference), tmp_path / "there")
    assert load_package(laid).sha256 == with_reference.sha256


@pytest.mark.parametrize("name", ["model.xml", "model.bin", "manifest.json", REFERENCE])
def test_that_a_changed_file_is_refused_where_it_is_laid(
    with_reference: ModelPackage, tmp_path: Path, name: str
) -> None:
    files = files_of(with_reference)
    files[name] += b" "
    with pytest.raises(ModelError, match="was changed after it was made"):
        load_package(_laid(files, tmp_path / "there"))
