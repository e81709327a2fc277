"""A camera process that waits for its camera: a lost one should not cost the half second of loading."""

import logging
import time

from station.camera.genicam import protocol
from station.camera.genicam.process import CameraProcess
from station.domain.errors import CameraError

_log = logging.getLogger(__name__)
_ANSWERS_S, _LOADS_S = 1.0, 5.0


class Standby:
    """At most one process without a camera, for whoever loses the one that has it.

    Args:
        about: See `CameraProcess`.
    """

    def __init__(self, about: str) -> None:
        self._about = about
        self._waiting: CameraProcess | None = None
        self._since = 0.0

    def prepare(self) -> None:
        """Have one wait. Returns at once; it loads meanwhile. A machine that gives none is no harm to who has one."""
        if self._waiting is not None:
            return
        try:
            self._waiting = CameraProcess(self._about)
            self._since = time.monotonic()
        except CameraError as error:
            _log.warning("Nothing stands by: %s", error)

    def take(self) -> CameraProcess:
        """The one that waits; a new one where none does, or where it died or hangs.

        Raises:
            CameraError: None waits and none can be started.
        """
        process, self._waiting = self._waiting, None
        if process is not None and self._answers(process):
            return process
        return CameraProcess(self._about)

    def _answers(self, process: CameraProcess) -> bool:
        """Asked shortly, since to open a camera is given long; one that may still be loading gets the time for it."""
        loads_for_s = self._since + _LOADS_S - time.monotonic()
        try:
            process.ask(protocol.Stop(), protocol.Done, max(_ANSWERS_S, loads_for_s))
        except CameraError as error:
            _log.warning("What stood by is of no use: %s", error)
            process.end()
            return False
        return True

    def end(self) -> None:
        """Nothing waits any more."""
        if self._waiting is not None:
            self._waiting.end()
            self._waiting = None
