"""Power cuts while parts are recorded: whatever was acknowledged is there, once and whole."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cut_off import Keys, cut_off, recorded

from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import Severity, remove_leftovers, verify_records

KILLS = 50
RECORDER = Path(__file__).with_name("endless_recorder.py")


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, RECORDER, tmp_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as started:
        yield started
        started.communicate()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks its recorders")
def test_that_no_acknowledged_part_is_lost_by_a_power_cut(recorder: subprocess.Popen[str], tmp_path: Path) -> None:
    chance = random.Random(2026)
    acknowledged: Keys = set()
    pictures = PictureStore(tmp_path / "pictures")
    for _ in range(KILLS):
        acknowledged |= cut_off(recorder, chance)
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
    found = recorded(root)
    assert acknowledged <= set(found)
    assert len(found) == len(set(found))


def _recover(database: Database, pictures: PictureStore) -> None:
    """As a station does when it starts."""
    inspections = Inspections(database, pictures)
    for run in inspections.unfinished_runs():
        remove_leftovers(database, pictures, run.run_id)
        inspections.end_run(run.run_id, run.started_at)
