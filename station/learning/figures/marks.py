"""The marked pixels of a defect, kept small until they are counted."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.vision.regions import label_regions

Marked = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PackedMask:
    """A mask as it is kept: a bit for each pixel, compressed; (H, W)."""

    size: tuple[int, int]
    content: bytes

    @classmethod
    def of(cls, marked: Marked) -> "PackedMask":
        """Return a mask, (H, W) bool, packed."""
        height, width = marked.shape
        return cls((height, width), zlib.compress(np.packbits(marked).tobytes(), 1))

    def marked(self) -> Marked:
        """Return the mask, (H, W) bool."""
        height, width = self.size
        bits = np.frombuffer(zlib.decompress(self.content), np.uint8)
        return np.unpackbits(bits, count=height * width).reshape(self.size).view(np.bool_)


@dataclass(frozen=True, slots=True)
class SaturatedMask:
    """A mask that is found whole as soon as some of it is found, as MVTec LOCO defines it.

    Attributes:
        mask: Where the defect is, or may be: the whole shelf from which one of three things is missing.
        pixels: As many found pixels are enough, at least 1 and at most all.
    """

    mask: PackedMask
    pixels: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What marks the defects of one picture.

    Attributes:
        union: Every marked pixel.
        saturated: Its masks one by one, with the pixels that are enough; () if that is not known.
    """

    union: PackedMask
    saturated: tuple[SaturatedMask, ...] = ()


def region_weights(marked: Marked) -> NDArray[np.float64]:
    """Return the weight of each marked pixel, 1 / area of its region, in the order of `array[marked]`, (n,).

    Pixels that touch at a corner are of one region.
    """
    labels, areas = label_regions(marked)
    weights: NDArray[np.float64] = (1.0 / np.maximum(areas, 1))[labels[marked]]  # number 0, the ground, may be empty
    return weights


def saturated_pixels(
    saturated: Sequence[SaturatedMask], scores: NDArray[np.float32]
) -> Iterator[tuple[NDArray[np.float32], float]]:
    """Yield for each mask its highest scores, as many as are enough, and the weight of each: all together weigh 1.

    Args:
        saturated: The masks.
        scores: Of the whole picture, (H, W).
    """
    for each in saturated:
        inside = scores[each.mask.marked()]
        yield np.partition(inside, len(inside) - each.pixels)[len(inside) - each.pixels :], 1 / each.pixels
