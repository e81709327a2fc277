"""The ignore mask painted by brush, lasso or polygon, for places that no rectangle covers."""

import numpy as np
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from station.domain.frame import Image
from station.domain.ignore_mask import IgnoreMask
from ui.theme.theme import current_theme
from ui.widgets.canvas.brush_canvas import BrushCanvas
from ui.widgets.canvas.mask_drawing import Pen, Tool
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

_TOOLS = {Tool.BRUSH: "Brush  (B)", Tool.ERASER: "Eraser  (E)", Tool.LASSO: "Lasso  (L)", Tool.POLYGON: "Polygon  (P)"}
_BRUSH_SHARE = 16
_WIDTH_SHARE, _HEIGHT_SHARE = 2.4, 0.72
_HOW = (
    "Paint what is not judged, with room around it: the model sees around each place. Ctrl erases, Shift and the wheel "
    "size the brush, arrows and Space paint by keys."
)


class MaskSheet(Dialog):
    """Done sends the mask; Esc leaves it as it was.

    Signals:
        wanted: An `IgnoreMask`, or None if nothing is ignored.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget, picture: Image, levels: tuple[QImage, ...], mask: IgnoreMask | None) -> None:
        super().__init__(parent, "Paint the ignore mask")
        height, width = picture.shape[:2]
        fits = mask is not None and mask.fits(height, width)
        pixels = mask.pixels().astype(np.uint8) if mask and fits else np.zeros((height, width), np.uint8)
        self._mask = np.ascontiguousarray(pixels)
        self._diameter = max(3, min(height, width) // _BRUSH_SHARE)
        self.canvas = BrushCanvas("Picture with the ignore mask")
        self.canvas.show_item(levels, QSize(width, height), picture, self._mask)
        self.said = label(_HOW, "muted", wrap=True)
        self.tools = {tool: self._tool_key(tool, words) for tool, words in _TOOLS.items()}
        self._lay_out()
        self._choose(Tool.BRUSH)
        self.canvas.setFocus()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        for key in self.tools.values():
            tools.addWidget(key)
        undo = _key("Undo  (Ctrl+Z)", strong=False)
        undo.setShortcut("Ctrl+Z")
        undo.clicked.connect(self.canvas.undo)
        tools.addWidget(undo)
        self.done_key = _key("Done  (Ctrl+S)", strong=True)
        self.done_key.setShortcut("Ctrl+S")
        self.done_key.clicked.connect(self._finish)
        leave = _key("Cancel  (Esc)", strong=False)
        leave.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addWidget(leave)
        keys.addWidget(self.done_key)
        side = current_theme().sizes.side
        self.canvas.setMinimumSize(round(side * _WIDTH_SHARE), round(side * _HEIGHT_SHARE))
        for item in (tools, keys):
            item.setSpacing(current_theme().sizes.gap // 2)
        self.column.addLayout(tools)
        self.column.addWidget(self.canvas, 1)
        self.column.addWidget(self.said)
        self.column.addLayout(keys)

    def _tool_key(self, tool: Tool, words: str) -> QPushButton:
        key = _key(words, strong=False)
        key.setCheckable(True)
        key.setShortcut(words[words.index("(") + 1])
        key.clicked.connect(lambda: self._choose(tool))
        return key

    def _choose(self, tool: Tool) -> None:
        self.canvas.set_pen(Pen(tool, diameter_px=self._diameter))
        for each, key in self.tools.items():
            key.setChecked(each is tool)

    def _finish(self) -> None:
        painted = self._mask > 0
        if painted.all():
            self.said.setText("The mask covers the whole picture: nothing would be judged. Erase a part of it.")
            return
        try:
            mask = IgnoreMask.of(painted) if painted.any() else None
        except ValueError as error:
            self.said.setText(f"The mask cannot be kept: {error}. Paint larger places.")
            return
        self.wanted.emit(mask)
        self.accept()


def _key(words: str, *, strong: bool) -> QPushButton:
    key = QPushButton(words)
    key.setProperty("strong", strong)
    key.setAutoDefault(False)
    return key
