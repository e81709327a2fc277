"""The connection to the station: JSON lines on stdout, and a pipe on stdin whose end means stop."""

import os
import sys
import threading
from dataclasses import asdict
from typing import TextIO

from pydantic import BaseModel

from station.learning.jobs import Progressed
from station.learning.progress import Progress

CANCELLED = 130
"""Exit code, as after Ctrl-C."""


class Channel:
    """Sends messages, one JSON object a line, each flushed at once.

    Everything else that prints to stdout is redirected to stderr, so that no output of a library is read as a message.
    """

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def send(self, message: BaseModel) -> None:
        """Send one message."""
        self._out.write(message.model_dump_json() + "\n")
        self._out.flush()

    def send_progress(self, progress: Progress) -> None:
        """Send the progress."""
        self.send(Progressed(**asdict(progress)))


def end_with(control: TextIO) -> None:
    """End this process at once when `control` closes, because the station has ended.

    It may end in the middle of a file: everything it writes is in a folder that its parent deletes.
    """

    def watch() -> None:
        control.read()
        os._exit(CANCELLED)

    threading.Thread(target=watch, name="station gone", daemon=True).start()
