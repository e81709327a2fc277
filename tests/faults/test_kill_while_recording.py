"""Power cuts while parts are recorded: whatever was acknowledged is there, once and whole."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import pytest

from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import Severity, remove_leftovers, verify_records

KILLS = 50
RECORDER = Path(__file__).with_name("endless_recorder.py")


Keys = set[tuple[int, int]]


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, RECORDER, tmp_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as started:
        yield started
        started.communicate()


def _cut_off(recorder: subprocess.Popen[str], chance: random.Random) -> Keys:
    """Record until a random moment, then kill; the keys that were acknowledged by then.

    The moment is a random number of acknowledgements and system calls later: mostly in the middle of a part.
    """
    assert recorder.stdin is not None
    assert recorder.stdout is not None
    print(file=recorder.stdin, flush=True)
    lines = iter(recorder.stdout.readline, "gone\n")
    pid, *acknowledged = islice(lines, 1 + chance.randint(0, 12))
    _spin(chance.randint(0, 20_000))
    os.kill(int(pid), signal.SIGKILL)
    return {_key(line) for line in chain(acknowledged, lines)}


def _spin(times: int) -> None:
    for _ in range(times):
        os.getppid()


def _key(line: str) -> tuple[int, int]:
    run_id, part = line.split()
    return int(run_id), int(part)


def _recorded(root: Path) -> list[tuple[int, int]]:
    with sqlite3.connect(root / "station.db") as plain:
        rows = plain.execute("SELECT run_id, number FROM part").fetchall()
    plain.close()
    return rows


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks its recorders")
def test_that_no_acknowledged_part_is_lost_by_a_power_cut(recorder: subprocess.Popen[str], tmp_path: Path) -> None:
    chance = random.Random(2026)
    acknowledged: Keys = set()
    pictures = PictureStore(tmp_path / "pictures")
    for _ in range(KILLS):
        acknowledged |= _cut_off(recorder, chance)
        _assert_whole(tmp_path, pictures, acknowledged)
    assert len(acknowledged) >= KILLS


def _assert_whole(root: Path, pictures: PictureStore, acknowledged: Keys) -> None:
    database = Database.open(root / "station.db")
    try:
        before = verify_records(database, pictures, find_model=lambda _: None)
        assert [finding for finding in before if finding.severity is Severity.ERROR] == []
        _recover(database, pictures)
        assert verify_records(database, pictures, find_model=lambda _: None) == ()
    finally:
        database.close()
    recorded = _recorded(root)
    assert acknowledged <= set(recorded)
    assert len(recorded) == len(set(recorded))


def _recover(database: Database, pictures: PictureStore) -> None:
    """As a station does when it starts."""
    inspections = Inspections(database, pictures)
    for run in inspections.unfinished_runs():
        remove_leftovers(database, pictures, run.run_id)
        inspections.end_run(run.run_id, run.started_at)
