"""What the recipes page shows is resolved without a window."""

from dataclasses import replace
from datetime import UTC, datetime

from station.domain.recipe import ModelReference, Recipe, RecipeEntry, RecipeState, StateChange, View
from station.domain.recipe_changes import values_of
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.shown import Situation, resolve, row_words

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
RECIPE = Recipe("plate", 2, "plate", (View(ModelReference("m", "0" * 64)),))
DRAFT = RecipeEntry(RECIPE, RecipeState.DRAFT, NOON, StateChange("Ada", "fewer rejects", NOON))


def test_that_an_empty_station_says_what_to_do_next() -> None:
    shown = resolve(Situation())
    assert shown.said == "No recipe yet: teach a product, or import a recipe file."
    assert RecipesAct.IMPORT_RECIPE in shown.possible
    assert RecipesAct.SET_VALUE not in shown.possible


def test_that_a_change_that_is_not_saved_is_shown_beside_the_value_that_is() -> None:
    now = Situation((DRAFT,), DRAFT)
    limit = next(value for value in values_of(RECIPE, "") if value.key == "limits.image_threshold")
    changed = now.with_change(limit, 0.46)
    assert resolve(changed).said.startswith("1 change not saved.")
    rows = [row for _, section in resolve(changed).sections for row in section if row.value == limit]
    assert [(row.was, row.becomes) for row in rows] == [("0.50", "0.46")]
    assert changed.with_change(limit, RECIPE.views[0].limits.image_threshold) == now


def test_that_the_loaded_revision_is_marked_in_the_list() -> None:
    assert row_words(DRAFT, RECIPE) == ("plate 2", "draft, on the line")
    assert row_words(DRAFT, replace(RECIPE, revision=1)) == ("plate 2", "draft")
