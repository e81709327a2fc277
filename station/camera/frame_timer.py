"""When the next frame of a stand-in camera comes: at a rate, on software trigger, or as soon as it is asked for."""

import math
import threading
import time
from enum import Enum, auto
from typing import Literal

from station.domain.errors import BadInputError, CameraError
from station.domain.frame import LostFrame, NotInspectedCause

TriggerKind = Literal["free", "software", "hardware"]

BUFFERED_FRAMES = 8
"""So many frames wait in a free-running stand-in; what is not taken by then is overwritten, as in a camera."""


def is_triggered(camera: str, trigger: TriggerKind) -> bool:
    """Whether frames wait for the station's trigger.

    Raises:
        BadInputError: A stand-in has no wire for a hardware trigger.
    """
    if trigger == "hardware":
        raise BadInputError(f"{camera} has no trigger wire.", "Set the camera's trigger to 'software' or 'free'.")
    return trigger == "software"


def takes_no_trigger(camera: str) -> CameraError:
    """The answer to a trigger where frames come by themselves."""
    return CameraError(f"{camera} runs free and takes no trigger.", "Set its trigger to 'software'.")


def overwritten(frame_id: int, origin: str) -> LostFrame:
    """A frame that was not taken before the next ones needed its place."""
    return LostFrame(frame_id, NotInspectedCause.LOST_FRAME, origin, "not taken in time, overwritten")


class Due(Enum):
    """What `Pacing.wait` found."""

    NOTHING = auto()
    FRAME = auto()
    OVERWRITTEN = auto()


class Pacing:
    """The clock of a stand-in camera. `trigger` and `wake` may come from another thread than `wait`."""

    def __init__(self, camera: str, rate_hz: float, trigger: TriggerKind) -> None:
        """Choose the way.

        Args:
            camera: Who it is, for the sentences.
            rate_hz: Frames per second when running free; 0 is as soon as asked for.
            trigger: "free" or "software"; a stand-in has no wire for "hardware".
        """
        self.triggered = is_triggered(camera, trigger)
        if not 0 <= rate_hz < math.inf:
            raise BadInputError(f"{camera} cannot run at {rate_hz:g} frames per second.", "Give a rate of 0 or more.")
        self._camera = camera
        self.rate_hz = rate_hz
        self._changed = threading.Condition()
        self.restart()

    @property
    def waits(self) -> bool:
        """Nothing is lost while nobody fetches."""
        return self.triggered or self.rate_hz == 0

    def restart(self) -> None:
        """Forget open triggers; the next frame is due now."""
        with self._changed:
            self._triggers = 0
            self._next_s = time.monotonic()

    def trigger(self) -> None:
        """Ask for one frame.

        Raises:
            CameraError: Frames come by themselves.
        """
        if not self.triggered:
            raise takes_no_trigger(self._camera)
        with self._changed:
            self._triggers += 1
            self._changed.notify_all()

    def wake(self) -> None:
        """End a running `wait` early."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, timeout_s: float) -> Due:
        """Wait for the next frame and take it off the clock."""
        with self._changed:
            if self._delay_s() > 0:
                self._changed.wait(min(timeout_s, self._delay_s()))
            if self._delay_s() > 0:
                return Due.NOTHING
            return self._take()

    def _delay_s(self) -> float:
        if self.triggered:
            return 0 if self._triggers else math.inf
        return self._next_s - time.monotonic() if self.rate_hz else 0

    def _take(self) -> Due:
        if self.triggered:
            self._triggers -= 1
            return Due.FRAME
        if not self.rate_hz:
            return Due.FRAME
        too_late = -self._delay_s() * self.rate_hz > BUFFERED_FRAMES
        self._next_s += 1 / self.rate_hz
        return Due.OVERWRITTEN if too_late else Due.FRAME
