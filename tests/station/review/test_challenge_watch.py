"""A check that is due stays due until one passes, whatever the clock says, and an alarm says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station.domain.alarm import AlarmKind
from station.domain.challenge import Outcome, Why
from station.domain.challenge_plan import ChallengePart, ChallengePlan, Known
from station.domain.errors import StorageError
from station.domain.inspection import Inspection, PartKey, RunHeader, RunKind, ViewInspection
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Verdict
from station.review.alarm_list import AlarmList
from station.review.challenge_watch import ChallengeWatch
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects
from station.storage.engine.database import Database
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
def database(tmp_path: Path):
    database = open_records(Workspace.open(tmp_path / "workspace"))
    yield database
    database.close()


@pytest.fixture
def inspected(database: Database, tmp_path: Path):
    """Record one part of production that was triggered at a time."""
    inspections = Inspections(database, PictureStore(tmp_path))

    def record(at: datetime) -> None:
        run = inspections.begin_run(RECIPE, camera="c", program_version="1", started_at=at)
        view = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.1, raw_score=0.1, image_threshold=0.5)
        inspections.record_part(Inspection(PartKey(run.run_id, 1), at, (view,)), (), keep_picture=False)
        inspections.end_run(run.run_id, at)

    return record


@pytest.fixture
def watched(database: Database, tmp_path: Path):
    checks, alarms, clock = Checks(database), AlarmList(lambda _: None), Clock()
    watch = ChallengeWatch(checks, Suspects(database), alarms, lambda _: NOON - timedelta(hours=6), clock)
    inspections = Inspections(database, PictureStore(tmp_path))

    def check(outcome: Outcome, recipe: Recipe = RECIPE) -> None:
        header = RunHeader(RunKind.CHALLENGE)
        run = inspections.begin_run(recipe, camera="c", program_version="1", started_at=clock.at, header=header)
        inspections.end_run(run.run_id, clock.at)
        checks.settle(run.run_id, outcome, 1, (), clock.at)

    return watch, check, clock, alarms


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


def test_that_a_clock_that_is_set_back_between_two_looks_makes_a_check_due_once(watched, inspected) -> None:
    watch, check, clock, _ = watched
    check(Outcome.PASSED)
    inspected(NOON + timedelta(hours=3))
    clock.at = NOON + timedelta(hours=2, minutes=30)
    assert watch.due(RECIPE) is None
    clock.at = NOON + timedelta(minutes=30)
    for at in (clock.at, clock.at + timedelta(minutes=1)):
        inspected(at)
    assert watch.due(RECIPE).why == (Why.SET_BACK,)
    clock.at = NOON + timedelta(hours=3)
    assert watch.due(RECIPE).why == (Why.SET_BACK,)
    clock.at = NOON + timedelta(hours=1)
    check(Outcome.PASSED)
    assert watch.due(RECIPE) is None


def test_that_a_check_is_due_although_the_disk_cannot_keep_why(watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watch, _, _, alarms = watched

    def refuse(*_: object) -> None:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as disk:
        disk.setattr(Checks, "note", refuse)
        assert watch.poll(RECIPE).why == (Why.FIRST,)
        assert [entry.kind for entry in alarms.open] == [AlarmKind.CHALLENGE_DUE]
    watch.poll(RECIPE)
    assert watch._checks.noted("tile", 0) == {Why.FIRST}


def test_that_a_revision_that_failed_its_check_is_not_cleared_by_the_check_of_another_one(watched) -> None:
    watch, check, _, _ = watched
    second = replace(RECIPE, revision=2)
    check(Outcome.FAILED, second)
    check(Outcome.PASSED)
    assert watch.due(RECIPE) is None
    assert watch.due(second).why == (Why.FAILED,)
    check(Outcome.PASSED, second)
    assert watch.due(second) is None
