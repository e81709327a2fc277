"""A small assembled circuit board: tracks, gold pads, print, and components, one of which may be missing."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from station.camera.simulation.parts import MARGIN, DrawnPart, Plane, Points, grain, lit, on_the_belt, plane
from station.camera.simulation.sheet import Material, Place, Sheet
from station.domain.frame import Image

_WIDTH, _HEIGHT, _CORNER = 500.0, 376.0, 16.0
_HOLES: tuple[Place, ...] = ((25, 25), (475, 25), (25, 351), (475, 351))
_HOLE_RADIUS = 8.5

_TRACK = Material((0.09, 0.52, 0.37), 0.5, 0.14)
_GOLD = Material((0.90, 0.70, 0.33), 0.6, 0.35)
_DRILL = Material((0.05, 0.07, 0.06), -1.5, 0.0)
_TIN = Material((0.74, 0.76, 0.78), 1.2, 0.4)
_INK = Material((0.90, 0.93, 0.90), 0.0, 0.05)
_STAMP = Material((0.62, 0.64, 0.66), 0.0, 0.05)
_EPOXY = Material((0.13, 0.135, 0.145), 7.0, 0.06)
_CERAMIC = Material((0.66, 0.52, 0.36), 5.0, 0.08)
_RESISTOR = Material((0.10, 0.10, 0.12), 3.5, 0.12)
_METAL = Material((0.68, 0.70, 0.72), 9.0, 0.3)
_LID = Material((0.80, 0.81, 0.82), 3.0, 0.3)
_SLEEVE = Material((0.10, 0.11, 0.16), 0.0, 0.1)
_CLAMP = Material((0.10, 0.33, 0.58), 12.0, 0.12)
_CLAMP_HOLE = Material((0.05, 0.13, 0.24), -6.0, 0.0)
_HEADER = Material((0.09, 0.09, 0.10), 8.0, 0.08)
_FERRITE = Material((0.27, 0.27, 0.29), 8.0, 0.1)
_LENS = Material((0.85, 0.93, 0.62), 3.0, 0.5)


@dataclass(frozen=True, slots=True)
class _Component:
    """A soldered component: its place, its size, and the function that draws it from its upper left corner."""

    x: float
    y: float
    w: float
    h: float
    draw: Callable[[Sheet, float, float], None]


def draw_board(unit: float) -> DrawnPart:
    """Return the board at `unit` pixels per pixel of a 640 x 480 picture."""
    side = round(_WIDTH * unit / (1 - 2 * MARGIN))
    bare, whole = _bare_board(side, unit), _bare_board(side, unit)
    for component in _COMPONENTS:
        component.draw(whole, component.x, component.y)
    boxes = tuple(whole.pixel_box(c.x - 6, c.y - 6, c.w + 16, c.h + 18) for c in _COMPONENTS)
    cover = _cover(side, unit)
    face = cv2.erode(np.asarray((cover > 0.99) * 255, np.uint8), np.ones((round(44 * unit),) * 2, np.uint8))
    return DrawnPart(_finish(whole, cover, unit), _finish(bare, cover, unit), boxes, face, _rim(side, unit), unit)


def _finish(sheet: Sheet, cover: Plane, unit: float) -> Image:
    shaded = lit(sheet.colour, plane(sheet.relief + 6 * unit * cover), sheet.gloss, unit)
    return on_the_belt(shaded, cover, unit)


def _cover(side: int, unit: float) -> Plane:
    """Return the coverage of the board with its four screw holes: 1 board, 0 belt."""
    stencil = Sheet(_WIDTH, _HEIGHT, side, unit)
    stencil.draw_box(0, 0, _WIDTH, _HEIGHT, Material((1, 1, 1)), _CORNER)
    for x, y in _HOLES:
        stencil.draw_disc(x, y, _HOLE_RADIUS, Material((0, 0, 0)))
    return stencil.colour[..., 0].copy()


def _rim(side: int, unit: float) -> Points:
    """Return points along the four edges, away from the holes in the corners."""
    along = np.linspace(60, _WIDTH - 60, 60), np.linspace(60, _HEIGHT - 60, 45)
    edges = [
        np.stack([along[0], np.zeros(60)], 1),
        np.stack([along[0], np.full(60, _HEIGHT)], 1),
        np.stack([np.zeros(45), along[1]], 1),
        np.stack([np.full(45, _WIDTH), along[1]], 1),
    ]
    corner = (side - np.array([_WIDTH, _HEIGHT]) * unit) / 2
    return plane(np.vstack(edges) * unit + corner)


def _bare_board(side: int, unit: float) -> Sheet:
    """Draw solder mask, tracks, pads and print: the board before assembly."""
    sheet = Sheet(_WIDTH, _HEIGHT, side, unit)
    rng = np.random.default_rng(11)
    weave = 1 + 0.035 * grain((side, side), 3 * unit, rng) + 0.03 * grain((side, side), 40 * unit, rng)
    sheet.colour[:] = plane((0.05, 0.39, 0.28)) * weave[..., None]
    sheet.gloss[:] = 0.06
    _draw_tracks(sheet)
    _draw_holes(sheet)
    _draw_print(sheet)
    for component in _COMPONENTS:
        _draw_pads(sheet, component)
    return sheet


def _draw_tracks(sheet: Sheet) -> None:
    """Draw bundles of parallel tracks with one bend of 45 degrees, each ending in a via."""
    for x, y, count, run, drop in _BUNDLES:
        for number in range(count):
            start, bend = (x, y + 9 * number), (x + run + 4 * number, y + 9 * number)
            end = (bend[0] + drop, bend[1] + abs(drop))
            sheet.draw_line((start, bend, end), 2.6, _TRACK)
            _draw_via(sheet, *end)


def _draw_via(sheet: Sheet, x: float, y: float) -> None:
    sheet.draw_disc(x, y, 3.6, _GOLD)
    sheet.draw_disc(x, y, 1.7, _DRILL)


def _draw_holes(sheet: Sheet) -> None:
    for x, y in _HOLES:
        sheet.draw_disc(x, y, 15.5, _GOLD)


def _draw_print(sheet: Sheet) -> None:
    for x, y, words, height in _PRINT:
        sheet.draw_text(x, y, words, height, _INK)


def _draw_pads(sheet: Sheet, component: _Component) -> None:
    """Draw a printed frame and two or more pads, which are visible if the component is missing."""
    x, y, w, h = component.x, component.y, component.w, component.h
    corners = ((x - 3, y - 3), (x + w + 3, y - 3), (x + w + 3, y + h + 3), (x - 3, y + h + 3), (x - 3, y - 3))
    sheet.draw_line(corners, 1.6, _INK)
    pad = 0.24 * min(w, h) + 3
    for across in (0.14, 0.86):
        for down in (0.22, 0.78) if h > 30 else (0.5,):
            sheet.draw_box(x + across * w - pad / 2, y + down * h - pad / 2, pad, pad, _GOLD)


def _draw_chip(sheet: Sheet, x: float, y: float, side: float, pins: int, name: str) -> None:
    """Draw a square package with pins on four sides."""
    pitch = (side - 20) / (pins - 1)
    for number in range(pins):
        along = 10 + pitch * number - 2.2
        for across in (0, side - 10):
            sheet.draw_box(x + along, y + across, 4.4, 10, _TIN)
            sheet.draw_box(x + across, y + along, 10, 4.4, _TIN)
    sheet.draw_box(x + 9, y + 9, side - 18, side - 18, _EPOXY, 3)
    sheet.draw_disc(x + 20, y + 20, 3.5, _DRILL)
    sheet.draw_text(x + 19, y + 0.52 * side, name, 11, _STAMP)
    sheet.draw_text(x + 19, y + 0.70 * side, "2446 E4", 9, _STAMP)


def _draw_small_chip(sheet: Sheet, x: float, y: float) -> None:
    """Draw a narrow package with pins on two sides."""
    for number in range(7):
        for across in (0, 48):
            sheet.draw_box(x + across, y + 6.5 + 11 * number, 10, 5, _TIN)
    sheet.draw_box(x + 9, y, 40, 84, _EPOXY, 3)
    sheet.draw_disc(x + 17, y + 9, 3, _DRILL)
    sheet.draw_text(x + 14, y + 44, "485A", 8.5, _STAMP)


def _draw_resistor(sheet: Sheet, x: float, y: float, body: Material = _RESISTOR) -> None:
    sheet.draw_box(x, y, 32, 16, Material(_TIN.colour, 3.2, 0.4), 2)
    sheet.draw_box(x + 6.5, y, 19, 16, Material(body.colour, 0.8, body.gloss), 1)


def _draw_capacitor(sheet: Sheet, x: float, y: float) -> None:
    _draw_resistor(sheet, x, y, _CERAMIC)


def _draw_can(sheet: Sheet, x: float, y: float) -> None:
    """Draw a round capacitor in its aluminium can."""
    sheet.draw_box(x, y, 58, 58, Material(_HEADER.colour, 2.5, 0.08), 7)
    sheet.draw_disc(x + 29, y + 29, 27, _METAL)
    sheet.draw_disc(x + 29, y + 29, 23.5, Material((0.77, 0.78, 0.79), 2.0, 0.3))
    sheet.draw_wedge(x + 29, y + 29, 23.5, _SLEEVE)
    sheet.draw_text(x + 24, y + 28, "220", 8, _SLEEVE)
    sheet.draw_text(x + 24, y + 40, "35V", 8, _SLEEVE)


def _draw_crystal(sheet: Sheet, x: float, y: float) -> None:
    sheet.draw_box(x, y, 70, 28, _METAL, 13)
    sheet.draw_box(x + 4, y + 4, 62, 20, _LID, 10)
    sheet.draw_text(x + 15, y + 18, "16.000", 8.5, _SLEEVE)


def _draw_coil(sheet: Sheet, x: float, y: float) -> None:
    sheet.draw_box(x, y, 56, 56, _FERRITE, 6)
    sheet.draw_disc(x + 28, y + 28, 22, Material((0.20, 0.20, 0.22), 2.0, 0.1))
    sheet.draw_text(x + 14, y + 33, "100", 13, _STAMP)


def _draw_clamp(sheet: Sheet, x: float, y: float) -> None:
    """Draw a screw terminal for two wires."""
    sheet.draw_box(x, y, 66, 92, _CLAMP, 3)
    for number in range(2):
        middle = y + 24 + 44 * number
        sheet.draw_disc(x + 28, middle, 14, _CLAMP_HOLE)
        sheet.draw_disc(x + 28, middle, 12, Material(_TIN.colour, 4.0, 0.4))
        sheet.draw_box(x + 17, middle - 1.7, 22, 3.4, _DRILL)
        sheet.draw_box(x + 52, middle - 14, 14, 28, _CLAMP_HOLE)


def _draw_header(sheet: Sheet, x: float, y: float) -> None:
    """Draw two rows of gold pins in a black socket."""
    sheet.draw_box(x, y, 184, 38, _HEADER, 3)
    for number in range(10):
        for row in (11, 27):
            sheet.draw_box(x + 8 + 18 * number, y + row - 3.5, 7, 7, Material(_GOLD.colour, 4.0, 0.45))


def _draw_lamp(sheet: Sheet, x: float, y: float) -> None:
    sheet.draw_box(x, y, 30, 18, Material(_TIN.colour, 2.0, 0.4), 2)
    sheet.draw_box(x + 5, y, 20, 18, Material((0.88, 0.89, 0.86), 2.0, 0.2), 2)
    sheet.draw_disc(x + 15, y + 9, 6.5, _LENS)


def _draw_processor(sheet: Sheet, x: float, y: float) -> None:
    _draw_chip(sheet, x, y, 124, 12, "LSI7100")


_COMPONENTS = (
    _Component(184, 96, 124, 124, _draw_processor),
    _Component(66, 62, 58, 84, _draw_small_chip),
    _Component(352, 56, 58, 58, _draw_can),
    _Component(352, 136, 58, 58, _draw_can),
    _Component(208, 256, 70, 28, _draw_crystal),
    _Component(62, 206, 56, 56, _draw_coil),
    _Component(414, 222, 66, 92, _draw_clamp),
    _Component(108, 318, 184, 38, _draw_header),
    _Component(140, 56, 32, 16, _draw_resistor),
    _Component(196, 44, 32, 16, _draw_capacitor),
    _Component(256, 44, 32, 16, _draw_resistor),
    _Component(440, 92, 32, 16, _draw_capacitor),
    _Component(440, 138, 32, 16, _draw_resistor),
    _Component(332, 240, 32, 16, _draw_resistor),
    _Component(332, 278, 32, 16, _draw_capacitor),
    _Component(140, 180, 32, 16, _draw_capacitor),
    _Component(60, 292, 30, 18, _draw_lamp),
)

_BUNDLES = (
    (120.0, 84.0, 6, 20.0, 14.0),
    (308.0, 112.0, 6, 14.0, 10.0),
    (196.0, 222.0, 3, 110.0, 12.0),
    (306.0, 190.0, 3, 12.0, 22.0),
    (118.0, 214.0, 4, 34.0, 16.0),
    (62.0, 30.0, 2, 330.0, 14.0),
    (300.0, 214.0, 2, 84.0, 12.0),
)
"""x, y of the first track, how many, their length, and how far they go down after the bend."""

_PRINT = (
    (306.0, 350.0, "LINESIDE", 17.0),
    (420.0, 214.0, "24V DC", 10.0),
    (62.0, 54.0, "U2", 10.0),
    (184.0, 90.0, "U1", 10.0),
    (352.0, 48.0, "C1", 10.0),
    (352.0, 208.0, "C2", 10.0),
    (62.0, 200.0, "L1", 10.0),
    (208.0, 249.0, "Y1", 10.0),
    (306.0, 325.0, "REV C", 9.0),
    (60.0, 284.0, "RUN", 9.0),
)
"""x, y of the base line, the words, and their height."""
