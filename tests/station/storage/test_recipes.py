"""Recipes: revisions that never change, and lives that only go forward."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.recipe import ModelReference, QualityLimits, Recipe, RecipeState, RegionOfInterest
from station.domain.verdict import Limits
from station.storage.database import Database
from station.storage.recipe_text import recipe_from_text, recipe_to_text
from station.storage.recipes import Recipes


@pytest.fixture
def recipes(database: Database) -> Recipes:
    return Recipes(database)


def _revision(revision: int, name: str = "tile") -> Recipe:
    return Recipe(name, revision, "tile", ModelReference("m", "0" * 64), author="Ada", reason=f"revision {revision}")


setting_values = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(
    st.floats(0.3, 0.9),
    st.none() | st.builds(RegionOfInterest, *[st.integers(0, 4000)] * 4),
    st.dictionaries(st.text(), setting_values),
    st.integers(0, 20),
)
def test_that_a_recipe_survives_the_way_through_text(limit, roi, camera_settings, brightness) -> None:
    recipe = Recipe(
        "Oat cookie 60 mm", 3, "cookie", ModelReference("m", "ab"), Limits(limit, 0.25), "v1", roi, camera_settings,
        QualityLimits(min_brightness=brightness),
    )  # fmt: skip
    read = recipe_from_text(recipe_to_text(recipe), "here")
    assert (read, read.sha256) == (recipe, recipe.sha256)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"name": 1}', recipe_to_text(_revision(1)).replace("0.5", "7")]
)
def test_that_a_text_that_is_no_recipe_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match=r"tile\.recipe holds no recipe"):
        recipe_from_text(text, "tile.recipe")


def test_that_a_revision_is_found_as_it_was_added(recipes: Recipes, noon: datetime) -> None:
    added = recipes.add(_revision(1), RecipeState.DRAFT, noon)
    assert recipes.find("tile") == recipes.find("tile", 1) == added


def test_that_a_revision_never_changes(recipes: Recipes, noon: datetime) -> None:
    recipes.add(_revision(1), RecipeState.DRAFT, noon)
    with pytest.raises(BadInputError, match="tile@1 exists already"):
        recipes.add(_revision(1), RecipeState.RELEASED, noon)
    assert recipes.find("tile").state is RecipeState.DRAFT


def test_that_the_released_revision_is_found_before_a_newer_draft(recipes: Recipes, noon: datetime) -> None:
    recipes.add(_revision(1), RecipeState.RELEASED, noon)
    recipes.add(_revision(2), RecipeState.DRAFT, noon)
    assert recipes.find("tile").recipe.revision == recipes.released("tile").recipe.revision == 1


def test_that_the_newest_draft_is_found_where_nothing_is_released(recipes: Recipes, noon: datetime) -> None:
    for revision, state in ((1, RecipeState.DRAFT), (2, RecipeState.DRAFT), (3, RecipeState.RETIRED)):
        recipes.add(_revision(revision), state, noon)
    assert recipes.find("tile").recipe.revision == 2


def test_that_releasing_a_revision_retires_the_one_before(recipes: Recipes, noon: datetime) -> None:
    recipes.add(_revision(1), RecipeState.RELEASED, noon)
    recipes.add(_revision(2), RecipeState.DRAFT, noon)
    released = recipes.set_state("tile", 2, RecipeState.RELEASED, "Ada", "fewer overkills", noon)
    assert recipes.released("tile") == released
    assert recipes.find("tile", 1).state is RecipeState.RETIRED


def test_that_a_retired_revision_comes_back_in_one_step(recipes: Recipes, noon: datetime) -> None:
    for revision in (1, 2):
        recipes.add(_revision(revision), RecipeState.RELEASED, noon)
    recipes.set_state("tile", 1, RecipeState.RELEASED, "Ada", "2 rejects good parts", noon)
    assert {e.recipe.revision: e.state for e in recipes.entries()} == {1: "released", 2: "retired"}


@pytest.mark.parametrize("state", [RecipeState.DRAFT, RecipeState.VALIDATED, RecipeState.RELEASED])
def test_that_no_life_runs_backwards(recipes: Recipes, noon: datetime, state: RecipeState) -> None:
    recipes.add(_revision(1), RecipeState.RELEASED, noon)
    with pytest.raises(BadInputError, match=f"tile@1 is released, and cannot become {state}"):
        recipes.set_state("tile", 1, state, "Ada", "", noon)


def test_that_a_draft_does_not_inspect_a_line(recipes: Recipes, noon: datetime) -> None:
    recipes.add(_revision(1), RecipeState.DRAFT, noon)
    with pytest.raises(BadInputError, match="no released revision; the newest is tile@1, draft"):
        recipes.released("tile")


@pytest.mark.parametrize(("name", "revision", "wanted"), [("tiel", None, "'tiel'"), ("tile", 4, "'tile@4'")])
def test_that_an_unknown_recipe_is_answered_by_what_exists(
    recipes: Recipes, noon: datetime, name: str, revision: int | None, wanted: str
) -> None:
    recipes.add(_revision(1), RecipeState.DRAFT, noon)
    with pytest.raises(BadInputError) as refused:
        recipes.find(name, revision)
    assert wanted in refused.value.sentence
    assert "There are: tile@1." in refused.value.advice


def test_that_a_station_without_recipes_says_how_to_get_one(recipes: Recipes) -> None:
    with pytest.raises(BadInputError, match="linesidectl teach"):
        recipes.find("tile")


def test_that_revisions_are_counted_by_name(recipes: Recipes, noon: datetime) -> None:
    recipes.add(_revision(1), RecipeState.DRAFT, noon)
    assert (recipes.next_revision("tile"), recipes.next_revision("bottle")) == (2, 1)
