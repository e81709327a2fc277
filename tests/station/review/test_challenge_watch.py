"""A check that is due stays due until one passes, whatever the clock says, and an alarm says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station.domain.alarm import AlarmKind
from station.domain.challenge import Outcome, Why
from station.domain.challenge_plan import ChallengePart, ChallengePlan, Known
from station.domain.inspection import RunHeader, RunKind
from station.domain.recipe import ModelReference, Recipe, View
from station.review.alarm_list import AlarmList
from station.review.challenge_watch import ChallengeWatch
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.completeness import open_records
from station.storage.records.inspections import Inspections
from station.workspace import Workspace

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
PLAN = ChallengePlan(every_hours=4, parts=(ChallengePart("clean", Known.GOOD),))
RECIPE = Recipe("tile", 1, "tile", (View(ModelReference("m", "0" * 64)),), challenge=PLAN)


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def watched(tmp_path: Path):
    database = open_records(Workspace.open(tmp_path / "workspace"))
    checks, alarms, clock = Checks(database), AlarmList(lambda _: None), Clock()
    watch = ChallengeWatch(checks, Suspects(database), alarms, lambda _: NOON - timedelta(hours=6), clock)
    inspections = Inspections(database, PictureStore(tmp_path))

    def check(outcome: Outcome) -> None:
        header = RunHeader(RunKind.CHALLENGE)
        run = inspections.begin_run(RECIPE, camera="c", program_version="1", started_at=clock.at, header=header)
        inspections.end_run(run.run_id, clock.at)
        checks.settle(run.run_id, outcome, 1, (), clock.at)

    yield watch, check, clock, alarms
    database.close()


def test_that_a_clock_that_is_set_back_leaves_a_check_due(watched) -> None:
    watch, check, clock, alarms = watched
    assert watch.poll(RECIPE).why == (Why.FIRST,)
    check(Outcome.PASSED)
    assert watch.poll(RECIPE) is None
    clock.at = NOON + timedelta(hours=5)
    assert watch.poll(RECIPE).why == (Why.HOURS,)
    clock.at = NOON + timedelta(minutes=1)
    assert watch.poll(RECIPE).why == (Why.HOURS,)
    clock.at = NOON - timedelta(days=1)
    assert watch.poll(RECIPE).why == (Why.HOURS, Why.CLOCK)
    check(Outcome.PASSED)
    assert watch.poll(RECIPE) is None
    assert all(alarm.returned for alarm in alarms.open)


def test_that_a_check_that_is_due_is_one_alarm_with_cause_consequence_and_action(watched) -> None:
    watch, _, _, alarms = watched
    for _ in range(3):
        watch.poll(RECIPE)
    (entry,) = alarms.open
    assert entry.kind is AlarmKind.CHALLENGE_DUE
    assert entry.alarm.event == "A check with challenge parts is due for tile."
    assert entry.alarm.cause == "No check of this product has passed yet."
    assert entry.alarm.consequence == "If the station no longer sees a defect, bad parts pass unnoticed."
    assert "Ctrl+F8" in entry.alarm.action
    assert entry.renewed == entry.since


def test_that_a_failed_check_is_said_again_after_a_restart(watched) -> None:
    watch, check, _, alarms = watched
    check(Outcome.FAILED)
    watch.remind()
    assert [entry.kind for entry in alarms.open] == [AlarmKind.CHALLENGE_FAILED]
    assert watch.due(RECIPE).why == (Why.FAILED, Why.FIRST)
