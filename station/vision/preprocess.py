"""From a camera's picture to the model's input: one anti-aliased reduction, shared by model and screen.

The picture is halved, exactly and cheaply, until it is small; the model's input is made from the smallest level that
is still large enough, the screen draws from the level that fits the window. Teaching uses the same code, so the model
meets on the line what it was taught on.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from station.domain.errors import BadInputError
from station.domain.frame import SMALLEST_SIDE_PX, Image
from station.domain.geometry import Box, RegionOfInterest
from station.domain.part_location import PartLocation, Pose
from station.vision.conversion import as_rgb
from station.vision.moved_region import turned_back
from station.vision.part_locator import PartLocator

_SMALL_ENOUGH_PX = 320

_SLIGHTLY_LARGER = 16 / 15
_SIGMA = 0.42
"""Standard deviation in source pixels per factor of reduction; at 2 the taps are 1 2 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A picture made ready to be judged and shown.

    Attributes:
        levels: The whole picture at 1, 1/2, 1/4 ... of its size, uint8, (H, W) or (H, W, 3) RGB, read-only. It ends
            where a side becomes odd, so that no level loses an edge, or where the picture is small.
        roi: x, y, width, height of the inspected region in pixels of level 0.
        model_input: That region as the model wants it, uint8 RGB, (h, w, 3), C-contiguous; turned back if the part was
            looked for.
        pose: The place that is most like the part, if the part was looked for; `roi` is that of the usual place.
    """

    levels: tuple[Image, ...]
    roi: Box
    model_input: Image
    pose: Pose | None = None


class Preprocessor:
    """Prepares pictures for one model and one region of interest.

    A region whose place and size divide by 8 or 16 costs next to nothing; one on odd pixels is just as exact, and has
    to be reduced from the full picture.
    """

    def __init__(
        self,
        input_size: tuple[int, int],
        roi: RegionOfInterest | None = None,
        location: PartLocation | None = None,
    ) -> None:
        """Prepare for a model.

        Args:
            input_size: Height and width of the model's input, pixels. The region is stretched to it.
            roi: What to inspect, None for the whole picture.
            location: How the part is found, so that the region moves with it; None if it always lies in one place.
        """
        self._input_size = input_size
        self._roi = roi
        self._locator = PartLocator(location) if location else None

    def run(self, image: Image, significant_bits: int = 8) -> Prepared:
        """Prepare one picture.

        Args:
            image: uint8 or uint16, (H, W) grey or (H, W, 3) RGB; not changed.
            significant_bits: Bits of a uint16 pixel that carry light; the brightest such value becomes 255.

        Raises:
            BadInputError: The picture is too small, has no 1 or 3 channels, or does not hold the region of interest.
        """
        _require_picture(image)
        box = self._box(image)
        levels = pyramid(eight_bit(image, significant_bits))
        pose = self._locator.find(levels, box) if self._locator else None
        return Prepared(levels, box, self._model_input(levels, box, pose), pose)

    def _box(self, image: Image) -> Box:
        height, width = image.shape[:2]
        if self._roi is None:
            return 0, 0, width, height
        roi = self._roi
        if not roi.fits(height, width) or min(roi.width, roi.height) < SMALLEST_SIDE_PX:
            raise BadInputError(
                f"The region of interest {roi.width} x {roi.height} at ({roi.x}, {roi.y}) "
                f"does not fit the picture of {width} x {height} pixels.",
                "Use the camera settings the recipe was made with, or set the region again.",
            )
        return roi.box

    def _model_input(self, levels: tuple[Image, ...], box: Box, pose: Pose | None) -> Image:
        source = self._source(levels, box) if pose is None else self._moved_source(levels, box, pose)
        return as_rgb(_stretched(source, self._input_size))

    def _moved_source(self, levels: tuple[Image, ...], box: Box, pose: Pose) -> Image:
        """The moved region, turned back, from the smallest level on which it is as large as the input."""
        most = min(box[3] / self._input_size[0], box[2] / self._input_size[1]) * _SLIGHTLY_LARGER
        level = max(place for place in range(len(levels)) if 2**place <= max(1, most))
        return turned_back(levels[level], 2**level, box, pose)

    def _source(self, levels: tuple[Image, ...], box: Box) -> Image:
        """The region on the smallest level where it lies on whole pixels and is as large as the input.

        As large, or at most a sixteenth smaller: 243 rows for 256 need not be made from 486.
        """
        height, width = (side - side // 16 for side in self._input_size)
        source = _view(levels[0], box)
        for level in levels[1:]:
            if any(length % 2 for length in box) or box[3] < 2 * height or box[2] < 2 * width:
                break
            box = (box[0] // 2, box[1] // 2, box[2] // 2, box[3] // 2)
            source = _view(level, box)
        return source


def eight_bit(image: Image, significant_bits: int) -> Image:
    """The picture with the brightest value that its bits can hold at 255; an 8-bit picture as it is."""
    if image.dtype == np.uint8:
        return image
    return cv2.convertScaleAbs(image, alpha=255 / (2**significant_bits - 1))


def pyramid(picture: Image) -> tuple[Image, ...]:
    """An 8-bit picture at 1, 1/2, 1/4 ... of its size, read-only; see `Prepared.levels`."""
    levels = [picture.view()]
    while max(picture.shape[:2]) > _SMALL_ENOUGH_PX and not any(side % 2 for side in picture.shape[:2]):
        height, width = picture.shape[:2]
        picture = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        levels.append(picture)
    for level in levels:
        level.flags.writeable = False
    return tuple(levels)


def _require_picture(image: Image) -> None:
    height, width = image.shape[:2]
    if min(height, width) < SMALLEST_SIDE_PX:
        raise BadInputError(
            f"The picture of {width} x {height} pixels is too small to inspect.",
            f"Give pictures of at least {SMALLEST_SIDE_PX} x {SMALLEST_SIDE_PX} pixels.",
        )
    if image.ndim == 3 and image.shape[2] != 3:
        raise BadInputError(f"The picture has {image.shape[2]} channels.", "Give grey or RGB pictures.")


def _view(picture: Image, box: Box) -> Image:
    x, y, width, height = box
    return picture[y : y + height, x : x + width]


def _stretched(picture: Image, size: tuple[int, int]) -> Image:
    """The picture at `size`, without leaving a pixel out.

    Sides that shrink to less than a third are averaged; the levels leave that only to odd sizes and long pictures.
    The rest is smoothed as much as it shrinks, and interpolated: a quarter of the time of averaging, and as even.
    """
    averaged = tuple(new if old > 3 * new else old for old, new in zip(picture.shape, size, strict=False))
    if averaged != picture.shape[:2]:
        picture = cv2.resize(picture, averaged[::-1], interpolation=cv2.INTER_AREA)
    return cv2.resize(_smoothed(picture, size), size[::-1], interpolation=cv2.INTER_LINEAR)


def _smoothed(picture: Image, size: tuple[int, int]) -> Image:
    """A three-tap filter on each side that shrinks: with it, interpolation weighs all pixels alike."""
    down, across = (old / new for old, new in zip(picture.shape, size, strict=False))
    if down <= 1 and across <= 1:
        return picture
    taps = (3 if across > 1 else 1, 3 if down > 1 else 1)
    return cv2.GaussianBlur(picture, taps, sigmaX=_SIGMA * across, sigmaY=_SIGMA * down)
