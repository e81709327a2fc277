"""What a key adds to a code."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_ALT, _KEYPAD = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.KeypadModifier

MODIFIERS: frozenset[int] = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_ScrollLock,
        Qt.Key.Key_Mode_switch,
    }
)
_ENDS: frozenset[int] = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
_END_TEXTS = frozenset({"\r", "\n", "\t", "\r\n"})
_TYPE_NOTHING: frozenset[int] = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Delete})
_FIRST_WITHOUT_TEXT = 0x0100_0000  # from here on Qt's numbers are keys such as F1 and Home, below they are characters
_KEYPAD_WITHOUT_NUM_LOCK: dict[int, str] = {
    Qt.Key.Key_Insert: "0",
    Qt.Key.Key_End: "1",
    Qt.Key.Key_Down: "2",
    Qt.Key.Key_PageDown: "3",
    Qt.Key.Key_Left: "4",
    Qt.Key.Key_Clear: "5",
    Qt.Key.Key_Right: "6",
    Qt.Key.Key_Home: "7",
    Qt.Key.Key_Up: "8",
    Qt.Key.Key_PageUp: "9",
}


def ends_code(event: QKeyEvent) -> bool:
    """Return whether the key ends a code: Enter or Tab, also as the control characters CR, LF and HT."""
    return event.key() in _ENDS or event.text() in _END_TEXTS or _control_character(event) in _END_TEXTS


def char_of(event: QKeyEvent) -> str:
    """Return what the key types: "A", or the control character GS for Ctrl+]; "" for F8 and for what ends a code."""
    if event.key() in _TYPE_NOTHING or ends_code(event):
        return ""
    return event.text() or _control_character(event) or _plain_character(event)


def alt_digit(event: QKeyEvent) -> str:
    """Return the digit of a key that is pressed while Alt is held: scanners type characters by their number so."""
    if not event.modifiers() & _ALT or event.modifiers() & _CONTROL:
        return ""
    if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return chr(event.key())
    return _KEYPAD_WITHOUT_NUM_LOCK.get(event.key(), "") if event.modifiers() & _KEYPAD else ""


def character_of_number(digits: str) -> str:
    """Return the character that Alt and these digits mean: by the Windows code page after a 0, else by the old one."""
    number = int(digits)
    if number > 255:
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
    return bytes([number]).decode("cp1252" if digits.startswith("0") else "cp437", errors="replace")


def _control_character(event: QKeyEvent) -> str:
    held = event.modifiers() & _CONTROL and not event.modifiers() & _ALT
    return chr(event.key() & 0x1F) if held and Qt.Key.Key_At <= event.key() <= Qt.Key.Key_Underscore else ""


def _plain_character(event: QKeyEvent) -> str:
    """Return the character of a key that came without its text."""
    key = event.key()
    if not Qt.Key.Key_Space <= key < _FIRST_WITHOUT_TEXT or event.modifiers() & _CONTROL:
        return ""
    return chr(key) if event.modifiers() & _SHIFT else chr(key).lower()
