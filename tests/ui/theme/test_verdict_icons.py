"""Hatching is laid from a tile, and looks as if its lines were drawn one by one."""

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ui.theme.verdict_icons import hatch

_SIDE, _SPACING = 120, 20
_COLOUR = QColor(255, 255, 255, 120)


def _painted(ratio: float, paint) -> np.ndarray:
    image = QImage(round(_SIDE * ratio), round(_SIDE * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., 0].astype(int)


def _lines(painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_COLOUR, _SPACING / 5))
    painter.drawLines([QLineF(x, _SIDE, x + _SIDE, 0) for x in range(-_SIDE, _SIDE + 1, _SPACING)])


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_that_hatching_looks_like_lines_drawn_one_by_one(qapp, ratio: float) -> None:
    hatched = _painted(ratio, lambda painter: hatch(painter, QRectF(0, 0, _SIDE, _SIDE), _COLOUR, _SPACING))
    inside = slice(round(_SPACING * ratio), -round(_SPACING * ratio))
    drawn = _painted(ratio, _lines)[inside, inside]
    assert drawn.max() > 100
    assert abs(hatched[inside, inside] - drawn).max() <= 2


def test_that_hatching_keeps_to_its_area(qapp) -> None:
    area = QRectF(30.5, 20, 40, 50)
    hatched = _painted(1.0, lambda painter: hatch(painter, area, _COLOUR, _SPACING))
    seen = hatched[20:70, 31:70]
    assert seen.max() > 100
    assert hatched.sum() == hatched[20:70, 30:71].sum()
