"""A code that a scanner read: the text, what it is for, and how people read it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_AIM_IDENTIFIER = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_NAMES = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
    "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip
_CONTROL_CHARACTERS = "".join(map(chr, [*range(32), 127]))


class CodeUse(StrEnum):
    """What the station does with a code."""

    NOT_USED = "not used"
    IN_A_FIELD = "in a text field"
    SERIAL = "serial of the next part"
    LOT = "lot"
    ORDER = "order"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """One code, whole.

    Attributes:
        text: Everything that the scanner typed, without the Enter or Tab at its end.
        at: When it was complete, UTC.
        use: What the station does with it.
        sentence: The same for the person at the line, with the code.
    """

    text: str
    at: datetime
    use: CodeUse
    sentence: str


def data_of(text: str) -> str:
    """Return what is printed on the part: without the symbology's identifier ("]C1") and control characters around."""
    return _AIM_IDENTIFIER.sub("", text.strip(_CONTROL_CHARACTERS + " ")).strip(_CONTROL_CHARACTERS + " ")


def shown(text: str) -> str:
    """Return the code as it can be read: a control character inside is written by its name, such as "<GS>"."""
    return "".join(_readable(character) for character in text)


def _readable(character: str) -> str:
    if character < " ":
        return f"<{_NAMES[ord(character)]}>"
    return character if character.isprintable() else f"<{ord(character):02X}>"
