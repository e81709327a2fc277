"""A recipe of a file has in each place the kind of value that a station writes."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from station.domain.challenge_plan import ChallengePart, ChallengePlan, ExpectedPlace, Known
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.part_code import CodeKind, CodeRule
from station.domain.picture_form import Colour, PictureForm
from station.domain.recipe import ModelReference, Recipe, View, require_names
from station.domain.verdict import Limits
from station.recipes.sound import misfit
from station.storage.recipes.serialisation import recipe_from_text

VIEW = View(
    ModelReference("m", "a" * 64), "top", Limits(0.5), roi=RegionOfInterest(1, 2, 30, 40),
    camera_settings={"Gain": 1.5, "Mode": "Once", "On": True}, form=PictureForm(Colour.GREY),
)  # fmt: skip
RECIPE = Recipe("plate", 1, "plate", (VIEW, replace(VIEW, name="side")), keep_pass_every=3)
STRANGE = (None, -1, 10**30, float("nan"), float("inf"), "x", "", "\ud800", True, [], {}, [1], {"a": 1})


def test_that_a_recipe_of_a_station_fits() -> None:
    assert misfit(RECIPE, Recipe) == ""
    assert misfit(recipe_from_text(RECIPE.text, "here"), Recipe) == ""
    parts = (ChallengePart("good 1", Known.GOOD), ChallengePart("bad 1", Known.BAD, ExpectedPlace("", 1, 2, 3, 4)))
    code = CodeRule(RegionOfInterest(0, 0, 5, 5), tuple(CodeKind))
    bare = View(ModelReference("m", "a" * 64), code=code, ignore=IgnoreMask.of(np.eye(20, dtype=bool)))
    full = Recipe("plate", 1, "plate", (bare,), challenge=ChallengePlan(parts=parts, every_hours=4))
    assert misfit(recipe_from_text(full.text, "here"), Recipe) == ""


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from _places(value[key], (*place, key))


@pytest.mark.parametrize("strange", STRANGE, ids=repr)
def test_that_a_strange_value_is_refused_or_harmless_wherever_it_is(strange: object) -> None:
    whole = json.loads(RECIPE.text)
    for place in _places(whole):
        changed = deepcopy(whole)
        if not place:
            changed = strange
        else:
            home = changed
            for key in place[:-1]:
                home = home[key]
            home[place[-1]] = strange
        try:
            recipe = recipe_from_text(json.dumps(changed), "here")
            if misfit(recipe, Recipe):
                continue
            require_names(recipe)
        except BadInputError:
            continue
        assert recipe_from_text(recipe.text, "here") == recipe
        assert all(view.limits.min_area_px <= 2**53 for view in recipe.views)


def test_that_the_place_of_the_value_is_named() -> None:
    lax = replace(VIEW, limits=replace(VIEW.limits, min_area_px=float("nan")))  # type: ignore[arg-type]
    assert misfit(RECIPE.with_view(lax), Recipe) == "views.0.limits.min_area_px"
