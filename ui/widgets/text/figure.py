"""A number under its name, with the sign of its verdict where it has one."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.verdict import Verdict
from ui.theme.theme import current_theme
from ui.theme.verdict_icons import VerdictIcon
from ui.widgets.panel import label

_BESIDE = 6


class Caption(QWidget):
    """A name, and before it the sign of its verdict."""

    def __init__(self, name: str, verdict: Verdict | None = None) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_BESIDE)
        self._sign = VerdictIcon(verdict, current_theme().sizes.small)
        self._sign.setProperty("verdict", verdict.value if verdict else "")
        row.addWidget(self._sign)
        self._sign.setHidden(verdict is None)
        row.addWidget(label(name, "muted"))
        row.addStretch()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._sign.verdict is not None:
            self._sign.show_verdict(self._sign.verdict, current_theme().sizes.small)


class Figure(QWidget):
    """The name above, the number below."""

    def __init__(self, name: str, verdict: Verdict | None = None) -> None:
        super().__init__()
        self.caption = Caption(name, verdict)
        self._name = name
        self._value = label("", "number")
        self.show_text("0")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addWidget(self._value)
        column.addStretch()

    @property
    def text(self) -> str:
        """The number on show."""
        return self._value.text()

    def show_text(self, text: str) -> None:
        """Show this number; a screen reader says it with its name: "Fail 37"."""
        self._value.setText(text)
        self._value.setAccessibleName(f"{self._name} {text}")
