"""The share of the processor that a session gets."""

import subprocess
import sys
from pathlib import Path

import pytest

from station.concurrency.session_share import least_share, take_full_share

SHARE = Path("/proc/self/autogroup")

pytestmark = pytest.mark.skipif(not SHARE.exists(), reason="this system shares the processor otherwise")

_LOWERED_AND_KILLED = """
import os
from station.concurrency.session_share import least_share
with least_share():
    os._exit(0)
"""


def in_a_new_session(program: str) -> str:
    """Return what a program prints that has a session of its own."""
    command = (sys.executable, "-c", f"from pathlib import Path\nSHARE = Path({str(SHARE)!r})\n{program}")
    return subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True).stdout


def test_that_a_session_has_least_within_the_block_and_its_usual_share_behind_it() -> None:
    said = in_a_new_session(
        "from station.concurrency.session_share import least_share\n"
        "def share(): print(SHARE.read_text().split()[-1])\n"
        "share()\n"
        "with least_share():\n"
        "    share()\n"
        "    with least_share(): pass\n"
        "    share()\n"
        "share()\n"
    )
    assert said.split() == ["0", "19", "19", "0"]


def test_that_a_line_takes_the_full_share_that_a_killed_program_left_lowered(tmp_path: Path) -> None:
    said = in_a_new_session(
        "import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {_LOWERED_AND_KILLED!r}], check=True)\n"
        "print(SHARE.read_text().split()[-1])\n"
        "from station.line_lock import line_lock\n"
        f"with line_lock(Path({str(tmp_path)!r})): print(SHARE.read_text().split()[-1])\n"
    )
    assert said.split() == ["19", "0"]


def test_that_a_system_without_shares_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = tmp_path / "autogroup"
    monkeypatch.setattr("station.concurrency.session_share._OF_THIS_SESSION", missing)
    with least_share():
        take_full_share()
    assert not missing.exists()
