"""The one call: what somebody did is written with person, station and time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from station.domain.audit import AuditAction
from station.people.audit_trail import AuditTrail
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    database = Database.open(tmp_path / "station.db")
    yield AuditLog.beside(database, "Station 1")
    database.close()


def test_that_person_station_and_time_are_filled_in(log: AuditLog) -> None:
    trail = AuditTrail(log, now=lambda: NOON).signed_by(lambda: "Ada")
    entry = trail.record(AuditAction.RECIPE_RELEASED, "tile@3", "draft", "released", "  less overkill ")
    assert entry == log.entries()[0]
    assert (entry.at, entry.person, entry.station) == (NOON, "Ada", "Station 1")
    assert (entry.action, entry.subject, entry.old, entry.new, entry.reason) == (
        "recipe released", "tile@3", "draft", "released", "less overkill",
    )  # fmt: skip


def test_that_the_person_that_a_command_names_is_written(log: AuditLog) -> None:
    trail = AuditTrail(log).signed_by(lambda: "operator, Line page")
    assert trail.record(AuditAction.RECIPE_RETIRED, "tile@3", person=" Bo ").person == "Bo"
    assert trail.record(AuditAction.RECIPE_RETIRED, "tile@3", person=" ").person == "operator, Line page"


def test_that_the_person_is_the_one_who_works_when_it_is_written(log: AuditLog) -> None:
    working = ["Ada"]
    trail = AuditTrail(log).signed_by(lambda: working[-1])
    working.append("Bo")
    assert trail.record(AuditAction.FAULT, "camera").person == "Bo"
    assert AuditTrail(log).record(AuditAction.FAULT, "camera").person == ""
