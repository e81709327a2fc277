"""End the worker of a run, with everything that it has started, at once."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from station.concurrency.session_share import give_full_share
from station.learning.runs.run_files import RunFiles


def end_session(process: int) -> None:
    """Kill every process of the session that this one leads; nothing happens if it has ended."""
    if sys.platform != "win32":
        give_full_share(process)  # a process that gets no core cannot end either
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process, signal.SIGKILL)


def end_worker(files: RunFiles, root: Path, number: int) -> None:
    """Kill the worker of a run from any program, sooner than its runner would; where that is not sure, nothing happens.

    The number of a process may be another one's by now, so its command line is asked first; Linux alone shows it.

    Args:
        files: The files of the run.
        root: The workspace.
        number: The run.
    """
    with suppress(OSError, ValueError):
        process = int(files.worker.read_text("ascii"))
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        if os.fsencode(root) in words and words[-3:-1] == [b"--run", str(number).encode()]:
            end_session(process)
