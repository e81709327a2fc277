"""The parts that get another verdict, each with its picture, before anything is saved."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from station.domain.formatting import score
from station.domain.limit_bench.flips import Flip
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD
from station.domain.part_images import ViewResult
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.graphic import Graphic
from ui.widgets.panel import Panel, empty
from ui.widgets.text.fitted_text import ElidedLine

_LABELS = {GOOD: "good: ", DEFECT: "defect: "}
_WIDTH_SHARE = 1.6
"""Of a tile of the line's strip."""
_ARROW = "\u2192"


class FlipTile(Panel):
    """One part: its picture with the places that count, the two verdicts, and its score."""

    def __init__(self, flip: Flip) -> None:
        super().__init__()
        self.flip = flip
        self.picture = _Picture()
        picture, name = flip.picture, _name_of(flip)
        self.picture.setAccessibleName(f"Picture of {name}")
        verdict, words = ElidedLine(), ElidedLine()
        for line, text in (
            (verdict, f"{flip.before.word} {_ARROW} {flip.after.word}  {score(picture.score)}"),
            (words, f"{_LABELS.get(picture.label, '')}{name}"),
        ):
            line.setText(text)
            line.setProperty("role", "small")
        verdict.setProperty("verdict", flip.after.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 2)
        column.setSpacing(0)
        column.addWidget(self.picture, 1)
        column.addWidget(verdict)
        column.addWidget(words)
        self.setToolTip(in_a_hint(picture.name or name))
        self.fit_sizes()

    def fit_sizes(self) -> None:
        """Apply the width of the present theme."""
        self.setFixedWidth(round(_WIDTH_SHARE * current_theme().sizes.tile))

    def show_picture(self, image: QImage | None, judged: ViewResult | None) -> None:
        """Show its picture; None if none was kept. Without a stored map it is not judged again."""
        self.picture.show_image(image, judged)
        if judged is not None:
            self.setToolTip(
                in_a_hint(f"With these limits: {judged.inspection.verdict.word}, {judged.inspection.reason}")
            )


class FlipTiles(QScrollArea):
    """A row of tiles that scrolls sideways."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[FlipTile] = []
        self._inside = QWidget()
        self._row = QHBoxLayout(self._inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Parts that get another verdict")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.fit_sizes()

    def show_flips(self, flips: Sequence[Flip]) -> None:
        """Show these parts, as yet without pictures."""
        empty(self._row)
        self.tiles = [FlipTile(flip) for flip in flips]
        for tile in self.tiles:
            self._row.addWidget(tile)
        self._row.addStretch(1)

    def fit_sizes(self) -> None:
        """Apply the height of the present theme."""
        self.setFixedHeight(round(1.4 * current_theme().sizes.strip))
        for tile in self.tiles:
            tile.fit_sizes()
        self._row.setSpacing(current_theme().sizes.gap // 2)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_row"):
            self.fit_sizes()


def _name_of(flip: Flip) -> str:
    key = flip.picture.key
    return f"part {key.label}" if key else flip.picture.name.rpartition("/")[2]


class _Picture(Graphic):
    """A small picture with the places that count, by the new limits."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._judged: ViewResult | None = None
        self._said = "\u2026"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage | None, judged: ViewResult | None) -> None:
        self._image, self._judged = image, judged
        self._said = "" if image else "no picture kept"
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter, colours = QPainter(self), current_theme().colours
        painter.fillRect(self.rect(), QColor(colours.picture_ground))
        if self._image is None:
            painter.setPen(QColor(colours.field))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._said)
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = _centred(size, self.size())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        self._paint_regions(painter, place)

    def _paint_regions(self, painter: QPainter, place: QRectF) -> None:
        if self._judged is None or not self._judged.inspection.width:
            return
        scale = place.width() / self._judged.inspection.width
        for colour, width in ((Qt.GlobalColor.black, 3), (Qt.GlobalColor.white, 1)):
            painter.setPen(QPen(colour, width))
            for region in self._judged.inspection.regions:
                corner = place.left() + region.x * scale, place.top() + region.y * scale
                painter.drawRect(QRectF(*corner, region.w * scale, region.h * scale))


def _centred(size: QSize, room: QSize) -> QRectF:
    return QRectF((room.width() - size.width()) / 2, (room.height() - size.height()) / 2, size.width(), size.height())
