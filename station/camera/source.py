"""What every camera is to the rest of the station."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from station.domain.frame import Delivery
from station.domain.recipe import SettingValue


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

    new -> apply -> start -> fetch ... -> stop -> start again or close. All calls come from one thread but `trigger`,
    which may come from another. After `CameraLostError` the source may be started again. Frame ids restart at
    every start.
    """

    @property
    def info(self) -> CameraInfo:
        """Who it is; known before `start`."""
        ...

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        """Write camera settings by their SFNC names ("ExposureTime" in us, "Gain" in dB) and read each one back.

        May be called at any time before `close`. Before the device is open the settings are kept and written by
        `start`, which then raises for them. They last: every later `start` writes them again, so that a camera
        that was lost comes back with them. Pictures that were taken before cannot be set: a replay accepts every
        setting and changes nothing.

        Raises:
            CameraError: A name is unknown, or a value cannot be set; the sentence names the feature, its range and
                unit, and the limit that stands in the way. Earlier settings of the same call may have been written.
        """
        ...

    def settings(self) -> dict[str, SettingValue]:
        """The settings that a recipe can hold, by their SFNC names, as the camera now reports them.

        Empty for a source that has none or is not open yet.

        Raises:
            CameraError: It was open, and cannot be read.
        """
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
            CameraBusyError: The camera was not asked.
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
