"""What is painted over a picture: outlines, boxes, and large words when it is not live."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTransform

from station.domain.inspection import ViewInspection
from station.domain.verdict import Verdict
from ui.theme.theme import FAMILY, current_theme
from ui.theme.verdict_icons import hatch
from ui.widgets.live_notice import Notice

SIMULATED = "SIMULATED \u2013 drawn parts, no camera"
RELATIVE = "colours relative to this part, not to the limit"
_SIMULATED_GROUND = QColor("#FFE95C")
_HALO = QColor(0, 0, 0, 150)
_MARK_ON_PICTURE = {Verdict.FAIL: QColor("#FF5A2B"), Verdict.REVIEW: QColor("#FFB21A")}
_QUIET_MARK = QColor("#FFFFFF")
_BOX_MARGIN = 10
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_NARROW, _TALL = 14, 10_000


def paint_outline(painter: QPainter, outline: QPainterPath) -> None:
    """Contours at the limit, light on a dark halo so that they show on any picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_HALO, 3.5), (QColor("#FFFFFF"), 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawPath(outline)


def paint_regions(painter: QPainter, transform: QTransform, view: ViewInspection) -> None:
    """A box around each place, with room, so that it is found from afar."""
    colour = _MARK_ON_PICTURE.get(view.verdict, _QUIET_MARK)
    style = Qt.PenStyle.DashLine if view.verdict is Verdict.REVIEW else Qt.PenStyle.SolidLine
    thickness = 3 if view.verdict in _MARK_ON_PICTURE else 1.5
    for region in view.regions:
        place = transform.mapRect(QRectF(region.x, region.y, region.w, region.h))
        box = place.adjusted(-_BOX_MARGIN, -_BOX_MARGIN, _BOX_MARGIN, _BOX_MARGIN)
        for pen in (QPen(_HALO, thickness + 3), QPen(colour, thickness, style)):
            painter.setPen(pen)
            painter.drawRoundedRect(box, 3, 3)


def paint_notice(painter: QPainter, area: QRectF, notice: Notice) -> None:
    """Veil and hatching over the picture, and large what is the matter."""
    if not notice.loud:
        _paint_tab(
            painter,
            area,
            notice.title,
            QColor(current_theme().colours.strong),
            QColor(current_theme().colours.on_strong),
        )
        return
    painter.fillRect(area, QColor(0, 0, 0, 110))
    hatch(painter, area, QColor(255, 255, 255, 46), 34)
    paint_message(painter, area, notice.title, notice.text)


def paint_small_only(painter: QPainter, area: QRectF, why: str) -> None:
    """Say that the picture was kept small, so that nobody takes its blur for the part's; and why, if that is known."""
    colours = current_theme().colours
    words = f"small picture only: {why}" if why else "small picture only"
    _paint_tab(painter, area, words, QColor(colours.strong), QColor(colours.on_strong))


def paint_relative(painter: QPainter, area: QRectF) -> None:
    """Say in the upper right corner that the colours are this part's own: a good part has a brightest place too."""
    colours = current_theme().colours
    _paint_tab(painter, area, RELATIVE, QColor(colours.strong), QColor(colours.on_strong), right=True)


def paint_simulated(painter: QPainter, area: QRectF) -> None:
    """A band across the lower edge: this picture is drawn, and its verdict is about no real part."""
    sizes = current_theme().sizes
    font = fitted_font(SIMULATED, sizes.title, area.width() * 0.9)
    height = QFontMetricsF(font).height() * 1.2
    band = QRectF(area.left(), area.bottom() - height, area.width(), height)
    painter.fillRect(band, _SIMULATED_GROUND)
    painter.setFont(font)
    painter.setPen(QColor("#000000"))
    painter.drawText(band, Qt.AlignmentFlag.AlignCenter, SIMULATED)


def paint_no_picture(painter: QPainter, area: QRectF, reason: str) -> None:
    """A part without a picture: hatched grey, and why."""
    hatch(painter, area, QColor(255, 255, 255, 40), 34)
    paint_message(painter, area, "NO PICTURE", reason)


def paint_message(painter: QPainter, area: QRectF, title: str, text: str = "") -> None:
    """A large line in the middle, and a sentence under it, on a dark plate."""
    sizes = current_theme().sizes
    room = area.width() * 0.9
    title_font = fitted_font(title, sizes.title * 1.9, room)
    text_font, text_size = _sentence(text, room)
    title_height = QFontMetricsF(title_font).height()
    widest = max(_advance(title_font, title), text_size.width())
    plate = QRectF(0, 0, widest + 2 * sizes.title, title_height + text_size.height() + sizes.title)
    plate.moveCenter(area.center())
    if title:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(16, 18, 20, 215))
        painter.drawRoundedRect(plate, sizes.radius, sizes.radius)
    inner = plate.adjusted(0, sizes.title / 2, 0, -sizes.title / 2)
    painter.setPen(QColor("#FFFFFF"))
    painter.setFont(title_font)
    painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, title)
    words = QRectF(QPointF(), text_size)
    words.moveCenter(QPointF(inner.center().x(), inner.bottom() - text_size.height() / 2))
    painter.setFont(text_font)
    painter.drawText(words, int(_WRAPPED), text)


def paint_focus(painter: QPainter, area: QRectF) -> None:
    """Show that the keys go here."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(current_theme().colours.accent), 2))
    painter.drawRect(area.adjusted(1, 1, -1, -1))


def fitted_font(text: str, pixels: float, room: float, *, bold: bool = True) -> QFont:
    """A font of this size, or smaller where the text would not fit."""
    font = QFont(FAMILY)
    font.setBold(bold)
    font.setPixelSize(max(8, round(pixels)))
    advance = _advance(font, text)
    if advance > room:
        font.setPixelSize(max(8, int(pixels * room / advance)))
    return font


def _paint_tab(
    painter: QPainter, area: QRectF, label: str, ground: QColor, ink: QColor, *, right: bool = False
) -> None:
    sizes = current_theme().sizes
    font = fitted_font(label, sizes.large, area.width() * 0.9)
    tab = QRectF(area.topLeft(), QPointF(area.left() + _advance(font, label) + 2 * sizes.large, area.top()))
    tab.setHeight(QFontMetricsF(font).height() + sizes.large * 0.6)
    if right:
        tab.moveRight(area.right())
    painter.fillRect(tab, ground)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(tab, Qt.AlignmentFlag.AlignCenter, label)


def _sentence(text: str, room: float) -> tuple[QFont, QSizeF]:
    """A font for a sentence and what it takes: one line where it fits, else several smaller ones."""
    sizes = current_theme().sizes
    font = fitted_font("", sizes.large, room, bold=False)
    if not text:
        return font, QSizeF()
    if _advance(font, text) > room:
        font.setPixelSize(sizes.text if room > _NARROW * sizes.text else sizes.small)
    size = QFontMetricsF(font).boundingRect(QRectF(0, 0, room, _TALL), int(_WRAPPED), text).size()
    return font, size + QSizeF(1, 0)


def _advance(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)
