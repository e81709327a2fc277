"""Parts that would get another verdict, each with its picture, before anything is changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from station.domain.part_images import ViewResult
from station.domain.verdict import Verdict
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.graphic import Graphic
from ui.widgets.panel import Panel, empty
from ui.widgets.text.fitted_text import ElidedLine

_WIDTH_SHARE = 1.6
"""Of a tile of the line's strip."""


@dataclass(frozen=True, slots=True)
class TileWords:
    """What a tile says.

    Attributes:
        verdict: The verdict that it would get; the tile wears its colour.
        turn: Both verdicts: "FAIL \u2192 PASS".
        name: Of the part or picture: "part 0412".
        known: What is known of it, before its name: "defect: "; "" if nothing.
        hint: The whole name.
    """

    verdict: Verdict
    turn: str
    name: str
    known: str = ""
    hint: str = ""


def turn_words(before: Verdict, after: Verdict) -> str:
    """Return both verdicts: "FAIL \u2192 PASS"."""
    return f"{before.word} \u2192 {after.word}"


class FlipTile(Panel):
    """One part: its picture with the places that count, and the two verdicts."""

    def __init__(self, said: TileWords) -> None:
        super().__init__()
        self.said = said
        self.picture = _Picture()
        self.picture.setAccessibleName(f"Picture of {said.name}")
        verdict, words = ElidedLine(), ElidedLine()
        for line, text in ((verdict, said.turn), (words, f"{said.known}{said.name}")):
            line.setText(text)
            line.setProperty("role", "small")
        verdict.setProperty("verdict", said.verdict.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 2)
        column.setSpacing(0)
        column.addWidget(self.picture, 1)
        column.addWidget(verdict)
        column.addWidget(words)
        self.setToolTip(in_a_hint(said.hint or said.name))
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

    def show_flips(self, flips: Sequence[TileWords]) -> None:
        """Show these parts, as yet without pictures."""
        empty(self._row)
        self.tiles = [FlipTile(said) for said in flips]
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
