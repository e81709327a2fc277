"""Asks for name and reason: for the word on the suspects, and for a part that is removed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.theme.theme import current_theme
from ui.widgets.panel import label
from ui.widgets.signed_dialog import SignedDialog


class SignedSheet(SignedDialog):
    """Name and reason are recorded; without both nothing is done.

    Signals:
        wanted: Person and reason.
    """

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget, title: str, text: str, verb: str) -> None:
        super().__init__(parent, title, verb)
        self.column.addWidget(label(text, wrap=True))
        self.add_form((("Your name", self.person), ("Reason", self.reason)))
        self.add_keys()
        self.setMinimumWidth(round(current_theme().sizes.side * 1.6))
        self.person.setFocus()
        self.check()

    def ask(self) -> None:
        """Send name and reason."""
        self.wanted.emit(*self.signature)
        super().ask()
