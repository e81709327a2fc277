"""What the screen shows of a part: arrays by reference, never queued."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.inspection import Inspection


@dataclass(frozen=True, slots=True, eq=False)
class LivePicture:
    """The newest picture, with its judgement.

    Attributes:
        levels: The picture at 1, 1/2, 1/4 ... of its size, uint8, (H, W) or (H, W, 3) RGB; read-only.
            The same pyramid that fed the model. Empty when no picture came.
        roi: x, y, width, height in pixels of level 0 that the anomaly map covers.
        anomaly_map: Normalised, (h, w) float32, or None when the part was not judged.
        pixel_threshold: The limit drawn as the contour on the map.
        inspection: The record of the same part.
        received_ns: `time.monotonic_ns` of the frame, for the age on screen.
    """

    levels: tuple[Image, ...]
    roi: tuple[int, int, int, int]
    anomaly_map: NDArray[np.float32] | None
    pixel_threshold: float
    inspection: Inspection
    received_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class PartView:
    """A past part exactly as it was.

    Attributes:
        inspection: Its record.
        picture: The stored picture or its preview, uint8 RGB or grey; None where none was kept.
        anomaly_map: As in LivePicture; covers `roi`, given in pixels of the *original* picture.
        thumbnail: At most 160 px, uint8; None when no picture came.
    """

    inspection: Inspection
    picture: Image | None
    anomaly_map: NDArray[np.float32] | None
    roi: tuple[int, int, int, int]
    pixel_threshold: float
    thumbnail: Image | None
