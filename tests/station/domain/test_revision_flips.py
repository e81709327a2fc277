"""Which stored parts another revision would judge differently."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scores import VIEW, of_line

from station.domain.formatting import plain
from station.domain.inspection import PartKey
from station.domain.limit_bench.flips import TURNS
from station.domain.part_location import PartLocation, SearchRange
from station.domain.recipe import ModelReference, Recipe
from station.domain.revision_flips import (
    Basis,
    Compared,
    PartFlip,
    RevisionFlips,
    basis_of,
    flips_by_scores,
    flips_of,
    maps_hold,
    scores_hold,
)
from station.domain.verdict import JUDGED, Limits, Verdict

PASS, REVIEW, FAIL = JUDGED
MOST = 5


LOCATION = PartLocation.of(np.zeros((3, 6), np.uint8), SearchRange(), 0.5)


def recipe(revision: int = 1, **view) -> Recipe:
    return Recipe("tile", revision, "tile", (replace(VIEW, **view),))


def with_area(pixel_threshold: float, min_area_px: int) -> Recipe:
    return recipe(limits=Limits(0.5, None, pixel_threshold, min_area_px))


@pytest.mark.parametrize(
    ("old", "new", "basis"),
    [
        (recipe(), recipe(limits=Limits(0.7, 0.3)), Basis.SCORES),
        (recipe(), recipe(limits=Limits(0.5, None, 0.9)), Basis.SCORES),
        (recipe(), with_area(0.5, 40), Basis.SCORES),
        (recipe(), with_area(0.6, 40), Basis.MAPS),
        (recipe(location=LOCATION), recipe(location=LOCATION, limits=Limits(0.7)), Basis.MAPS),
        (recipe(), recipe(model=ModelReference("other", "1" * 64)), Basis.PICTURES),
        (recipe(), recipe(quality=replace(VIEW.quality, min_brightness=20.0)), Basis.PICTURES),
        (recipe(), recipe(name="top"), Basis.PICTURES),
    ],
)
def test_that_two_revisions_are_compared_by_the_least_that_is_exact(old: Recipe, new: Recipe, basis: Basis) -> None:
    assert basis_of(old, new) is basis
    assert basis_of(new, old) is basis


def test_that_marks_that_another_pixel_limit_found_do_not_count_for_a_minimum_area() -> None:
    assert scores_hold(with_area(0.6, 0), recipe(), recipe(limits=Limits(0.7)))
    assert not scores_hold(with_area(0.6, 0), recipe(), with_area(0.5, 40))
    assert maps_hold(with_area(0.6, 0), recipe())
    assert not maps_hold(recipe(model=ModelReference("other", "1" * 64)), recipe())
    assert not scores_hold(recipe(name="top"), recipe(), recipe())


limits = st.builds(Limits, st.floats(0.5, 0.9), st.none() | st.floats(0.1, 0.4))
scores = st.floats(0, 1)


@given(st.lists(st.tuples(scores, scores), max_size=30), limits, limits)
def test_that_the_worst_view_decides_as_on_the_line(parts, before: Limits, after: Limits) -> None:
    views = [of_line([part[view] for part in parts]) for view in range(2)]
    flips = flips_by_scores([(view, before, after) for view in views], MOST)
    was, now = (
        [max(pair) for pair in zip(*(view.verdicts(each) for view in views), strict=True)] for each in (before, after)
    )
    turned = [(at, JUDGED[was[at]], JUDGED[now[at]]) for at in range(len(parts)) if was[at] != now[at]]
    assert flips.compared == len(parts)
    assert flips.total == sum(flips.counts.values()) == len(turned)
    assert flips.now_pass == sum(after is PASS for _, _, after in turned)
    assert flips.now_kept_back == sum(before is PASS for _, before, _ in turned)
    ranked = sorted(turned, key=lambda each: (TURNS.index(each[1:]), -each[0]))
    assert flips.first == tuple(PartFlip(PartKey(1, at + 1), *turn) for at, *turn in ranked[:MOST])


def test_that_a_part_without_the_score_of_a_view_is_not_compared() -> None:
    flips = flips_by_scores(
        [(of_line([0.9, 0.1, 0.9]), Limits(), Limits(0.95)), (of_line([0.1]), Limits(), Limits())], MOST
    )
    assert (flips.compared, flips.not_judged, flips.now_pass) == (1, 2, 1)


def test_that_the_sentences_say_each_side_and_what_could_not_be_judged() -> None:
    keys = [PartKey(1, number) for number in range(1, 8)]
    verdicts = [(FAIL, PASS), (FAIL, PASS), (PASS, FAIL), (PASS, PASS), (None, PASS), (PASS, Verdict.NOT_INSPECTED)]
    found = flips_of(Basis.PICTURES, [Compared(key, *pair) for key, pair in zip(keys, verdicts, strict=False)], MOST)
    assert [each.key.part for each in found.first] == [2, 1, 3]
    said = plain(" ".join(replace(found, without_picture=40, unfinished=3).sentences))
    assert "3 of 4 stored parts would get another verdict: 2 FAIL \u2192 PASS, 1 PASS \u2192 FAIL." in said
    assert "2 more pass: look for escapes. 1 more is kept back: look for overkill." in said
    assert (
        "40 without a kept picture, 2 not inspected by one of the two, or damaged, 3 left when it was stopped" in said
    )
    assert RevisionFlips(Basis.SCORES).sentences == ("No stored part of the last shifts can be compared.",)
    assert (
        plain(RevisionFlips(Basis.SCORES, compared=1).sentences[0]) == "0 of 1 stored part would get another verdict."
    )
