"""Power cuts while pictures are given up, backups are made and the audit trail is written: nothing is lost.

No acknowledged part, no acknowledged entry; no half backup is offered, and nobody is blamed.
"""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cut_off import Keys, cut_off, recorded

from station.storage.backup.manifest import complete_backups
from station.storage.backup.restoring import restore_backup
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.given_up import GivenUpPictures
from station.storage.records.integrity import Severity, verify_records

KILLS = 100
KEEPER = Path(__file__).with_name("endless_keeper.py")


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, KEEPER, tmp_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as started:
        yield started
        started.communicate()


def _errors(root: Path) -> list[str]:
    database = Database.open(root / "station.db")
    try:
        pictures = PictureStore(root / "pictures")
        GivenUpPictures(database, pictures).remove_what_a_crash_left()
        found = verify_records(database, pictures, lambda _: None)
        broken = AuditLog.beside(database, "Station 1").verify().broken
        errors = [f"{each.where}: {each.sentence}" for each in found if each.severity is Severity.ERROR]
        return [*errors, broken.sentence] if broken else errors
    finally:
        database.close()


def _lost(acknowledged: Keys, root: Path) -> Keys:
    """Return what was said to be safe and is not in the records: parts, and entries of the audit trail."""
    database = Database.open(root / "station.db")
    try:
        entries = {(0, number) for number in AuditLog.beside(database, "Station 1").numbers()}
    finally:
        database.close()
    return acknowledged - set(recorded(root)) - entries


@pytest.mark.slow
@pytest.mark.parametrize("most_s", [12, pytest.param(600, marks=pytest.mark.nightly)])
@pytest.mark.skipif(sys.platform == "win32", reason="forks its keepers")
def test_that_no_power_cut_loses_a_part_or_offers_half_a_backup(
    keeper: subprocess.Popen[str], tmp_path: Path, most_s: int
) -> None:
    chance, began = random.Random(12), time.monotonic()
    acknowledged: Keys = set()
    kills = copies = 0
    while kills < KILLS and time.monotonic() - began < most_s:
        acknowledged |= cut_off(keeper, chance)
        kills += 1
        if kills % 10 == 0:
            assert _lost(acknowledged, tmp_path / "workspace") == set()
            assert _errors(tmp_path / "workspace") == []
            for backup in complete_backups(tmp_path / "backups"):
                root = tmp_path / f"restored-{kills}-{copies}"
                restore_backup(backup, root)
                copies += 1
                assert _errors(root) == []
                assert set(recorded(root)) <= set(recorded(tmp_path / "workspace"))
    assert kills >= 10 if most_s < 100 else kills == KILLS
    assert copies
    assert any(run_id for run_id, _ in acknowledged)
    assert any(not run_id for run_id, _ in acknowledged)
    print(f"{kills} kills, {len(acknowledged)} parts and entries acknowledged, {copies} backups restored")
