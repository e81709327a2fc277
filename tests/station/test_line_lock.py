"""One running line per workspace."""

import subprocess
import sys
from pathlib import Path

import pytest

from station.line_lock import LineBusyError, line_lock

_HOLD_AND_DIE = """
import os, sys
from pathlib import Path
from station.line_lock import line_lock
with line_lock(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
    os._exit(9)
"""


def test_that_a_second_lock_of_one_workspace_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with line_lock(tmp_path), pytest.raises(LineBusyError, match="Another program") as refused, line_lock(tmp_path):
        pass
    assert "another workspace" in refused.value.advice


def test_that_two_workspaces_have_two_locks(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with line_lock(tmp_path), line_lock(tmp_path / "other"):
        assert (tmp_path / "other" / ".line.lock").exists()


def test_that_a_program_that_died_holds_no_lock(tmp_path: Path) -> None:
    command = (sys.executable, "-c", _HOLD_AND_DIE, str(tmp_path))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(LineBusyError), line_lock(tmp_path):
            pass
        holder.communicate("")
    assert holder.returncode == 9
    with line_lock(tmp_path):
        pass
