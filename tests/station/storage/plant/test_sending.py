"""What the station records arrives at the plant once, in order, whatever happens to the server on the way."""

import importlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from behind import behind
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plant_rows import rows_in
from postgres_server import PostgresServer
from sqlalchemy import text
from view_result import view_result

from station import storage
from station.domain.audit import AuditAction, AuditFact
from station.domain.errors import StorageError
from station.domain.inspection import Inspection, Run
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.engine.schema import Tables
from station.storage.people.audit_log import AuditLog
from station.storage.plant.journal import Journal
from station.storage.plant.opening import send_all
from station.storage.plant.receiving import OtherRecordsError, Plant
from station.storage.plant.sending import Sender
from station.storage.plant.sent_tables import KEPT_HERE, sent_tables
from station.storage.records.inspections import Inspections

Make = Callable[..., Inspection]
Equal = Callable[[], bool]
ACCOUNT = (
    "INSERT INTO account (account_id, name, folded, roles, pin_hash, badge_lookup, badge_hash, key_id, created_at) "
    "VALUES (1, 'Ada', 'ada', 'operator', 'hash of a PIN', 'look-up', 'hash of a badge', 'key', 1)"
)


def send(journal: Journal, plant: Plant) -> None:
    sender = Sender(journal, plant)
    while sender.send_some():
        pass


def keep(inspections: Inspections, *parts: Inspection) -> None:
    for each in parts:
        inspections.record_part(each, [view_result()], keep_picture=False)


def change(database: Database, statement: str) -> None:
    with database.writing() as connection:
        connection.execute(text(statement))


def test_that_every_table_is_sent_or_known_to_stay_here() -> None:
    for file in Path(*storage.__path__).glob("*/*tables.py"):
        importlib.import_module(f"station.storage.{file.parent.name}.{file.stem}")
    assert {table.name for table in sent_tables()} == set(Tables.metadata.tables) - KEPT_HERE


def test_that_what_was_recorded_before_there_was_a_plant_arrives(
    database: Database, inspections: Inspections, part: Make, plant: Plant, equal: Equal
) -> None:
    keep(inspections, part(1), part(2, Verdict.FAIL), part(3, Verdict.NOT_INSPECTED))
    change(database, ACCOUNT)
    journal = Journal(database)
    journal.begin()
    keep(inspections, part(4))
    send(journal, plant)
    assert equal()
    assert plant.count("part") == 4
    assert journal.unsent() == (0, 0)


def test_that_exactly_the_rows_that_were_sent_are_counted(
    database: Database, inspections: Inspections, part: Make, journal: Journal, plant: Plant
) -> None:
    keep(inspections, part(1), part(2, Verdict.FAIL))
    assert send_all(journal, plant) == sum(map(len, rows_in(database).values())) > 0
    assert send_all(journal, plant) == 0
    change(database, ACCOUNT)
    assert send_all(journal, plant) == 1


def test_that_what_could_be_tried_out_stays_on_the_station(
    database: Database, journal: Journal, plant: Plant, on_server: Database
) -> None:
    change(database, ACCOUNT)
    send(journal, plant)
    change(database, "UPDATE account SET pin_hash = 'another one'")
    send(journal, plant)
    with on_server.reading() as connection:
        row = connection.execute(text("SELECT name, pin_hash, badge_lookup, badge_hash, key_id FROM account")).one()
    assert tuple(row) == ("Ada", None, None, None, "")


def test_that_a_changed_and_a_removed_row_are_followed(
    database: Database, inspections: Inspections, part: Make, journal: Journal, plant: Plant, run: Run,
    noon: datetime, equal: Equal,
) -> None:  # fmt: skip
    keep(inspections, part(1, Verdict.FAIL))
    send(journal, plant)
    inspections.end_run(run.run_id, noon + timedelta(hours=1))
    change(database, "DELETE FROM region")
    send(journal, plant)
    assert equal()


def test_that_the_audit_trail_arrives_as_a_chain(database: Database, journal: Journal, plant: Plant, equal: Equal):
    log = AuditLog.beside(database, "Station 1")
    for n in range(5):
        log.append(AuditFact(datetime.fromisoformat("2026-11-29T12:00+00:00"), "Ada", AuditAction.FAULT, str(n)))
        send(journal, plant)
    assert equal()
    assert plant.count("audit_log") == 5


def test_that_a_plant_with_other_records_of_this_station_is_left_alone(
    database: Database, inspections: Inspections, part: Make, journal: Journal, plant: Plant, on_server: Database
) -> None:
    keep(inspections, part(1))
    send(journal, plant)
    journal.start_over()  # as after a copy of the records was put back
    keep(inspections, part(2))
    with pytest.raises(OtherRecordsError, match="other records of this station"):
        Sender(journal, plant)
    assert plant.count("part") == 1


def test_that_a_station_without_a_plant_notes_nothing(
    database: Database, inspections: Inspections, part: Make, journal: Journal
) -> None:
    keep(inspections, part(1))
    assert journal.unsent()[1] == 1
    journal.end()
    keep(inspections, part(2))
    assert (journal.unsent(), journal.sending()) == ((0, 0), None)


def test_that_a_full_disk_of_the_server_loses_nothing(
    inspections: Inspections, part: Make, journal: Journal, plant: Plant, on_server: Database, equal: Equal
) -> None:
    keep(inspections, part(1))
    send(journal, plant)
    with behind(on_server) as server:
        server.execute("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                       "$$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$")  # fmt: skip
        server.execute("CREATE TRIGGER full_disk BEFORE INSERT ON part_view EXECUTE FUNCTION full_disk()")
        keep(inspections, part(2))
        with pytest.raises(StorageError, match="the disk of the server is full"):
            send(journal, plant)
        server.execute("DROP FUNCTION full_disk CASCADE")
    assert (plant.count("part"), journal.unsent()[1]) == (1, 1)
    send(journal, plant)
    assert equal()


class Faults:
    """A plant whose answers are lost: before it has written, or after."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self.fault = ""
        self.received = plant.received

    def take(self, *batch: object) -> None:
        fault, self.fault = self.fault, ""
        if fault == "before":
            raise StorageError("The server is away.")
        if fault == "forgotten":
            return  # acknowledged, and lost with the memory of the server
        self._plant.take(*batch)  # type: ignore[arg-type]
        if fault == "after":
            raise StorageError("The answer was lost.")


STEPS = st.lists(
    st.sampled_from(["part", "fail", "end", "remove", "say", "send", "send", "lost before", "lost after",
                     "lost forgotten", "away", "killed here"]),
    max_size=25,
)  # fmt: skip
_SENDING = {"send", "lost before", "lost after", "lost forgotten", "away"}


@dataclass(frozen=True, slots=True)
class Both:
    """The station, its plant, and what goes wrong between them."""

    database: Database
    inspections: Inspections
    part: Make
    run: Run
    postgres: PostgresServer
    faults: Faults

    def act(self, step: str, number: int) -> None:
        """Record something, or have the next batch end badly."""
        match step:
            case "part" | "fail":
                keep(self.inspections, self.part(number, Verdict.FAIL if step == "fail" else Verdict.PASS))
            case "end":
                self.inspections.end_run(self.run.run_id, self.run.started_at + timedelta(hours=number))
            case "remove":
                change(self.database, "DELETE FROM region WHERE number = (SELECT max(number) FROM region)")
            case "say":
                change(self.database, "INSERT INTO event (at, kind, sentence, person) VALUES (1, 'stop', '', '')")
            case "away":
                self.postgres.throw_out()
            case "lost before" | "lost after" | "lost forgotten":
                self.faults.fault = step.removeprefix("lost ")


@pytest.fixture
def both(
    database: Database, inspections: Inspections, part: Make, run: Run, postgres: PostgresServer, plant: Plant
) -> Both:
    return Both(database, inspections, part, run, postgres, Faults(plant))


@pytest.mark.parametrize("early", [True, False], ids=["plant from the start", "plant later"])
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_that_after_any_faults_both_sides_have_the_same_rows_once(
    both: Both, plant: Plant, equal: Equal, steps: list[str], early: bool
) -> None:
    journal, sender = Journal(both.database), None
    _begin_again(both.database, journal, both.postgres, early=early)
    for number, step in enumerate(steps, 1 + _last_part(both.database)):
        both.act(step, number)
        if step in _SENDING:
            journal.begin()
            with suppress(StorageError, OtherRecordsError):
                sender = sender or Sender(journal, both.faults)  # type: ignore[arg-type]
                sender.send_some()
                continue
            sender = None
        sender = None if step == "killed here" else sender
    journal.begin()
    send(journal, plant)
    assert equal()
    assert journal.unsent() == (0, 0)


def _begin_again(database: Database, journal: Journal, postgres: PostgresServer, *, early: bool) -> None:
    """The examples of one test share its database: the plant of each is empty."""
    journal.end()
    postgres.empty("storage_tests")
    if early:
        journal.begin()


def _last_part(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(text("SELECT coalesce(max(number), 0) FROM part")).scalar_one()
