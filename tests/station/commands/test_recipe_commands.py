import zipfile
from dataclasses import replace

import pytest

from station.app import Station
from station.domain.errors import BadInputError
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


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.update({"model.bin": members["model.bin"][:-1] + b"?"}),
        lambda members: members.update({"recipe.json": b"{}"}),
        lambda members: members.update({"recipe.json": members["recipe.json"].replace(b'"tiny"', b'"../t"')}),
        lambda members: members.update({"../../evil": b"!"}),
        lambda members: members.pop("manifest.json"),
    ],
)  # fmt: skip
def test_that_a_damaged_or_hostile_file_is_refused_and_nothing_is_taken(station: Station, file, change) -> None:
    before = sorted(station.workspace.root.rglob("*"))
    rewritten(file, change)
    with pytest.raises(BadInputError):
        station.recipes.import_(file)
    assert sorted(station.workspace.root.rglob("*")) == before
    assert len(station.recipes.entries()) == 1


@pytest.mark.parametrize("content", [None, b"", b"PK\3\4 but no zip"])
def test_that_something_else_is_no_recipe_file(station: Station, tmp_path, content) -> None:
    path = tmp_path / "something"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInputError, match="something"):
        station.recipes.import_(path)
