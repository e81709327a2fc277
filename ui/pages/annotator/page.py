"""The annotator: tools at the left, the picture in the middle, proposal, kinds and labels at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.annotator.actions import AnnotatorAct
from ui.pages.annotator.kinds_palette import KindsPalette
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.canvas.brush_canvas import BrushCanvas
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.sized_page import SizedPage
from ui.widgets.text.fitted_text import ElidedLine, FittedSentence

NO_PICTURE = "No picture is chosen. Choose the disputed parts (Ctrl+D), or pictures on the Datasets page (Shift+F3)."
NOT_PERMITTED = "Only an engineer may mark pictures. Touch the name at the top to log in."
NO_DISPUTES = "No disputed part waits to be marked."
_TOOL_ROWS = (
    (AnnotatorAct.BRUSH, AnnotatorAct.ERASER),
    (AnnotatorAct.LASSO, AnnotatorAct.POLYGON),
    (AnnotatorAct.FILL, AnnotatorAct.LINE),
    (AnnotatorAct.SMALLER, AnnotatorAct.LARGER),
    (AnnotatorAct.UNDO, AnnotatorAct.REDO),
    (AnnotatorAct.FIT, AnnotatorAct.FULL_SIZE),
    (AnnotatorAct.FAINTER, AnnotatorAct.STRONGER),
    (AnnotatorAct.HIDE, AnnotatorAct.NEW_KIND),
)
_DIGITS = range(Qt.Key.Key_1, Qt.Key.Key_9 + 1)
_SIDE_SHARE, _HEAD_SHARE, _SAID_SHARE = 0.8, 0.2, 0.2


class AnnotatorPage(SizedPage):
    """Shows one picture to mark.

    Signals:
        kind_wanted: The number of a kind of which the key was pressed.
    """

    kind_wanted = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._columns: QHBoxLayout | None = None
        self._actions = actions
        self.canvas = BrushCanvas("Picture to mark")
        self.palette_of_kinds = KindsPalette()
        self.name, self.state = ElidedLine(), ElidedLine()
        self.name.setProperty("role", "strong")
        self.proposal = FittedSentence(0.8)
        self.said = FittedSentence(0.7)
        self.said.setProperty("role", "muted")
        self.saved = label("", "strong")
        self._lay_out(actions)
        self.fit_sizes()
        self.canvas.set_empty_text(NO_PICTURE)

    def show_state(self, name: str, state: str) -> None:
        """Show what is marked and how many there are."""
        self.name.setText(name)
        self.name.setToolTip(in_a_hint(name))
        self.state.setText(state)
        self.state.setToolTip(in_a_hint(state))

    def say(self, text: str) -> None:
        """What was done or went wrong."""
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def enable(self, acts: Sequence[AnnotatorAct], enabled: bool) -> None:
        """Let some actions be asked for, or not."""
        for act in acts:
            self._actions[act].setEnabled(enabled)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """1 to 9 choose a kind, Page Up and Down another picture, Esc goes back; no scanner sends one key alone."""
        acts = {
            Qt.Key.Key_PageUp: AnnotatorAct.PREVIOUS,
            Qt.Key.Key_PageDown: AnnotatorAct.NEXT,
            Qt.Key.Key_Escape: AnnotatorAct.BACK,
        }
        key = Qt.Key(event.key())
        if event.key() in _DIGITS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.kind_wanted.emit(event.key() - Qt.Key.Key_0)
        elif key in acts:
            self._actions[acts[key]].trigger()
        else:
            super().keyPressEvent(event)

    def fit_sizes(self) -> None:
        """Apply the widths and gaps of the present theme."""
        if self._columns is None:
            return
        sizes = current_theme().sizes
        self._tools.setFixedWidth(2 * sizes.tools + sizes.gap // 2)
        self._right.setFixedWidth(round(sizes.side * _SIDE_SHARE))
        self._head.setFixedHeight(round(sizes.side * _HEAD_SHARE))
        for box in self._sentences:
            box.setFixedHeight(round(sizes.side * _SAID_SHARE))
        self._columns.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)

    def _lay_out(self, actions: Actions) -> None:
        self._columns = QHBoxLayout(self)
        self._columns.setSpacing(current_theme().sizes.gap)
        self._columns.addWidget(self._lay_out_tools(actions))
        middle = QVBoxLayout()
        middle.setSpacing(current_theme().sizes.gap // 2)
        middle.addWidget(self._lay_out_head(actions))
        middle.addWidget(self.canvas, 1)
        self._columns.addLayout(middle, 1)
        self._columns.addWidget(self._lay_out_right(actions))

    def _lay_out_tools(self, actions: Actions) -> QWidget:
        self._tools = QWidget()
        grid = QGridLayout(self._tools)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(current_theme().sizes.gap // 2)
        for row, acts in enumerate(_TOOL_ROWS):
            for column, act in enumerate(acts):
                grid.addWidget(KeyButton(actions[act], "tool"), row, column)
        grid.addWidget(KeyButton(actions[AnnotatorAct.DISPUTED], "tool"), len(_TOOL_ROWS), 0, 1, 2)
        grid.setRowStretch(len(_TOOL_ROWS) + 1, 1)
        return self._tools

    def _lay_out_head(self, actions: Actions) -> QWidget:
        self._head = QWidget()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.name)
        names.addWidget(self.state)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().sizes.gap)
        row.addWidget(_narrow(actions, AnnotatorAct.BACK))
        row.addWidget(_narrow(actions, AnnotatorAct.PREVIOUS))
        row.addLayout(names, 1)
        row.addWidget(self.saved)
        row.addWidget(_narrow(actions, AnnotatorAct.NEXT))
        return self._head

    def _lay_out_right(self, actions: Actions) -> QWidget:
        self._right = QWidget()
        self._sentences = [_box(self.proposal), _box(self.said)]
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(current_theme().sizes.gap)
        proposed = Panel()
        inside = QVBoxLayout(proposed)
        inside.addWidget(self._sentences[0])
        inside.addLayout(_keys(actions, AnnotatorAct.ACCEPT, AnnotatorAct.TRIM, AnnotatorAct.REJECT))
        right.addWidget(proposed)
        right.addWidget(self.palette_of_kinds, 1)
        right.addWidget(self._sentences[1])
        right.addLayout(_keys(actions, AnnotatorAct.GOOD, AnnotatorAct.UNSURE))
        return self._right


def _box(sentence: FittedSentence) -> QWidget:
    """Return a place of its own for a sentence, which takes whatever room it is given."""
    box = QWidget()
    inside = QVBoxLayout(box)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(sentence)
    return box


def _narrow(actions: Actions, act: AnnotatorAct) -> KeyButton:
    key = KeyButton(actions[act], "tool")
    key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    key.setMinimumWidth(current_theme().sizes.tools)
    return key


def _keys(actions: Actions, *acts: AnnotatorAct) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(current_theme().sizes.gap // 2)
    for act in acts:
        row.addWidget(KeyButton(actions[act], "tool"))
    return row
