"""The challenge page: what is due, the parts with their results, the picture, and the suspects."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.challenge.actions import ChallengeAct
from ui.pages.challenge.place_canvas import PlaceCanvas
from ui.pages.challenge.shown_challenge import HEADINGS, ChallengeView
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.table import Table
from ui.widgets.text.fitted_text import heading

_NO_PICTURE = "The picture of a challenge part appears here after its check."


class ChallengePage(QWidget):
    """Widgets only.

    Signals:
        part_marked: The row of a challenge part; -1 for none.
    """

    part_marked = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.title = heading("Challenge parts")
        self.says = label("", "large", wrap=True)
        self.more = label("", "muted", wrap=True)
        self.parts = Table("Challenge parts", HEADINGS, wraps=True, chooses=True, named=True)
        self.parts.row_chosen.connect(self.part_marked)
        self.picture = PlaceCanvas("Picture of the challenge part")
        self.picture.set_empty_text(_NO_PICTURE)
        for taking in (self.parts, self.picture):
            taking.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.caption = label("", "strong", wrap=True)
        self.suspects = label("", "strong", wrap=True)
        self._suspects_row = QWidget()
        self._lay_out()

    def show_view(self, view: ChallengeView) -> None:
        """Show this."""
        self.title.setText(f"Challenge parts of {view.title}" if view.title else "Challenge parts")
        self.says.setText(view.says)
        restyle(self.says, "troubled", view.bad)
        self.more.setText(view.more)
        self.more.setVisible(bool(view.more))
        self.parts.show_rows(view.rows)
        self.caption.setText(view.picture.words if view.picture else "")
        self.picture.show_places(*(view.picture.expected, view.picture.found) if view.picture else (None, None))
        self.suspects.setText(view.suspects)
        self._suspects_row.setVisible(bool(view.suspects))
        for act in ChallengeAct:
            self._actions[act].setEnabled(act in view.may)

    def show_picture(self, levels: tuple[QImage, ...], size: QSize) -> None:
        """Show this picture; none without levels."""
        self.picture.show_levels(levels, size)

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(*[gap] * 4)
        column.setSpacing(gap)
        column.addWidget(self.title)
        column.addWidget(self.says)
        column.addWidget(self.more)
        body = QHBoxLayout()
        body.setSpacing(gap)
        body.addWidget(_panel(self.parts), 5)
        body.addWidget(_panel(self.caption, self.picture), 5)
        column.addLayout(body, 1)
        suspects = QHBoxLayout(self._suspects_row)
        suspects.setContentsMargins(0, 0, 0, 0)
        suspects.setSpacing(gap)
        suspects.addWidget(self.suspects, 3)
        for act in (ChallengeAct.REVIEW, ChallengeAct.SAVE, ChallengeAct.ANSWER):
            suspects.addWidget(KeyButton(self._actions[act]), 1)
        column.addWidget(self._suspects_row)
        column.addLayout(self._row(ChallengeAct.ADD, ChallengeAct.REMOVE, ChallengeAct.PLAN))
        column.addLayout(self._row(ChallengeAct.START, ChallengeAct.TAKE, ChallengeAct.BREAK_OFF, main=True))

    def _row(self, *acts: ChallengeAct, main: bool = False) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(current_theme().sizes.gap)
        for act in acts:
            row.addWidget(KeyButton(self._actions[act], "main" if main else "", strong=act is ChallengeAct.TAKE))
        return row


def _panel(*content: QWidget) -> Panel:
    panel = Panel()
    column = QVBoxLayout(panel)
    for widget in content:
        column.addWidget(widget, 0 if widget.sizePolicy().verticalPolicy() is not QSizePolicy.Policy.Ignored else 1)
    return panel
