import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.challenge_plan import (
    ChallengePart,
    ChallengePlan,
    ExpectedPlace,
    Known,
    parts_in_words,
    parts_of_words,
)
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.recipe_changes import changes_in_words
from station.domain.recipe_values import value_of_key
from station.storage.recipes.serialisation import recipe_from_text

SCRATCH = ChallengePart("scratch 1", Known.BAD, ExpectedPlace("", 10, 20, 30, 40))
CLEAN = ChallengePart("clean", Known.GOOD)
RECIPE = Recipe("tile", 1, "tile", (View(ModelReference("m", "0" * 64)),))

names = st.text(st.characters(blacklist_categories=["C", "Z"], blacklist_characters=";=@"), min_size=1, max_size=60)
numbers = st.integers(0, 999_999)
places = st.builds(
    ExpectedPlace, st.sampled_from(["", "top", "side 2"]), numbers, numbers, st.integers(1, 9999), st.integers(1, 9999)
)
parts = st.one_of(
    st.builds(ChallengePart, names, st.just(Known.GOOD)), st.builds(ChallengePart, names, st.just(Known.BAD), places)
)
plans = st.builds(
    ChallengePlan,
    *[st.booleans()] * 3,
    st.floats(0, 10_000),
    *[st.booleans()] * 2,
    st.integers(0, 10_000),
    st.lists(parts, max_size=4, unique_by=lambda part: part.name.casefold()).map(tuple),
)


@given(st.lists(parts, max_size=6).map(tuple))
def test_that_challenge_parts_are_read_as_they_are_written(some: tuple[ChallengePart, ...]) -> None:
    assert parts_of_words(parts_in_words(some)) == some


@given(plans)
def test_that_a_plan_is_kept_in_the_text_of_its_recipe(plan: ChallengePlan) -> None:
    recipe = Recipe("tile", 1, "tile", RECIPE.views, challenge=plan)
    assert recipe_from_text(recipe.text, "it") == recipe


def test_that_a_recipe_without_a_plan_has_the_text_of_before() -> None:
    assert "challenge" not in RECIPE.text


@pytest.mark.parametrize(
    "text",
    ["scratch", "scratch=bad", "scratch=bad@1,2,3", "scratch=bad@1,2,0,4", "clean=good@1,2,3,4", "=good", "a=ugly"],
)
def test_that_what_is_not_a_challenge_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"NAME=|name|place|pixels"):
        parts_of_words(text)


def test_that_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        ChallengePlan(parts=(CLEAN, ChallengePart("Clean", Known.GOOD)))


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("challenge.shift_start", "yes", "check at shift start no \u2192 yes"),
        ("challenge.every_hours", "4", "hours between two checks 0.00 \u2192 4.00 h"),
        ("challenge.parts", "scratch 1=bad@10,20,30,40", "challenge parts none \u2192 scratch 1=bad@10,20,30,40"),
        ("challenge.tolerance_px", "8", "mark outside the expected place by at most 20 \u2192 8 px"),
    ],
)
def test_that_the_plan_is_set_like_other_values(key: str, text: str, words: str) -> None:
    view, value = value_of_key(RECIPE, key)
    assert changes_in_words(RECIPE, value.set_in(RECIPE, view, value.parsed(text))) == (words,)


def test_that_a_plan_says_when_it_asks() -> None:
    assert ChallengePlan(shift_start=True, every_hours=4).in_words == "at shift start, every 4 h"
    assert not ChallengePlan(shift_start=True).is_timed
    assert ChallengePlan(shift_start=True, parts=(CLEAN,)).is_timed
    assert SCRATCH.request == "Put 'scratch 1' (known bad) under the camera and press the trigger."
