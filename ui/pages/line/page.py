"""The line's page: which widget goes where. The presenter decides what they show."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.pages.line.alarm_banner import Banner
from ui.pages.line.counters import Counters
from ui.pages.line.feedback_keys import FeedbackKeys, ReasonChooser
from ui.pages.line.filmstrip import Strip
from ui.pages.line.filmstrip_model import StripModel
from ui.pages.line.line_keys import LineKeys
from ui.pages.line.phase_line import PhaseLine
from ui.pages.line.picture_grid import PictureGrid
from ui.pages.line.picture_tools import PictureTools
from ui.pages.line.reason_card import ReasonCard
from ui.pages.line.review_panel import ReviewPanel
from ui.pages.line.verdict_band import VerdictBand
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.quiet_place import QuietPlace
from ui.widgets.sized_page import SizedPage

LEAST_HEIGHT_WITH_COUNTERS = 490
LEAST_HEIGHT_WITH_REJECTS = 640
_ANY_WIDTH = 16_777_215
"""QWIDGETSIZE_MAX of Qt, which its Python binding does not name."""


class LinePage(SizedPage):
    """Verdict across the top, pictures and strip on the left, why and what to do on the right.

    On an upright screen the right column goes below the pictures. Where the height does not suffice, the counters make
    room, so that every key can be reached.
    """

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._page: QVBoxLayout | None = None
        self._some_rejects = False
        self.band = VerdictBand()
        self.phase = PhaseLine()
        self.banner = Banner(actions)
        self.pictures = PictureGrid(actions)
        self.tools = PictureTools(actions, self.pictures)
        self.strip_model = StripModel()
        self.strip = Strip(self.strip_model)
        self.card = ReasonCard()
        self.counters = Counters()
        self.rejects = KeyButton(actions[LineAct.NEXT_REJECT], "strip")
        self.disputes = FeedbackKeys(actions)
        self.reasons = ReasonChooser()
        self.stops = ReasonChooser()
        self.review = ReviewPanel(actions)
        self.line_keys = LineKeys(actions)
        self._lay_out()

    @property
    def back_to_live(self) -> KeyButton:
        """The way back from a past part."""
        return self.pictures.caption.back_to_live

    def show_task(self, task: QWidget) -> None:
        """Bring one of the right column's tasks to the front: everyday, the reason chooser, or the review."""
        self.tasks.setCurrentWidget(task)

    def offer_rejects(self, some: bool) -> None:
        """Show the key for the rejects that nobody has said anything of, if there are some and there is room for it."""
        self._some_rejects = some
        self._show_rejects()

    def _show_rejects(self) -> None:
        between = LEAST_HEIGHT_WITH_COUNTERS <= self.height() < LEAST_HEIGHT_WITH_REJECTS
        self.rejects.setVisible(self._some_rejects and not between)  # below, the counters leave it their room

    def fit_sizes(self) -> None:
        """Apply the widths and gaps of the present theme."""
        if self._page is None:
            return
        sizes = current_theme().sizes
        upright = self.height() > self.width()
        self._body.setDirection(QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight)
        self._side_place.setMinimumWidth(0 if upright else sizes.side)
        self._side_place.setMaximumWidth(_ANY_WIDTH if upright else sizes.side)
        self.tools.setFixedWidth(sizes.tools)
        self.banner.fit_width()
        self.card.setFixedHeight(sizes.crop + 2 * sizes.gap + 2)
        self.rejects.setFixedHeight(sizes.live_strip - 6)
        for layout in (self._page, self._body, self._left, self._right):
            layout.setSpacing(sizes.gap)
        self._page.setContentsMargins(*[sizes.gap] * 4)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Turn with the screen, and drop the counters if the keys need their room."""
        super().resizeEvent(event)
        self.fit_sizes()
        self.counters.setVisible(self.height() >= LEAST_HEIGHT_WITH_COUNTERS)
        self._show_rejects()

    def _lay_out(self) -> None:
        self.everyday = _column(self.disputes, self.rejects, self.counters)
        self.tasks = QStackedWidget()
        for task in (self.everyday, self.reasons, self.stops, self.review):
            self.tasks.addWidget(task)
        self.tasks.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.side = QFrame()
        self._right = QVBoxLayout(self.side)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.addWidget(self.card)
        self._right.addWidget(self.tasks, 1)
        self._right.addWidget(self.line_keys)
        self._side_place = QuietPlace(self.side)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.addLayout(self._lay_out_left(), 1)
        self._body.addWidget(self._side_place)
        self._page = QVBoxLayout(self)
        self._page.addWidget(_of_fixed_height(self.band))
        self._page.addLayout(self._body, 1)
        self.fit_sizes()

    def _lay_out_left(self) -> QVBoxLayout:
        # Parts are rarely as wide as this place, so the alarm banner takes width, and the picture keeps its height.
        picture = QHBoxLayout()
        picture.setSpacing(6)
        picture.addWidget(self.tools)
        picture.addWidget(self.pictures, 1)
        picture.addWidget(self.banner)
        self._left = QVBoxLayout()
        self._left.addWidget(self.phase)
        self._left.addLayout(picture, 1)
        self._left.addWidget(self.strip)
        return self._left


def _of_fixed_height(widget: QWidget) -> QuietPlace:
    place = QuietPlace(widget)
    place.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return place


def _column(*widgets: QWidget) -> QWidget:
    """The widgets below each other; the last takes the room that is left."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(current_theme().sizes.gap)
    for widget in widgets:
        layout.addWidget(widget, int(widget is widgets[-1]))
    return column
