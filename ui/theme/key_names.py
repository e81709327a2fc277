"""What is printed on the keys of a keyboard."""

_ON_THE_KEYBOARD = {"PgDown": "Page\u2009\u2193", "PgUp": "Page\u2009\u2191", "Return": "Enter"}


def key_name(shortcut: str) -> str:
    """Return the names on the keys for Qt's portable name of a shortcut: "Ctrl+Enter" for "Ctrl+Return"."""
    return "+".join(_ON_THE_KEYBOARD.get(key, key) for key in shortcut.split("+"))
