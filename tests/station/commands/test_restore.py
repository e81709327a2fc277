"""The product of last time, when the window opens again."""

from dataclasses import replace

import pytest

from station.app import Station
from station.domain.recipe import RecipeState
from station.settings import StationSettings


def reopened(station: Station, resume: str) -> Station:
    settings = station.settings.model_copy(update={"station": StationSettings(resume=resume)})
    return Station.open(station.workspace.root, settings)


@pytest.mark.parametrize(
    ("resume", "loaded", "starts"), [("ask", None, False), ("product", 1, False), ("run", 1, True)]
)
def test_that_the_setting_decides_what_comes_back(station: Station, resume: str, loaded, starts: bool) -> None:
    station.line.load_recipe("plate")
    with reopened(station, resume) as again:
        assert again.line.restore() is starts
        assert (again.line.recipe and again.line.recipe.revision) == loaded


def test_that_a_changed_recipe_is_loaded_and_never_started_by_itself(station: Station) -> None:
    recipe = station.line.load_recipe("plate")
    station.recipes.add(replace(recipe, revision=2), RecipeState.RELEASED)
    with reopened(station, "run") as again:
        assert again.line.restore() is False
        assert again.line.recipe.revision == 2


def test_that_a_product_that_was_retired_does_not_come_back(station: Station) -> None:
    station.line.load_recipe("plate")
    station.recipes.retire("plate", 1, "Ada", "in doubt")
    with reopened(station, "product") as again:
        assert again.line.restore() is False
        assert again.line.recipe is None


def test_that_a_new_station_has_no_product_to_bring_back(station: Station) -> None:
    assert station.line.restore() is False
    assert station.line.recipe is None


def test_that_a_product_that_is_loaded_already_stays(station: Station) -> None:
    recipe = station.line.load_recipe("plate")
    assert station.line.restore() is False
    assert station.line.recipe is recipe
