"""What the training page shows, resolved from what the station knows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from evaluated import evaluation

from station.domain.training import (
    MethodOffer,
    RunProgress,
    RunState,
    StageTime,
    TrainingOrder,
    TrainingRun,
    VersionSummary,
)
from ui.pages.training.training_view import (
    HEADINGS,
    NO_VERSION,
    Choice,
    alike,
    followed,
    left_s,
    progress_view,
    run_row,
    teach_view,
)

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
VERSION = VersionSummary("tile", "21f29c2451269052", AT, 220, 33, {"crack": 40}, 40)
OFFERS = (MethodOffer("balanced", "finds the most"), MethodOffer("fast", "half the time", "too few"))
RUN = TrainingRun(7, TrainingOrder("tile", "", VERSION.version), "Ada", AT, RunState.RUNNING)


def test_that_a_page_without_a_version_says_where_one_comes_from() -> None:
    assert teach_view(Choice(None), (), "").why == NO_VERSION


def test_that_a_method_that_cannot_be_used_says_why() -> None:
    view = teach_view(Choice(VERSION, "fast"), OFFERS, "")
    assert (view.possible, view.why) == (False, "Not available: too few.")


def test_that_defects_cannot_be_learned_from_a_version_without_any() -> None:
    view = teach_view(Choice(VERSION, with_defects=True), OFFERS, "no labelled defect is in this version")
    assert (view.possible, view.defects_possible) == (False, False)
    assert "no labelled defect" in view.why
    assert teach_view(Choice(VERSION), OFFERS, "no labelled defect is in this version").possible


def test_that_a_running_step_is_shown_with_its_share_and_the_time_left() -> None:
    progress = RunProgress((StageTime("Looking at good parts", 31, 50, 2.0, 9.0),), 14.2, ((2.0, 0.0), (11.0, 0.62)))
    view = progress_view(RUN, progress, waiting=2)
    assert view.title == "Run 7: tile, balanced"
    assert view.said == "Looking at good parts 62 %, 14 s left of this step. 2 waiting."
    assert view.stages == (("Looking at good parts", "31 of 50, 9 s"),)


def test_that_the_time_left_of_the_whole_run_comes_from_one_like_it() -> None:
    steps = (StageTime("Looking at good parts", 50, 50, 2.0, 20.0), StageTime("Evaluating", 73, 73, 30.0, 12.0))
    progress = RunProgress((StageTime("Looking at good parts", 31, 50, 2.0, 9.0),), 14.2)
    assert left_s(progress, RunProgress(steps)) == pytest.approx(14.2 + 20.0)
    assert left_s(progress, RunProgress()) is None
    said = progress_view(RUN, progress, 0, RunProgress(steps)).said
    assert said == "Looking at good parts 62 %, about 34 s left in all."


def test_that_a_run_is_like_another_one_that_was_taught_the_same_way() -> None:
    done = replace(RUN, number=5, state=RunState.DONE)
    other = replace(done, number=6, order=replace(RUN.order, with_defects=True))
    assert alike((RUN, other, done), RUN) == done
    assert alike((RUN, other), RUN) is None


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (RunState.QUEUED, "Waits for the runs before it."),
        (RunState.INTERRUPTED, "Interrupted. The program was ended."),
        (RunState.DONE, "Done: tile@3 is a draft. The line does not use it until a person releases it."),
    ],
)
def test_that_a_run_that_does_not_run_says_what_became_of_it(state: RunState, said: str) -> None:
    run = replace(RUN, state=state, sentence="The program was ended.", revision=3 if state is RunState.DONE else None)
    assert progress_view(run, RunProgress(), 0).said == said


def test_that_a_comparison_says_what_is_recommended_and_has_no_draft() -> None:
    order = replace(RUN.order, method="balanced,fast")
    done = replace(RUN, order=order, state=RunState.DONE, sentence="fast: it has the highest image AUROC, 0.970.")
    view = progress_view(done, RunProgress(), 0)
    assert view.title == "Run 7: tile, compare balanced, fast"
    assert view.said.startswith("Done: fast: it has the highest image AUROC, 0.970.")


def test_that_the_chosen_run_is_followed_before_the_one_that_runs() -> None:
    done = replace(RUN, number=5, state=RunState.DONE)
    queued = replace(RUN, number=8, state=RunState.QUEUED)
    assert followed((queued, RUN, done), 5) == done
    assert followed((queued, RUN, done), None) == RUN
    assert followed((queued, done), 99) == queued
    assert followed((), None) is None


def test_that_a_row_has_a_cell_for_each_heading_with_figures_and_without() -> None:
    done = replace(RUN, state=RunState.DONE, revision=3)
    with_figures, without = run_row(done, evaluation(), "UTC").cells, run_row(RUN, None, "UTC").cells
    assert len(with_figures) == len(without) == len(HEADINGS)
    assert with_figures[:6] == ("7", "tile", "21f29c24", "balanced", "tile@3", "0.982")
    assert without[4] == "running"
