"""The pictures of a part: one for each view, together as large as the place allows, or one of them enlarged."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.actions.action_table import Actions
from ui.background.rendered_part import RenderedPart
from ui.pages.line.actions import LineAct
from ui.pages.line.part_caption import ABOVE, BESIDE, PartCaption
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import Marks
from ui.widgets.tile_layout import NO_HEAD, Head, Mosaic, mosaic, on_points, shown
from ui.widgets.view_head import head_of_size
from ui.widgets.view_tile import ViewTile

_UNKNOWN_SHAPE = QSizeF(4, 3)
_PAST_FRAME = 6
_FEW = 4


class PictureGrid(QWidget):
    """Shows all views of one part, and never views of two parts.

    Attributes:
        tiles: One for each view, in the recipe's order.
        marks, opacity: How anomalous places are shown, on all tiles.
        plate: What is said of the part on show, and the ways back.
    """

    zoom_changed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.marks = Marks.MAP
        self.opacity = 0.6
        self.tiles: tuple[ViewTile, ...] = ()
        self.caption = PartCaption(actions)
        self.caption.setParent(self)
        self._empty_text = ""
        self._past: tuple[str, ...] = ()
        self._enlarged: ViewTile | None = None
        self._shapes: list[QSizeF] = []
        self._arranged = False
        self._mosaic: Mosaic | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        actions.on(LineAct.NEXT_VIEW, self.step)
        actions.on(LineAct.ALL_VIEWS, lambda: self.enlarge(None))
        self.show_views(("",))

    # ---- what is shown

    def show_part(self, part: RenderedPart, past: tuple[str, ...] = ()) -> None:
        """Show a part; `past` says which one and from when, where it is not live."""
        self._name_tiles(part.view_names)
        for tile, picture in zip(self.tiles, part.views, strict=True):
            tile.show_picture(picture, decides=picture is part.deciding)
        self._actions[LineAct.FULL_SIZE].setEnabled(not all(tile.canvas.small_only for tile in self.tiles))
        shapes = [QSizeF(p.size) if p.levels else before for p, before in zip(part.views, self._shapes, strict=True)]
        self._stand(shapes, past)

    def show_views(self, names: tuple[str, ...]) -> None:
        """No part yet; it will have these views."""
        self._name_tiles(names)
        for tile in self.tiles:
            tile.show_picture(None)
        self._actions[LineAct.FULL_SIZE].setEnabled(True)
        self._stand(self._shapes, ())

    def outdate(self) -> None:
        """A newer part is judged, and its pictures are still coming."""
        for tile in self.tiles:
            tile.canvas.outdate()

    def tell(self) -> None:
        """Let the plate say what the tiles behind an enlarged one would."""
        self.caption.show_said({tile.name: tile.said for tile in self.tiles})

    def set_empty_text(self, text: str) -> None:
        """What is written where no picture has come yet."""
        self._empty_text = text
        for tile in self.tiles:
            tile.canvas.set_empty_text(text)

    def set_marks(self, marks: Marks) -> None:
        """Map, outline or bare pictures."""
        self.marks = marks
        for tile in self.tiles:
            tile.canvas.set_marks(marks)

    def set_opacity(self, opacity: float) -> None:
        """How strong the maps are, 0..1."""
        self.opacity = opacity
        for tile in self.tiles:
            tile.canvas.set_opacity(opacity)

    # ---- where one looks

    @property
    def enlarged(self) -> str | None:
        """The view that has the whole place, None while all are seen."""
        return None if self._enlarged is None else self._enlarged.name

    def enlarge(self, tile: ViewTile | None) -> None:
        """Give this tile the whole place; None shows all."""
        self._enlarged = tile if len(self.tiles) > 1 else None
        self._mosaic = None
        self._arrange()

    def step(self) -> None:
        """Enlarge the next view; after the last, show all."""
        after = 0 if self._enlarged is None else self.tiles.index(self._enlarged) + 1
        self.enlarge(self.tiles[after] if after < len(self.tiles) else None)

    @property
    def zoomed(self) -> bool:
        """Some picture is not seen as a whole."""
        return any(not tile.canvas.view.fits for tile in self.tiles)

    def fit(self) -> None:
        """Show the whole of every picture."""
        for tile in self.tiles:
            tile.canvas.fit()

    def show_full_size(self) -> None:
        """One picture point for each screen point: of the enlarged tile, else of the one that is meant."""
        self._meant().canvas.show_full_size()

    def _meant(self) -> ViewTile:
        """The only one to be seen, the one under the cursor or last touched, the one that decided, the first."""
        if self._enlarged is not None:
            return self._enlarged
        for meant in (ViewTile.underMouse, lambda tile: tile.canvas.hasFocus(), lambda tile: tile.decides):
            for tile in self.tiles:
                if meant(tile):
                    return tile
        return self.tiles[0]

    # ---- tiles

    def _name_tiles(self, names: tuple[str, ...]) -> None:
        if names == tuple(tile.name for tile in self.tiles):
            return
        for tile in self.tiles:
            tile.hide()
            tile.deleteLater()
        self.tiles = tuple(map(self._tile, names))
        self._enlarged = self._mosaic = None
        self._arranged = False
        self._shapes = [_UNKNOWN_SHAPE] * len(names)
        self.zoom_changed.emit()

    def _tile(self, name: str) -> ViewTile:
        tile = ViewTile(name)
        tile.setParent(self)
        canvas = tile.canvas
        canvas.set_marks(self.marks)
        canvas.set_opacity(self.opacity)
        canvas.set_empty_text(self._empty_text)
        canvas.zoom_changed.connect(self.zoom_changed)
        canvas.touched_twice.connect(lambda: self.enlarge(None if self._enlarged is tile else tile))
        return tile

    # ---- what is where

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802
        """Tiles follow."""
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Tiles follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.caption.fit_sizes()
            self._arrange()

    def event(self, event: QEvent) -> bool:
        """The plate wants another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Enough to see something."""
        return QSize(240, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """A frame around pictures that are past, outside of them."""
        if self._past:
            painter = QPainter(self)
            painter.setPen(QPen(QColor(current_theme().colours.accent), _PAST_FRAME))
            inset = _PAST_FRAME / 2
            painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))

    def _stand(self, shapes: list[QSizeF], past: tuple[str, ...]) -> None:
        if self._arranged and (shapes, past) == (self._shapes, self._past):
            self.tell()
            return
        if shapes != self._shapes:
            self._mosaic = None
        self._shapes, self._past = shapes, past
        self.caption.show_past(past)
        self._arrange()
        self.update()

    def _arrange(self) -> None:
        self._arranged = True
        self._follow()
        area = QRectF(self.rect())
        if self._past:
            area.adjust(_PAST_FRAME, _PAST_FRAME, -_PAST_FRAME, -_PAST_FRAME)
        self._place_tiles(self._place_plate(area) if self.caption.needed else area)

    def _follow(self) -> None:
        """What is hidden and what can be asked for."""
        several, alone = len(self.tiles) > 1, self._enlarged
        self._actions[LineAct.NEXT_VIEW].setEnabled(several)
        self._actions[LineAct.ALL_VIEWS].setEnabled(alone is not None)
        for tile in self.tiles:
            tile.canvas.alone = not several
            tile.setVisible(alone is None or tile is alone)
        self.caption.show_others(tuple(t.name for t in self.tiles if t is not alone) if alone else ())
        self.caption.setVisible(self.caption.needed)
        self.tell()

    def _place_plate(self, area: QRectF) -> QRectF:
        """Put the plate where it takes least from the pictures; return what it leaves to them."""
        ways = [(each, self.caption.room(each)) for each in ABOVE]
        left = {each: area.adjusted(0, room.height(), 0, 0) for each, room in ways if room.width() <= area.width()}
        left[BESIDE] = area.adjusted(0, 0, -self.caption.room(BESIDE).width(), 0)
        layout = max(left, key=lambda each: self._shown(left[each]))
        rest = left[layout]
        plate = (
            QRectF(rest.topRight(), area.bottomRight()) if layout is BESIDE else QRectF(area.topLeft(), rest.topRight())
        )
        self.caption.stand(layout)
        self.caption.setGeometry(on_points(plate))
        return rest

    def _place_tiles(self, area: QRectF) -> None:
        seen, shapes, head, frame = self._seen(), self._seen_shapes(), self._head(), self._frame()
        inner, gap = area.adjusted(frame, frame, -frame, -frame), self._gap()
        self._mosaic = way = mosaic(shapes, inner.size(), gap, head, self._mosaic)
        extent = way.head_extent(way.tile(0, inner, gap).size(), head, shapes)
        for i, tile in enumerate(seen):
            place = way.tile(i, inner, gap)
            tile.setGeometry(on_points(place.adjusted(-frame, -frame, frame, frame)))
            tile.place(*way.parted(place.translated(-tile.pos().toPointF()), extent))

    def _shown(self, area: QRectF) -> float:
        shapes, head = self._seen_shapes(), self._head()
        frame = self._frame()
        size = area.adjusted(frame, frame, -frame, -frame).size()
        return shown(mosaic(shapes, size, self._gap(), head), shapes, size, self._gap(), head)

    def _seen(self) -> Sequence[ViewTile]:
        return self.tiles if self._enlarged is None else (self._enlarged,)

    def _seen_shapes(self) -> list[QSizeF]:
        return [shape for shape, tile in zip(self._shapes, self.tiles, strict=True) if tile in self._seen()]

    def _head(self) -> Head:
        if len(self.tiles) == 1:
            return NO_HEAD
        return head_of_size(current_theme().sizes.title if len(self._seen()) <= _FEW else current_theme().sizes.large)

    def _frame(self) -> int:
        return current_theme().sizes.frame if len(self.tiles) > 1 else 0

    def _gap(self) -> float:
        return current_theme().sizes.gap / 2 + 2 * self._frame()
