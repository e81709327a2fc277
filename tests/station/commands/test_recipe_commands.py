import os
import zipfile
from dataclasses import replace

import pytest

from station.app import Station
from station.domain.errors import BadInputError, StorageError
from station.domain.recipe import RecipeState
from station.domain.verdict import Limits


@pytest.fixture
def file(station: Station, tmp_path):
    return station.recipes.export("plate", None, tmp_path / "plate.lineside")


def test_that_a_diff_names_each_key_that_changed(station: Station) -> None:
    old = station.recipes.find("plate").recipe
    new = replace(old, revision=2, limits=Limits(image_threshold=0.6))
    assert station.recipes.diff(old, new) == [("limits.image_threshold", 0.5, 0.6), ("revision", 1, 2)]
    assert station.recipes.diff(old, old) == []


def test_that_an_exported_recipe_inspects_on_another_station(station: Station, file, tmp_path) -> None:
    with Station.open(tmp_path / "other") as other:
        entry = other.recipes.import_(file)
        assert (entry.recipe.label, entry.state) == ("plate@1", RecipeState.DRAFT)
        counts = other.line.run(str(tmp_path / "parts"), recipe=entry.recipe, on_part=lambda _: None)
        assert (counts.passed, counts.failed) == (4, 2)
        assert other.records.verify() == ()


def test_that_an_import_is_the_next_revision_and_the_model_is_kept_once(station: Station, file) -> None:
    entry = station.recipes.import_(file)
    assert (entry.recipe.label, entry.state) == ("plate@2", RecipeState.DRAFT)
    assert entry.recipe.model == station.recipes.find("plate", 1).recipe.model
    assert [path.name for path in station.workspace.models.iterdir() if not path.name.startswith(".")] == ["tiny"]


def test_that_the_same_recipe_is_exported_to_the_same_bytes(station: Station, file, tmp_path) -> None:
    assert station.recipes.export("plate", 1, tmp_path / "again").read_bytes() == file.read_bytes()


def rewritten(file, change) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def elsewhere(members: dict[str, bytes]) -> dict[str, bytes]:
    return {"recipe.json": members["recipe.json"].replace(b'"tiny"', b'"../t"')}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda members: members.update({"model.bin": members["model.bin"][:-1] + b"?"}), "model.bin in the model"),
        (lambda members: members.update({"recipe.json": b"{}"}), "holds no recipe"),
        (lambda members: members.update({"recipe.json": b"\xff{}"}), "holds no recipe"),
        (lambda members: members.update(elsewhere(members)), "name of a model"),
        (lambda members: members.update({"../../evil": b"!"}), "not a recipe file"),
        (lambda members: members.pop("manifest.json"), "not a recipe file"),
    ],
)  # fmt: skip
def test_that_a_damaged_or_hostile_file_is_refused_and_nothing_is_taken(station: Station, file, change, said) -> None:
    before = sorted(station.workspace.root.rglob("*"))
    rewritten(file, change)
    with pytest.raises(BadInputError, match=said) as refused:
        station.recipes.import_(file)
    assert ".import-" not in str(refused.value)
    assert sorted(station.workspace.root.rglob("*")) == before
    assert len(station.recipes.entries()) == 1


@pytest.mark.parametrize("change", [{"recipe.json": b"{}"}, {"model.bin": b""}, {"extra": b""}])
def test_that_what_is_refused_is_the_file_by_its_name(station: Station, file, change) -> None:
    rewritten(file, lambda members: members.update(change))
    with pytest.raises(BadInputError, match=str(file)):
        station.recipes.import_(file)


def test_that_a_packed_file_is_not_unpacked_however_large_it_would_be(station: Station, file) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("recipe.json", "manifest.json", "model.xml", "model.bin"):
            archive.writestr(name, bytes(10_000_000))
    with pytest.raises(BadInputError, match="not a recipe file"):
        station.recipes.import_(file)


def test_that_a_full_disk_is_not_blamed_on_the_file_and_nothing_is_left(file, tmp_path, monkeypatch) -> None:
    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with Station.open(tmp_path / "other") as other:
        before = sorted(other.workspace.root.rglob("*"))
        monkeypatch.setattr(os, "fsync", full_disk)
        with pytest.raises(StorageError, match=r"written to .*models: No space left"):
            other.recipes.import_(file)
        assert sorted(other.workspace.root.rglob("*")) == before
        assert other.recipes.entries() == ()


@pytest.mark.parametrize("content", [None, b"", b"PK\3\4 but no zip"])
def test_that_something_else_is_no_recipe_file(station: Station, tmp_path, content) -> None:
    path = tmp_path / "something"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInputError, match="something"):
        station.recipes.import_(path)
