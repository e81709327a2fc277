"""Places in a picture, in pixels of the camera's original picture."""

from dataclasses import dataclass

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class RegionOfInterest:
    """The area of the picture that is inspected, in pixels of the original picture."""

    x: int
    y: int
    width: int
    height: int

    @property
    def box(self) -> Box:
        """Return the same area as a box."""
        return self.x, self.y, self.width, self.height

    def fits(self, height: int, width: int) -> bool:
        """Return whether a picture of this size has the whole area."""
        return 0 <= self.x <= width - self.width and 0 <= self.y <= height - self.height


@dataclass(frozen=True, slots=True)
class Region:
    """One connected anomalous area of a picture.

    Attributes:
        x, y, w, h: Bounding box in pixels of the original picture.
        area_px: Number of pixels of the original picture inside the region.
        score: Highest normalised score inside.
        place: Where in the picture, in words: "upper left".
    """

    x: int
    y: int
    w: int
    h: int
    area_px: int
    score: float
    place: str
