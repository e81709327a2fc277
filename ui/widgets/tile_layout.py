"""How several pictures share one place so that they are seen as large as possible: pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt

_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_WORTH_MOVING = 1.8
"""Tiles change places only for so much more of picture: what comes and goes beside them does not push them about."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the words at a tile need.

    Attributes:
        height: Where they stand above the picture.
        width: Where they stand beside it.
        most: How many times that they may grow where the picture leaves room anyway.
    """

    height: float
    width: float
    most: float = 1.0


NO_HEAD = Head(0, 0)


@dataclass(frozen=True, slots=True)
class Mosaic:
    """Equal tiles in rows, filled from the upper left; each is its head and its picture.

    Attributes:
        columns, rows: How many.
        beside: Heads stand to the left of the pictures, otherwise above.
    """

    columns: int
    rows: int
    beside: bool

    def tile(self, place: int, area: QRectF, gap: float) -> QRectF:
        """Where the tile of this place lies."""
        width = (area.width() - (self.columns - 1) * gap) / self.columns
        height = (area.height() - (self.rows - 1) * gap) / self.rows
        row, column = divmod(place, self.columns)
        corner = QPointF(column * (width + gap), row * (height + gap))
        return QRectF(area.topLeft() + corner, QSizeF(max(0.0, width), max(0.0, height)))

    def picture_room(self, tile: QSizeF, head: Head) -> QSizeF:
        """What a head leaves of a tile for the picture."""
        taken = QSizeF(head.width, 0) if self.beside else QSizeF(0, head.height)
        return (tile - taken).expandedTo(QSizeF(1, 1))

    def head_extent(self, tile: QSizeF, head: Head, shapes: Sequence[QSizeF]) -> float:
        """Width of heads beside, height of heads above: what they need, and what all the pictures leave free."""
        room = self.picture_room(tile, head)
        least = head.width if self.beside else head.height
        left = [room - shape.scaled(room, _KEEP) for shape in shapes]
        free = min((each.width() if self.beside else each.height() for each in left), default=0.0)
        return min(least * head.most, least + free)

    def parted(self, tile: QRectF, extent: float) -> tuple[QRectF, QRectF]:
        """The head's place in a tile, and the picture's."""
        if self.beside:
            middle = tile.left() + extent
            return (
                QRectF(tile.topLeft(), QPointF(middle, tile.bottom())),
                QRectF(QPointF(middle, tile.top()), tile.bottomRight()),
            )
        middle = tile.top() + extent
        return (
            QRectF(tile.topLeft(), QPointF(tile.right(), middle)),
            QRectF(QPointF(tile.left(), middle), tile.bottomRight()),
        )


def mosaic(shapes: Sequence[QSizeF], area: QSizeF, gap: float, head: Head, now: Mosaic | None = None) -> Mosaic:
    """The mosaic that shows the most of these pictures.

    Args:
        shapes: The pictures' sizes, at least one; only their proportions count.
        area: The place they share.
        gap: Between tiles.
        head: What each tile needs for its words.
        now: How they lie at present; kept unless another way is worth the move.
    """
    ways = _ways(len(shapes))
    best = max(ways, key=lambda way: shown(way, shapes, area, gap, head))
    if now in ways and shown(best, shapes, area, gap, head) < _WORTH_MOVING * shown(now, shapes, area, gap, head):
        return now
    return best


def shown(way: Mosaic, shapes: Sequence[QSizeF], area: QSizeF, gap: float, head: Head) -> float:
    """How much of the screen the pictures cover in all, in square points."""
    room = way.picture_room(way.tile(0, QRectF(QPointF(), area), gap).size(), head)
    fitted = [shape.scaled(room, _KEEP) for shape in shapes]
    return sum(size.width() * size.height() for size in fitted)


def on_points(place: QRectF) -> QRect:
    """The place on whole screen points: what touches without overlapping still does."""
    corner = QPoint(round(place.left()), round(place.top()))
    return QRect(corner, QPoint(round(place.right()) - 1, round(place.bottom()) - 1))


def _ways(count: int) -> list[Mosaic]:
    """All there are; of equally good ones the first is taken: full rows, then heads above."""
    ways = [
        Mosaic(columns, -(-count // columns), beside) for columns, beside in product(range(count, 0, -1), (False, True))
    ]
    return sorted(ways, key=lambda way: (way.columns * way.rows, way.beside))
