"""Starts programs of the station's own that work beside the running line at low priority."""

import subprocess
import sys
from pathlib import Path

_LOW_PRIORITY_ON_WINDOWS: int = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


def start_beside(module: str, log: Path) -> "subprocess.Popen[str]":
    """Return a started module whose stdin and stdout are pipes of text, in a session of its own.

    Args:
        module: Its full name.
        log: File that receives what it prints on its stderr.

    Raises:
        OSError: It cannot be started, or the log cannot be written.
    """
    with log.open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            creationflags=_LOW_PRIORITY_ON_WINDOWS,
            start_new_session=True,
        )
