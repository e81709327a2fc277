"""Processes that write the audit trail are killed: nothing acknowledged is lost, and nobody is blamed."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from station.domain.audit import AuditAction, AuditFilter
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
_WRITER = """
import sys
from pathlib import Path
from station.domain.audit import AuditAction
from station.people.audit_trail import AuditTrail
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog

trail = AuditTrail(AuditLog.beside(Database.open(Path(sys.argv[1])), "Press 4"))
while True:
    print(trail.record(AuditAction.LIMITS_CHANGED, "plate@2", "0.5", "0.6").number, flush=True)
"""


def _rounds(path: Path, rounds: int) -> None:
    database = Database.open(path)
    log, chance = AuditLog.beside(database, "Press 4"), random.Random(5)
    for _ in range(rounds):
        writers = [
            subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        first = [writer.stdout.readline() for writer in writers]  # type: ignore[union-attr]
        time.sleep(chance.random() / 5)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
        said = [number for writer in writers for number in writer.communicate()[0].splitlines(keepends=True)]
        acknowledged = {int(number) for number in (*first, *said) if number.endswith("\n")}
        state = log.verify()
        assert state.broken is None
        assert acknowledged <= set(log.numbers())
    assert log.count(AuditFilter(action=AuditAction.CHAIN_BROKEN)) == 0
    database.close()


@pytest.mark.slow
def test_that_writers_that_were_killed_lose_nothing_that_they_acknowledged(tmp_path: Path) -> None:
    _rounds(tmp_path / "station.db", 3)


@pytest.mark.nightly
def test_that_a_hundred_killed_writers_lose_nothing(tmp_path: Path) -> None:
    _rounds(tmp_path / "station.db", 100)
