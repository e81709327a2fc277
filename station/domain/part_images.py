"""What the screen shows of a part: arrays by reference, never queued."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.inspection import Inspection, ViewInspection


@dataclass(frozen=True, slots=True, eq=False)
class ViewResult:
    """The newest picture of one camera, with its judgement.

    Attributes:
        view: The judgement of this picture.
        levels: The picture at 1, 1/2, 1/4 ... of its size, uint8, (H, W) or (H, W, 3) RGB; read-only.
            The same pyramid that fed the model. Empty when no picture came.
        roi: x, y, width, height in pixels of level 0 that the anomaly map covers.
        anomaly_map: Normalised, (h, w) float32, or None when the view was not judged.
        pixel_threshold: The limit drawn as the contour on the map.
        received_ns: `time.monotonic_ns` of the frame, for the age on screen.
    """

    view: ViewInspection
    levels: tuple[Image, ...]
    roi: Box
    anomaly_map: NDArray[np.float32] | None
    pixel_threshold: float
    received_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class PartResult:
    """The newest part.

    Attributes:
        inspection: Its record.
        pictures: One for each view of the record, in its order.
    """

    inspection: Inspection
    pictures: tuple[ViewResult, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StoredView:
    """What one camera saw of a past part.

    Attributes:
        view: The judgement of this picture.
        picture: The stored picture or its preview, uint8 RGB or grey; None where none was kept.
        anomaly_map: As in ViewResult; covers `roi`, given in pixels of the *original* picture.
        thumbnail: Small, uint8; None when no picture came.
    """

    view: ViewInspection
    picture: Image | None
    anomaly_map: NDArray[np.float32] | None
    roi: Box
    pixel_threshold: float
    thumbnail: Image | None


@dataclass(frozen=True, slots=True, eq=False)
class StoredPart:
    """A past part exactly as it was.

    Attributes:
        inspection: Its record.
        pictures: One for each view of the record, in its order.
    """

    inspection: Inspection
    pictures: tuple[StoredView, ...]

    @property
    def deciding(self) -> StoredView:
        """That of the view that decided."""
        return self.inspection.of_deciding(self.pictures)
