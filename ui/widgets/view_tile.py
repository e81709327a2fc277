"""One camera's picture with its name and verdict, framed by the verdict; alone, the bare picture."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from station.domain.verdict import Verdict
from ui.background.rendered_part import RenderedView
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import ImageCanvas
from ui.widgets.live_notice import Notice
from ui.widgets.tile_layout import on_points
from ui.widgets.view_head import Said, ViewHead

_THIN = 3


class ViewTile(QWidget):
    """Shows one view of a part.

    Attributes:
        name: The view's.
        canvas: Its picture.
        head: Its words; hidden where the part has one view only.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.head = ViewHead(name)
        self.canvas = ImageCanvas(f"Picture of the part, {name}" if name else "Picture of the part")
        for each in (self.head, self.canvas):
            each.setParent(self)
        self._decides = False

    @property
    def verdict(self) -> Verdict | None:
        """What may be said of this view: nothing if its picture is not live or the line rests."""
        picture, notice = self.canvas.rendered, self.canvas.notice
        if picture is None or (notice is not None and (picture.levels or not notice.loud)):
            return None
        return picture.inspection.verdict

    @property
    def decides(self) -> bool:
        """This view made the part what it is."""
        return self._decides and self.verdict not in (None, Verdict.PASS)

    @property
    def said(self) -> Said:
        """The words of the head."""
        notice = self.canvas.notice
        if notice is None:
            return Said(self.verdict)
        return Said(self.verdict, "" if notice.loud else notice.title, unknown=notice.loud)

    def show_picture(self, picture: RenderedView | None, *, decides: bool = False) -> None:
        """Show this view of a part; `decides` where it is the one that made its verdict."""
        self._decides = decides
        self.canvas.show_picture(picture)
        self._follow()

    def set_notice(self, notice: Notice | None) -> None:
        """Say that the picture is not live, or that it is again."""
        if notice != self.canvas.notice:
            self.canvas.set_notice(notice)
            self._follow()

    def place(self, head: QRectF, picture: QRectF) -> None:
        """Where the words and the picture lie in this tile; no words where their place is empty."""
        self.head.setVisible(not head.isEmpty())
        self.head.setGeometry(on_points(head))
        self.canvas.setGeometry(on_points(picture))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The frame: thick where this view decides, dashed around a REVIEW."""
        if self.verdict is None or self.head.isHidden():
            return
        colours = current_theme().colours.of(self.verdict)
        painter = QPainter(self)
        self._paint_frame(painter, colours.fill, Qt.PenStyle.SolidLine)
        if self.verdict is Verdict.REVIEW:
            self._paint_frame(painter, colours.frame, Qt.PenStyle.DashLine)

    def _paint_frame(self, painter: QPainter, colour: str, style: Qt.PenStyle) -> None:
        width = current_theme().sizes.frame if self.decides else _THIN
        pen = QPen(QColor(colour), width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
        inset = current_theme().sizes.frame - width / 2
        painter.setPen(pen)
        painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))

    def _follow(self) -> None:
        self.head.show_said(self.said)
        self.update()
