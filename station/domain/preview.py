"""The camera preview: the newest picture, its exposure, and the state of the camera."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from station.domain.camera import CameraFeature
from station.domain.frame import Image

UNDER_EXPOSED, OVER_EXPOSED = 1, 2
"""Values of a pixel in `PreviewPicture.clipping`; 0 is well exposed."""


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """How a picture uses the camera's range of grey values.

    Attributes:
        histogram: Pixels by grey value, (channels, 256) int64; one channel for grey, three for RGB.
        under_share, over_share: Share of the pixels that are black in every channel, or at the end of the range in
            any; 0..1.
        sharpness: Variance of the Laplacian of the full picture; comparable only for the same scene.
    """

    histogram: NDArray[np.int64]
    under_share: float
    over_share: float
    sharpness: float


@dataclass(frozen=True, slots=True, eq=False)
class PreviewPicture:
    """The newest picture of a camera that is being set up.

    Attributes:
        levels: The picture at 1, 1/2, 1/4 ... of its size, uint8, (H, W) or (H, W, 3) RGB; read-only.
        clipping: Where each level is clipped, uint8, (H, W); no single pixel is lost on the smaller levels.
        exposure: Measured on the full picture.
        pixel_format: SFNC name of what the camera sent.
        received_ns: `time.monotonic_ns` of the frame, for the age on screen.
    """

    levels: tuple[Image, ...]
    clipping: tuple[Image, ...]
    exposure: Exposure
    pixel_format: str
    received_ns: int


class PreviewState(StrEnum):
    """The state of the camera in preview.

    NONE -> CONNECTING -> LIVE <-> LOST, and back to NONE; a camera that cannot be opened is REFUSED. A camera that the
    running line uses is looked at ON_LINE, read only.
    """

    NONE = "NO CAMERA"
    CONNECTING = "CONNECTING"
    LIVE = "LIVE"
    ON_LINE = "THE LINE'S PICTURE"
    LOST = "CAMERA LOST"
    REFUSED = "CANNOT CONNECT"


@dataclass(frozen=True, slots=True)
class PreviewStatus:
    """The state of the camera, its counters and readings.

    Attributes:
        state: Its state.
        source: Source URI; empty if there is no camera.
        name: Model, serial number and vendor, as far as known.
        sentence: What is wrong, and the remedy.
        frame_rate_hz: Measured over the last two seconds; None before the second frame.
        interval_s: Expected time between two pictures; None if it is not known.
        frames, lost, incomplete: Counted since it was connected.
        losses: How often the camera was lost.
        readings: The features that change by themselves and those that a person has before the eyes, read about once
            a second; empty while there is nobody to ask.
    """

    state: PreviewState = PreviewState.NONE
    source: str = ""
    name: str = ""
    sentence: str = ""
    frame_rate_hz: float | None = None
    interval_s: float | None = None
    frames: int = 0
    lost: int = 0
    incomplete: int = 0
    losses: int = 0
    readings: tuple[CameraFeature, ...] = ()
