"""The scores of recorded parts as arrays."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.geometry import Region
from station.domain.inspection import PartKey, RunHeader, RunKind
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, UNLABELLED
from station.domain.verdict import Verdict
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.scores import ScoreRecords, ViewSought

VIEW = ViewSought("", 0.5)


@pytest.fixture
def records(database):
    return ScoreRecords(database)


@pytest.fixture
def read(records, recipe, noon):
    def of_line(view=VIEW, *, since=noon, **others):
        return records.of_line([(recipe.name, recipe.revision)], view, since, **others)

    return of_line


@pytest.fixture
def record(inspections, part):
    def add(number, verdict=Verdict.PASS, **others):
        inspections.record_part(part(number, verdict, **others), [], keep_picture=False)

    return add


@pytest.fixture
def say(database, run, noon):
    feedback = FeedbackRecords(database)

    def add(number, claim):
        feedback.add(OperatorFeedback(PartKey(run.run_id, number), claim, "", "Ada", noon))

    return add


def test_that_scores_regions_and_keys_of_parts_are_read(read, record, run) -> None:
    small, large = Region(0, 0, 5, 5, 20, 0.7, "top"), Region(9, 9, 50, 50, 900, 0.6, "centre")
    record(1, pred_score=0.25)
    record(2, Verdict.FAIL, pred_score=0.75, regions=(small, large))
    record(3, Verdict.NOT_INSPECTED)
    line = read()
    assert line.pictures.scores.tolist() == [0.25, 0.75]
    assert line.pictures.keys.tolist() == [[run.run_id, 1], [run.run_id, 2]]
    assert line.pictures.largest_px.tolist() == [0, 900]
    assert line.pictures.highest.tolist() == [0.25, 0.7], "without a region no place is above the score"
    assert line.not_inspected == 1
    assert not line.capped


def test_that_a_map_without_a_region_is_taken_to_lie_at_the_pixel_limit_at_most(read, record) -> None:
    record(1, Verdict.FAIL, pred_score=0.9, regions=())
    assert read().pictures.highest.tolist() == [0.5]


def test_that_a_part_that_leaves_its_picture_has_no_score_for_other_limits(read, record) -> None:
    record(1, Verdict.FAIL, pred_score=0.9)
    record(2, Verdict.FAIL, pred_score=0.9, leaves_picture=True)
    line = read()
    assert line.pictures.keys[:, 1].tolist() == [1]
    assert line.not_inspected == 1


def test_that_the_last_word_of_a_person_is_the_label(read, record, say) -> None:
    for number, verdict in enumerate((Verdict.PASS, Verdict.PASS, Verdict.FAIL, Verdict.FAIL, Verdict.PASS), start=1):
        record(number, verdict)
    record(6, Verdict.NOT_INSPECTED)
    for number, claim in (
        (1, Disposition.MISSED_DEFECT),
        (2, Disposition.CONFIRMED),
        (3, Disposition.CONFIRMED),
        (4, Disposition.CONFIRMED),
        (4, Disposition.GOOD_PART),
        (5, Disposition.REVIEW_TIMED_OUT),
        (6, Disposition.GOOD_PART),
    ):
        say(number, claim)
    assert read().pictures.labels.tolist() == [DEFECT, GOOD, DEFECT, GOOD, UNLABELLED]


def test_that_of_several_views_nobody_said_which_shows_the_defect(read, record, say) -> None:
    record(1)
    record(2, Verdict.FAIL)
    say(1, Disposition.MISSED_DEFECT)
    say(2, Disposition.GOOD_PART)
    assert read(replace(VIEW, only=False)).pictures.labels.tolist() == [UNLABELLED, GOOD]


def test_that_only_the_newest_parts_are_read_and_it_is_said(read, record, noon, say) -> None:
    for number in range(1, 6):
        record(number, Verdict.NOT_INSPECTED if number in (1, 4) else Verdict.PASS)
    say(2, Disposition.GOOD_PART)
    line = read(most=2)
    assert line.pictures.keys[:, 1].tolist() == [3, 5]
    assert (line.capped, line.not_inspected, line.since) == (True, 1, noon + timedelta(seconds=3))
    assert not read(most=3).capped


def test_that_other_revisions_views_runs_and_times_are_left_out(records, read, record, inspections, part, recipe, noon):
    record(1)
    other = replace(recipe, revision=2)
    for number, (by, kind) in enumerate(((other, RunKind.PRODUCTION), (recipe, RunKind.TRIAL)), start=7):
        header = RunHeader(kind=kind)
        run = inspections.begin_run(by, camera="c", program_version="1", started_at=noon, header=header)
        trial = part(number, key=PartKey(run.run_id, number))
        inspections.record_part(trial, [], keep_picture=False)
    assert read().pictures.keys[:, 1].tolist() == [1]
    assert len(records.of_line([("tile", 2)], VIEW, noon).pictures) == 1
    assert len(read(ViewSought("side", 0.5)).pictures) == 0
    later = read(since=noon + timedelta(seconds=2))
    assert (len(later.pictures), later.since) == (0, None)


def test_that_the_arrays_cannot_be_changed(read, record) -> None:
    record(1)
    with pytest.raises(ValueError, match="read-only"):
        read().pictures.scores[0] = np.nan
