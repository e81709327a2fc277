"""Names as they are: Qt reads an ampersand on a key as a shortcut, and angle brackets in a hint as markup."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def on_a_key(text: str) -> str:
    """Return the text for a key or an action, so that "Nut & Bolt" is shown as it is."""
    return text.replace("&", "&&")


def in_a_hint(text: str) -> str:
    """Return the text for a tool tip, so that "<b>1" is shown as it is."""
    return f"<qt>{html.escape(text)}</qt>" if set(text) & set("<>&") else text


def in_a_title(text: str) -> str:
    """Return the text for the title of a window, where "[*]" would be the mark of an unsaved file."""
    return text.replace("[*]", "[*][*]")


def shown_as_it_is(label: QLabel) -> None:
    """Let the label show its text without reading markup in it."""
    label.setTextFormat(Qt.TextFormat.PlainText)
