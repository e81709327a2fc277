"""The strip of recent parts: each with picture, shape, word, colour and frame; touch one to see it as it was."""

from collections import OrderedDict

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from station.domain.inspection import Inspection, PartKey
from station.domain.verdict import Verdict
from ui.background.at_most import AtMost
from ui.pages.line.filmstrip_model import INSPECTION, StripModel
from ui.theme.theme import FAMILY, Theme, current_theme
from ui.theme.verdict_icons import hatch, paint_verdict_icon
from ui.widgets.whole_picture import paint_whole

SHORT = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.REVIEW: "review", Verdict.NOT_INSPECTED: "not insp."}
"""The verdicts in a tile's width."""


_KEPT_TILES = 80
"""More than a wide screen shows; a tile takes some 40 kB."""


class Strip(QListView):
    """Newest at the left; the parts under a finger stay there while new ones come.

    Parts that come within a tenth of a second are added together: nobody follows more, and each addition moves all.
    """

    part_chosen = Signal(object)

    def __init__(self, model: StripModel) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName("Recent parts")
        self._parts = model
        self._quiet = False
        self._tile = 0
        self._coming: list[Inspection] = []
        self._together = AtMost(self, self.add_coming)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(PartTile(self))
        self.setModel(model)
        self.selectionModel().currentChanged.connect(self._tell)

    @property
    def tile_width(self) -> int:
        """Width of one part: the theme's, and as much more as it takes that the last tile is not cut."""
        return max(self._tile, 1)

    def add(self, part: Inspection) -> None:
        """A new part came."""
        self._coming.append(part)
        self._together.ask()

    def add_coming(self) -> None:
        """Add at once what waits to be added."""
        if not self._coming:
            return
        coming, self._coming = self._coming, []
        bar = self.horizontalScrollBar()
        place, before = bar.value(), self._parts.rowCount()
        self._quiet = True
        self._parts.add(*coming)
        self._quiet = False
        if place > 0:
            self.doItemsLayout()
            bar.setValue(place + self.tile_width * max(len(coming), self._parts.rowCount() - before))

    def close_clocks(self) -> None:
        """Add nothing more."""
        self._together.close()
        self._parts.close_clock()

    def step(self, by: int) -> None:
        """Choose the part this many places further; from the live picture, the newest."""
        self.add_coming()
        current = self.currentIndex()
        row = max(0, current.row() + by) if current.isValid() else 0
        if self._parts.part(row) is not None:
            self.setCurrentIndex(self._parts.index(row))

    def choose(self, key: PartKey) -> None:
        """Choose this part as if it had been touched."""
        self.add_coming()
        row = self._parts.row_of(key)
        if row is not None:
            self.setCurrentIndex(self._parts.index(row))

    def let_go(self) -> None:
        """Choose none."""
        self._quiet = True
        self.setCurrentIndex(QModelIndex())
        self.clearSelection()
        self.horizontalScrollBar().setValue(0)
        self._quiet = False

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Tiles follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_tiles()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show whole tiles only."""
        super().resizeEvent(event)
        self._fit_tiles()

    def _fit_tiles(self) -> None:
        margins = self.viewportMargins()
        room = self.viewport().width() + margins.right()
        count = max(1, room // current_theme().sizes.tile)
        left_over = room % count
        if self._tile != room // count or margins.right() != left_over:
            self._tile = room // count
            self.setViewportMargins(0, 0, left_over, 0)
            self.doItemsLayout()
        QTimer.singleShot(0, self, self._keep_chosen_visible)

    def _keep_chosen_visible(self) -> None:
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _tell(self, index: QModelIndex) -> None:
        part = self._parts.part(index.row())
        if part is not None and not self._quiet:
            self.part_chosen.emit(part.key)


class PartTile(QStyledItemDelegate):
    """Paints one part of the strip, and keeps the tiles: each new part moves all, and changes none."""

    def __init__(self, strip: Strip) -> None:
        super().__init__(strip)
        self._strip = strip
        self._tiles: OrderedDict[object, QPixmap] = OrderedDict()
        self._theme: Theme | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """All alike."""
        return QSize(self._strip.tile_width, current_theme().sizes.strip - 12)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Picture above, word below, frame around."""
        part: Inspection = index.data(INSPECTION)
        image: QImage | None = index.data(Qt.ItemDataRole.DecorationRole)
        ratio, size = painter.device().devicePixelRatioF(), option.rect.size()
        if self._theme is not current_theme():
            self._theme = current_theme()
            self._tiles.clear()
        kind = part.verdict, image.cacheKey() if image else None, size.toTuple(), ratio
        tile = self._tiles.pop(kind, None) or _tile(part.verdict, image, size, ratio)
        self._tiles[kind] = tile
        if len(self._tiles) > _KEPT_TILES:
            self._tiles.popitem(last=False)
        painter.drawPixmap(option.rect.topLeft(), tile)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.save()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(current_theme().colours.accent), 5))
            painter.drawRect(QRectF(option.rect).adjusted(3, 3, -3, -3))
            painter.restore()


def _tile(verdict: Verdict, image: QImage | None, size: QSize, ratio: float) -> QPixmap:
    tile = QPixmap(size * ratio)
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    area = QRectF(QPointF(), size).adjusted(2, 2, -2, -2)
    foot_height = current_theme().sizes.small * 1.75
    picture = area.adjusted(3, 3, -3, -foot_height)
    foot = QRectF(area.left(), area.bottom() - foot_height, area.width(), foot_height)
    painter = QPainter(tile)
    painter.fillRect(area, QColor(current_theme().colours.picture_ground))
    _paint_thumbnail(painter, picture, image, verdict)
    _paint_foot(painter, foot, verdict, current_theme())
    _paint_frame(painter, area, verdict, current_theme())
    painter.end()
    return tile


def _paint_thumbnail(painter: QPainter, place: QRectF, image: QImage | None, verdict: Verdict) -> None:
    """The picture; none while it is still coming, and hatched where the part was not inspected."""
    if image is not None:
        paint_whole(painter, place, image)
    elif verdict is Verdict.NOT_INSPECTED:
        hatch(painter, place, QColor(255, 255, 255, 60), 12)


def _paint_foot(painter: QPainter, foot: QRectF, verdict: Verdict, apply_theme: Theme) -> None:
    colours = apply_theme.colours.of(verdict)
    painter.fillRect(foot, QColor(colours.fill))
    side = apply_theme.sizes.small * 0.85
    sign = QRectF(foot.left() + side * 0.7, foot.center().y() - side / 2, side, side)
    paint_verdict_icon(painter, sign, verdict, QColor(colours.on_fill))
    font = QFont(FAMILY)
    font.setBold(True)
    font.setPixelSize(apply_theme.sizes.small)
    painter.setFont(font)
    painter.setPen(QColor(colours.on_fill))
    words = foot.adjusted(side * 2.2, 0, 0, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, SHORT[verdict])


def _paint_frame(painter: QPainter, area: QRectF, verdict: Verdict, apply_theme: Theme) -> None:
    colours = apply_theme.colours.of(verdict)
    style = Qt.PenStyle.DashLine if verdict is Verdict.REVIEW else Qt.PenStyle.SolidLine
    width = 4 if verdict is Verdict.FAIL else 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.fill), width, style))
    painter.drawRect(area.adjusted(width / 2, width / 2, -width / 2, -width / 2))
