"""Which recipe gets a model of a product."""

from dataclasses import replace

import pytest

from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.part_code import CodeRule
from station.domain.recipe import ModelReference, Recipe, RecipeState, StateChange, View
from station.recipes.recipe_of_product import (
    names_of,
    recipe_for,
    recipe_to_teach,
    released_for,
    takes_place_of_product,
)
from station.recipes.view_editing import with_taught_view
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes

MODEL = ModelReference("m", "0" * 64)
NIGHT = Recipe("tile-night", 1, "Wall tile", (View(MODEL),), keep_pass_every=7)
DAY = replace(NIGHT, name="tile-day")


@pytest.fixture
def recipes(tmp_path):
    database = Database.open(tmp_path / "station.db")
    yield Recipes(database)
    database.close()


def add(recipes: Recipes, recipe: Recipe, state: RecipeState = RecipeState.RELEASED) -> None:
    recipes.add_revision(recipe, state, utc_now())


def test_that_a_new_product_gets_a_recipe_of_its_name(recipes: Recipes) -> None:
    assert recipe_to_teach(recipes, "Wall tile") == "Wall tile"
    assert recipe_to_teach(recipes, "Wall tile", "tile-night") == "tile-night"


def test_that_the_only_recipe_of_a_product_is_taught(recipes: Recipes) -> None:
    add(recipes, NIGHT)
    assert recipe_to_teach(recipes, "Wall tile") == "tile-night"


def test_that_the_recipe_that_is_named_like_the_product_goes_before_others(recipes: Recipes) -> None:
    add(recipes, NIGHT)
    add(recipes, replace(NIGHT, name="Wall tile"))
    assert recipe_to_teach(recipes, "Wall tile") == "Wall tile"


def test_that_one_of_several_recipes_has_to_be_named(recipes: Recipes) -> None:
    add(recipes, NIGHT)
    add(recipes, DAY)
    with pytest.raises(BadInputError, match="Several recipes inspect 'Wall tile': 'tile-day', 'tile-night'"):
        recipe_to_teach(recipes, "Wall tile")
    assert recipe_to_teach(recipes, "Wall tile", "tile-day") == "tile-day"


def test_that_a_retired_recipe_does_not_ask_for_a_choice(recipes: Recipes) -> None:
    add(recipes, NIGHT)
    add(recipes, DAY)
    recipes.set_state("tile-day", 1, RecipeState.RETIRED, StateChange("Ada", "replaced", utc_now()))
    assert recipe_to_teach(recipes, "Wall tile") == "tile-night"


def test_that_no_model_of_one_product_comes_into_the_recipe_of_another(recipes: Recipes) -> None:
    add(recipes, NIGHT)
    with pytest.raises(BadInputError, match="Recipe 'tile-night' inspects 'Wall tile', not 'Floor tile'"):
        recipe_to_teach(recipes, "Floor tile", "tile-night")


def test_that_the_released_revision_proposes_before_a_draft(recipes: Recipes) -> None:
    assert recipe_for(recipes.entries(), "Wall tile") is None
    add(recipes, DAY, RecipeState.DRAFT)
    add(recipes, NIGHT)
    assert recipe_for(recipes.entries(), "Wall tile") == NIGHT
    assert released_for(recipes.entries(), "Wall tile") == (NIGHT,)
    assert names_of(recipes.entries(), "Wall tile") == ("tile-day", "tile-night")


def test_that_a_taught_draft_keeps_the_product_and_the_pictures_kept(recipes: Recipes) -> None:
    add(recipes, NIGHT)
    taught = View(replace(MODEL, name="n"))
    draft = with_taught_view(recipes, "tile-night", taught, "Ada", "run 1", "Wall tile")
    assert draft == replace(NIGHT, revision=2, views=(taught,), author="Ada", reason="run 1")
    assert with_taught_view(recipes, "new", taught, "Ada", "run 2", "Wall tile").product == "Wall tile"


def test_that_a_taught_draft_keeps_the_code_and_the_values_of_the_camera(recipes: Recipes) -> None:
    kept = {"camera_settings": {"Gain": 2.0}, "code": CodeRule(RegionOfInterest(1, 2, 30, 40), prefix="SN")}
    add(recipes, replace(NIGHT, views=(View(MODEL, **kept),)))
    draft = with_taught_view(recipes, "tile-night", View(replace(MODEL, name="n")), "Ada", "run 1", "Wall tile")
    assert draft.views == (View(replace(MODEL, name="n"), **kept),)


def test_that_a_region_drawn_for_a_product_is_meant_for_the_recipe_that_is_taught_without_a_wish(recipes) -> None:
    def takers() -> list[str]:
        names = ("Wall tile", "tile-day", "tile-night")
        return [name for name in names if takes_place_of_product(recipes.entries(), "Wall tile", name)]

    assert "Wall tile" in takers()
    add(recipes, NIGHT)
    assert takers() == ["Wall tile", "tile-night"]
    add(recipes, DAY)
    assert takers() == ["Wall tile"]
    recipes.set_state("tile-day", 1, RecipeState.RETIRED, StateChange("Ada", "replaced", utc_now()))
    assert takers() == ["Wall tile", "tile-night"]
