"""The line in one strip under the header, on every page that does not show the line itself."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from station.domain.formatting import counted, number
from station.domain.verdict import Verdict
from ui.background.line_status import LineStatus
from ui.background.timers import repeating_timer
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.theme.verdict_icons import VerdictIcon
from ui.widgets.key_button import KeyButton
from ui.widgets.live_notice import NO_LIVE_IMAGE
from ui.widgets.panel import label
from ui.widgets.pulse import Pulse
from ui.widgets.text.fitted_text import ElidedLine

UNKNOWN = "LINE STATE UNKNOWN"
NOT_COUNTED = "\N{EN DASH}"
NO_VERDICT = "No current verdict"
_CLOCK_MS = 300
_OUTDATED_AFTER_S = 2.0


class LiveStrip(QFrame):
    """Shows the newest verdict, what the line does, open reviews, fails in a row and alarms, and leads to the line.

    A status that was not renewed for two seconds is not shown any more: the strip then says that it knows nothing.

    Args:
        show_line: The action of the key that leads to the line.
        show_alarms: The action of the key that says how many alarms there are.
        clock: Returns seconds.
    """

    def __init__(self, show_line: QAction, show_alarms: QAction, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.setObjectName("live_strip")
        self._clock = clock
        self._status: LineStatus | None = None
        self._received_s = 0.0
        self._lit = False
        self._plate = _VerdictPlate()
        self._pulse = Pulse()
        self._state = ElidedLine()
        self._state.setProperty("role", "strong")
        self._reviews, self._fails, self._alarms = label(), label(), QPushButton()
        self._reviews.setObjectName("reviews")
        self._alarms.setObjectName("alarms")
        self._alarms.setAccessibleName("Alarms")
        self._alarms.setToolTip(show_alarms.toolTip())
        self._alarms.clicked.connect(show_alarms.trigger)
        self._lay_out(KeyButton(show_line, "strip"))
        self._timer = repeating_timer(self, _CLOCK_MS, self._tick)
        self._timer.start()
        self._show(None)

    @property
    def words(self) -> tuple[str, str, str, str]:
        """Verdict, state, fails in a row and alarms, as people read them."""
        return self._plate.word.text(), self._state.text(), self._fails.text(), self._alarms.text()

    @property
    def review_words(self) -> str:
        """How many parts wait for a review; empty if none does."""
        return self._reviews.text()

    def show_status(self, status: LineStatus) -> None:
        """Show what the line does now."""
        self._received_s = self._clock()
        if status != self._status:
            self._show(status)

    def close_clock(self) -> None:
        """Stop the strip's clock; called when the window goes."""
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the size of the window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_sizes()

    def _tick(self) -> None:
        self._pulse.update()
        if self._status is not None and self._clock() - self._received_s > _OUTDATED_AFTER_S:
            self._show(None)
        self._blink()

    def _blink(self) -> None:
        """Blink while an alarm waits to be acknowledged."""
        lit = not self._lit and self._status is not None and self._status.alarms > 0
        if lit != self._lit:
            self._lit = lit
            restyle(self._alarms, "lit", lit)

    def _show(self, status: LineStatus | None) -> None:
        self._status = status
        self._pulse.state = None if status is None else status.state
        self._pulse.stale = status is not None and status.stale
        self._plate.show_verdict(None if status is None else status.verdict)
        self._state.setText(_state_words(status))
        self._show_reviews(0 if status is None else status.reviews)
        self._fails.setText(_fails_words(status))
        self._alarms.setText("" if status is None else _alarm_words(status))
        restyle(self._state, "troubled", status is None or status.stale or status.state.troubled)
        self._alarms.setEnabled(status is not None)
        restyle(self._alarms, "alarm", status is not None and status.alarms + status.seen_alarms > 0)

    def _show_reviews(self, count: int) -> None:
        self._reviews.setText(counted(count, "open review") if count else "")
        self._reviews.setVisible(count > 0)

    def _lay_out(self, line_key: KeyButton) -> None:
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._plate)
        self._row.addWidget(self._pulse)
        self._row.addWidget(self._state, 1)
        self._row.addWidget(self._reviews)
        self._row.addWidget(self._fails)
        self._row.addWidget(self._alarms)
        self._row.addWidget(line_key)
        self._line_key = line_key
        self._fit_sizes()

    def _fit_sizes(self) -> None:
        sizes = current_theme().sizes
        self.setFixedHeight(sizes.live_strip)
        self._row.setContentsMargins(sizes.gap, 3, sizes.gap, 3)
        self._row.setSpacing(sizes.gap)
        self._line_key.setFixedSize(2 * sizes.key, sizes.live_strip - 6)
        self._plate.fit_sizes()


class _VerdictPlate(QFrame):
    """The verdict in its colour, with its sign; a plain plate while no verdict is current."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("live_verdict")
        self.word: QLabel = label(NO_VERDICT, "strong")
        self._sign = VerdictIcon(None, current_theme().sizes.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.addWidget(self._sign)
        row.addWidget(self.word)

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Show this verdict, or that none is current."""
        self._sign.show_verdict(verdict, current_theme().sizes.text)
        self.word.setText(NO_VERDICT if verdict is None else verdict.word)
        restyle(self, "verdict", "" if verdict is None else verdict.value)

    def fit_sizes(self) -> None:
        """Apply the sizes of the present theme."""
        self.setMinimumWidth(2 * current_theme().sizes.rail)
        self._sign.show_verdict(self._sign.verdict, current_theme().sizes.text)


def _state_words(status: LineStatus | None) -> str:
    if status is None:
        return UNKNOWN
    return NO_LIVE_IMAGE if status.stale else status.phase or status.state.value


def _fails_words(status: LineStatus | None) -> str:
    if status is None:
        return ""
    count = status.fails_in_a_row
    return f"{NOT_COUNTED} fails in a row" if count is None else f"{counted(count, 'fail')} in a row"


def _alarm_words(status: LineStatus) -> str:
    alarms = (
        counted(status.alarms, "alarm") if status.alarms else "No new alarms" if status.seen_alarms else "No alarms"
    )
    seen = f"{number(status.seen_alarms)} seen" if status.seen_alarms else ""
    return ", ".join(filter(None, (alarms, seen, counted(status.messages, "message") if status.messages else "")))
