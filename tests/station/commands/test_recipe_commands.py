import os
import zipfile
from dataclasses import replace

import pytest

from station.app import Station
from station.domain.errors import BadInputError, StorageError
from station.domain.geometry import RegionOfInterest
from station.domain.recipe import Recipe, RecipeState
from station.domain.signer import UnknownSignerError
from station.domain.verdict import Limits
from station.inference.model_package import copy_package
from station.recipes import recipe_file
from station.recipes.differences import ABSENT


@pytest.fixture
def file(station: Station, tmp_path):
    return station.exchange.export("plate", None, tmp_path / "plate.lineside").path


def believed(station: Station, file):
    """Import a file whose signer a person believes, as its fingerprint is asked about."""
    try:
        return station.exchange.import_(file)
    except UnknownSignerError as asked:
        return station.exchange.import_(file, asked.signer.fingerprint, "Ada")


def test_that_a_diff_names_each_key_that_changed(station: Station) -> None:
    old = station.recipes.find("plate").recipe
    new = replace(old, revision=2, views=(replace(old.views[0], limits=Limits(image_threshold=0.6)),))
    assert station.recipes.diff(old, new) == [("limits.image_threshold", 0.5, 0.6), ("revision", 1, 2)]
    assert station.recipes.diff(old, old) == []


def test_that_a_diff_names_the_view_where_it_has_a_name(station: Station, duo: Recipe) -> None:
    brighter = replace(duo.view("side"), limits=Limits(image_threshold=0.6))
    new = replace(duo.with_view(brighter), revision=2)
    assert station.recipes.diff(duo, new) == [("revision", 1, 2), ("side.limits.image_threshold", 0.5, 0.6)]
    added = replace(duo, views=(*duo.views, replace(duo.view("side"), name="bottom")))
    assert ("bottom.model.name", ABSENT, "tiny-side") in station.recipes.diff(duo, added)
    assert ("bottom.model.name", "tiny-side", ABSENT) in station.recipes.diff(added, duo)


def test_that_an_empty_field_differs_from_a_missing_one(station: Station, duo: Recipe) -> None:
    added = replace(duo, views=(*duo.views, replace(duo.view("side"), name="bottom")))
    assert ("bottom.roi", ABSENT, None) in station.recipes.diff(duo, added)
    cut = replace(duo, views=(replace(duo.views[0], roi=RegionOfInterest(0, 0, 8, 8)), duo.views[1]))
    assert ("top.roi", None, ABSENT) in station.recipes.diff(duo, cut)
    assert ("top.roi.width", ABSENT, 8) in station.recipes.diff(duo, cut)


def test_that_an_exported_recipe_inspects_on_another_station(station: Station, file, tmp_path) -> None:
    with Station.open(tmp_path / "other") as other:
        entry = believed(other, file)
        assert (entry.recipe.label, entry.state) == ("plate@1", RecipeState.DRAFT)
        counts = other.line.run(str(tmp_path / "parts"), recipe=entry.recipe, on_part=lambda _: None)
        assert (counts.passed, counts.failed) == (4, 2)
        assert other.records.verify() == ()


def test_that_an_import_is_the_next_revision_and_the_model_is_kept_once(station: Station, file) -> None:
    entry = station.exchange.import_(file)
    assert (entry.recipe.label, entry.state) == ("plate@2", RecipeState.DRAFT)
    assert entry.recipe.views == station.recipes.find("plate", 1).recipe.views
    assert [path.name for path in station.workspace.models.iterdir() if not path.name.startswith(".")] == ["tiny"]


def test_that_the_same_recipe_is_exported_to_the_same_bytes(station: Station, file, tmp_path) -> None:
    assert station.exchange.export("plate", 1, tmp_path / "again").path.read_bytes() == file.read_bytes()


def test_that_a_file_of_one_view_is_laid_out_as_version_0_1_0_did(file) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [
            "recipe.json", "manifest.json", "model.xml", "model.bin", "contents.json", "signature.json",
        ]  # fmt: skip


def test_that_a_recipe_takes_the_models_of_all_its_views_along(station: Station, duo: Recipe, tmp_path) -> None:
    path = station.exchange.export("duo", None, tmp_path / "duo.lineside").path
    assert station.exchange.export("duo", 1, tmp_path / "again").path.read_bytes() == path.read_bytes()
    with Station.open(tmp_path / "other") as other:
        entry = believed(other, path)
        assert entry.recipe == duo
        assert {folder.name for folder in other.workspace.models.iterdir()} >= {"tiny", "tiny-side"}
        assert other.records.verify() == ()


@pytest.fixture
def two_models(station: Station, duo: Recipe, tmp_path):
    return station.exchange.export("duo", None, tmp_path / "duo.lineside").path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda members: members.update({"models/side/model.bin": b""}), "model.bin in the model"),
        (lambda members: members.update({"models/top/model.bin": b""}), "model.bin in the model"),
        (lambda members: members.pop("models/side/manifest.json"), "not a recipe file"),
        (lambda members: members.update({"models/back/model.xml": b""}), "not a recipe file"),
        (lambda members: members.update({"manifest.json": b""}), "not a recipe file"),
        (lambda members: members.update(swapped(members)), "not the one its recipe"),
        (lambda members: members.update(with_words(members, b'"tiny-side"', b'"../t"')), "name of a model"),
        (lambda members: members.update(with_words(members, b'"name":"side"', b'"name":"../side"')), "name of a view"),
        (lambda members: members.update(with_words(members, b'"name":"side"', b'"name":"top"')), "contain a recipe"),
    ],
)  # fmt: skip
def test_that_of_a_file_with_one_damaged_model_none_is_taken(two_models, tmp_path, change, said) -> None:
    rewritten(two_models, change)
    with Station.open(tmp_path / "other") as other:
        before = sorted(other.workspace.root.rglob("*"))
        with pytest.raises(BadInputError, match=said):
            believed(other, two_models)
        assert sorted(other.workspace.root.rglob("*")) == before
        assert other.recipes.entries() == ()


def test_that_a_disk_that_fills_at_the_second_model_keeps_not_even_the_first(two_models, tmp_path, monkeypatch) -> None:
    copied = []

    def copy_or_fill(package, target) -> None:
        copied.append(target.name)
        if len(copied) > 1:
            raise OSError(28, "No space left on device")
        copy_package(package, target)

    with Station.open(tmp_path / "other") as other:
        before = sorted(other.workspace.root.rglob("*"))
        monkeypatch.setattr(recipe_file, "copy_package", copy_or_fill)
        with pytest.raises(StorageError, match="the disk is full"):
            believed(other, two_models)
        assert copied == ["tiny", "tiny-side"]
        assert sorted(other.workspace.root.rglob("*")) == before


def with_words(members: dict[str, bytes], old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in members["recipe.json"]
    return {"recipe.json": members["recipe.json"].replace(old, new)}


def swapped(members: dict[str, bytes]) -> dict[str, bytes]:
    sides = {"top": "side", "side": "top"}
    files = ("manifest.json", "model.xml", "model.bin")
    return {f"models/{one}/{name}": members[f"models/{other}/{name}"] for one, other in sides.items() for name in files}


def rewritten(file, change) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    del members["contents.json"], members["signature.json"]  # as of an older version: the checks behind the signature
    change(members)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda members: members.update({"model.bin": members["model.bin"][:-1] + b"?"}), "model.bin in the model"),
        (lambda members: members.update({"recipe.json": b"{}"}), "not contain a recipe"),
        (lambda members: members.update({"recipe.json": b"\xff{}"}), "not contain a recipe"),
        (lambda members: members.update(with_words(members, b'"tiny"', b'"../t"')), "name of a model"),
        (lambda members: members.update(with_words(members, b'"Steel plate"', b'"../../x"')), "name of a product"),
        (lambda members: members.update(with_words(members, b'"plate"', b'"../plate"')), "name of a recipe"),
        (lambda members: members.update({"../../evil": b"!"}), "not a recipe file"),
        (lambda members: members.pop("manifest.json"), "not a recipe file"),
    ],
)  # fmt: skip
def test_that_a_damaged_or_hostile_file_is_refused_and_nothing_is_taken(station: Station, file, change, said) -> None:
    before = sorted(station.workspace.root.rglob("*"))
    rewritten(file, change)
    with pytest.raises(BadInputError, match=said) as refused:
        believed(station, file)
    assert ".import-" not in str(refused.value)
    assert sorted(station.workspace.root.rglob("*")) == before
    assert len(station.recipes.entries()) == 1


@pytest.mark.parametrize("change", [{"recipe.json": b"{}"}, {"model.bin": b""}, {"extra": b""}])
def test_that_what_is_refused_is_the_file_by_its_name(station: Station, file, change) -> None:
    rewritten(file, lambda members: members.update(change))
    with pytest.raises(BadInputError, match=str(file)):
        believed(station, file)


def test_that_a_packed_file_is_not_unpacked_however_large_it_would_be(station: Station, file) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("recipe.json", "manifest.json", "model.xml", "model.bin"):
            archive.writestr(name, bytes(10_000_000))
    with pytest.raises(BadInputError, match="not a recipe file"):
        believed(station, file)


def test_that_a_full_disk_is_not_blamed_on_the_file_and_nothing_is_left(file, tmp_path, monkeypatch) -> None:
    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with Station.open(tmp_path / "other") as other:
        before = sorted(other.workspace.root.rglob("*"))
        monkeypatch.setattr(os, "fsync", full_disk)
        with pytest.raises(StorageError, match=r"written to .*models: the disk is full"):
            believed(other, file)
        assert sorted(other.workspace.root.rglob("*")) == before
        assert other.recipes.entries() == ()


@pytest.mark.parametrize("content", [None, b"", b"PK\3\4 but no zip"])
def test_that_any_other_file_is_refused(station: Station, tmp_path, content) -> None:
    path = tmp_path / "something"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInputError, match="something"):
        station.exchange.import_(path)
