"""A key for a finger that also names its key on the keyboard."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from ui.background.press_moment import pressed_s, trigger_as_pressed
from ui.theme.key_names import key_name
from ui.theme.theme import FAMILY, current_theme


class KeyButton(QPushButton):
    """A button that follows its action: text, state and shortcut.

    A touch does not give it the keyboard: the next stray Space must not press it again.

    Args:
        action: What it does.
        kind: "main", "tool", "row" or "" for the style sheet.
        strong: The one key of its page that matters most.
        text: Its own words, where the action's would not fit the moment.
    """

    def __init__(self, action: QAction, kind: str = "", *, strong: bool = False, text: str = "") -> None:
        super().__init__()
        self._action = action
        self._text = text
        self.setProperty("key", kind)
        self.setProperty("strong", strong)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._pressed_s = 0.0
        self.pressed.connect(self._note_press)
        self.clicked.connect(lambda: trigger_as_pressed(action, self._pressed_s))
        action.changed.connect(self._follow)
        self._follow()

    def say(self, text: str) -> None:
        """Show these words instead of the action's."""
        if text != self._text:
            self._text = text
            self._follow()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for the words; the style sheet gives the height."""
        return super().sizeHint().expandedTo(QSize(0, self._hint_height() * 2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The key, and small in its corner the name on the keyboard; a key too narrow for the whole name shows none."""
        super().paintEvent(event)
        corner = QRect(0, 0, self.width() - 7, self.height() - 3)
        if QFontMetrics(self._hint_font()).horizontalAdvance(self._hint()) > corner.width():
            return
        painter = QPainter(self)
        painter.setFont(self._hint_font())
        colour = QColor(current_theme().colours.on_strong) if self.isChecked() else self.palette().buttonText().color()
        colour.setAlphaF(0.8)
        painter.setPen(colour)
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self._hint())

    def _note_press(self) -> None:
        self._pressed_s = pressed_s(self)

    def _hint(self) -> str:
        return key_name(self._action.shortcut().toString(QKeySequence.SequenceFormat.PortableText))

    def _hint_font(self) -> QFont:
        font = QFont(FAMILY)
        font.setPixelSize(current_theme().sizes.hint)
        return font

    def _hint_height(self) -> int:
        return QFontMetrics(self._hint_font()).height()

    def _follow(self) -> None:
        self.setText(self._text or self._action.text())
        self.setAccessibleName(self.text().replace("\n", " "))
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        self.setCheckable(self._action.isCheckable())
        self.setChecked(self._action.isChecked())
