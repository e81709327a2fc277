"""The gallery: a grid of thumbnails that scrolls many thousands, several of which can be marked at once."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from station.domain.dataset import DatasetItem, Label
from station.domain.verdict import Verdict
from ui.pages.datasets.gallery_model import ITEM, GalleryModel, Index
from ui.theme.theme import FAMILY, Theme, current_theme
from ui.theme.verdict_icons import paint_verdict_icon
from ui.widgets.whole_picture import paint_whole

_TILE_SHARE = 1.35
"""A tile is this many times as wide as one in the strip of parts."""
_GAP, _FRAME = 3, 4
_MARGIN = _GAP + _FRAME
_ROUND_WORDS = (24, 24, -24, -24)
_SIGN = {Label.GOOD: Verdict.PASS, Label.DEFECT: Verdict.FAIL, Label.UNLABELLED: Verdict.NOT_INSPECTED}
"""The shape and colour of a label are those of the verdict that means the same."""


class Gallery(QListView):
    """Items as tiles; arrows, Shift and Ctrl mark as in every list, and a double touch opens.

    Signals:
        marked: The marked items changed.
        opened: The number of an item that was touched twice, or Enter was pressed on.
        tile_changed: The longest side of a thumbnail, in pixels of the screen.
    """

    marked = Signal()
    opened = Signal(int)
    tile_changed = Signal(int)

    def __init__(self, model: GalleryModel) -> None:
        super().__init__()
        self.items = model
        self._tile = QSize(1, 1)
        self._empty = ""
        self.setAccessibleName("Pictures")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setItemDelegate(_Tile(self))
        self.setModel(model)
        model.thumbnails_came.connect(self.viewport().update)
        self.selectionModel().selectionChanged.connect(self.marked)
        self.activated.connect(lambda index: self.opened.emit(self.items.item(index.row()).item_id))

    @property
    def tile(self) -> QSize:
        """Return the size of a tile: the theme's, and as much wider as it takes that no room is left."""
        return self._tile

    @property
    def thumbnail_px(self) -> int:
        """Return the longest side that a thumbnail has on this screen, pixels."""
        return max(1, round((self._tile.width() - 2 * _MARGIN) * self.devicePixelRatioF()))

    def marked_items(self) -> tuple[DatasetItem, ...]:
        """Return the marked items, in their order."""
        return tuple(self.items.item(row) for row in sorted(index.row() for index in self.selectedIndexes()))

    def mark(self, item_ids: "set[int] | tuple[int, ...]") -> None:
        """Mark these items and no other; those that are not shown are left out."""
        selection = QItemSelection()
        rows = self.items.rows_of(item_ids)
        for row in rows:
            selection.select(self.items.index(row), self.items.index(row))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)
        if rows:
            self.selectionModel().setCurrentIndex(self.items.index(rows[0]), flags.NoUpdate)

    def say_when_empty(self, text: str) -> None:
        """Show these words as long as there are no tiles."""
        self._empty = text
        self.setAccessibleDescription(text)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the tiles; or, without any, what to do next."""
        super().paintEvent(event)
        if not self.items.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(current_theme().colours.muted))
            place = self.viewport().rect().adjusted(*_ROUND_WORDS)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Tiles follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_tiles()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fill the width with whole tiles."""
        self._fit_tiles()
        super().resizeEvent(event)

    def _fit_tiles(self) -> None:
        sizes = current_theme().sizes
        width = round(sizes.tile * _TILE_SHARE)
        room = max(1, self.viewport().width() - 2)
        whole = max(1, room // max(1, width))
        tile = QSize(room // whole, width + round(_foot_height(current_theme())))
        if tile != self._tile:
            self._tile = tile
            self.verticalScrollBar().setSingleStep(max(1, tile.height() // 2))
            self.scheduleDelayedItemsLayout()
            self.items.forget_thumbnails()
            self.tile_changed.emit(self.thumbnail_px)


class _Tile(QStyledItemDelegate):
    """Paints one item."""

    def __init__(self, gallery: Gallery) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._grounds: dict[tuple[Label, str, Verdict | None], QPixmap] = {}
        self._drawn_for: tuple[Theme, int, float] | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """All alike."""
        return self._gallery.tile

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the picture above, the label below and around."""
        item: DatasetItem = index.data(ITEM)
        theme = current_theme()
        place = QRectF(option.rect)
        painter.drawPixmap(place.topLeft(), self._ground(item, theme))
        area = place.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        self._paint_picture(painter, area.adjusted(_FRAME, _FRAME, -_FRAME, -_foot_height(theme)), item)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.colours.accent), 6))
            painter.drawRect(area)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.colours.text), 2, Qt.PenStyle.DotLine))
            painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _ground(self, item: DatasetItem, theme: Theme) -> QPixmap:
        """Return the tile without its picture: there are few different ones, each drawn once."""
        ratio = self._gallery.devicePixelRatioF()
        drawn_for = (theme, self._gallery.tile.width(), ratio)
        if drawn_for != self._drawn_for:
            self._grounds.clear()
            self._drawn_for = drawn_for
        key = (item.label, item.kind, item.verdict if item.disagrees else None)
        if key not in self._grounds:
            self._grounds[key] = _drawn_ground(item, self._gallery.tile, ratio, theme)
        return self._grounds[key]

    def _paint_picture(self, painter: QPainter, place: QRectF, item: DatasetItem) -> None:
        pixmap = self._gallery.items.thumbnail(item)
        if pixmap is None or pixmap.isNull():
            return
        size = pixmap.deviceIndependentSize()
        if size.width() <= place.width() and size.height() <= place.height():
            corner = place.center() - QPointF(size.width() / 2, size.height() / 2)
            painter.drawPixmap(corner.toPoint(), pixmap)
        else:
            paint_whole(painter, place, pixmap.toImage())


def _foot_height(theme: Theme) -> float:
    return theme.sizes.small * 1.75


def _drawn_ground(item: DatasetItem, tile: QSize, ratio: float, theme: Theme) -> QPixmap:
    ground = QPixmap(tile * ratio)
    ground.setDevicePixelRatio(ratio)
    ground.fill(QColor(theme.colours.panel))
    area = QRectF(0, 0, tile.width(), tile.height()).adjusted(_GAP, _GAP, -_GAP, -_GAP)
    painter = QPainter(ground)
    painter.fillRect(area, QColor(theme.colours.picture_ground))
    foot = QRectF(area.left(), area.bottom() - _foot_height(theme), area.width(), _foot_height(theme))
    _paint_frame(painter, area, item, theme)
    _paint_foot(painter, foot, item, theme)  # over the frame, which is thick and would cut the words
    painter.end()
    return ground


def _paint_foot(painter: QPainter, foot: QRectF, item: DatasetItem, theme: Theme) -> None:
    colours = theme.colours.of(_SIGN[item.label])
    painter.fillRect(foot, QColor(colours.fill))
    side = theme.sizes.small * 0.85
    sign = QRectF(foot.left() + side * 0.7, foot.center().y() - side / 2, side, side)
    paint_verdict_icon(painter, sign, _SIGN[item.label], QColor(colours.on_fill))
    font = QFont(FAMILY)
    font.setBold(True)
    font.setPixelSize(theme.sizes.small)
    painter.setFont(font)
    painter.setPen(QColor(colours.on_fill))
    words = foot.adjusted(side * 2.2, 0, -side * 0.4, 0)
    text = {Label.GOOD: "good", Label.DEFECT: item.kind, Label.UNLABELLED: "no label"}[item.label]
    if item.disagrees:
        text += f" \u2260 {item.verdict}"
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(words.width()))
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_frame(painter: QPainter, area: QRectF, item: DatasetItem, theme: Theme) -> None:
    colours = theme.colours.of(_SIGN[item.label])
    style = Qt.PenStyle.DashLine if item.label is Label.UNLABELLED else Qt.PenStyle.SolidLine
    width = 4 if item.label is Label.DEFECT else 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.fill), width, style))
    painter.drawRect(area.adjusted(width / 2, width / 2, -width / 2, -width / 2))
