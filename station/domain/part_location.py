"""How a part is found in its picture before it is inspected, and where it was found."""

import base64
import binascii
import math
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.geometry import Box

MOST_SHIFT_PERCENT = 30.0
MOST_TURN_DEG = 180.0
REFERENCE_STEP_PX = 3
"""The sides of a reference are multiples of this: it is compared at a third of its size first."""
_MOST_PIXELS = 256 * 256


@dataclass(frozen=True, slots=True)
class SearchRange:
    """How far a part may lie from its usual place.

    Attributes:
        shift_percent: Along each axis, percent of the longer side of the inspected region; above 0, at most 30.
        turn_deg: Either way round the centre of that region, degrees, 0 to 180.
    """

    shift_percent: float = 10.0
    turn_deg: float = 15.0

    def __post_init__(self) -> None:
        if not 0 < self.shift_percent <= MOST_SHIFT_PERCENT:
            raise ValueError(f"a part may be shifted by 0 to {MOST_SHIFT_PERCENT:.0f} %, not {self.shift_percent}")
        if not 0 <= self.turn_deg <= MOST_TURN_DEG:
            raise ValueError(f"a part may be turned by 0 to {MOST_TURN_DEG:.0f} degrees, not {self.turn_deg}")

    @property
    def words(self) -> str:
        """Return the range for people: "up to 10 % and 15 degrees"."""
        return f"up to {self.shift_percent:g} % and {self.turn_deg:g} degrees"


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a part lies, compared with its usual place.

    Attributes:
        x_px, y_px: How far the centre of the inspected region was moved, pixels of the original picture.
        turn_deg: How far the part was turned round that centre, degrees, clockwise as people see it.
        likeness: Likeness of the picture at this place to the reference, -1 to 1.
    """

    x_px: float
    y_px: float
    turn_deg: float
    likeness: float = 1.0

    @property
    def words(self) -> str:
        """Return the pose for people: "moved by 12, -3 px, turned by 4.5 degrees"."""
        return f"moved by {self.x_px:.0f}, {self.y_px:.0f} px, turned by {self.turn_deg:.1f} degrees"

    def in_frame(self, region: Box) -> NDArray[np.float64]:
        """Return the matrix that takes a place of the usual picture to its place in this one.

        Args:
            region: The inspected region, x, y, width, height in pixels.

        Returns:
            (2, 3); places are x, y in pixels, from the upper left corner of the upper left pixel.
        """
        x, y, width, height = region
        centre = np.array([x + width / 2, y + height / 2])
        cos, sin = math.cos(math.radians(self.turn_deg)), math.sin(math.radians(self.turn_deg))
        turn = np.array([[cos, -sin], [sin, cos]])
        moved = np.array([self.x_px, self.y_px])
        return np.column_stack([turn, centre + moved - turn @ centre])


@dataclass(frozen=True, slots=True)
class PartLocation:
    """How the part of a view is found: what it usually looks like, and how far from its usual place it may lie.

    The reference is kept as text within the recipe: so it has the hash, the signature and the file of the recipe.

    Attributes:
        width, height: Size of the reference, pixels; a small grey picture of the inspected region.
        reference: Its pixels, row by row, one byte each, compressed by zlib, as base64.
        search: How far the part may lie from there.
        min_likeness: A place that is less like the reference is not taken for the part, 0 to 1.
    """

    width: int
    height: int
    reference: str
    search: SearchRange = SearchRange()
    min_likeness: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.min_likeness <= 1:
            raise ValueError(f"the least likeness must lie between 0 and 1, not {self.min_likeness}")
        if min(self.width, self.height) < 1 or self.width * self.height > _MOST_PIXELS:
            raise ValueError(f"a reference is a small picture, not {self.width} x {self.height}")
        if self.width % REFERENCE_STEP_PX or self.height % REFERENCE_STEP_PX:
            raise ValueError(
                f"a reference has sides of a multiple of {REFERENCE_STEP_PX}, not {self.width} x {self.height}"
            )
        if len(self._bytes()) != self.width * self.height:
            raise ValueError("a reference has exactly the pixels of its picture")

    @classmethod
    def of(cls, reference: NDArray[np.uint8], search: SearchRange, min_likeness: float) -> "PartLocation":
        """Return the location by a reference, (h, w) uint8 grey."""
        text = base64.b64encode(zlib.compress(reference.tobytes(), 9)).decode()
        return cls(reference.shape[1], reference.shape[0], text, search, min_likeness)

    def pixels(self) -> NDArray[np.uint8]:
        """Return the reference, (h, w) uint8 grey."""
        return np.frombuffer(self._bytes(), np.uint8).reshape(self.height, self.width)

    def _bytes(self) -> bytes:
        unpack = zlib.decompressobj()
        try:
            return unpack.decompress(base64.b64decode(self.reference, validate=True), _MOST_PIXELS + 1)
        except (binascii.Error, zlib.error) as error:
            raise ValueError(f"the reference is damaged: {error}") from error

    def accepts(self, pose: Pose, region: Box) -> bool:
        """Return whether a pose is the part's: alike enough, and within the range.

        Args:
            pose: The place in the picture that is most like the reference.
            region: The inspected region, x, y, width, height in pixels.
        """
        most_px = self.search.shift_percent / 100 * max(region[2:])
        near = max(abs(pose.x_px), abs(pose.y_px)) <= most_px and abs(pose.turn_deg) <= self.search.turn_deg
        return near and pose.likeness >= self.min_likeness

    @property
    def words(self) -> str:
        """Return the location for people: "up to 10 % and 15 degrees, at least 0.50 alike"."""
        return f"{self.search.words}, at least {self.min_likeness:.2f} alike"
