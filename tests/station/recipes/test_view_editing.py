"""The views of a recipe, compared with names and cameras."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.inspected_place import DrawnPlace, InspectedPlace
from station.domain.recipe import ModelReference, Recipe, RecipeEntry, RecipeState, StateChange, View
from station.recipes.view_editing import free_running_warning, place_to_teach, view_mismatch, view_named

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)

MODEL = ModelReference("m", "0" * 64)
TOP, SIDE = View(MODEL, "top"), View(MODEL, "side")
LID = Recipe("lid", 1, "lid", (TOP, SIDE))


def test_that_a_view_is_found_by_its_name() -> None:
    assert view_named(LID, "side") == SIDE


def test_that_the_only_view_needs_no_name() -> None:
    assert view_named(Recipe("lid", 1, "lid", (TOP,)), None) == TOP


def test_that_one_of_several_views_has_to_be_named() -> None:
    with pytest.raises(BadInputError, match="several views: 'top', 'side'"):
        view_named(LID, None)


@pytest.mark.parametrize("cameras", [("top", "side"), ("side", "top")])
def test_that_the_cameras_of_a_recipe_match_in_any_order(cameras: tuple[str, ...]) -> None:
    assert view_mismatch(LID, cameras) == ""


@pytest.mark.parametrize("cameras", [("top",), ("top", "bottom"), ("top", "side", "bottom")])
def test_that_a_missing_or_foreign_camera_is_named(cameras: tuple[str, ...]) -> None:
    assert view_mismatch(LID, cameras).startswith("Recipe lid@1 sees 'top', 'side', and the cameras are ")


def test_that_a_station_without_a_camera_differs_from_no_recipe() -> None:
    assert view_mismatch(LID, ()) == ""


@pytest.mark.parametrize(
    ("sources", "trigger", "warns"),
    [
        ({"top": "genicam:1", "side": "genicam:2"}, "free", True),
        ({"top": "genicam:1", "side": "genicam:2"}, "hardware", False),
        ({"top": "genicam:1"}, "free", False),
        ({"top": "parts", "side": "more"}, "free", False),
    ],
)
def test_that_only_several_live_cameras_without_a_common_trigger_are_warned_of(sources, trigger, warns) -> None:
    assert bool(free_running_warning(sources, trigger)) is warns


def drawn(place: InspectedPlace, hour: int) -> DrawnPlace:
    return DrawnPlace(place, NOON + timedelta(hours=hour))


def revision(number: int, place: InspectedPlace, state: RecipeState = RecipeState.DRAFT) -> RecipeEntry:
    view = replace(TOP, roi=place.roi, ignore=place.ignore)
    at = NOON + timedelta(hours=number)
    return RecipeEntry(Recipe("lid", number, "lid", (view,)), state, at, StateChange("Ada", "", at))


LEFT, RIGHT = InspectedPlace(RegionOfInterest(0, 0, 40, 40)), InspectedPlace(RegionOfInterest(40, 0, 40, 40))


@pytest.mark.parametrize(
    ("entries", "before", "place"),
    [
        ((), None, None),
        ((), drawn(LEFT, 0), LEFT),
        ((revision(1, LEFT),), None, LEFT),
        ((revision(1, LEFT),), drawn(RIGHT, 0), LEFT),
        ((revision(1, LEFT),), drawn(RIGHT, 2), RIGHT),
        ((revision(1, LEFT), revision(3, LEFT)), drawn(RIGHT, 2), RIGHT),  # another limit, the same region
        ((revision(1, LEFT), revision(3, RIGHT), revision(4, LEFT)), drawn(RIGHT, 2), LEFT),
        ((revision(1, LEFT), revision(3, RIGHT, RecipeState.RETIRED)), None, LEFT),
    ],
)
def test_that_a_view_is_taught_where_a_person_wanted_it_last(entries, before, place) -> None:
    assert place_to_teach(entries, before, "lid", "top") == place


def test_that_a_region_of_another_recipe_or_view_is_not_taken() -> None:
    assert place_to_teach((revision(1, LEFT),), None, "lid", "side") is None
    assert place_to_teach((revision(1, LEFT),), None, "box", "top") is None
