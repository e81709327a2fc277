"""What the line is doing, as the band says it, with a slow pulse: a still dot means a frozen screen."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.domain.messages import LineState
from ui.theme.plain_text import in_a_hint
from ui.widgets.live_notice import NO_LIVE_IMAGE
from ui.widgets.panel import label
from ui.widgets.pulse import Pulse
from ui.widgets.text.fitted_text import ElidedLine


class PhaseLine(QWidget):
    """Dot, state and why on the left; pace and age of the picture on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._dot = Pulse()
        self._state = label("STOPPED", "strong")
        self._why = ElidedLine()
        self._why.setProperty("role", "muted")
        self._figures = label("", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self._dot)
        row.addWidget(self._state)
        row.addWidget(self._why, 1)
        row.addWidget(self._figures)

    @property
    def text(self) -> str:
        """The state as people read it."""
        return self._state.text()

    @property
    def why(self) -> str:
        """Why the line is in this state."""
        return self._why.text()

    def show_state(self, state: LineState, words: str, why: str, *, stale: bool) -> None:
        """The line is doing this now, in these words; `stale` where it inspects and no part comes."""
        self._dot.state, self._dot.stale = state, stale
        self._state.setText(NO_LIVE_IMAGE if stale else words)
        self._why.setText(why)
        self._why.setToolTip(in_a_hint(why))

    def show_figures(self, text: str) -> None:
        """Rate and age; they make room for what a person should do."""
        text = "" if self.why else text
        if text != self._figures.text():
            self._figures.setText(text)

    @property
    def figures(self) -> str:
        """Rate and age, as far as there is room."""
        return self._figures.text()

    @property
    def dot_colour(self) -> QColor:
        """Calm while parts are inspected, alarming in trouble, grey at rest."""
        return self._dot.colour

    def beat(self) -> None:
        """Move the pulse on; called by the page's clock."""
        self._dot.update()
