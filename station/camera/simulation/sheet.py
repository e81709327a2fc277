"""A drawing surface with colour, relief and gloss for every pixel, and soft edges at any size."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from station.camera.simulation.parts import Plane, edge, plane

Colour = tuple[float, float, float]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Material:
    """A material.

    Attributes:
        colour: RGB, 0..1.
        rise: Height above its surroundings, in pixels at unit 1.
        gloss: How much it mirrors the lamp, 0..1.
    """

    colour: Colour
    rise: float = 0.0
    gloss: float = 0.1


class Sheet:
    """The drawing surface. Lengths are pixels at unit 1; the origin is the part's upper left corner."""

    def __init__(self, width: float, height: float, side: int, unit: float) -> None:
        self._left, self._top = (side - width * unit) / 2, (side - height * unit) / 2
        self._unit = unit
        self.colour = plane(np.zeros((side, side, 3)))
        self.relief = plane(np.zeros((side, side)))
        self.gloss = plane(np.zeros((side, side)))

    def draw_box(self, x: float, y: float, w: float, h: float, material: Material, corner: float = 1.0) -> None:
        """Draw a block with rounded corners; x, y is its upper left corner."""
        window = self._window(x, y, w, h)
        rows, columns = self._pixels(window)
        across = np.abs(columns - x - w / 2) - (w / 2 - corner)
        down = np.abs(rows - y - h / 2) - (h / 2 - corner)
        outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0)) + np.minimum(np.maximum(across, down), 0)
        self._lay(window, edge(plane(corner - outside) * self._unit), material)

    def draw_disc(self, x: float, y: float, radius: float, material: Material) -> None:
        """Draw a cylinder with its centre at x, y."""
        window = self._window(x - radius, y - radius, 2 * radius, 2 * radius)
        rows, columns = self._pixels(window)
        self._lay(window, edge(plane(radius - np.hypot(columns - x, rows - y)) * self._unit), material)

    def draw_wedge(self, x: float, y: float, radius: float, material: Material) -> None:
        """Draw the left third of a disc, such as the minus mark of a capacitor."""
        window = self._window(x - radius, y - radius, 2 * radius, 2 * radius)
        rows, columns = self._pixels(window)
        inside = np.minimum(radius - np.hypot(columns - x, rows - y), x - 0.42 * radius - columns)
        self._lay(window, edge(plane(inside) * self._unit), material)

    def draw_line(self, points: Sequence[Place], width: float, material: Material) -> None:
        """Draw a line with bends, such as a copper track."""
        (left, top), (right, bottom) = np.min(points, 0) - width, np.max(points, 0) + width
        window = self._window(left, top, right - left, bottom - top)
        places = [(self._column(x) - window[1].start, self._row(y) - window[0].start) for x, y in points]
        cover = np.zeros(self.relief[window].shape, np.uint8)
        fixed = np.round(16 * np.array(places)).astype(np.int32)
        cv2.polylines(cover, [fixed], False, 255, max(1, round(width * self._unit)), cv2.LINE_AA, 4)
        self._lay(window, plane(cover / np.float32(255)), material)

    def draw_text(self, x: float, y: float, words: str, height: float, material: Material) -> None:
        """Draw printed text; x, y is the left end of its base line."""
        window = self._window(x, y - 1.5 * height, height * len(words), 2 * height)
        cover = np.zeros(self.relief[window].shape, np.uint8)
        place = (round(self._column(x)) - window[1].start, round(self._row(y)) - window[0].start)
        thickness = max(1, round(height * self._unit / 9))
        cv2.putText(cover, words, place, cv2.FONT_HERSHEY_DUPLEX, height * self._unit / 22, 255, thickness, cv2.LINE_AA)
        self._lay(window, plane(cover / np.float32(255)), material)

    def pixel_box(self, x: float, y: float, w: float, h: float) -> tuple[int, int, int, int]:
        """Return a block in pixels of the sheet: x, y, w, h."""
        left, top = round(self._column(x)), round(self._row(y))
        return left, top, round(w * self._unit), round(h * self._unit)

    def _column(self, x: float) -> float:
        return self._left + x * self._unit - 0.5

    def _row(self, y: float) -> float:
        return self._top + y * self._unit - 0.5

    def _window(self, x: float, y: float, w: float, h: float) -> tuple[slice, slice]:
        spare = 2
        top, bottom = int(self._row(y)) - spare, int(self._row(y + h)) + spare + 1
        left, right = int(self._column(x)) - spare, int(self._column(x + w)) + spare + 1
        return slice(max(0, top), bottom), slice(max(0, left), right)

    def _pixels(self, window: tuple[slice, slice]) -> tuple[Plane, Plane]:
        """Return rows and columns of a window, in pixels at unit 1 from the part's corner."""
        rows = (np.arange(len(self.relief))[window[0]] + 0.5 - self._top) / self._unit
        columns = (np.arange(len(self.relief))[window[1]] + 0.5 - self._left) / self._unit
        return plane(rows[:, None]), plane(columns[None, :])

    def _lay(self, window: tuple[slice, slice], cover: Plane, material: Material) -> None:
        below = self.colour[window]
        self.colour[window] = below + (plane(material.colour) - below) * cover[..., None]
        self.relief[window] += material.rise * self._unit * cover
        self.gloss[window] += (material.gloss - self.gloss[window]) * cover
