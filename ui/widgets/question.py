"""A question that asks before something is stopped: two large keys, and each has a key on the keyboard."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.theme import look


class Question(QDialog):
    """Yes does it, no and Esc do nothing. Open with `ask`."""

    def __init__(self, parent: QWidget, title: str, text: str, yes: str, no: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.yes, self.no = _key(f"{yes}  (Y)", strong=True), _key(f"{no}  (Esc)", strong=False)
        self.yes.setShortcut("Y")
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        self._lay_out(title, text)
        self.no.setFocus()

    def _lay_out(self, title: str, text: str) -> None:
        sizes = look().sizes
        column = QVBoxLayout(self)
        column.setContentsMargins(*[2 * sizes.gap] * 4)
        column.setSpacing(2 * sizes.gap)
        for words, role in ((title, "title"), (text, "large")):
            label = QLabel(words, wordWrap=True)
            label.setProperty("role", role)
            label.setMinimumWidth(sizes.side)
            column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(sizes.gap)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        column.addLayout(row)


def ask(parent: QWidget, title: str, text: str, yes: str, no: str, then: Callable[[], object]) -> Question:
    """Ask without holding anything up; `then` is done on yes."""
    question = Question(parent, title, text, yes, no)
    question.accepted.connect(then)
    question.open()
    return question


def _key(text: str, *, strong: bool) -> QPushButton:
    key = QPushButton(text)
    key.setProperty("key", "main")
    key.setProperty("strong", strong)
    key.setAutoDefault(False)
    return key
