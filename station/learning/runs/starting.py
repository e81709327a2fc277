"""Start the runner of a workspace's queue so that it outlives the program that started it."""

import subprocess
import sys
from pathlib import Path

from station.domain.disk import reason_of
from station.domain.errors import FaultError
from station.workspace import Workspace

MODULE = "station.trainer"
_started: list["subprocess.Popen[bytes]"] = []
"""Kept until they end: whoever starts a process has to take note of its end."""


def start_runner(workspace: Workspace) -> None:
    """Start a runner, in a session of its own; if one runs already, the new one ends by itself.

    Raises:
        FaultError: The system starts no process now. What is queued stays so.
    """
    log = workspace.logs / "training"
    log.mkdir(parents=True, exist_ok=True)
    _forget_ended()
    try:
        with (log / "queue.log").open("ab") as errors:
            _started.append(_detached(workspace.root, errors.fileno()))
    except OSError as error:
        raise FaultError(
            f"The training cannot be started now: {reason_of(error)}.", "It is queued, and begins as soon as it can."
        ) from error


def is_starting(workspace: Workspace) -> bool:
    """Return whether a runner that this program started lives, though it may not hold the queue yet.

    On a busy machine it needs seconds to begin; who asks again and again must not start one each time.
    """
    _forget_ended()
    return any(runner.args == _command(workspace.root) for runner in _started)


def _forget_ended() -> None:
    _started[:] = [runner for runner in _started if runner.poll() is None]


def _command(root: Path) -> list[str]:
    return [sys.executable, "-m", MODULE, "--queue", str(root)]


def _detached(root: Path, errors: int) -> "subprocess.Popen[bytes]":
    command = _command(root)
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, creationflags=flags)
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, start_new_session=True)
