from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.part_location import PartLocation, SearchRange
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.recipe_changes import changes_in_words, value_changes
from station.domain.recipe_values import VALUES, camera_setting, value_of_key
from station.domain.verdict import Limits

VIEW = View(ModelReference("m", "0" * 64), camera_settings={"Gain": 1.5})
ONE = Recipe("tile", 1, "tile", (VIEW,))
TWO = Recipe("tile", 1, "tile", (replace(VIEW, name="top"), replace(VIEW, name="side")))


def changed(recipe: Recipe, key: str, text: str) -> Recipe:
    view, value = value_of_key(recipe, key)
    return value.set_in(recipe, view, value.parsed(text))


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("limits.image_threshold", "0.46", "fail limit 0.50 \u2192 0.46"),
        ("limits.image_threshold", "0.4625", "fail limit 0.50 \u2192 0.4625"),
        ("limits.review_threshold", "0.4", "review limit none \u2192 0.40"),
        ("limits.min_area_px", "40", "least area of a mark 0 \u2192 40 px\u00b2"),
        ("roi", "10,20,640,480", "region of interest whole picture \u2192 640 x 480 px at 10, 20"),
        ("quality.max_brightness", "240", "most brightness 250.0 \u2192 240.0 grey"),
        ("inference.precision", "f16", "precision f32 \u2192 f16"),
        ("camera_settings.Gain", "2", "camera's Gain 1.5 \u2192 2"),
        ("camera_settings.Gain", "none", "camera's Gain 1.5 \u2192 none"),
        ("camera_settings.UserSetSelector", "UserSet1", "camera's UserSetSelector none \u2192 UserSet1"),
        ("keep_pass_every", "0", "good parts per kept picture as the station \u2192 0"),
    ],
)
def test_that_a_change_is_said_in_words(key: str, text: str, words: str) -> None:
    assert changes_in_words(ONE, changed(ONE, key, text)) == (words,)
    named = changed(TWO, key if key == "keep_pass_every" else f"side.{key}", text)
    said = words if key == "keep_pass_every" else f"side: {words}"
    assert changes_in_words(TWO, named) == (said,)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("limits.image_threshold", "1.5"),
        ("limits.image_threshold", "nan"),
        ("limits.image_threshold", "none"),
        ("limits.min_area_px", "-1"),
        ("limits.min_area_px", "2.5"),
        ("roi", "1,2,3"),
        ("roi", "-1,2,30,40"),
        ("inference.precision", "int8"),
        ("quality.min_brightness", "300"),
        ("quality.frozen_after", "x"),
        ("keep_pass_every", "-3"),
    ],
)
def test_that_a_value_out_of_its_range_is_refused_with_what_may_be_given(key: str, text: str) -> None:
    with pytest.raises(BadInputError, match="cannot be the") as refused:
        changed(ONE, key, text)
    assert refused.value.advice.startswith("Give ")


def test_that_the_range_of_a_part_can_be_changed_only_if_it_is_looked_for() -> None:
    location = PartLocation.of(np.zeros((3, 6), np.uint8), SearchRange(10, 15), 0.5)
    looked = replace(ONE, views=(replace(VIEW, location=location),))
    wider = changed(changed(looked, "location.search.shift_percent", "12.5"), "location.min_likeness", "0.6")
    assert wider.views[0].location == replace(location, search=SearchRange(12.5, 15), min_likeness=0.6)
    assert not wider.views[0].needs_teaching
    with pytest.raises(BadInputError, match="teach with --locate first"):
        changed(ONE, "location.search.turn_deg", "5")


def test_that_a_review_limit_above_the_fail_limit_is_refused() -> None:
    with pytest.raises(BadInputError, match=r"The review limit cannot be 0\.60"):
        changed(ONE, "limits.review_threshold", "0.6")


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("model.name", "'model.name' is made by teaching"),
        ("taught_roi", "'taught_roi' is made by teaching"),
        ("revision", "says which revision this is"),
        ("limits.nothing", "has no value 'limits.nothing'"),
        ("camera_settings.", "has no value"),
    ],
)
def test_that_what_cannot_be_set_is_refused_with_the_reason(key: str, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        value_of_key(ONE, key)


def test_that_a_key_without_the_name_of_its_view_is_refused_with_the_keys_there_are() -> None:
    with pytest.raises(BadInputError) as refused:
        value_of_key(TWO, "limits.image_threshold")
    assert "top.limits.image_threshold" in refused.value.advice


@given(
    st.builds(Limits, st.floats(0.3, 0.9), st.none() | st.floats(0.1, 0.29), st.floats(0.1, 0.9), st.integers(0, 99)),
    st.none() | st.builds(RegionOfInterest, *[st.integers(1, 4000)] * 4),
    st.none() | st.just(IgnoreMask(3, 2, "2 1 2 1")),
    st.none() | st.integers(0, 9),
)
def test_that_the_changes_of_two_revisions_lead_from_one_to_the_other(limits, roi, ignore, kept) -> None:
    other = replace(ONE, views=(replace(VIEW, limits=limits, roi=roi, ignore=ignore),), keep_pass_every=kept)
    recipe = ONE
    for change in sorted(value_changes(ONE, other), key=lambda each: each.value.key == "limits.review_threshold"):
        assert change.words
        recipe = change.value.set_in(recipe, change.view, change.new)
    assert recipe == other


def test_that_all_that_a_view_has_is_in_the_table_or_is_made_by_teaching() -> None:
    """A field that is added to a recipe must be shown and compared."""
    groups = {value.key.partition(".")[0] for value in VALUES} | {"camera_settings"}
    assert groups - {"keep_pass_every", "challenge"} | {
        "model",
        "name",
        "dataset_version",
        "form",
        "taught_roi",
    } == set(View.__dataclass_fields__)
    for group in ("limits", "quality", "inference"):
        keys = {f"{group}.{name}" for name in getattr(VIEW, group).__dataclass_fields__}
        assert keys == {value.key for value in VALUES if value.key.startswith(group)}


def test_that_a_new_model_and_new_views_are_said_too() -> None:
    taught = replace(ONE, views=(replace(VIEW, model=ModelReference("n", "1" * 64), dataset_version="v2"),))
    assert changes_in_words(ONE, taught) == ("model m \u2192 n", "taught from none \u2192 v2")
    assert changes_in_words(TWO, replace(TWO, views=TWO.views[:1])) == ("view 'side' is gone",)
    assert camera_setting("Gain").of(ONE, "") == 1.5
