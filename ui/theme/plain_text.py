"""Names as they are: Qt reads an ampersand on a key as a shortcut, and angle brackets in a hint as markup."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def on_a_key(text: str) -> str:
    """Return the text for a key or an action, so that "Nut & Bolt" is shown as it is."""
    return text.replace("&", "&&")


def in_a_hint(text: str) -> str:
    """Return the text for a tool tip, so that "<b>1" is shown as it is."""
    if not set(text) & set("<>&"):
        return text
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def in_a_cell(text: str, role: int) -> str:
    """Return the text of a cell for a role: its tool tip is a hint, and everything else is shown as it is."""
    return in_a_hint(text) if role == Qt.ItemDataRole.ToolTipRole else text


def in_a_title(text: str) -> str:
    """Return the text for the title of a window, where "[*]" would be the mark of an unsaved file."""
    return text.replace("[*]", "[*][*]")


def shown_as_it_is(label: QLabel) -> None:
    """Let the label show its text without reading markup in it."""
    label.setTextFormat(Qt.TextFormat.PlainText)
