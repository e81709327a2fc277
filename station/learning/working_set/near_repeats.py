"""Finds pictures that show the same exposure, or one that differs by next to nothing, among many thousands.

A picture is compared exactly with the few that its signature finds, never with all of them.
"""

import base64
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from station.vision.likeness import Look, distances, limit_of, signature_of

_CANDIDATES = 8
_TYPICAL_OF = 24
_FEWEST = 8
_LIMIT_OF_FEW = 0.2
"""Of fewer than 8 pictures it is not known how much parts differ: only what is nearly equal counts."""
_RENEWED_AFTER = 1.1
_SIGNATURE_LENGTH = 256

LookOf = Callable[[str], Look | None]
_Floats = NDArray[np.float32]


def signature_text(look: Look) -> str:
    """Return the signature of a look as text for the database."""
    return base64.b64encode(signature_of(look).tobytes()).decode()


class NearRepeats:
    """The pictures of one working set, by what they look like."""

    def __init__(self, known: Iterable[tuple[int, str, str]], look_of: LookOf) -> None:
        """Read the signatures.

        Args:
            known: Number, SHA-256 and signature of each picture.
            look_of: Returns the look of a picture by its SHA-256; None if it is not kept.
        """
        found = [(item_id, sha256, _numbers(text)) for item_id, sha256, text in known]
        whole = [each for each in found if each[2] is not None]
        self._ids = [item_id for item_id, _, _ in whole]
        self._hashes = [sha256 for _, sha256, _ in whole]
        self._signatures = [numbers for _, _, numbers in whole if numbers is not None]
        self._look_of = look_of
        self._expected: list[tuple[str, _Floats]] = []
        self._matrix = np.empty((0, _SIGNATURE_LENGTH), np.float32)
        self._common = np.zeros(_SIGNATURE_LENGTH, np.float32)
        self._renewed_at = 0
        self._limit = _LIMIT_OF_FEW

    def expect(self, arriving: Sequence[tuple[str, str]]) -> None:
        """Learn from pictures that come together how much parts differ, before one of them is asked for.

        Args:
            arriving: SHA-256 and signature of each.
        """
        numbers = [(sha256, _numbers(text)) for sha256, text in arriving]
        self._expected = [(sha256, each) for sha256, each in numbers if each is not None]
        self._renew()

    def find(self, look: Look) -> int | None:
        """Return the number of the picture that shows the same exposure; None if none does."""
        if not self._ids:
            return None
        if len(self._ids) > _RENEWED_AFTER * self._renewed_at:
            self._renew()
        candidates = self._nearest(signature_of(look).astype(np.float32), len(self._ids))
        looks = [(place, known) for place in candidates if (known := self._look_of(self._hashes[place])) is not None]
        if not looks:
            return None
        apart = distances(look, [known for _, known in looks])
        best = int(np.argmin(apart))
        return self._ids[looks[best][0]] if apart[best] < self._limit else None

    def add(self, item_id: int, sha256: str, signature: str) -> None:
        """Note a picture that came into the working set."""
        numbers = _numbers(signature)
        if numbers is None:
            return
        self._ids.append(item_id)
        self._hashes.append(sha256)
        self._signatures.append(numbers)

    def _renew(self) -> None:
        """Find out how much the present pictures differ."""
        every = [*self._signatures, *(numbers for _, numbers in self._expected)]
        self._renewed_at = len(self._ids)
        if not every:
            return
        whole = np.stack(every)
        self._common = whole.mean(axis=0, dtype=np.float32)
        self._matrix = _directions(whole - self._common)
        hashes = [*self._hashes, *(sha256 for sha256, _ in self._expected)]
        self._limit = self._limit_among(whole, hashes) if len(every) >= _FEWEST else _LIMIT_OF_FEW
        self._matrix = self._matrix[: len(self._ids)]

    def _limit_among(self, whole: _Floats, hashes: Sequence[str]) -> float:
        apart = []
        for place in np.unique(np.linspace(0, len(whole) - 1, _TYPICAL_OF).round().astype(int)):
            own = self._look_of(hashes[place])
            others = [each for each in self._nearest(whole[place], len(whole)) if hashes[each] != hashes[place]]
            looks = [look for each in others if (look := self._look_of(hashes[each])) is not None]
            if own is not None and looks:
                apart.append(min(distances(own, looks)))
        return limit_of(float(np.median(apart))) if apart else _LIMIT_OF_FEW

    def _nearest(self, signature: _Floats, count: int) -> list[int]:
        """Return the places of the few pictures with the most alike signatures, among the first `count`."""
        while len(self._matrix) < count:
            fresh = np.stack(self._signatures[len(self._matrix) : count])
            self._matrix = np.concatenate([self._matrix, _directions(fresh - self._common)])
        alike = self._matrix @ _directions(signature[None] - self._common)[0]
        few = min(_CANDIDATES, len(alike))
        return [int(place) for place in np.argpartition(-alike, few - 1)[:few]]


def _numbers(text: str) -> _Floats | None:
    """Return a signature, (256,); None for a text that is none."""
    try:
        numbers = np.frombuffer(base64.b64decode(text, validate=True), np.int8)
    except ValueError:
        return None
    return numbers.astype(np.float32) if len(numbers) == _SIGNATURE_LENGTH else None


def _directions(rows: _Floats) -> _Floats:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1).astype(np.float32)
    directions: _Floats = np.divide(rows, lengths, dtype=np.float32)
    return directions
