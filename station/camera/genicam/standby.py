"""Keeps one camera process ready without a camera, so that replacing a lost one saves the half second of loading."""

import logging
import time

from station.camera.genicam import protocol
from station.camera.genicam.process import CameraProcess
from station.domain.errors import CameraError

_log = logging.getLogger(__name__)
_ANSWERS_S, _LOADS_S = 1.0, 5.0


class Standby:
    """At most one camera process that is loaded but has no camera.

    Args:
        about: See `CameraProcess`.
    """

    def __init__(self, about: str) -> None:
        self._about = about
        self._spare: CameraProcess | None = None
        self._started_s = 0.0

    def prepare_process(self) -> None:
        """Start a spare process if there is none. Returns at once; the process loads in the background.

        If the machine cannot start one, that is only logged: a camera that is running is not affected.
        """
        if self._spare is not None:
            return
        try:
            self._spare = CameraProcess(self._about)
            self._started_s = time.monotonic()
        except CameraError as error:
            _log.warning("No spare process can be prepared: %s", error)

    def take_process(self) -> CameraProcess:
        """Return the spare process, or a new one if there is no spare or it does not respond.

        Raises:
            CameraError: No process can be started.
        """
        process, self._spare = self._spare, None
        if process is not None and self._responds(process):
            return process
        return CameraProcess(self._about)

    def _responds(self, process: CameraProcess) -> bool:
        """Send a cheap command with a short time limit, because opening a camera is allowed to take 15 s.

        A process that may still be loading gets the rest of its loading time.
        """
        loads_for_s = self._started_s + _LOADS_S - time.monotonic()
        try:
            process.send_command(protocol.Stop(), protocol.Done, max(_ANSWERS_S, loads_for_s))
        except CameraError as error:
            _log.warning("The spare process does not respond; a new one is started: %s", error)
            process.kill()
            return False
        return True

    def close(self) -> None:
        """End the spare process, if there is one."""
        if self._spare is not None:
            self._spare.kill()
            self._spare = None
