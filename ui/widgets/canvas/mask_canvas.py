"""A picture with a mask of labels above it, and perhaps a proposal; strokes are drawn, taken back and painted here."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QTransform

from station.domain.frame import Image
from station.domain.geometry import Box
from station.vision.mask_editing import LARGEST_BRUSH_PX, Mask
from ui.widgets.canvas import brush_marks
from ui.widgets.canvas.mask_drawing import MaskDrawing, Pen, Tool
from ui.widgets.canvas.mask_layer import KIND_COLOURS, MaskLayer, as_rect
from ui.widgets.canvas.picture_canvas import PictureCanvas

_SIZE_STEP = 1.2
_RING_MARGIN = 6
_PROPOSED = (brush_marks.PROPOSAL,)


class MaskCanvas(PictureCanvas):
    """Shows a picture with its mask, and perhaps a proposal above it.

    Signals:
        drawn: A stroke has ended, or was taken back, and the mask is another one than before.
        pen_changed: The size of the brush was changed here.

    Attributes:
        pen: How it draws.
        drawing: The mask that is drawn on; None without a picture.
        mask_hidden: The bare picture is shown.
        read_only: Nothing can be drawn.
    """

    drawn = Signal()
    pen_changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.pen = Pen()
        self.drawing: MaskDrawing | None = None
        self.mask_hidden = self.read_only = False
        self.opacity = 0.55
        self._layer: MaskLayer | None = None
        self._proposal: MaskLayer | None = None
        self._place: QPointF | None = None
        self._ring = QRectF()
        self._erases = False

    # ---- what is drawn on

    def show_item(self, levels: tuple[QImage, ...], size: QSize, picture: Image, mask: Mask) -> None:
        """Show a picture and its mask, which is changed in place; what was undone before is forgotten.

        Args:
            levels: The picture at 1, 1/2, 1/4 ... of its size.
            size: Its size.
            picture: Its pixels, for the fill.
            mask: uint8 (H, W), C-contiguous, of the same size.
        """
        self.drawing = MaskDrawing(mask, picture)
        self._layer = MaskLayer(mask, len(levels), KIND_COLOURS, self.opacity)
        self._proposal = None
        self.show_levels(levels, size)
        self.fit()

    def show_nothing(self) -> None:
        """Show no picture."""
        self.drawing = self._layer = self._proposal = None
        self.show_levels((), QSize())

    def show_proposal(self, proposal: Mask | None) -> None:
        """Show a proposal above the mask, uint8 (H, W), or none."""
        self._proposal = None if proposal is None else MaskLayer(proposal, len(self._levels), _PROPOSED, self.opacity)
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """How strong the marks are, 0.1 to 1."""
        self.opacity = min(1.0, max(0.1, opacity))
        for layer in filter(None, (self._layer, self._proposal)):
            layer.set_opacity(self.opacity)
        self.update()

    def hide_mask(self, hidden: bool) -> None:
        """Show the bare picture, or the marks again."""
        self.mask_hidden = hidden
        self.update()

    def set_pen(self, pen: Pen) -> None:
        """Draw like this from now on; a polygon that was begun is forgotten if the tool changes."""
        if self.drawing is not None and pen.tool is not self.pen.tool:
            self._show(self.drawing.cancel())
        self.pen = pen
        self._move_ring(self._place)
        self.update()

    def size_pen(self, steps: float) -> None:
        """Make the brush larger by notches of the wheel, or smaller if they are below 0."""
        wanted = self.pen.diameter_px * _SIZE_STEP**steps
        odd = 2 * round((wanted - 1) / 2) + 1
        if odd == self.pen.diameter_px:
            odd += 2 if steps > 0 else -2
        self.set_pen(replace(self.pen, diameter_px=max(1, min(LARGEST_BRUSH_PX - 1, odd))))
        self.pen_changed.emit()

    def undo(self) -> None:
        """Take back the last stroke."""
        if self.drawing is not None:
            self._show_step(self.drawing.undo())

    def redo(self) -> None:
        """Draw again what was taken back."""
        if self.drawing is not None:
            self._show_step(self.drawing.redo())

    def put_mask(self, mask: Mask) -> None:
        """Replace the mask as one stroke."""
        if self.drawing is not None:
            self._show_step(self.drawing.put(mask))

    def close_shape(self) -> None:
        """End the polygon."""
        if self.drawing is not None:
            self._finish(*self.drawing.close_shape())

    # ---- painting

    def paint_marks(self, painter: QPainter, transform: QTransform) -> None:
        """The mask, the proposal, the shape that is being drawn, and the ring."""
        if not self.mask_hidden:
            for layer in filter(None, (self._layer, self._proposal)):
                self.paint_layer(painter, layer.images, smooth=False)
        if self.drawing is not None and self.drawing.corners:
            brush_marks.paint_shape(painter, self._shape(transform))
        if self._place is not None and self.drawing is not None:
            brush_marks.paint_ring(painter, self._place, self._diameter_on_screen(), self._label_under_ring())

    def _shape(self, transform: QTransform) -> Sequence[QPointF]:
        assert self.drawing is not None
        shape = [transform.map(QPointF(*corner)) for corner in self.drawing.corners]
        ends_here = self.pen.tool is Tool.POLYGON and self._place is not None
        return [*shape, self._place] if ends_here and self._place is not None else shape

    def _label_under_ring(self) -> int:
        return 0 if self._erases else self.pen.label

    def _diameter_on_screen(self) -> float:
        drags = self.pen.tool in (Tool.BRUSH, Tool.ERASER, Tool.LINE)
        return self.pen.diameter_px * self._view.zoom if drags else 0.0

    # ---- what changes

    def _finish(self, box: Box, changed: bool) -> None:
        self._show(box)
        self.update()
        if changed:
            self.drawn.emit()

    def _show_step(self, box: Box) -> None:
        self._show(box)
        self.update()
        if box[2]:
            self.drawn.emit()

    def _show(self, box: Box) -> None:
        """Show what changed on the mask; nothing else is painted again."""
        if self._layer is None or not box[2]:
            return
        self._layer.renew(box)
        place = self._view.transform(self._area()).mapRect(as_rect(box))
        self.update(place.toAlignedRect().adjusted(-2, -2, 2, 2))

    def _on_picture(self, at: QPointF) -> tuple[float, float]:
        inverted, _possible = self._view.transform(self._area()).inverted()
        place = inverted.map(at)
        return place.x(), place.y()

    def _move_ring(self, at: QPointF | None) -> None:
        before, self._place = self._ring, at
        self._ring = QRectF() if at is None else brush_marks.ring_area(at, self._diameter_on_screen(), _RING_MARGIN)
        for area in filter(QRectF.isValid, (before, self._ring)):
            self.update(area.toAlignedRect())
