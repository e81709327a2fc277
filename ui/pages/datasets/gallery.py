"""The gallery: a grid of thumbnails that scrolls many thousands, several of which can be marked at once."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from station.domain.dataset import DatasetItem, Label
from station.domain.verdict import Verdict
from ui.pages.datasets.gallery_model import ITEM, GalleryModel, Index
from ui.theme.theme import FAMILY, Theme, current_theme
from ui.theme.verdict_icons import paint_verdict_icon

_TILE_SHARE = 1.35
"""A tile is this many times as wide as one in the strip of parts."""
_ROUND_WORDS = (24, 24, -24, -24)
_SIGN = {Label.GOOD: Verdict.PASS, Label.DEFECT: Verdict.FAIL, Label.UNLABELLED: Verdict.NOT_INSPECTED}
"""The shape and colour of a label are those of the verdict that means the same."""


class Gallery(QListView):
    """Items as tiles; arrows, Shift and Ctrl mark as in every list, and a double touch opens.

    Signals:
        marked: The marked items changed.
        opened: The number of an item that was touched twice, or Enter was pressed on.
    """

    marked = Signal()
    opened = Signal(int)

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
        self.selectionModel().selectionChanged.connect(self.marked)
        self.activated.connect(lambda index: self.opened.emit(self.items.item(index.row()).item_id))

    @property
    def tile(self) -> QSize:
        """Return the size of a tile: the theme's, and as much wider as it takes that no room is left."""
        return self._tile

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
        tile = QSize(room // whole, width + round(sizes.small * 1.75))
        if tile != self._tile:
            self._tile = tile
            self.verticalScrollBar().setSingleStep(max(1, tile.height() // 2))
            self.scheduleDelayedItemsLayout()


class _Tile(QStyledItemDelegate):
    """Paints one item."""

    def __init__(self, gallery: Gallery) -> None:
        super().__init__(gallery)
        self._gallery = gallery

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """All alike."""
        return self._gallery.tile

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the picture above, the label below and around."""
        item: DatasetItem = index.data(ITEM)
        theme = current_theme()
        area = QRectF(option.rect).adjusted(3, 3, -3, -3)
        foot_height = theme.sizes.small * 1.75
        foot = QRectF(area.left(), area.bottom() - foot_height, area.width(), foot_height)
        painter.save()
        painter.fillRect(area, QColor(theme.colours.picture_ground))
        self._paint_picture(painter, area.adjusted(4, 4, -4, -foot_height), item)
        _paint_foot(painter, foot, item, theme)
        _paint_frame(painter, area, item, theme)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.colours.accent), 6))
            painter.drawRect(area)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.colours.text), 2, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(option.rect).adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRectF, item: DatasetItem) -> None:
        pixmap = self._gallery.items.thumbnail(item.item_id)
        if pixmap is None or pixmap.isNull():
            return
        size = pixmap.size().toSizeF().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


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
