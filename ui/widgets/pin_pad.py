"""Keys for a PIN, of finger size. What is typed is shown as dots, and kept in a place that is wiped."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from station.domain.secret import Secret
from ui.theme.theme import current_theme
from ui.widgets.panel import label

_ROWS = ("123", "456", "789")
_DOT = "\u25cf"
_MOST_DIGITS = 12


class PinPad(QWidget):
    """Ten digits, one key to take the last one back, one to take all back.

    Signals:
        changed: The number of digits.
        entered: Enter was pressed.
    """

    changed = Signal(int)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._secret = Secret()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("PIN")
        self._dots = label("", "title")
        self._dots.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._dots.setObjectName("pin_dots")
        self.keys: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._dots)
        column.addLayout(self._lay_out_keys())
        self._show()

    @property
    def digits(self) -> int:
        """Return how many digits were typed."""
        return len(self._secret)

    def take(self) -> Secret:
        """Return what was typed, which belongs to the caller now; the pad is empty."""
        taken, self._secret = self._secret, Secret()
        self._show()
        return taken

    def clear(self) -> None:
        """Forget what was typed."""
        self._secret.wipe()
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Digits, Backspace and Enter; every other key passes."""
        match event.key():
            case key if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
                self._add(chr(key))
            case Qt.Key.Key_Backspace:
                self._drop()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case _:
                super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nothing stays typed behind a sheet that is closed."""
        super().hideEvent(event)
        self.clear()

    def _lay_out_keys(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(current_theme().sizes.gap)
        for row, digits in enumerate(_ROWS):
            for column, digit in enumerate(digits):
                grid.addWidget(self._key(digit, digit), row, column)
        grid.addWidget(self._key("C", "Take all digits back"), 3, 0)
        grid.addWidget(self._key("0", "0"), 3, 1)
        grid.addWidget(self._key("\u232b", "Take the last digit back"), 3, 2)
        return grid

    def _key(self, sign: str, name: str) -> QPushButton:
        key = QPushButton(sign)
        key.setAccessibleName(name)
        key.setAutoDefault(False)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the digits of the keyboard mean the same
        least = current_theme().sizes.key
        key.setMinimumSize(round(least * 1.3), least)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        do = {"C": self.clear, "\u232b": self._drop}.get(sign, partial(self._add, sign))
        key.clicked.connect(lambda _checked=False: do())
        self.keys[sign] = key
        return key

    def _add(self, digit: str) -> None:
        if self.digits < _MOST_DIGITS:
            self._secret.add(digit)
            self._show()

    def _drop(self) -> None:
        self._secret.drop_last()
        self._show()

    def _show(self) -> None:
        self._dots.setText(_DOT * self.digits or "\u2013")
        self._dots.setAccessibleName(f"{self.digits} digits")
        self.changed.emit(self.digits)
