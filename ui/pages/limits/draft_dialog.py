"""Why the limits change: a name and a reason make a draft; nothing changes on the line."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.theme.theme import current_theme
from ui.widgets.panel import label
from ui.widgets.signed_dialog import SignedDialog


class DraftDialog(SignedDialog):
    """Says what changes and what it does.

    Signals:
        wanted: Person and reason.
    """

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget, recipe: str, changes: Sequence[str], effects: Sequence[str]) -> None:
        super().__init__(parent, f"New limits for {recipe}", "Save as draft")
        self.changes = label("\n".join(changes), "strong", wrap=True)
        self.column.addWidget(self.changes)
        self.column.addWidget(label("\n".join(effects), wrap=True))
        self.column.addWidget(label("This makes a draft. The line keeps the released recipe.", "muted", wrap=True))
        self.add_form((("Your name", self.person), ("Reason", self.reason)))
        self.add_keys()
        self.setMinimumWidth(round(current_theme().sizes.side * 1.6))
        self.check()

    def ask(self) -> None:
        """Say who wants it, and why."""
        self.wanted.emit(*self.signature)
        super().ask()
