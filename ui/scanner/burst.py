"""Which keys are a scan and which are typed by a person, by their rhythm alone. Knows nothing of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PressT = TypeVar("PressT")

TICKS = 5
"""A gap is over after this number of ticks of the clock; a clock that was held up counts one tick, not its delay."""

_CERTAIN_AFTER = 3
_PATIENCE = 3
_FEWEST_WITHOUT_END = 3
_CLEARLY_APART = 4


@dataclass(frozen=True, slots=True)
class Stroke(Generic[PressT]):
    """One key that went down.

    Attributes:
        press: What is needed to press it again.
        char: What it adds to a code; "" for a key that types nothing, such as F8 or an arrow.
        ends: Whether it ends a code: Enter or Tab.
        stamp_ms: When it went down by the clock of the window system, milliseconds; 0 if not known.
    """

    press: PressT
    char: str = ""
    ends: bool = False
    stamp_ms: int = 0


@dataclass(frozen=True, slots=True)
class Typed(Generic[PressT]):
    """Keys that a person pressed: they do what they always do, in this order."""

    strokes: tuple[Stroke[PressT], ...]


@dataclass(frozen=True, slots=True)
class Scanned(Generic[PressT]):
    """A whole code.

    Attributes:
        text: What the scanner typed, without the Enter or Tab at its end.
        strokes: The keys of it.
        ended: Whether Enter or Tab ended it; otherwise silence did.
    """

    text: str
    strokes: tuple[Stroke[PressT], ...]
    ended: bool


@dataclass(frozen=True, slots=True)
class Stray(Generic[PressT]):
    """A few keys within one gap that make no code, such as two keys under one finger: they do nothing."""

    strokes: tuple[Stroke[PressT], ...]


Outcome = Typed[PressT] | Scanned[PressT] | Stray[PressT]


class BurstReader(Generic[PressT]):
    """Collects keys until it is known what they are.

        one key, then a gap                      -> Typed
        several keys without a gap, then Enter   -> Scanned
        several keys without a gap, then a gap   -> Scanned; up to two characters: Stray

    A gap is `TICKS` ticks without a key. Once three keys have come without a gap it is a scanner, and three times as
    long is waited for its next key: a slow machine must not cut a code in two. Keys that type nothing (F8, arrows)
    may stand before a code; without any character they are `Typed`.
    """

    def __init__(self, gap_ms: int) -> None:
        self._gap_ms = gap_ms
        self._strokes: list[Stroke[PressT]] = []
        self._ticks = 0
        self._after_end = False
        self._patient = True

    @property
    def busy(self) -> bool:
        """Return whether ticks are needed: keys are held, or a code has just ended."""
        return bool(self._strokes) or self._after_end

    @property
    def strokes(self) -> Sequence[Stroke[PressT]]:
        """Return the keys that are held."""
        return tuple(self._strokes)

    def add(self, stroke: Stroke[PressT], *, patient: bool = True) -> list[Outcome[PressT]]:
        """Hold one more key. Return what is known now, in order.

        Args:
            stroke: The key.
            patient: Whether a long wait for the next key does no harm; it would where a person types a text.
        """
        self._ticks, self._patient = 0, patient
        if self._after_end and stroke.ends:
            return []  # CR and LF, or Enter and Tab: one code has one end
        self._after_end = False
        known = [self._finish()] if self._strokes and self._apart(stroke) else []
        self._strokes.append(stroke)
        if stroke.ends and any(each.char for each in self._strokes):
            known.append(self._finish())
            self._after_end = True
        return known

    def touch(self) -> None:
        """Wait for the whole gap again: a key went up, or Shift went down."""
        self._ticks = 0

    def tick(self) -> Outcome[PressT] | None:
        """Count one tick of silence. Return what is known now; None if nothing is, or nothing is held."""
        self._ticks += 1
        certain = self._patient and len(self._strokes) >= _CERTAIN_AFTER
        if self._ticks < TICKS * (_PATIENCE if certain else 1):
            return None
        self._after_end = False
        return self._finish() if self._strokes else None

    def _apart(self, stroke: Stroke[PressT]) -> bool:
        """Two keys of a person that arrive together because the machine was busy: the window system knows better."""
        before = self._strokes[-1].stamp_ms
        return bool(before and stroke.stamp_ms) and stroke.stamp_ms - before > _CLEARLY_APART * self._gap_ms

    def _finish(self) -> Outcome[PressT]:
        strokes, self._strokes, self._ticks = tuple(self._strokes), [], 0
        text = "".join(each.char for each in strokes)
        ended = strokes[-1].ends
        if len(strokes) == 1 or not text:
            return Typed(strokes)
        if ended or len(text) >= _FEWEST_WITHOUT_END:
            return Scanned(text, strokes, ended)
        return Stray(strokes)
