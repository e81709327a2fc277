"""The code that a part bears: where a recipe looks for it, what it must say, and what was read."""

from dataclasses import dataclass, replace
from enum import StrEnum

from station.domain.formatting import counted
from station.domain.geometry import RegionOfInterest
from station.domain.scanned_code import data_of, shown


class CodeKind(StrEnum):
    """The kinds of code that a recipe may look for; the value is what people write."""

    DATA_MATRIX = "DataMatrix"
    QR = "QR"
    LINEAR = "1-D"


class IfUnread(StrEnum):
    """What becomes of a part that would pass, if its code cannot be read or does not fit."""

    ACCEPT = "accept"
    REVIEW = "REVIEW"
    NOT_INSPECTED = "NOT INSPECTED"


@dataclass(frozen=True, slots=True)
class CodeRule:
    """What a recipe expects of the code in a view.

    Attributes:
        region: Where it is, in pixels of the original picture; the smaller, the quicker it is read.
        kinds: What it may be; the fewer, the quicker.
        prefix: How its text begins; "" for any.
        pattern: A regular expression (RE2) for the whole text; "" for any. Its first group is the serial.
        length: How many characters it has; 0 for any.
        if_unread: What becomes of the part if there is no such code.
    """

    region: RegionOfInterest
    kinds: tuple[CodeKind, ...] = tuple(CodeKind)
    prefix: str = ""
    pattern: str = ""
    length: int = 0
    if_unread: IfUnread = IfUnread.REVIEW

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("at least one kind of code is needed")
        if self.length < 0:
            raise ValueError(f"a code cannot have {self.length} characters")
        if self.pattern:
            _groups_of(self.pattern, "")

    def misfit(self, text: str) -> str:
        """Return how a text that was read does not fit, in words; "" if it fits. A code of nothing names no part."""
        if not data_of(text):
            return "the code is empty"
        if self.prefix and not text.startswith(self.prefix):
            return f"{_short(text)} does not begin with {self.prefix}"
        if self.length and len(text) != self.length:
            return f"{_short(text)} has {len(text)} characters, not {self.length}"
        if self.pattern and _groups_of(self.pattern, text) is None:
            return f"{_short(text)} does not fit {self.pattern}"
        return ""

    def serial_of(self, text: str) -> str:
        """Return the serial in a text that fits: the first group of the pattern, else the whole text."""
        groups = _groups_of(self.pattern, text) if self.pattern else None
        return next((group for group in groups or () if group), text)


def _groups_of(pattern: str, text: str) -> tuple[str | None, ...] | None:
    """Return the groups of a text that fits the pattern; None if it does not.

    RE2 takes a time that grows with the text alone: no pattern can hold up the line, as "(a+)+" could with `re`.

    Raises:
        ValueError: It is not a pattern.
    """
    import re2  # noqa: PLC0415 - only for a recipe with a pattern

    options = re2.Options()
    options.log_errors = False
    try:
        found = re2.compile(pattern, options).fullmatch(text)
    except re2.error as error:
        why = error.args[0] if error.args else ""
        said = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
        raise ValueError(f"'{pattern[:80]}' is not a regular expression: {said}") from error
    groups: tuple[str | None, ...] | None = None if found is None else found.groups()
    return groups


@dataclass(frozen=True, slots=True)
class ReadCode:
    """What was read in the code region of one view.

    Attributes:
        text: All of it, with the separator 0x1D of GS1 as it is; "" if nothing could be read.
        serial: The part's own number in it; "" if it does not fit.
        kind: The symbology, such as "Data Matrix"; "" if nothing was read.
        unused_correction: Share of the error correction that was not needed, 0 to 1; None if the symbology does not
            say.
        attempts: How many ways of reading were tried, at least 1.
        problem: Why it does not count, in words; "" if it does.
        other: Another serial of the same part, which was scanned or read in another view; "" if there is none.
    """

    text: str = ""
    serial: str = ""
    kind: str = ""
    unused_correction: float | None = None
    attempts: int = 1
    problem: str = ""
    other: str = ""

    @property
    def counts(self) -> bool:
        """Return whether it was read and fits."""
        return bool(self.text) and not self.problem

    @property
    def doubt(self) -> str:
        """Return why it does not count, as the reason of a verdict."""
        return f"code: {self.problem}"

    @property
    def words(self) -> str:
        """Return what was read and how surely: "SN-4711 (Data Matrix, 71 % of its correction left, attempt 1)"."""
        if not self.text:
            return f"Code not read in {counted(self.attempts, 'attempt')}: {self.problem}"
        left = self.unused_correction
        sure = [] if left is None else [f"{left:.0%} of its correction left".replace("%", " %")]
        facts = ", ".join((self.kind, *sure, f"attempt {self.attempts}"))
        return f"Code {_short(self.text)} ({facts}){f': {self.problem}' if self.problem else ''}"

    def doubted(self, problem: str, other: str) -> "ReadCode":
        """Return the same code, which no longer counts: another serial was given for the same part."""
        return replace(self, problem=problem, other=other)


_SHOWN = 60


def _short(text: str) -> str:
    readable = shown(text)
    return readable if len(readable) <= _SHOWN else f"{readable[: _SHOWN - 1]}…"
