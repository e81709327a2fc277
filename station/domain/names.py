"""Names of files, folders, people and products: any text, and readable wherever it is written.

A name is never parsed: not as an address, a pattern or a markup language. Only how it is *written* is decided here.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

_MISREAD = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_HARMLESS_IN_SENTENCES = frozenset("\n\t")
_FIRST_BYTE, _LAST_BYTE, _BYTES_FROM = "\udc80", "\udcff", 0xDC00
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\..*)?", re.IGNORECASE | re.DOTALL
)
_NOT_IN_A_FILE_NAME = re.compile(r'[\\/:*?"<>|]')


def readable(text: str) -> str:
    r"""Return the text with every character that would be lost or misread spelt out.

    A byte that is not UTF-8, as in names from old disks, becomes its code: b"Geh\xe4use" is "Geh\\xe4use". So does a
    control character, which could end a line or recolour a terminal, and one that turns the reading direction round.
    """
    if text.isascii() and text.isprintable():
        return text
    return _MISREAD.sub(lambda match: _spelt_out(match[0]), text)


def readable_sentence(text: str) -> str:
    """Return a sentence, which may have lines, with the names in it readable."""
    if text.isascii() and text.isprintable():
        return text
    return _MISREAD.sub(lambda match: match[0] if match[0] in _HARMLESS_IN_SENTENCES else _spelt_out(match[0]), text)


def file_name(text: str) -> str:
    """Return the text as a name that every file system accepts; two texts may get the same one."""
    name = _NOT_IN_A_FILE_NAME.sub("_", readable(text)).rstrip(". ")
    if is_device_name(name):
        return f"_{name}"
    return name if name.strip(".") else "_"


def is_device_name(text: str) -> bool:
    """Return whether Windows takes this for a device, not for a file or folder: "con", "nul.png", "COM1"."""
    return _DEVICE.fullmatch(text) is not None


def without_marks(text: str) -> str:
    """Return the text without the marks that belong to the letter before them, as in Thai or Hindi words."""
    return "".join(letter for letter in text if not unicodedata.category(letter).startswith("M"))


def expanded(path: Path) -> Path:
    """Return the path with a leading "~" replaced by the home of a user, unless a file or folder has that very name."""
    if not path.parts or not path.parts[0].startswith("~") or path.exists():
        return path
    try:
        return path.expanduser()
    except RuntimeError:  # there is no such user: it is a name like any other
        return path


def _spelt_out(letter: str) -> str:
    if _FIRST_BYTE <= letter <= _LAST_BYTE:
        return f"\\x{ord(letter) - _BYTES_FROM:02x}"
    return f"\\u{ord(letter):04x}" if ord(letter) > 0xFF else f"\\x{ord(letter):02x}"


def few_of(names: Sequence[str], most: int) -> str:
    """Return the first names, and how many more there are: "a.png, b.png and 3 more"."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
