"""How values and files are named in the audit trail."""

from collections.abc import Iterable
from pathlib import Path

from station.domain.digest import sha256_of_file
from station.domain.names import few_of

_LONGEST = 120
_NAMED = 10


def short(value: object) -> str:
    """Return a value as text; a long one, such as a mask, is cut off."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text)} letters)"


def file_in_words(path: Path) -> str:
    """Return where a file is and what it holds, so that it can be recognised years later.

    Raises:
        OSError: The file cannot be read.
    """
    return f"{path}, SHA-256 {sha256_of_file(path)}"


def numbers_in_words(numbers: Iterable[int]) -> str:
    """Return numbers as text: "3, 4, 5 and 7 more"."""
    return few_of([str(number) for number in numbers], _NAMED)
