"""When the next frame of a replaced camera is due: at a fixed rate, on software trigger, or on every fetch."""

import math
import threading
import time
from enum import Enum, auto
from typing import Literal

from station.domain.errors import BadInputError, CameraError
from station.domain.frame import LostFrame, NotInspectedCause

TriggerKind = Literal["free", "software", "hardware"]

BUFFERED_FRAMES = 8
"""Number of frames that a free-running source buffers. As in a real camera, older ones are overwritten."""


def is_triggered(camera: str, trigger: TriggerKind) -> bool:
    """Return whether frames wait for the station's software trigger.

    Raises:
        BadInputError: The trigger is "hardware", which only a real camera has.
    """
    if trigger == "hardware":
        raise BadInputError(f"{camera} has no trigger wire.", "Set the camera's trigger to 'software' or 'free'.")
    return trigger == "software"


def free_running_error(camera: str) -> CameraError:
    """Return the error for a trigger that is sent to a free-running source."""
    return CameraError(f"{camera} runs free and accepts no trigger.", "Set its trigger to 'software'.")


def overwritten_frame(frame_id: int, origin: str) -> LostFrame:
    """Return the loss of a frame that was not fetched before its buffer was reused."""
    return LostFrame(frame_id, NotInspectedCause.LOST_FRAME, origin, "not fetched in time, overwritten")


class Due(Enum):
    """The result of `FrameTimer.wait_for_frame`."""

    NOTHING = auto()
    FRAME = auto()
    OVERWRITTEN = auto()


class FrameTimer:
    """The clock of a source without a device.

    `trigger` and `interrupt_wait` may be called from another thread than `wait_for_frame`.

    Example: at 10 Hz frames are due at 0.0, 0.1, 0.2 s ... A reader that fetches nothing until 1.05 s finds the frame
    of 0.0 s 10.5 intervals late. That is more than `BUFFERED_FRAMES` (8), so it is OVERWRITTEN; so are those of 0.1
    and 0.2 s. The frame of 0.3 s is 7.5 intervals late and is still in the buffer: FRAME.
    """

    def __init__(self, camera: str, rate_hz: float, trigger: TriggerKind) -> None:
        """Set the rate and the trigger.

        Args:
            camera: Name of the source, for error messages.
            rate_hz: Frames per second when running free; 0 for one frame per fetch.
            trigger: "free" or "software"; "hardware" is refused.

        Raises:
            BadInputError: The trigger is "hardware", or the rate is negative or infinite.
        """
        self.triggered = is_triggered(camera, trigger)
        if not 0 <= rate_hz < math.inf:
            raise BadInputError(f"{camera} cannot run at {rate_hz:g} frames per second.", "Give a rate of 0 or more.")
        self._camera = camera
        self.rate_hz = rate_hz
        self._changed = threading.Condition()
        self.restart()

    @property
    def on_demand(self) -> bool:
        """See `CameraInfo.on_demand`."""
        return self.triggered or self.rate_hz == 0

    def restart(self) -> None:
        """Discard pending triggers; the next frame is due now."""
        with self._changed:
            self._triggers = 0
            self._next_s = time.monotonic()

    def trigger(self) -> None:
        """Request one frame.

        Raises:
            CameraError: The source runs free.
        """
        if not self.triggered:
            raise free_running_error(self._camera)
        with self._changed:
            self._triggers += 1
            self._changed.notify_all()

    def interrupt_wait(self) -> None:
        """Make a running `wait_for_frame` return early."""
        with self._changed:
            self._changed.notify_all()

    def wait_for_frame(self, timeout_s: float) -> Due:
        """Wait until the next frame is due and consume it; return NOTHING after `timeout_s` seconds."""
        with self._changed:
            if self._delay_s() > 0:
                self._changed.wait(min(timeout_s, self._delay_s()))
            if self._delay_s() > 0:
                return Due.NOTHING
            return self._consume()

    def _delay_s(self) -> float:
        if self.triggered:
            return 0 if self._triggers else math.inf
        return self._next_s - time.monotonic() if self.rate_hz else 0

    def _consume(self) -> Due:
        if self.triggered:
            self._triggers -= 1
            return Due.FRAME
        if not self.rate_hz:
            return Due.FRAME
        too_late = -self._delay_s() * self.rate_hz > BUFFERED_FRAMES
        self._next_s += 1 / self.rate_hz
        return Due.OVERWRITTEN if too_late else Due.FRAME
