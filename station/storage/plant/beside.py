"""Sends by a process of its own at low priority, so that the running line does not feel it."""

import json
import logging
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread

from station.concurrency.process_beside import start_beside
from station.domain.disk import reason_of
from station.domain.errors import FaultError

LOCK = ".plant.lock"
"""Of one workspace, one program sends at a time."""
MODULE = "station.storage.plant.process_main"
_END_WITHIN_S = 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SendingOrder:
    """What the process needs.

    Attributes:
        root: The workspace.
        database: The address without a password.
        password_file: See `PlantSettings`.
        station: What people call the station.
    """

    root: Path
    database: str
    password_file: str
    station: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the process says when it can send, or cannot.

    Attributes:
        problem, advice: Why not, and what to do; "" if it can.
        away: The server does not answer; another problem does not end by itself.
    """

    problem: str
    advice: str
    away: bool


class SendingProcess:
    """The process, and a thread that listens to it."""

    def __init__(self, order: SendingOrder, log: Path, on_said: Callable[[Said], None]) -> None:
        """Start it.

        Args:
            order: What it needs.
            log: File that receives what it prints on its stderr.
            on_said: Called on a thread of this object.

        Raises:
            FaultError: It cannot be started.
        """
        self._on_said = on_said
        try:
            self._child = start_beside(MODULE, log)
        except OSError as error:
            raise FaultError(f"Nothing can be sent: {reason_of(error)}.", "It is tried again.") from error
        assert self._child.stdin is not None
        with suppress(OSError):
            self._child.stdin.write(json.dumps(asdict(order), default=str) + "\n")
            self._child.stdin.flush()
        self._listener = Thread(target=self._listen, name="lineside plant", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._child.pid

    @property
    def runs(self) -> bool:
        """Return whether it has not ended by itself."""
        return self._child.poll() is None

    def close(self) -> None:
        """End it after the batch that is on its way. What is unsent is sent after the next start."""
        assert self._child.stdin is not None
        with suppress(OSError):
            self._child.stdin.close()
        try:
            self._child.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._child.kill()  # a batch is written whole or not at all
            self._child.wait()
        self._listener.join()
        assert self._child.stdout is not None
        self._child.stdout.close()

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            try:
                said = Said(**json.loads(line))
            except (ValueError, TypeError):
                _log.warning("The process that sends to the plant printed: %s", line.rstrip())
                continue
            self._on_said(said)
