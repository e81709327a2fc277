"""The defects of simulated parts. Each defect knows its outline and how to draw itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from station.camera.simulation.parts import DrawnPart, Plane, Points, grain, plane
from station.domain.frame import Image


class Defect(Protocol):
    """One defect, in pixels of the part's texture."""

    @property
    def outline(self) -> Points:
        """Return points around it, (k, 2)."""
        ...

    def paint_on(self, texture: Image, part: DrawnPart) -> None:
        """Draw it on a copy of the part, (n, n, 4) premultiplied RGBA, in place."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Scratch:
    """A scratch: a bright line with a dark edge, thinner at both ends."""

    points: Points
    width_px: float

    @property
    def outline(self) -> Points:
        """See `Defect`."""
        return np.vstack([self.points - self.width_px, self.points + self.width_px])

    def paint_on(self, texture: Image, part: DrawnPart) -> None:
        """See `Defect`."""
        here, origin = _surroundings(texture, self.outline, 4 * part.unit)
        flank = _furrow(here, self.points - origin + 0.75 * self.width_px, self.width_px)
        furrow = _furrow(here, self.points - origin, self.width_px)
        _blend(here, (20, 20, 24), 0.7 * flank)
        _blend(here, (248, 246, 240), 0.95 * furrow)


@dataclass(frozen=True, slots=True, eq=False)
class Chip:
    """A piece broken off the edge: the belt is visible, and the fracture is bright."""

    points: Points
    seed: int

    @property
    def outline(self) -> Points:
        """See `Defect`."""
        return self.points

    def paint_on(self, texture: Image, part: DrawnPart) -> None:
        """See `Defect`."""
        here, origin = _surroundings(texture, self.outline, 8 * part.unit)
        broken = self.points - origin
        middle = broken.mean(0)
        fracture = _filled(here, plane(middle + 1.22 * (broken - middle)), 0.8 * part.unit)
        glitter = grain(here.shape[:2], 2.5 * part.unit, np.random.default_rng(self.seed))
        _blend(here, (196, 196, 192), plane(np.clip(fracture * (0.7 + 0.25 * glitter), 0, 1)))
        _cut(here, _filled(here, broken, 0.5 * part.unit))


@dataclass(frozen=True, slots=True, eq=False)
class Dirt:
    """A smear of grease with grit in it."""

    centre: Points
    radius_px: float
    seed: int

    @property
    def outline(self) -> Points:
        """See `Defect`."""
        corners = plane([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        return plane(self.centre + 1.1 * self.radius_px * corners)

    def paint_on(self, texture: Image, part: DrawnPart) -> None:
        """See `Defect`."""
        here, origin = _surroundings(texture, self.outline, 0)
        rng = np.random.default_rng(self.seed)
        y, x = np.mgrid[: here.shape[0], : here.shape[1]].astype(np.float32)
        distance = np.hypot(x + origin[0] - self.centre[0], y + origin[1] - self.centre[1]) / self.radius_px
        spots = grain(here.shape[:2], 0.45 * self.radius_px, rng)
        grit = grain(here.shape[:2], 1.5 * part.unit, rng)
        smear = plane(np.clip(2.2 * (0.85 - distance + 0.16 * spots), 0, 0.9))
        _blend(here, (112, 80, 44), smear)
        _blend(here, (22, 16, 12), plane(smear * np.clip(grit - 0.9, 0, 1)))


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """A missing feature: the bare part is visible there."""

    box: tuple[int, int, int, int]

    @property
    def outline(self) -> Points:
        """See `Defect`."""
        x, y, w, h = self.box
        return plane([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])

    def paint_on(self, texture: Image, part: DrawnPart) -> None:
        """See `Defect`."""
        x, y, w, h = self.box
        texture[y : y + h, x : x + w] = part.bare[y : y + h, x : x + w]


def _scratch(part: DrawnPart, rng: np.random.Generator) -> Scratch:
    middle, angle = _on_the_face(part, rng), rng.uniform(0, np.pi)
    along = plane([np.cos(angle), np.sin(angle)])
    across = along[::-1] * plane([-1, 1])
    t = np.linspace(-1, 1, 24, dtype=np.float32)[:, None]
    bend = rng.uniform(-9, 9) * t**2 + 0.7 * np.cumsum(rng.standard_normal((24, 1), dtype=np.float32), 0)
    points = middle + part.unit * (rng.uniform(28, 52) * t * along + bend * across)
    return Scratch(points.astype(np.float32), part.unit * rng.uniform(2.6, 3.6))


def _chip(part: DrawnPart, rng: np.random.Generator) -> Chip:
    centre = part.rim[rng.integers(len(part.rim))]
    angles = 2 * np.pi * (np.arange(11) + rng.uniform(-0.4, 0.4, 11)) / 11
    reach = part.unit * rng.uniform(13, 20) * rng.uniform(0.65, 1.15, 11)
    points = centre + np.stack([np.cos(angles), np.sin(angles)], 1) * reach[:, None]
    return Chip(points.astype(np.float32), int(rng.integers(2**31)))


def _dirt(part: DrawnPart, rng: np.random.Generator) -> Dirt:
    return Dirt(_on_the_face(part, rng), part.unit * rng.uniform(15, 24), int(rng.integers(2**31)))


def _missing(part: DrawnPart, rng: np.random.Generator) -> Missing:
    return Missing(part.features[rng.integers(len(part.features))])


MAKERS: dict[str, Callable[[DrawnPart, np.random.Generator], Defect]] = {
    "scratch": _scratch,
    "chip": _chip,
    "dirt": _dirt,
    "missing": _missing,
}
"""The function that chooses a random defect for a part, by kind of defect."""


def _on_the_face(part: DrawnPart, rng: np.random.Generator) -> Points:
    """Return a random point of the part's face; it covers most of its square, so few tries are needed."""
    while True:
        x, y = rng.integers(len(part.face), size=2)
        if part.face[y, x]:
            return plane([x, y])


def _surroundings(texture: Image, outline: Points, spare_px: float) -> tuple[Image, Points]:
    """Return the section of the texture around an outline, as a view, and its upper left corner."""
    low = np.maximum(0, np.floor(outline.min(0) - spare_px)).astype(int)
    high = np.ceil(outline.max(0) + spare_px).astype(int)
    return texture[low[1] : high[1], low[0] : high[0]], plane(low)


def _furrow(here: Image, points: Points, width_px: float) -> Plane:
    """Return the coverage of a bent line that is widest in its middle: a row of dots, drawn to 1/16 of a pixel."""
    cover = np.zeros(here.shape[:2], np.uint8)
    knots, dots = np.linspace(-1, 1, len(points)), np.linspace(-1, 1, 4 * len(points))
    radii = width_px / 2 * np.sqrt(1.03 - dots**2)
    x, y = (np.interp(dots, knots, axis) for axis in points.T)
    for column, row, radius in np.round(16 * np.stack([x, y, radii], 1)).astype(int).tolist():
        cv2.circle(cover, (column, row), radius, 255, -1, cv2.LINE_AA, 4)
    return plane(cover / np.float32(255))


def _filled(here: Image, points: Points, softness_px: float) -> Plane:
    cover = np.zeros(here.shape[:2], np.uint8)
    cv2.fillPoly(cover, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return plane(cv2.GaussianBlur(cover, (0, 0), softness_px) / np.float32(255))


def _blend(here: Image, colour: tuple[int, int, int], cover: Plane) -> None:
    """Blend a colour over the part, weighted with the part's own coverage."""
    alpha = here[..., 3] / np.float32(255)
    share = (cover * (alpha > 0.95))[..., None]
    here[..., :3] = here[..., :3] * (1 - share) + plane(colour) * share


def _cut(here: Image, gone: Plane) -> None:
    """Remove the part and show the shaded belt there; the belt next to the part does not change."""
    share = gone[..., None]
    here[..., :3] = here[..., :3] * (1 - share)
    shade = np.minimum(here[..., 3:], 0.45 * 255)
    here[..., 3:] = here[..., 3:] * (1 - share) + shade * share
