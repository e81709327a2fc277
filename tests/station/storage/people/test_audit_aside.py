"""An audit trail whose table was damaged: what is done next is kept aside, and the first damaged entry is named."""

import re
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from station.app import Station
from station.domain.alarm import AlarmKind
from station.domain.audit import AuditAction, AuditFact
from station.domain.clock import utc_now
from station.domain.errors import StorageError
from station.domain.shift import EventKind, StationEvent
from station.settings import Settings
from station.storage.engine.database import Database
from station.storage.people.audit_appending import entry_behind
from station.storage.people.audit_aside import AuditAside
from station.storage.people.audit_log import AuditLog
from station.storage.records.events import Events
from station.storage.records.tables import EventRow

ENTRIES = 120


def _fact(subject: str) -> AuditFact:
    return AuditFact(utc_now(), "Ada", AuditAction.LIMITS_CHANGED, subject, "0.5", "0.6", "why " * 50)


def _unlocked(db: sqlite3.Connection) -> None:
    for (name,) in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'"
    ).fetchall():
        db.execute(f"DROP TRIGGER {name}")


def _number(path: Path) -> None:
    with sqlite3.connect(path) as db:
        _unlocked(db)
        db.execute(f"UPDATE audit_log SET number = {2**63 - 1} WHERE number = (SELECT max(number) FROM audit_log)")
    db.close()


def _pages(path: Path, place: float) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = db.execute("PRAGMA page_size").fetchone()
        leaves = "SELECT pageno FROM dbstat WHERE name = 'audit_log' AND pagetype = 'leaf' ORDER BY path"
        pages = [page for (page,) in db.execute(leaves)]
    db.close()
    assert len(pages) > 5
    with path.open("r+b") as file:
        file.seek((pages[round(place * (len(pages) - 1))] - 1) * size)
        file.write(b"\xff" * size)


def _table(path: Path) -> None:
    with sqlite3.connect(path) as db:
        _unlocked(db)
        db.execute("ALTER TABLE audit_log RENAME TO gone")
    db.close()


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "the highest number that there is": (_number, r"The entries 1\d\d to \d+ are missing"),
    "an end that cannot be read": (lambda path: _pages(path, 1.0), r"Entry 1\d\d cannot be read"),
    "a middle that cannot be read": (lambda path: _pages(path, 0.5), r"Entry [5-8]\d cannot be read"),
    "a table that is not there": (_table, "no such table: audit_log"),
}


def _begun(root: Path) -> None:
    with Station.open(root):
        pass
    database = Database.open(root / "station.db")
    log = AuditLog.beside(database, "Station 1")
    with log.writing() as transaction:
        for number in range(ENTRIES):
            transaction.append(_fact(f"plate@{number}"))
    database.close()


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES.values(), ids=DAMAGES)
def test_that_a_damaged_audit_trail_is_named_and_neither_event_nor_entry_is_lost(
    tmp_path: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    _begun(tmp_path)
    damage(tmp_path / "station.db")
    with Station.open(tmp_path, Settings()) as station:
        (alarm,) = [entry.alarm for entry in station.alarms.open if entry.kind is AlarmKind.AUDIT_BROKEN]
        assert re.search(sentence, alarm.event)
        log, events = station._core.audit_log, Events(station._core.database, station._core.audit_log)
        for number in range(5):
            event = StationEvent(utc_now(), EventKind.FAULT, f"fault {number}")
            try:
                events.add_event(event)
            except StorageError:  # the recording queue tries again
                events.add_event(event)
        with station._core.database.reading() as connection:
            assert connection.execute(select(func.count()).select_from(EventRow)).scalar_one() == 5
        aside = log.chain.aside
        kept = aside.entries() or tuple(reversed(log.entries(limit=5)))  # a sound end of the table takes them
        assert [entry.new for entry in kept if entry.action == AuditAction.FAULT] == [f"fault {n}" for n in range(5)]
        assert aside.broken() is None
        if aside.entries():
            assert any(finding.where == aside.name for finding in station.audit.findings())


def test_that_an_entry_of_a_command_is_kept_aside_with_its_change(tmp_path: Path) -> None:
    _begun(tmp_path)
    _number(tmp_path / "station.db")
    with Station.open(tmp_path) as station:
        station.datasets.add_kind("plate", "crack")
        assert [kind.name for kind in station.datasets.kinds("plate")] == ["crack"]
        assert station._core.audit_log.chain.aside.entries()[-1].new == "crack"


@pytest.fixture
def aside(tmp_path: Path) -> AuditAside:
    made = AuditAside(tmp_path / "audit.aside")
    for number in range(4):
        made.add(partial(entry_behind, _fact(f"plate@{number}"), "Station 1"))
    return made


def test_that_a_line_that_a_power_cut_left_half_is_not_an_entry(aside: AuditAside, tmp_path: Path) -> None:
    file = tmp_path / "audit.aside"
    file.write_bytes(file.read_bytes() + b'{"number": 5, "at"')
    aside.add(partial(entry_behind, _fact("plate@9"), "Station 1"))
    assert [entry.subject for entry in aside.entries()] == [*(f"plate@{n}" for n in range(4)), "plate@9"]
    assert aside.broken() is None


@pytest.mark.parametrize(("old", "new", "first"), [(b"plate@1", b"plate@7", 2), (b'"number": 3', b'"number": 9', 3)])
def test_that_a_changed_line_is_named(aside: AuditAside, tmp_path: Path, old: bytes, new: bytes, first: int) -> None:
    file = tmp_path / "audit.aside"
    file.write_bytes(file.read_bytes().replace(old, new))
    broken = aside.broken()
    assert broken is not None
    assert broken.number == first


@pytest.mark.parametrize(
    "line",
    [
        b'{"number": "4"',
        b'{"number": true',
        b'"person": 5',
        b'"person": "\\ud800"',
        b'"hash": null',
        b'"at": "2026-01-01"',
    ],
)
def test_that_a_line_that_no_station_writes_is_not_an_entry_and_stops_nothing(
    aside: AuditAside, tmp_path: Path, line: bytes
) -> None:
    file = tmp_path / "audit.aside"
    *before, last = file.read_bytes().splitlines(keepends=True)
    name = re.escape(line.split(b": ")[0])
    file.write_bytes(b"".join([*before, re.sub(name + rb': ("[^"]*"|\d+)', line.replace(b"\\", b"\\\\"), last)]))
    aside.add(partial(entry_behind, _fact("plate@9"), "Station 1"))
    assert [entry.subject for entry in aside.entries()] == [*(f"plate@{n}" for n in range(3)), "plate@9"]


def test_that_deep_brackets_in_the_file_stop_nothing(aside: AuditAside, tmp_path: Path) -> None:
    file = tmp_path / "audit.aside"
    file.write_bytes(b"[" * 200_000 + b"\n" + file.read_bytes())
    assert len(aside.entries()) == 4


def test_that_a_removed_line_is_named(aside: AuditAside, tmp_path: Path) -> None:
    lines = (tmp_path / "audit.aside").read_bytes().splitlines(keepends=True)
    (tmp_path / "audit.aside").write_bytes(b"".join(lines[:1] + lines[2:]))
    assert (aside.broken() or pytest.fail("not found")).number == 2
