"""Recipes: revisions that never change, and lives that only go forward."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.part_location import PartLocation, SearchRange
from station.domain.recipe import (
    InferenceSettings,
    ModelReference,
    QualityLimits,
    Recipe,
    RecipeState,
    StateChange,
    View,
)
from station.domain.verdict import Limits
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.storage.recipes.serialisation import recipe_from_text


@pytest.fixture
def recipes(database: Database) -> Recipes:
    return Recipes(database)


def _revision(revision: int, name: str = "tile") -> Recipe:
    view = View(ModelReference("m", "0" * 64))
    return Recipe(name, revision, "tile", (view,), author="Ada", reason=f"revision {revision}")


setting_values = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
view_names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,9}[A-Za-z0-9]", fullmatch=True)
any_view = st.builds(
    View,
    model=st.builds(ModelReference, st.text(), st.text()),
    limits=st.builds(Limits, st.floats(0.3, 0.9), st.none() | st.just(0.25), st.floats(0.1, 0.9), st.integers(0, 99)),
    dataset_version=st.text(),
    roi=st.none() | st.builds(RegionOfInterest, *[st.integers(0, 4000)] * 4),
    camera_settings=st.dictionaries(st.text(), setting_values),
    quality=st.builds(QualityLimits, min_brightness=st.integers(0, 20)),
    inference=st.builds(InferenceSettings, st.text(), st.text()),
    ignore=st.none() | st.just(IgnoreMask(3, 2, "2 1 2 1")),
    taught_roi=st.none() | st.just(RegionOfInterest(0, 0, 64, 64)),
    location=st.none() | st.just(PartLocation.of(np.zeros((3, 6), np.uint8), SearchRange(8, 4.5), 0.7)),
)


@st.composite
def any_recipe(draw: st.DrawFn) -> Recipe:
    """One view with or without a name, or up to four with names."""
    several = st.lists(view_names, min_size=1, max_size=4, unique_by=str.casefold)
    views = tuple(replace(draw(any_view), name=name) for name in draw(st.just([""]) | several))
    return Recipe("Oat cookie 60 mm", draw(st.integers(1)), draw(st.text()), views, draw(st.text()), draw(st.text()))


@given(any_recipe())
def test_that_a_recipe_is_unchanged_after_writing_and_reading_its_text(recipe: Recipe) -> None:
    read = recipe_from_text(recipe.text, "here")
    assert (read, read.sha256) == (recipe, recipe.sha256)


VIEW = View(
    ModelReference("m", "ab"), "", Limits(0.6, 0.25), "v1", RegionOfInterest(1, 2, 30, 40),
    {"ExposureTime": 5000.0, "Gain": 1}, QualityLimits(min_brightness=20.0),
)  # fmt: skip
AS_IN_0_1_0 = (
    '{"author":"Ada","camera_settings":{"ExposureTime":5000.0,"Gain":1},"dataset_version":"v1",'
    '"inference":{"device":"CPU","precision":"f32"},'
    '"limits":{"image_threshold":0.6,"min_area_px":0,"pixel_threshold":0.5,"review_threshold":0.25},'
    '"model":{"name":"m","sha256":"ab"},"name":"Oat cookie 60 mm","product":"cookie",'
    '"quality":{"frozen_after":3,"max_aspect":0.0,"max_brightness":250.0,"min_aspect":0.0,"min_brightness":20.0,'
    '"min_sharpness":0.0},"reason":"überbelichtet","revision":3,"roi":{"height":40,"width":30,"x":1,"y":2}}'
)


def test_that_a_view_without_a_name_is_written_as_version_0_1_0_did() -> None:
    recipe = Recipe("Oat cookie 60 mm", 3, "cookie", (VIEW,), "Ada", "überbelichtet")
    assert recipe.text == AS_IN_0_1_0
    assert recipe.sha256 == "faa8b0e5d4e10789f2b78a24127c56a876172aec0e5fb670037a31c77e4640e9"
    assert recipe_from_text(AS_IN_0_1_0, "here") == recipe


def test_that_an_ignore_mask_is_part_of_the_text_and_a_damaged_one_is_refused() -> None:
    recipe = Recipe("tile", 1, "tile", (replace(VIEW, ignore=IgnoreMask(3, 2, "2 1 2 1")),))
    assert '"ignore":{"height":2,"runs":"2 1 2 1","width":3}' in recipe.text
    assert recipe.sha256 != replace(recipe, views=(VIEW,)).sha256
    with pytest.raises(BadInputError, match="covers exactly its picture"):
        recipe_from_text(recipe.text.replace("2 1 2 1", "2 1 2 9"), "here")


def test_that_a_name_of_the_only_view_makes_it_another_recipe() -> None:
    recipe = Recipe("tile", 1, "tile", (replace(VIEW, name="top"),))
    assert recipe_from_text(recipe.text, "here") == recipe
    assert recipe.sha256 != replace(recipe, views=(VIEW,)).sha256


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"name": 1}', _revision(1).text.replace("0.5", "7"), '"tile"', "7"]
)
def test_that_a_text_without_a_recipe_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match=r"tile\.recipe does not contain a recipe"):
        recipe_from_text(text, "tile.recipe")


TWO_VIEWS = replace(_revision(1), views=(replace(VIEW, name="top"), replace(VIEW, name="side"))).text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"side"', '"Top"'),
        ('"side"', '""'),
        ('"side"', "null"),
        ('"side"', "0"),
        ('"views":[', '"views":[7,'),
        ('"views":[', '"views":[{},'),
        ('"views":[', '"views":[],"_":['),
        ('"author"', '"model":{},"author"'),
        ('"author"', '"written by"'),
    ],
)
def test_that_impossible_views_are_refused(old: str, new: str) -> None:
    assert old in TWO_VIEWS
    with pytest.raises(BadInputError, match="here does not contain a recipe"):
        recipe_from_text(TWO_VIEWS.replace(old, new), "here")


def test_that_a_views_name_that_could_leave_the_pictures_folder_is_refused() -> None:
    with pytest.raises(BadInputError, match="name of a view"):
        recipe_from_text(TWO_VIEWS.replace('"side"', '"../side"'), "here")


def test_that_a_revision_is_found_as_it_was_added(recipes: Recipes, noon: datetime) -> None:
    added = recipes.add_revision(_revision(1), RecipeState.DRAFT, noon)
    assert recipes.find_revision("tile") == recipes.find_revision("tile", 1) == added


def test_that_a_revision_never_changes(recipes: Recipes, noon: datetime) -> None:
    recipes.add_revision(_revision(1), RecipeState.DRAFT, noon)
    with pytest.raises(BadInputError, match="tile@1 exists already"):
        recipes.add_revision(_revision(1), RecipeState.RELEASED, noon)
    assert recipes.find_revision("tile").state is RecipeState.DRAFT


def test_that_the_released_revision_is_found_before_a_newer_draft(recipes: Recipes, noon: datetime) -> None:
    recipes.add_revision(_revision(1), RecipeState.RELEASED, noon)
    recipes.add_revision(_revision(2), RecipeState.DRAFT, noon)
    assert recipes.find_revision("tile").recipe.revision == recipes.find_released("tile").recipe.revision == 1


def test_that_finding_one_revision_reads_no_other(
    recipes: Recipes, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 5):
        recipes.add_revision(_revision(number), RecipeState.DRAFT, noon)
    release = StateChange("Ada", "good", noon)
    recipes.set_state("tile", 2, RecipeState.RELEASED, release)
    read: list[str] = []
    monkeypatch.setattr(
        "station.storage.recipes.recipes.recipe_from_text",
        lambda text, where: (read.append(text), recipe_from_text(text, where))[1],
    )
    found = [recipes.find_revision("tile", 3), recipes.find_revision("tile"), recipes.released_of("tile")]
    assert [entry.recipe.revision for entry in found if entry] == [3, 2, 2]
    assert len(read) == 3
    recipes.set_state("tile", 4, RecipeState.RELEASED, release)
    assert len(read) == 5  # itself, and the one that it replaces


def test_that_the_newest_draft_is_found_if_nothing_is_released(recipes: Recipes, noon: datetime) -> None:
    for revision, state in ((1, RecipeState.DRAFT), (2, RecipeState.DRAFT), (3, RecipeState.RETIRED)):
        recipes.add_revision(_revision(revision), state, noon)
    assert recipes.find_revision("tile").recipe.revision == 2


def test_that_releasing_a_revision_retires_the_one_before(recipes: Recipes, noon: datetime) -> None:
    recipes.add_revision(_revision(1), RecipeState.RELEASED, noon)
    recipes.add_revision(_revision(2), RecipeState.DRAFT, noon)
    released = recipes.set_state("tile", 2, RecipeState.RELEASED, StateChange("Ada", "fewer overkills", noon))
    assert recipes.find_released("tile") == released
    assert recipes.find_revision("tile", 1).state is RecipeState.RETIRED


def test_that_a_retired_revision_is_released_again_in_one_step(recipes: Recipes, noon: datetime) -> None:
    for revision in (1, 2):
        recipes.add_revision(_revision(revision), RecipeState.RELEASED, noon)
    recipes.set_state("tile", 1, RecipeState.RELEASED, StateChange("Ada", "2 rejects good parts", noon))
    assert {e.recipe.revision: e.state for e in recipes.entries()} == {1: "released", 2: "retired"}


@pytest.mark.parametrize("state", [RecipeState.DRAFT, RecipeState.VALIDATED, RecipeState.RELEASED])
def test_that_a_released_revision_never_goes_back(recipes: Recipes, noon: datetime, state: RecipeState) -> None:
    recipes.add_revision(_revision(1), RecipeState.RELEASED, noon)
    with pytest.raises(BadInputError, match=r"tile@1 is (already released|released\. It cannot become)"):
        recipes.set_state("tile", 1, state, StateChange("Ada", "", noon))


def test_that_a_draft_may_not_inspect_on_a_line(recipes: Recipes, noon: datetime) -> None:
    recipes.add_revision(_revision(1), RecipeState.DRAFT, noon)
    with pytest.raises(BadInputError, match="no released revision; the newest is tile@1, draft"):
        recipes.find_released("tile")


@pytest.mark.parametrize(("name", "revision", "wanted"), [("tiel", None, "'tiel'"), ("tile", 4, "'tile@4'")])
def test_that_an_unknown_recipe_is_answered_with_a_list_of_those_that_exist(
    recipes: Recipes, noon: datetime, name: str, revision: int | None, wanted: str
) -> None:
    recipes.add_revision(_revision(1), RecipeState.DRAFT, noon)
    with pytest.raises(BadInputError) as refused:
        recipes.find_revision(name, revision)
    assert wanted in refused.value.sentence
    assert "There are: tile@1." in refused.value.advice


def test_that_a_station_without_recipes_names_the_command_that_makes_one(recipes: Recipes) -> None:
    with pytest.raises(BadInputError, match="linesidectl teach"):
        recipes.find_revision("tile")


def test_that_revisions_are_counted_by_name(recipes: Recipes, noon: datetime) -> None:
    recipes.add_revision(_revision(1), RecipeState.DRAFT, noon)
    assert (recipes.next_revision("tile"), recipes.next_revision("bottle")) == (2, 1)
