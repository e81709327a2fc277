"""What every camera is to the rest of the station."""

from dataclasses import dataclass
from typing import Protocol

from station.domain.frame import Delivery


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """Who a source is.

    Attributes:
        source: The words it was asked for by: "genicam:1", "replay:parts".
        vendor, model, serial: As the device reports them.
        waits: The source loses nothing while nobody fetches (a folder of pictures);
            a live camera does not wait, and what is not taken in time is lost.
    """

    source: str
    vendor: str
    model: str
    serial: str
    waits: bool


class FrameSource(Protocol):
    """A camera or a stand-in for one.

    new -> start -> fetch ... -> stop -> start again or close. All calls come from one thread but `trigger`,
    which may come from another. After `CameraLostError` the source may be started again; frame ids then restart.
    """

    @property
    def info(self) -> CameraInfo:
        """Who it is; known before `start`."""
        ...

    def start(self) -> None:
        """Open where needed and let frames come.

        Raises:
            CameraError: It cannot be opened; the sentence says which and why.
        """
        ...

    def trigger(self) -> None:
        """Ask for one frame (TriggerSoftware).

        Raises:
            CameraError: The source runs free, or the camera refused.
        """
        ...

    def fetch(self, timeout_s: float) -> Delivery | None:
        """The next frame, loss or end, in the order of the source; None when nothing came within `timeout_s`.

        Each id the source ever counted is delivered exactly once: as a Frame or as a LostFrame.

        Raises:
            CameraLostError: The camera is gone.
        """
        ...

    def stop(self) -> None:
        """Let no more frames come. Stopping twice is allowed."""
        ...

    def close(self) -> None:
        """Give everything back. Closing twice is allowed."""
        ...
