"""A dialog that asks before something is stopped: two large keys, each with a key on the keyboard."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label


class ConfirmDialog(Dialog):
    """Yes confirms, no and Esc cancel; Enter presses the key that has the focus. Open it with `ask`."""

    def __init__(self, parent: QWidget, title: str, text: str, yes: str, no: str) -> None:
        super().__init__(parent, title)
        self.yes, self.no = _key(f"{yes}  (Y)", strong=True), _key(f"{no}  (Esc)", strong=False)
        self.yes.setShortcut("Y")
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        words = label(text, "large", wrap=True)
        words.setMinimumWidth(current_theme().sizes.side)
        keys = QHBoxLayout()
        keys.setSpacing(current_theme().sizes.gap)
        keys.addWidget(self.no)
        keys.addWidget(self.yes)
        self.column.addWidget(words)
        self.column.addLayout(keys)
        self.no.setFocus()


def ask(parent: QWidget, title: str, text: str, yes: str, no: str, then: Callable[[], object]) -> ConfirmDialog:
    """Ask without blocking; call `then` if the answer is yes."""
    question = ConfirmDialog(parent, title, text, yes, no)
    question.accepted.connect(then)
    question.open()
    return question


def _key(text: str, *, strong: bool) -> QPushButton:
    key = QPushButton(text)
    key.setProperty("key", "main")
    key.setProperty("strong", strong)
    key.setAutoDefault(True)  # Enter presses the key with the focus, and no other: the dialog has no default key
    return key
