"""The two ends that the station holds: JSON lines up on stdout, and a pipe on stdin whose end means stop."""

import os
import sys
import threading
from typing import TextIO

from pydantic import BaseModel

from station.learning.jobs import Progressed
from station.learning.progress import Progress

CANCELLED = 130
"""Exit code, as after Ctrl-C."""


class Channel:
    """Says news, one JSON object a line, each at once.

    From here on everything else that prints goes to stderr, so that no library's greeting is taken for news.
    """

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(self, news: BaseModel) -> None:
        """One piece of news."""
        self._out.write(news.model_dump_json() + "\n")
        self._out.flush()

    def progress(self, progress: Progress) -> None:
        """How far it is."""
        self.say(Progressed(stage=progress.stage, done=progress.done, total=progress.total, left_s=progress.left_s))


def end_with(control: TextIO) -> None:
    """End this process at once when `control` closes, because the station is gone.

    It ends in the middle of whatever it does: all it wrote lies in a folder that its parent throws away.
    """

    def watch() -> None:
        control.read()
        os._exit(CANCELLED)

    threading.Thread(target=watch, name="station gone", daemon=True).start()
