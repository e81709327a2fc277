"""Find a part in its picture: the shift and turn at which it is most like a small reference picture.

The likeness is the correlation of grey values, so brightness and contrast do not count. All its sums are whole numbers
below 2**53, computed exactly in whatever order: the same picture gives the same pose on every machine.

First all shifts and turns of the range are compared on a picture of 32 pixels, then those around the best on one of 96;
the place between two pixels is the top of a parabola.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.part_location import REFERENCE_STEP_PX, PartLocation, Pose, SearchRange

_SIDE_PX = 96
_COARSER = REFERENCE_STEP_PX
_WHOLE_TURN_DEG = 360.0
_COARSE_STEP_DEG = 3.0
_STEP_DEG = 0.75
_AROUND_PX, _AROUND_TURNS = 3, 3
_CLIMBS = 4
_KEPT_TURNS = 512

Grid = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SmallPicture:
    """The surroundings of the inspected region, as small as they are compared.

    Attributes:
        pixels: (h, w) uint8 grey: the region, and around it `edge` pixels of what lies there or, outside of the
            picture, of its outermost pixels.
        edge: Pixels.
        scale: Pixels of the original picture in one of these.
    """

    pixels: NDArray[np.uint8]
    edge: int
    scale: float

    @property
    def region(self) -> NDArray[np.uint8]:
        """Return the region alone, which a reference is made of."""
        return self.pixels[self.edge : -self.edge, self.edge : -self.edge]

    def turned_back(self, pose: Pose) -> NDArray[np.uint8]:
        """Return the region as it would look if its part lay in its usual place."""
        height, width = self.region.shape
        x, y = _turned_places(width, height, -pose.turn_deg)
        down, across = ((side - 1) / 2 for side in self.pixels.shape)
        return _sampled(self.pixels, x + across + pose.x_px / self.scale, y + down + pose.y_px / self.scale)


Size = tuple[int, int]
"""Width and height, pixels."""


def reference_size(region: Box) -> Size:
    """Return width and height of a new reference of a region.

    One that was learned keeps its own, also if this function should change: else no part would be found any more.
    """
    scale = max(region[2:]) / _SIDE_PX
    width, height = (max(_COARSER, round(side / scale) // _COARSER * _COARSER) for side in region[2:])
    return width, height


def small_picture(
    levels: tuple[Image, ...], region: Box, search: SearchRange, reference: Size | None = None
) -> SmallPicture:
    """Return the surroundings of a region of a picture, at the size of references.

    Args:
        levels: The picture at 1, 1/2, 1/4 ... of its size.
        region: x, y, width, height in pixels of level 0.
        search: How far the part may lie from its usual place.
        reference: Size of the reference; None for that of a new one.
    """
    width, height = reference or reference_size(region)
    longer = max(width, height)
    scale = max(region[2:]) / longer
    edge = _COARSER * (_coarse_shift(search, longer) + 2)
    halved = min(len(levels) - 1, max(0, int(math.log2(max(scale, 1)))))
    centre = (region[0] + region[2] / 2, region[1] + region[3] / 2)
    size = (width + 2 * edge, height + 2 * edge)
    return SmallPicture(_cut(levels[halved], 2**halved, centre, size, scale), edge, scale)


def _cut(level: Image, halved: int, centre: tuple[float, float], size: tuple[int, int], scale: float) -> Image:
    """Return a picture of `size`, width and height, around a point, with `scale` pixels of level 0 in each of its."""
    grey = level if level.ndim == 2 else cv2.cvtColor(level, cv2.COLOR_RGB2GRAY)
    whole = max(1, min(int(scale / halved), *grey.shape))
    height, width = (side // whole for side in grey.shape)
    if whole > 1:  # by a whole number OpenCV averages in whole numbers
        cut = grey[: height * whole, : width * whole]
        grey = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA)
    reduced = halved * whole
    step = scale / reduced
    if step > 1:
        grey = cv2.GaussianBlur(grey, (3, 3), sigmaX=0.42 * step)
    starts = (mid / reduced - step * (side - 1) / 2 - 0.5 for mid, side in zip(centre, size, strict=True))
    left, top = starts
    return _sampled(grey, *np.meshgrid(left + step * np.arange(size[0]), top + step * np.arange(size[1])))


class PartLocator:
    """Finds the part of one view in one picture after the other; safe from several threads.

    Args:
        location: The reference, and the range.
    """

    def __init__(self, location: PartLocation) -> None:
        self._search = location.search
        self._reference = location.pixels()
        coarse = _coarser(self._reference)
        turns = math.ceil(location.search.turn_deg / _COARSE_STEP_DEG) + 1
        self._coarse_turns = _COARSE_STEP_DEG * np.arange(-turns, turns + 1)
        self._coarse = _Patterns.of([_turned(coarse, turn) for turn in self._coarse_turns])
        self._turned = lru_cache(maxsize=_KEPT_TURNS)(lambda step: _turned(self._reference, _STEP_DEG * step))

    def find(self, levels: tuple[Image, ...], region: Box) -> Pose:
        """Return the place in a picture that is most like the reference, within little more than the range.

        Args:
            levels: The picture at 1, 1/2, 1/4 ... of its size.
            region: The inspected region, x, y, width, height in pixels of level 0.
        """
        return self.find_in(small_picture(levels, region, self._search, self._size_for(region)))

    def _size_for(self, region: Box) -> Size | None:
        """Return the size of the reference unless its aspect is another: then the region is not like it at all."""
        height, width = self._reference.shape
        scale = max(region[2:]) / max(width, height)
        same = all(abs(side / scale - its) <= _COARSER for side, its in zip(region[2:], (width, height), strict=True))
        return (width, height) if same else None

    def find_in(self, small: SmallPicture) -> Pose:
        """Return the same of a picture that was made small for this range or a wider one, and for this reference.

        A region of another aspect than the reference has is not like it at all: -1.
        """
        if small.region.shape != self._reference.shape:
            return Pose(0.0, 0.0, 0.0, -1.0)
        column, row, rough_deg = self._roughly(small)
        x, y, turn, likeness = self._exactly(small, column, row, round(rough_deg / _STEP_DEG))
        turn = math.remainder(turn, _WHOLE_TURN_DEG)  # more than 180 degrees is less the other way round
        return Pose(round(x * small.scale, 2), round(y * small.scale, 2), round(turn, 2), round(likeness, 4))

    def _roughly(self, small: SmallPicture) -> tuple[int, int, float]:
        """Return shift in small pixels and turn, to the next three pixels and three degrees."""
        coarse = _coarser(small.pixels)
        around = _coarse_shift(self._search, max(self._reference.shape))
        first = small.edge // _COARSER - around
        found = _likenesses(coarse, self._coarse, first, first, around)
        down, across, turn = np.unravel_index(found.argmax(), found.shape)
        return _COARSER * (int(across) - around), _COARSER * (int(down) - around), float(self._coarse_turns[turn])

    def _exactly(self, small: SmallPicture, x: int, y: int, step: int) -> tuple[float, float, float, float]:
        """Return shift in small pixels, turn and likeness: the top of the hill on which this place lies."""
        around, steps = _AROUND_PX, _AROUND_TURNS
        for _ in range(_CLIMBS):
            x, y = (max(around - small.edge, min(small.edge - around, each)) for each in (x, y))
            patterns = _Patterns.of([self._turned(step + k) for k in range(-steps, steps + 1)])
            found = _likenesses(small.pixels, patterns, small.edge + x - around, small.edge + y - around, around)
            down, across, turn = (int(each) for each in np.unravel_index(found.argmax(), found.shape))
            x, y, step = x + across - around, y + down - around, step + turn - steps
            if 0 < down < 2 * around and 0 < across < 2 * around and 0 < turn < 2 * steps:
                break
            around, steps = 1, 1
        return (
            x + _top(found[down, :, turn], across),
            y + _top(found[:, across, turn], down),
            _STEP_DEG * (step + _top(found[down, across], turn)),
            float(found[down, across, turn]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Patterns:
    """Turned references to be compared at once.

    Attributes:
        centred: Pixels times their number, less their sum: whole numbers whose sum is 0, (pixels, turns).
        spreads: The root of the sum of the squares of each, (turns,).
        shape: Rows and columns of each.
    """

    centred: Grid
    spreads: Grid
    shape: tuple[int, int]

    @classmethod
    def of(cls, pictures: list[NDArray[np.uint8]]) -> "_Patterns":
        pixels = np.stack([picture.ravel() for picture in pictures], 1).astype(np.float64)
        count, sums = len(pixels), pixels.sum(0)
        spreads = np.sqrt(count * (pixels * pixels).sum(0) - sums * sums)
        return cls(count * pixels - sums, spreads, pictures[0].shape)


def _likenesses(picture: NDArray[np.uint8], patterns: _Patterns, left: int, top: int, around: int) -> Grid:
    """Return the likeness of each pattern at each place, (2 around + 1, 2 around + 1, turns), -1 to 1.

    Args:
        picture: (h, w) grey.
        patterns: The patterns.
        left: The first column of the upper left corner of the patterns.
        top: The first row of it.
        around: There are 2 around + 1 places along each axis.
    """
    (height, width), places = patterns.shape, 2 * around + 1
    part = picture[top : top + height + places - 1, left : left + width + places - 1].astype(np.float64)
    windows = sliding_window_view(part, patterns.shape).reshape(places * places, height * width)
    sums, squares = windows.sum(1), np.einsum("ij,ij->i", windows, windows)
    spreads = np.sqrt(height * width * squares - sums * sums)
    scale = spreads[:, None] * patterns.spreads
    found = np.divide(windows @ patterns.centred, scale, out=np.zeros(scale.shape), where=scale > 0)
    return np.asarray(found.reshape(places, places, -1), np.float64)


def _top(values: Grid, place: int) -> float:
    """Return how far from the highest of some values the top of a parabola through it and its neighbours lies."""
    if not 0 < place < len(values) - 1:
        return 0.0
    before, at, behind = (float(values[place + k]) for k in (-1, 0, 1))
    bend = before - 2 * at + behind
    return 0.5 * (before - behind) / bend if bend < 0 else 0.0


def _coarse_shift(search: SearchRange, longer: int) -> int:
    """Return how many coarse pixels from its usual place the part is looked for: one more than it may be."""
    return math.ceil(search.shift_percent / 100 * longer / _COARSER) + 1


def _coarser(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture of a third of the size, each pixel the mean of nine; sides are multiples of three."""
    height, width = picture.shape
    sums = picture.reshape(height // _COARSER, _COARSER, width // _COARSER, _COARSER).sum((1, 3), dtype=np.uint32)
    return np.asarray(sums // _COARSER**2, np.uint8)


def _turned(picture: NDArray[np.uint8], turn_deg: float) -> NDArray[np.uint8]:
    """Return a picture turned clockwise round its centre, with its outermost pixels continued."""
    height, width = picture.shape
    x, y = _turned_places(width, height, turn_deg)
    return _sampled(picture, x + (width - 1) / 2, y + (height - 1) / 2)


def _turned_places(width: int, height: int, turn_deg: float) -> tuple[Grid, Grid]:
    """Return where each pixel of a picture that is turned clockwise lay before, x and y from the centre."""
    across, down = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    cos, sin = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    return cos * across + sin * down, cos * down - sin * across


def _sampled(picture: Image, x: Grid, y: Grid) -> NDArray[np.uint8]:
    """Return the grey values between the pixels at some places; outside, those of the outermost pixels."""
    height, width = picture.shape
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    left, top = np.minimum(x.astype(np.intp), width - 2), np.minimum(y.astype(np.intp), height - 2)
    right, lower = x - left, y - top
    values = picture.astype(np.float64)
    above = values[top, left] * (1 - right) + values[top, left + 1] * right
    below = values[top + 1, left] * (1 - right) + values[top + 1, left + 1] * right
    return np.asarray(np.rint(above * (1 - lower) + below * lower), np.uint8)
