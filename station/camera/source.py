"""The interface of every camera: what the rest of the station can ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from station.domain.camera import CameraFeature
from station.domain.frame import Delivery
from station.domain.recipe import SettingValue


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """The identity of a source.

    Attributes:
        source: The source URI that it was opened by: "genicam:1", "replay:parts".
        vendor, model, serial: As the device reports them.
        on_demand: The source produces a frame only when it is fetched or triggered, so no frame is ever overwritten
            (a folder of pictures). A live camera (False) overwrites frames that are not fetched in time.
        left_out: Files of a folder that may hold pictures and are not read, or not all of them, as far as is known yet;
            empty for a camera.
        notes: What is said once about a folder, in sentences: what is left out (the first, if anything is), what the
            system keeps there, and which files are texts.
        no_parts: Pictures of a folder that show no part and are not inspected, such as masks.
        coding: How stored pictures are compressed, each way once: "JPEG 4:2:0, lossless"; "" for a camera.
    """

    source: str
    vendor: str
    model: str
    serial: str
    on_demand: bool
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    coding: str = ""
    no_parts: tuple[str, ...] = ()


class LiveFeatures(Protocol):
    """Reads features of an open camera while acquisition continues. Any thread may call it."""

    def read_live(self, *names: str) -> tuple[CameraFeature, ...]:
        """Return these features as they are now, or all features if no name is given.

        Args:
            names: SFNC names; names that the camera does not have are left out.

        Raises:
            CameraError: The camera is not open, or cannot be read.
        """
        ...


class FrameSource(Protocol):
    """A camera, or something that replaces one (stored pictures, a simulated line).

    new -> apply -> start -> fetch ... -> stop -> start again or close.

    All methods are called from one thread, except `trigger`, which any thread may call. After a `CameraLostError`
    the source may be started again. Frame ids restart at every start.
    """

    @property
    def info(self) -> CameraInfo:
        """The identity; available before `start`."""
        ...

    @property
    def live_features(self) -> LiveFeatures | None:
        """The reader for features while acquisition continues; None if `features` is the only way to read them."""
        ...

    def features(self) -> tuple[CameraFeature, ...]:
        """Return everything that can be read or set, as it is now; empty for stored pictures. May open the camera.

        Raises:
            CameraError: The camera cannot be opened or read.
        """
        ...

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        """Write camera settings by their SFNC names ("ExposureTime" in us, "Gain" in dB) and read each one back.

        May be called at any time before `close`. Before the device is open, the settings are kept and written by
        `start`, which then raises for them. Settings persist: every later `start` writes them again, so a camera
        that was lost gets them back. A replay of stored pictures accepts every setting and changes nothing.

        Raises:
            CameraError: A name is unknown, or a value cannot be set. The sentence names the feature, its range and
                unit, and the limit that prevents it. Earlier settings of the same call may have been written.
        """
        ...

    def settings(self) -> dict[str, SettingValue]:
        """Return the settings that a recipe can hold, by SFNC name, as the camera reports them now.

        Empty if the source has none or is not open yet.

        Raises:
            CameraError: The camera is open but cannot be read.
        """
        ...

    def start(self) -> None:
        """Open the device if necessary and start acquisition.

        Raises:
            CameraError: It cannot be opened; the sentence names the camera and the cause.
        """
        ...

    def trigger(self) -> None:
        """Request one frame (TriggerSoftware).

        Raises:
            CameraBusyError: The camera was busy; no trigger was sent.
            CameraError: The camera runs free, or it rejected the trigger.
        """
        ...

    def fetch(self, timeout_s: float) -> Delivery | None:
        """Return the next frame, lost frame or end, in the order of the source; None after `timeout_s` seconds.

        Each frame id is delivered exactly once: as a Frame or as a LostFrame.

        Raises:
            CameraLostError: The camera is lost.
        """
        ...

    def stop(self) -> None:
        """Stop acquisition. May be called twice."""
        ...

    def close(self) -> None:
        """Stop acquisition and release the device. May be called twice."""
        ...
