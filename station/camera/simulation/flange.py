"""A turned steel flange: hub, sealing groove, six bolt holes, engraved lettering."""

from dataclasses import dataclass

import cv2
import numpy as np

from station.camera.simulation.parts import MARGIN, DrawnPart, Plane, edge, grain, lit, on_the_belt, plane

_OUTER_PX = 190
_HOLES = 6
_HOLE_CIRCLE, _HOLE, _SINK = 0.765, 0.088, 0.122
_BORE, _HUB, _GROOVE = 0.235, 0.44, 0.545


@dataclass(frozen=True, slots=True, eq=False)
class _Polar:
    """Polar coordinates of the texture's pixels around the part's centre; radii as shares of the outer radius."""

    side: int
    outer_px: float
    radius: Plane
    angle: Plane

    def inside(self, radius: float) -> Plane:
        """Return the coverage of the disc of this radius."""
        return edge((radius - self.radius) * self.outer_px)

    def hole_distance(self) -> Plane:
        """Return the distance to the centre of the nearest bolt hole, as a share of the outer radius."""
        sector = 2 * np.pi / _HOLES
        turned = np.mod(self.angle, sector) - sector / 2
        x, y = self.radius * np.cos(turned), self.radius * np.sin(turned)
        return plane(np.hypot(x - _HOLE_CIRCLE, y))


def draw_flange(unit: float) -> DrawnPart:
    """Return the flange at `unit` pixels per pixel of a 640 x 480 picture."""
    polar = _polar(unit)
    holes = polar.hole_distance()
    steel = _steel(polar)
    whole, bare = (_finish(polar, steel, unit, distance) for distance in (holes, np.full_like(holes, 9)))
    return DrawnPart(whole, bare, _hole_boxes(polar), _face(polar, holes), _rim(polar), unit)


def _polar(unit: float) -> _Polar:
    outer_px = _OUTER_PX * unit
    side = round(2 * outer_px / (1 - 2 * MARGIN))
    y, x = (np.mgrid[:side, :side].astype(np.float32) - (side - 1) / 2) / outer_px
    return _Polar(side, outer_px, np.hypot(x, y), np.arctan2(y, x))


def _finish(polar: _Polar, steel: Plane, unit: float, holes: Plane) -> Plane:
    """Return the lit texture with bolt holes."""
    cover = polar.inside(1) * (1 - polar.inside(_BORE)) * edge((holes - _HOLE) * polar.outer_px)
    letters = _lettering(polar)
    engraved = steel * (1 - 0.42 * letters[..., None])
    relief = _relief(polar, holes) * unit - 1.2 * unit * letters
    gloss = 0.10 + 0.10 * polar.inside(_HUB)
    return on_the_belt(lit(plane(engraved), relief, gloss, unit), cover, unit)


def _relief(polar: _Polar, holes: Plane) -> Plane:
    """Return the height of the turned profile in pixels at unit 1."""
    rim = 9 * np.clip((1 - polar.radius) / 0.035, 0, 1)
    hub = 11 * np.clip((_HUB + 0.025 - polar.radius) / 0.05, 0, 1)
    bore = -9 * np.clip((_BORE + 0.035 - polar.radius) / 0.035, 0, 1)
    groove = -5 * np.clip(1 - np.abs(polar.radius - _GROOVE) / 0.022, 0, 1)
    sink = -8 * np.clip((_SINK - holes) / (_SINK - _HOLE), 0, 1)
    return plane(rim + hub + bore + groove + sink)


def _steel(polar: _Polar) -> Plane:
    """Return turned steel: fine grooves of the lathe, and the bow-tie reflection of the lamp."""
    rng = np.random.default_rng(40)
    rings = _turned(polar, grain((1024, 1400), 2.2, rng), 16)
    streaks = _turned(polar, grain((1024, 1400), 5, rng), 90)
    bow = np.cos(polar.angle - np.pi / 4 * 5) ** 2
    glint = np.abs(np.cos(polar.angle - np.pi / 4 * 5)) ** 10
    tone = 0.60 + 0.17 * bow + 0.16 * glint + 0.018 * rings + 0.020 * streaks
    tint = plane([0.965, 0.985, 1.0]) * (1 - 0.05 * glint[..., None]) + plane([0.05, 0.02, -0.02]) * glint[..., None]
    return plane(tone[..., None] * tint)


def _turned(polar: _Polar, texture: Plane, length: int) -> Plane:
    """Wrap an (angle, radius) texture around the part, blurred along the angle."""
    smeared = plane(cv2.blur(np.vstack([texture, texture]), (1, length))[: len(texture)])
    columns = np.clip(polar.radius, 0, 1.02) * (texture.shape[1] - 1) / 1.02
    rows = np.mod(polar.angle / (2 * np.pi), 1) * (texture.shape[0] - 1)
    return plane(cv2.remap(smeared / smeared.std(), plane(columns), plane(rows), cv2.INTER_LINEAR))


def _lettering(polar: _Polar) -> Plane:
    """Return the coverage of the engraved text between groove and hub."""
    strip = np.zeros((90, 1800), np.uint8)
    for place, text in ((90, "LINESIDE"), (990, "DN40 316L")):
        cv2.putText(strip, text, (place, 66), cv2.FONT_HERSHEY_DUPLEX, 1.9, 255, 4, cv2.LINE_AA)
    columns = np.mod(polar.angle / (2 * np.pi) + 0.5 - 0.03, 1) * (strip.shape[1] - 1)
    rows = (0.655 - polar.radius) / 0.075 * strip.shape[0]
    wrapped = cv2.remap(strip, plane(columns), plane(rows), cv2.INTER_LINEAR)
    return plane(wrapped / 255)


def _hole_boxes(polar: _Polar) -> tuple[tuple[int, int, int, int], ...]:
    half = round(1.12 * _SINK * polar.outer_px)
    angles = 2 * np.pi * (np.arange(_HOLES) + 0.5) / _HOLES
    middles = polar.side / 2 + _HOLE_CIRCLE * polar.outer_px * np.stack([np.cos(angles), np.sin(angles)], 1)
    return tuple((round(x) - half, round(y) - half, 2 * half, 2 * half) for x, y in middles)


def _face(polar: _Polar, holes: Plane) -> Plane:
    ring = (polar.radius > _BORE + 0.08) & (polar.radius < 0.93) & (holes > _SINK + 0.03)
    return np.asarray(ring * 255, np.uint8)


def _rim(polar: _Polar) -> Plane:
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    return (polar.side / 2 + polar.outer_px * np.stack([np.cos(angles), np.sin(angles)], 1)).astype(np.float32)
