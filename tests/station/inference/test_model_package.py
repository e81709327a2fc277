"""A package is loaded as it was written, or not at all."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.domain.errors import BadInputError, ModelError
from station.domain.recipe import ModelReference
from station.inference.model_package import (
    ModelDescription,
    ModelPackage,
    PackagedFiles,
    copy_package,
    find_package,
    load_package,
    write_package,
)

FILES = ("manifest.json", "model.xml", "model.bin")


@pytest.fixture
def copy(tiny_package: ModelPackage, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_package.folder, tmp_path / "tiny")


def description_of(package: ModelPackage) -> ModelDescription:
    fields = package.manifest.model_dump(exclude={"format_version", "name", "files", "seal"})
    return ModelDescription.model_validate(fields)


def files_of(package: ModelPackage) -> dict[str, Path]:
    return {name: package.folder / name for name in ("model.xml", "model.bin")}


def change_manifest(folder: Path, **changes: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


def test_that_a_package_is_loaded_as_it_was_written(tiny_package, copy):
    loaded = load_package(copy)
    assert loaded.manifest == tiny_package.manifest
    assert loaded.sha256 == tiny_package.sha256
    assert loaded.graph() == (tiny_package.folder / "model.xml").read_bytes()
    assert loaded.weights() == (tiny_package.folder / "model.bin").read_bytes()


def test_that_a_copied_package_is_the_same_package(tiny_package, tmp_path):
    copied = copy_package(tiny_package, tmp_path / "other")
    assert (copied.folder, copied.sha256) == (tmp_path / "other", tiny_package.sha256)
    assert {path.name for path in tmp_path.iterdir()} == {"other"}


def test_that_a_package_changed_since_it_was_loaded_is_not_copied(copy, tmp_path):
    loaded = load_package(copy)
    (copy / "model.bin").write_bytes(b"")
    with pytest.raises(ModelError, match=r"model\.bin"):
        copy_package(loaded, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_that_a_package_holds_three_files_and_no_temporary_is_left(tiny_package):
    assert {path.name for path in tiny_package.folder.iterdir()} == set(FILES)
    assert not list(tiny_package.folder.parent.glob(".*"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_that_any_changed_byte_is_refused(copy, name, where, difference):
    original = (copy / name).read_bytes()
    changed = bytearray(original)
    changed[int(where * len(changed))] ^= difference
    (copy / name).write_bytes(changed)
    with pytest.raises(ModelError):
        load_package(copy)
    (copy / name).write_bytes(original)
    load_package(copy)


def test_that_each_single_byte_of_the_manifest_is_guarded(copy):
    original = (copy / "manifest.json").read_bytes()
    for position in range(len(original)):
        changed = bytearray(original)
        changed[position] ^= 1
        (copy / "manifest.json").write_bytes(changed)
        with pytest.raises(ModelError):
            load_package(copy)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.binary(max_size=300))
def test_that_foreign_content_is_refused(copy, name, content):
    original = (copy / name).read_bytes()
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError):
        load_package(copy)
    (copy / name).write_bytes(original)


@pytest.mark.parametrize("name", FILES)
def test_that_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name):
        load_package(copy)


@pytest.mark.parametrize("name", ["weights.pkl", "notes.txt", ".hidden"])
def test_that_a_foreign_file_is_named(copy, name):
    (copy / name).touch()
    with pytest.raises(ModelError, match=name):
        load_package(copy)


def test_that_a_link_to_a_file_elsewhere_is_refused(copy, tmp_path):
    (copy / "model.bin").rename(tmp_path / "model.bin")
    (copy / "model.bin").symlink_to(tmp_path / "model.bin")
    with pytest.raises(ModelError, match=r"model\.bin"):
        load_package(copy)


def test_that_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelError, match="nowhere"):
        load_package(tmp_path / "nowhere")


def test_that_a_package_of_a_newer_format_asks_for_an_update(copy):
    change_manifest(copy, format_version=6, invented_later=True)
    (copy / "invented_later.bin").touch()
    with pytest.raises(ModelError, match=r"format 6.*newer.*Update"):
        load_package(copy)


def test_that_a_package_of_an_older_format_asks_to_teach_again(copy):
    change_manifest(copy, format_version=0)
    with pytest.raises(ModelError, match=r"format 0.*Teach"):
        load_package(copy)


def test_that_a_manifest_rewritten_with_the_same_meaning_is_refused(copy):
    change_manifest(copy)
    with pytest.raises(ModelError, match="changed"):
        load_package(copy)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "../../elsewhere"},
        {"files": {"model.xml": "0" * 64, "../model.bin": "0" * 64}},
        {"files": {"model.xml": "0" * 64}},
        {"input_size": [64]},
        {"input_size": [64, 1_000_000]},
        {"normalisation": None},
        {"invented": True},
        {"created_at": "2026-11-22T12:00:00"},
    ],
)
def test_that_a_manifest_with_a_wrong_field_is_refused(copy, changes):
    change_manifest(copy, **changes)
    with pytest.raises(ModelError, match="is not valid"):
        load_package(copy)


def test_that_a_file_changed_after_loading_is_noticed_when_it_is_used(copy):
    package = load_package(copy)
    (copy / "model.bin").write_bytes(b"other weights")
    with pytest.raises(ModelError, match=r"model\.bin"):
        package.weights()


@pytest.mark.parametrize("name", ["../escape", "", "a/b", "..", "con\n"])
def test_that_a_name_that_could_leave_the_folder_is_refused(tiny_package, tmp_path, name):
    with pytest.raises(BadInputError):
        write_package(tmp_path, name, description_of(tiny_package), files_of(tiny_package))
    assert not list(tmp_path.iterdir())


def test_that_a_package_is_never_overwritten(tiny_package, copy):
    with pytest.raises(BadInputError, match="already"):
        write_package(copy.parent, "tiny", description_of(tiny_package), files_of(tiny_package))
    assert load_package(copy).sha256 == tiny_package.sha256


def test_that_a_half_written_package_of_a_power_cut_is_swept_aside(tiny_package, tmp_path):
    (tmp_path / ".new.tmp").mkdir()
    (tmp_path / ".new.tmp" / "model.xml").write_bytes(b"half")
    package = write_package(tmp_path, "new", description_of(tiny_package), files_of(tiny_package))
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert load_package(package.folder) == package


def test_that_a_failed_write_leaves_nothing(tiny_package, tmp_path, monkeypatch):
    def refuse(self, target):
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="no space"):
        write_package(tmp_path, "new", description_of(tiny_package), files_of(tiny_package))
    assert not list(tmp_path.iterdir())


def test_that_a_recipe_finds_the_package_it_was_made_with(tiny_package, copy):
    assert find_package(copy.parent, tiny_package.reference) == load_package(copy)


def test_that_another_package_of_the_same_name_is_refused(copy):
    with pytest.raises(ModelError, match="not the one"):
        find_package(copy.parent, ModelReference("tiny", "0" * 64))


def test_that_a_hash_is_64_small_hexadecimal_digits():
    with pytest.raises(ValueError, match="pattern"):
        PackagedFiles.model_validate({"model.xml": "G" * 64, "model.bin": "0" * 64})
