"""A plain panel that groups widgets."""

from PySide6.QtWidgets import QFrame, QLabel, QLayout

from ui.theme.plain_text import shown_as_it_is


class Panel(QFrame):
    """A framed plate; the style sheet gives it its colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", True)


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Words in one of the style sheet's roles: muted, small, strong, large, title, number."""
    words = QLabel(wordWrap=wrap)
    shown_as_it_is(words)
    words.setText(text)
    if role:
        words.setProperty("role", role)
    return words


def empty(layout: QLayout) -> None:
    """Remove and delete all widgets of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
