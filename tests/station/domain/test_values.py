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
from station.domain.inspection import Counts, Inspection, PartKey, ViewInspection
from station.domain.rates import Rate
from station.domain.recipe import ModelReference, Recipe, View, checked_name
from station.domain.verdict import Limits, Verdict

NOW = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
VIEW = View(ModelReference("tile-1", "ab" * 32))
RECIPE = Recipe("tile", 1, "tile", (VIEW,))
TOP, SIDE = replace(VIEW, name="top"), replace(VIEW, name="side")
TWO_VIEWS = replace(RECIPE, views=(TOP, SIDE))


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


def test_that_a_rate_of_no_parts_has_no_value_and_the_widest_interval() -> None:
    assert Rate(0, 0).value is None
    assert Rate(0, 0).interval == (0.0, 1.0)


def test_that_any_change_of_a_recipe_changes_its_hash() -> None:
    changes = [
        {"revision": 2},
        {"views": (replace(VIEW, limits=Limits(0.6)),)},
        {"views": (replace(VIEW, camera_settings={"ExposureTime": 5000.0}),)},
        {"views": (TOP,)},
        {"views": (TOP, SIDE)},
        {"views": (SIDE, TOP)},
        {"reason": "brighter"},
    ]
    hashes = {replace(RECIPE, **change).sha256 for change in changes} | {RECIPE.sha256}
    assert len(hashes) == len(changes) + 1
    assert replace(RECIPE).sha256 == RECIPE.sha256


def test_that_a_recipes_hash_is_the_one_that_version_0_1_0_gave_it() -> None:
    assert RECIPE.sha256 == "82c6e1da677e1237b296bd5443825a55b3ae7d7fc314639ef1816cf2363245ef"


@pytest.mark.parametrize("names", [(), ("", "top"), ("top", "top"), ("top", "Top"), ("", "")])
def test_that_a_recipe_without_views_or_with_unclear_names_is_refused(names) -> None:
    with pytest.raises(ValueError, match="one view, or several"):
        replace(RECIPE, views=tuple(replace(VIEW, name=name) for name in names))


def test_that_a_newly_taught_view_takes_its_own_place_or_the_last() -> None:
    other = replace(TOP, dataset_version="v2")
    assert TWO_VIEWS.with_view(other).views == (other, SIDE)
    assert TWO_VIEWS.with_view(replace(TOP, name="bottom")).view_names == ("top", "side", "bottom")


@pytest.mark.parametrize(
    ("names", "sees"),
    [(("side", "top"), True), (("top",), False), (("top", "side", "side"), False), (("top", "Side"), False)],
)
def test_that_a_recipe_sees_its_views_in_any_order_and_each_once(names, sees) -> None:
    assert TWO_VIEWS.sees(names) is sees


def test_that_an_unknown_view_is_answered_with_those_there_are() -> None:
    assert TWO_VIEWS.view("side") is SIDE
    with pytest.raises(BadInputError, match=r"no view 'bottom'.*'top', 'side'"):
        TWO_VIEWS.view("bottom")
    with pytest.raises(BadInputError, match="one view without a name"):
        RECIPE.view("top")


def test_that_a_fact_of_each_view_is_one_line_and_has_no_name_without_a_view_name() -> None:
    assert TWO_VIEWS.of_each_view(lambda view: view.model.name) == "top=tile-1, side=tile-1"
    assert RECIPE.of_each_view(lambda view: view.model.name) == "tile-1"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", ".hidden", "x.", "a..b", "x" * 81, "a\0b", "-rf", "<b>"])
def test_that_a_name_that_could_leave_the_workspace_is_refused(name) -> None:
    with pytest.raises(BadInputError):
        checked_name(name)


@pytest.mark.parametrize("name", ["tile", "Oat cookie 60 mm", "Flansch_Ø40", "瓶子", "M8-1.25"])
def test_that_an_ordinary_name_is_kept(name) -> None:
    assert checked_name(name) == name


def test_that_a_record_is_judged_or_has_a_cause_never_both_or_neither() -> None:
    common = {"reason": "", "origin": "", "elapsed_ms": 0.0}
    ViewInspection(verdict=Verdict.PASS, pred_score=0.1, **common)
    ViewInspection(verdict=Verdict.NOT_INSPECTED, cause=NotInspectedCause.OVERRUN, **common)
    for verdict, cause, score in [
        (Verdict.PASS, None, None),
        (Verdict.PASS, NotInspectedCause.OVERRUN, 0.1),
        (Verdict.NOT_INSPECTED, None, None),
        (Verdict.NOT_INSPECTED, NotInspectedCause.OVERRUN, 0.1),
    ]:
        with pytest.raises(ValueError, match="with cause"):
            ViewInspection(verdict=verdict, cause=cause, pred_score=score, **common)


def seen(view: str, verdict: Verdict, score: float = 0.1, elapsed_ms: float = 9.4) -> ViewInspection:
    if verdict is Verdict.NOT_INSPECTED:
        return ViewInspection(verdict, "lost", "", elapsed_ms, view, NotInspectedCause.OVERRUN)
    return ViewInspection(verdict, "mark" if verdict is Verdict.FAIL else "", "", elapsed_ms, view, pred_score=score)


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.floats(0, 1)), min_size=1, max_size=4))
def test_that_the_worst_view_decides_and_of_two_the_one_that_scores_higher(judgements) -> None:
    views = tuple(seen(str(number), *judgement) for number, judgement in enumerate(judgements))
    part = Inspection(PartKey(1, 1), NOW, views)
    assert part.verdict.severity == max(verdict.severity for verdict, _ in judgements)
    rivals = [view for view in views if view.verdict is part.verdict]
    assert part.deciding.pred_score == max((view.pred_score for view in rivals), key=lambda score: score or 0)


def test_that_a_part_known_to_be_bad_fails_though_a_camera_was_lost() -> None:
    part = Inspection(PartKey(1, 1), NOW, (seen("top", Verdict.NOT_INSPECTED), seen("side", Verdict.FAIL)))
    assert (part.verdict, part.reason) == (Verdict.FAIL, "side: mark")


def test_that_a_part_passes_only_where_every_camera_saw_it() -> None:
    part = Inspection(PartKey(1, 1), NOW, (seen("top", Verdict.PASS), seen("side", Verdict.NOT_INSPECTED)))
    assert (part.verdict, part.reason) == (Verdict.NOT_INSPECTED, "side: lost")


def test_that_the_only_view_without_a_name_gives_its_reason_bare_and_the_slowest_view_its_time() -> None:
    assert Inspection(PartKey(1, 1), NOW, (seen("", Verdict.FAIL),)).reason == "mark"
    part = Inspection(PartKey(1, 1), NOW, (seen("a", Verdict.PASS, elapsed_ms=20.0), seen("b", Verdict.FAIL)))
    assert (part.elapsed_ms, part.views[1].verdict) == (20.0, Verdict.FAIL)


def test_that_an_inspection_of_nothing_cannot_be() -> None:
    with pytest.raises(ValueError, match="at least one view"):
        Inspection(PartKey(1, 1), NOW, ())


def test_that_every_cause_has_words() -> None:
    assert all(cause.sentence for cause in NotInspectedCause)


def test_that_a_frame_cannot_be_painted_on() -> None:
    frame = Frame(np.zeros((4, 4), np.uint8), 1, NOW, 0, "x")
    with pytest.raises(ValueError, match="read-only"):
        frame.image[0, 0] = 1


def test_that_an_error_carries_its_advice() -> None:
    assert "reconnects by itself" in str(CameraLostError("Camera 7 is gone."))
    assert str(CameraLostError("Camera 7 is gone.", "Call Ann.")) == "Camera 7 is gone. Call Ann."
