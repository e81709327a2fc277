"""One running line per workspace."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from station.line_lock import LineBusyError, line_lock, runs_elsewhere, runs_in_other_sessions_only

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


@pytest.mark.skipif(sys.platform == "win32", reason="locks of Unix")
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.EINVAL])
def test_that_a_share_that_cannot_lock_is_named_and_is_not_called_busy(code: int, tmp_path: Path, monkeypatch) -> None:
    def flock(_handle: int, _how: int) -> None:
        raise OSError(code, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(BadInputError, match="cannot lock a file") as refused, line_lock(tmp_path):
        pass
    assert not isinstance(refused.value, LineBusyError)
    assert not runs_elsewhere(tmp_path)


def test_that_a_running_line_is_seen_from_elsewhere(tmp_path: Path) -> None:
    assert not runs_elsewhere(tmp_path)
    with line_lock(tmp_path):
        assert runs_elsewhere(tmp_path)


_LINE_IN_SESSION = """
import sys
from pathlib import Path
from station.line_lock import line_lock, runs_in_other_sessions_only
print(runs_in_other_sessions_only())
with line_lock(Path(sys.argv[1])):
    print(runs_in_other_sessions_only())
print(runs_in_other_sessions_only())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_that_a_line_in_another_session_is_found_and_one_in_this_session_is_heeded(tmp_path: Path) -> None:
    command = (sys.executable, "-c", _LINE_IN_SESSION, str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    with line_lock(tmp_path):
        said = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True).stdout
        assert not runs_in_other_sessions_only()
    assert said.split() == ["True", "False", "True"]
