"""Recipes, records, counts and rates."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from station.domain.errors import BadInputError, CameraLostError
from station.domain.frame import Frame, NotInspectedCause
from station.domain.inspection import Counts, Inspection, PartKey
from station.domain.rates import Rate
from station.domain.recipe import ModelReference, Recipe, checked_name
from station.domain.verdict import Limits, Verdict

NOW = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
RECIPE = Recipe("tile", 1, "tile", ModelReference("tile-1", "ab" * 32))


@given(st.lists(st.sampled_from(Verdict)))
def test_that_counts_add_up_to_the_triggers(verdicts) -> None:
    counts = Counts()
    for verdict in verdicts:
        counts = counts.plus(verdict)
    assert counts.triggers == len(verdicts) == sum(counts.of(v) for v in Verdict)
    assert counts.inspected == len([v for v in verdicts if v is not Verdict.NOT_INSPECTED])


def test_that_fails_in_a_row_start_again_after_a_pass() -> None:
    counts = Counts().plus(Verdict.FAIL).plus(Verdict.FAIL)
    assert counts.fails_in_a_row == 2
    assert counts.plus(Verdict.PASS).fails_in_a_row == 0


@given(st.integers(0, 500), st.integers(0, 500))
def test_that_the_interval_is_the_one_of_wilson(count, more) -> None:
    rate = Rate(count, count + more)
    if rate.n:
        expected = binomtest(count, rate.n).proportion_ci(method="wilson")
        assert rate.interval == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_that_nothing_of_nothing_is_no_share_and_wholly_unknown() -> None:
    assert Rate(0, 0).value is None
    assert Rate(0, 0).interval == (0.0, 1.0)


def test_that_any_change_of_a_recipe_changes_its_hash() -> None:
    changes = [
        {"revision": 2},
        {"limits": Limits(0.6)},
        {"camera_settings": {"ExposureTime": 5000.0}},
        {"reason": "brighter"},
    ]
    hashes = {replace(RECIPE, **change).sha256 for change in changes} | {RECIPE.sha256}
    assert len(hashes) == len(changes) + 1
    assert replace(RECIPE).sha256 == RECIPE.sha256


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", ".hidden", "x.", "a..b", "x" * 81, "a\0b", "-rf", "<b>"])
def test_that_a_name_that_could_leave_the_workspace_is_refused(name) -> None:
    with pytest.raises(BadInputError):
        checked_name(name)


@pytest.mark.parametrize("name", ["tile", "Oat cookie 60 mm", "Flansch_Ø40", "瓶子", "M8-1.25"])
def test_that_an_ordinary_name_is_kept(name) -> None:
    assert checked_name(name) == name


def test_that_a_record_is_judged_or_has_a_cause_never_both_or_neither() -> None:
    common = {"key": PartKey(1, 1), "triggered_at": NOW, "reason": "", "origin": "", "elapsed_ms": 0.0}
    Inspection(verdict=Verdict.PASS, pred_score=0.1, **common)
    Inspection(verdict=Verdict.NOT_INSPECTED, cause=NotInspectedCause.OVERRUN, **common)
    for verdict, cause, score in [
        (Verdict.PASS, None, None),
        (Verdict.PASS, NotInspectedCause.OVERRUN, 0.1),
        (Verdict.NOT_INSPECTED, None, None),
        (Verdict.NOT_INSPECTED, NotInspectedCause.OVERRUN, 0.1),
    ]:
        with pytest.raises(ValueError, match="with cause"):
            Inspection(verdict=verdict, cause=cause, pred_score=score, **common)


def test_that_every_cause_has_words() -> None:
    assert all(cause.sentence for cause in NotInspectedCause)


def test_that_a_frame_cannot_be_painted_on() -> None:
    frame = Frame(np.zeros((4, 4), np.uint8), 1, NOW, 0, "x")
    with pytest.raises(ValueError, match="read-only"):
        frame.image[0, 0] = 1


def test_that_an_error_carries_its_advice() -> None:
    assert "reconnects by itself" in str(CameraLostError("Camera 7 is gone."))
    assert str(CameraLostError("Camera 7 is gone.", "Call Ann.")) == "Camera 7 is gone. Call Ann."
