"""The result of judging one view of a part, and parts made of such results. Arrays are held by reference."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.inspected_place import InspectedPlace
from station.domain.inspection import PartViews, ViewInspection
from station.domain.part_code import IfUnread
from station.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, eq=False)
class ViewResult:
    """One camera's view of a part after its judgement. The record, the screen and the files are each made from it.

        inspection                          -> the record in the database
        levels, roi, anomaly_map            -> the picture on the screen
        original or file, levels[-1], map   -> the picture files

    Attributes:
        inspection: Verdict, reason, scores, regions, and the cause if the picture was too poor to be judged.
        original: The camera's picture as in Frame; None if no picture came, or if its memory was released.
        levels: The picture at 1, 1/2, 1/4 ... of its size, uint8, (H, W) or (H, W, 3) RGB, read-only. The model was
            fed from the same pyramid. Empty if no picture came. For a part from memory or disk: one level, which may
            be smaller than the original.
        roi: The area that the anomaly map covers, in pixels of the original picture.
        anomaly_map: Normalised scores, (h, w) float32; None if the view was not judged or the map was not kept.
        pixel_threshold: The limit for places on the map.
        received_ns: When the frame came, `time.monotonic_ns`, or the trigger if no frame came; None for a part from
            memory or disk.
        significant_bits: Bits of the original's pixels that were taken to carry light; 0 if that is not known.
        coding: How the original came, as in Frame.
        file: The file that the original came from, as in Frame.
        encoded: The picture files by role, if they were encoded ahead of the record.
        ignored: Cells of the map that the recipe does not judge, (h, w) bool; None if it judges all. The map keeps the
            model's scores of them, so that the part can be judged again by a recipe that judges them.
        moved_place: What was inspected, if it moved with the part; the map is 0 wherever that was not judged.
        if_unread: What the recipe says if the code does not count; None if it has no code region in this view.
        why_given_up: Why a picture of it is no longer on the disk: "the disk was full"; "" if none was given up.
    """

    inspection: ViewInspection
    original: Image | None
    levels: tuple[Image, ...]
    roi: Box
    anomaly_map: NDArray[np.float32] | None
    pixel_threshold: float
    received_ns: int | None
    significant_bits: int = 0
    coding: str = ""
    file: bytes = b""
    encoded: Mapping[str, bytes] | None = None
    ignored: NDArray[np.bool_] | None = None
    moved_place: InspectedPlace | None = None
    if_unread: IfUnread | None = None
    why_given_up: str = ""

    @property
    def judged_map(self) -> NDArray[np.float32] | None:
        """Return the map with 0 where the recipe does not judge; None if there is no map."""
        if self.anomaly_map is None or self.ignored is None:
            return self.anomaly_map
        return np.where(self.ignored, np.float32(0), self.anomaly_map)

    def without_picture(self) -> "ViewResult":
        """Return the same result with only the smallest level of its picture, to release memory."""
        return replace(self.without_original(), levels=self.levels[-1:])

    def without_original(self) -> "ViewResult":
        """Return the same result without what is kept on the disk; the levels show the picture."""
        return replace(self, original=None, file=b"", encoded=None)


PartResult = PartViews[ViewResult]
"""A judged part."""


def is_reduced(view: ViewResult) -> bool:
    """Return whether the picture to show is smaller than the camera's picture: a preview or a thumbnail."""
    return bool(view.levels) and view.levels[0].shape[1] < view.inspection.width


def has_originals(part: PartResult) -> bool:
    """Return whether a camera's picture waits for the disk."""
    return any(view.original is not None for view in part.views)


def without_originals(part: PartResult) -> PartResult:
    """Return the same part without the cameras' pictures: the screen shows the levels alone."""
    return PartViews(part.inspection, tuple(view.without_original() for view in part.views))


def without_pictures(part: PartResult) -> PartResult:
    """Return the same part with only the smallest level of each picture, to release memory."""
    return PartViews(part.inspection, tuple(view.without_picture() for view in part.views))


def level_within(levels: tuple[Image, ...], side_px: int) -> Image | None:
    """Return the largest level whose longer side is at most `side_px`.

    If every level is larger, return the smallest one; return None without levels.
    """
    for level in levels:
        if max(level.shape[:2]) <= side_px:
            return level
    return levels[-1] if levels else None


def has_whole_pictures(part: PartResult) -> bool:
    """Return whether the part was inspected, and every view has its whole picture."""
    return all(
        view.original is not None and view.inspection.verdict is not Verdict.NOT_INSPECTED for view in part.views
    )
