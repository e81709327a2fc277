"""A camera process that waits for its camera: a lost one should not cost the half second of loading."""

from station.camera.genicam.process import CameraProcess


class Standby:
    """At most one process without a camera, for whoever loses the one that has it.

    Args:
        about: See `CameraProcess`.
    """

    def __init__(self, about: str) -> None:
        self._about = about
        self._waiting: CameraProcess | None = None

    def prepare(self) -> None:
        """Have one wait. Returns at once; it loads meanwhile."""
        if self._waiting is None:
            self._waiting = CameraProcess(self._about)

    def take(self) -> CameraProcess:
        """The one that waits; a new one where none does, or where it died."""
        process, self._waiting = self._waiting, None
        if process is not None and not process.alive:
            process.end()
            process = None
        return process or CameraProcess(self._about)

    def end(self) -> None:
        """Nothing waits any more."""
        if self._waiting is not None:
            self._waiting.end()
            self._waiting = None
