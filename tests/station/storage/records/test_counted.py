"""Only the parts of production are counted; the rest is stated."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from behind import SQLITE_ALONE
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite as dialect
from view_result import view_result

from station.domain.inspection import Inspection, PartKey, PictureOrigin, RunHeader, RunKind, ViewInspection
from station.domain.recipe import Recipe
from station.domain.shift import EventKind, ShiftWindow, StationEvent
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.records.counted import counted
from station.storage.records.events import Events
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import verify_records
from station.storage.records.search import named, numbered, triggered_in
from station.storage.records.tables import PartRow

See = Callable[..., ViewInspection]
HOUR = timedelta(hours=1)


@pytest.fixture
def keep(inspections: Inspections, recipe: Recipe, view: See, noon: datetime) -> Callable[..., int]:
    """Records a run with this header, its parts one second apart from `at` on; returns the number of the run."""

    def record(header: RunHeader, *verdicts: Verdict, at: datetime = noon) -> int:
        run = inspections.begin_run(recipe, camera="", program_version="", started_at=at, header=header)
        for place, verdict in enumerate(verdicts):
            key = PartKey(run.run_id, header.first_number + place)
            part = Inspection(key, at + timedelta(seconds=place), (view("", verdict),))
            inspections.record_part(part, [view_result()], keep_picture=False)
        inspections.end_run(run.run_id, at)
        return run.run_id

    return record


def window(noon: datetime) -> ShiftWindow:
    return ShiftWindow("Early", noon.date(), noon, noon + HOUR, "UTC")


def test_that_trials_and_challenges_are_stated_and_not_counted(
    inspections: Inspections, keep, database: Database, noon: datetime
) -> None:
    production = keep(RunHeader(), Verdict.PASS, Verdict.FAIL)
    trial = keep(RunHeader(RunKind.TRIAL), Verdict.FAIL, Verdict.FAIL, Verdict.PASS)
    keep(RunHeader(RunKind.CHALLENGE), Verdict.FAIL)
    events = Events(database, AuditLog.beside(database, "Station 1"))
    for run_id in (production, trial, None):
        events.add_event(StationEvent(noon, EventKind.FAULT, f"of {run_id}", run_id))
    records = inspections.shift_records(window(noon))
    assert [part.inspection.key for part in records.parts] == [PartKey(production, 1), PartKey(production, 2)]
    assert [run.run_id for run in records.runs] == [production]
    assert records.not_counted == {RunKind.TRIAL: 3, RunKind.CHALLENGE: 1}
    assert [event.run_id for event in records.events] == [production, None]
    assert inspections.count_parts(noon, noon + HOUR).triggers == 2
    assert inspections.counts_and_newest(noon, noon + HOUR)[1] == {PartKey(production, 1), PartKey(production, 2)}
    assert [part.inspection.key.run_id for part in inspections.recent_parts(9, noon)] == [production] * 2
    assert (inspections.is_counted(production), inspections.is_counted(trial)) == (True, False)


def test_that_the_last_number_is_that_of_production_in_the_window(
    inspections: Inspections, keep, noon: datetime
) -> None:
    assert inspections.last_number(noon, noon + HOUR) == 0
    keep(RunHeader(first_number=7), Verdict.PASS, Verdict.PASS)
    keep(RunHeader(RunKind.TRIAL), *[Verdict.PASS] * 12)
    keep(RunHeader(first_number=70), Verdict.PASS, at=noon + HOUR)
    assert inspections.last_number(noon, noon + HOUR) == 8


def test_that_a_run_is_read_back_with_its_kind_its_pictures_and_its_first_number(
    inspections: Inspections, keep, noon: datetime
) -> None:
    header = RunHeader(RunKind.CHALLENGE, PictureOrigin.SIMULATED, 41)
    run = inspections.find_run(keep(header))
    assert (run.kind, run.pictures, run.first_number) == (RunKind.CHALLENGE, PictureOrigin.SIMULATED, 41)


def test_that_verify_knows_where_the_numbers_of_a_run_begin(inspections: Inspections, keep, database: Database) -> None:
    keep(RunHeader(first_number=5), Verdict.PASS, Verdict.PASS)
    assert verify_records(database, inspections.pictures, lambda model: model) == ()
    with database.writing() as connection:
        for table in ("part_view", "part"):
            connection.execute(text(f"DELETE FROM {table} WHERE number = 5"))
    (finding,) = verify_records(database, inspections.pictures, lambda model: model)
    assert finding.sentence == "1 of the parts up to 6 has no record"


@SQLITE_ALONE
def test_that_counting_a_shift_reads_the_parts_of_its_window_alone(database: Database, noon: datetime) -> None:
    statement = select(PartRow.verdict).where(counted(noon, noon + HOUR))
    sql = str(statement.compile(dialect=dialect.dialect(), compile_kwargs={"literal_binds": True}))
    with database.reading() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
    assert any("ix_part_triggered_at_verdict" in step for step in plan)


def test_that_a_part_is_found_by_its_number_its_time_and_its_serial(
    inspections: Inspections, keep, recipe: Recipe, view: See, noon: datetime
) -> None:
    keep(RunHeader(RunKind.TRIAL), *[Verdict.PASS] * 3)
    run = inspections.begin_run(recipe, camera="", program_version="", started_at=noon)
    for number in (1, 2):
        part = Inspection(PartKey(run.run_id, number), noon + number * HOUR, (view("", Verdict.PASS),), f"SN-{number}")
        inspections.record_part(part, [view_result()], keep_picture=False)
    hours = noon + 2 * HOUR, noon + 3 * HOUR
    for condition in (numbered(2, (noon, noon + 9 * HOUR)), triggered_in([hours]), named("SN-2")):
        assert [found.inspection.key for found in inspections.parts_where(condition, 9)] == [PartKey(run.run_id, 2)]
    assert inspections.parts_where(named("SN-3"), 9) == ()
    assert (inspections.has_parts(*hours), inspections.has_parts(noon, noon + HOUR)) == (True, False)
