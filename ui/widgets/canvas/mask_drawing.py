"""What the hand does on a mask: a stroke begins, moves, ends, and is one step of undo. Knows no widget."""

from dataclasses import dataclass
from enum import StrEnum

from station.domain.frame import Image
from station.domain.geometry import Box
from station.vision.mask_editing import (
    NOTHING,
    Mask,
    Point,
    draw_line,
    fill_shape,
    flood_fill,
    joined,
)
from station.vision.mask_history import MaskHistory, changed_box


class Tool(StrEnum):
    """What draws."""

    BRUSH = "brush"
    ERASER = "eraser"
    LASSO = "lasso"
    POLYGON = "polygon"
    FILL = "fill"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Pen:
    """How it draws.

    Attributes:
        tool: What draws.
        value: The label; the eraser draws 0 whatever it is.
        diameter_px: Of brush, eraser and line, in pixels of the picture.
        tolerance: Of the fill, as in `flood_fill`.
    """

    tool: Tool = Tool.BRUSH
    value: int = 1
    diameter_px: int = 31
    tolerance: int = 18

    @property
    def label(self) -> int:
        """Return the label that it leaves."""
        return 0 if self.tool is Tool.ERASER else self.value


class MaskDrawing:
    """Draws on one mask.

    Attributes:
        mask: The mask.
        corners: Of the shape or line that is being drawn; nothing of it is on the mask yet.
    """

    def __init__(self, mask: Mask, picture: Image) -> None:
        self.mask = mask
        self.corners: list[Point] = []
        self._picture = picture
        self._history = MaskHistory(mask)
        self._pen: Pen | None = None
        self._last: Point = (0.0, 0.0)
        self._box: Box = NOTHING

    @property
    def active(self) -> bool:
        """Return whether a stroke or shape has begun and not ended."""
        return self._pen is not None

    @property
    def state(self) -> int:
        """Return the number of the mask as it is after the last stroke; see `MaskHistory.state`."""
        return self._history.state

    @property
    def can_undo(self) -> bool:
        """Return whether there is a stroke to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Return whether a stroke was taken back."""
        return self._history.can_redo

    def begin(self, pen: Pen, at: Point) -> Box:
        """Begin a stroke, or set the next corner of a polygon. Return what changed on the mask."""
        if self._pen is not None and self._pen.tool is Tool.POLYGON:
            self.corners.append(at)
            return NOTHING
        self._pen, self._last, self._box = pen, at, NOTHING
        if pen.tool in (Tool.BRUSH, Tool.ERASER):
            return self._note(draw_line(self.mask, at, at, pen.diameter_px, pen.label))
        if pen.tool is Tool.FILL:
            return self._note(flood_fill(self.mask, self._picture, at, pen.tolerance, pen.label))
        self.corners = [at] if pen.tool is not Tool.LINE else [at, at]
        return NOTHING

    def move(self, at: Point, diameter_px: int | None = None) -> Box:
        """Draw on to this point, with another diameter if it is given. Return what changed on the mask."""
        pen = self._pen
        if pen is None:
            return NOTHING
        if pen.tool in (Tool.BRUSH, Tool.ERASER):
            last, self._last = self._last, at
            return self._note(draw_line(self.mask, last, at, diameter_px or pen.diameter_px, pen.label))
        if pen.tool is Tool.LASSO:
            self.corners.append(at)
        elif pen.tool is Tool.LINE:
            self.corners[1] = at
        return NOTHING

    def end(self) -> tuple[Box, bool]:
        """End the stroke, as `close_shape` does; a polygon goes on."""
        if self._pen is None or self._pen.tool is Tool.POLYGON:
            return NOTHING, False
        return self.close_shape()

    def close_shape(self) -> tuple[Box, bool]:
        """End the stroke or polygon. Return what changed now, and whether the whole stroke changed anything."""
        pen, corners = self._pen, self.corners
        self._pen, self.corners = None, []
        if pen is None:
            return NOTHING, False
        now = NOTHING
        if pen.tool in (Tool.LASSO, Tool.POLYGON):
            now = self._note(fill_shape(self.mask, corners, pen.label))
        elif pen.tool is Tool.LINE:
            now = self._note(draw_line(self.mask, corners[0], corners[1], pen.diameter_px, pen.label))
        return now, self._history.end_step(self._box)

    def cancel(self) -> Box:
        """Take back the stroke or shape that has begun, as if it had not. Return what changed on the mask."""
        active, self._pen, self.corners = self.active, None, []
        return self._history.restore(self._box) if active else NOTHING

    def put(self, mask: Mask) -> Box:
        """Replace the whole mask, as one step. Return what changed."""
        self.cancel()
        box = changed_box(self.mask, mask)
        x, y, width, height = box
        part = (slice(y, y + height), slice(x, x + width))
        self.mask[part] = mask[part]
        self._history.end_step(box)
        return box

    def undo(self) -> Box:
        """Take back what was begun, else the last stroke. Return what changed."""
        return self.cancel() if self.active else self._history.undo()

    def redo(self) -> Box:
        """Draw again what was taken back. Return what changed."""
        return NOTHING if self.active else self._history.redo()

    def _note(self, box: Box) -> Box:
        self._box = joined(self._box, box)
        return box
