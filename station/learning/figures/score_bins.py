"""Bins for scores: so fine where it matters that counting in them changes no figure by a millionth."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_PLACE_BITS = 17
_WITHIN = np.uint32((1 << _PLACE_BITS) - 1)
PLACES = (int(np.float32(1).view(np.uint32)) >> _PLACE_BITS) + 1
"""How many coarse places scores 0..1 have: 64 between any score and its double."""

Keys = NDArray[np.uint32]
Weights = NDArray[np.float64]


def keys_of(scores: NDArray[np.float32]) -> Keys:
    """Return the bits of scores 0..1, same shape: whole numbers in the order of the scores, equal for equal scores."""
    return np.abs(scores).view(np.uint32)  # -0 becomes 0


def places_of(keys: Keys) -> Keys:
    """Return the coarse place of each key, 0..PLACES - 1."""
    return keys >> np.uint32(_PLACE_BITS)


@dataclass(frozen=True, slots=True, eq=False)
class ScoreBins:
    """Each coarse place is cut into 1, 2, 4 ... equal bins, up to one bin for each float32.

    Attributes:
        first: The first bin of each coarse place, (PLACES,).
        shift: How many low bits of a key do not count within each place, (PLACES,); 0: a bin holds equal scores alone.
        count: How many bins there are.
    """

    first: NDArray[np.int32]
    shift: NDArray[np.uint32]
    count: int

    @staticmethod
    def needed(matter: Weights, error: float) -> float:
        """Return how many bins it takes, if scores lie evenly within each place, to change no figure by `error`.

        If a place that matters by m gets bins that go with the root of m, then (sum of all roots)^2 / bins is left.
        """
        return float(np.sqrt(matter).sum() ** 2 / error)

    @classmethod
    def laid(cls, matter: Weights, most: int) -> "ScoreBins":
        """Return about `most` bins, at least one for each place.

        Args:
            matter: How much it would change the figures to take all scores of a place for equal, (PLACES,). The number
                of its bins goes with the root of it, which makes the sum of all changes least.
            most: How many bins to lay.
        """
        roots = np.sqrt(matter)
        wanted = np.maximum(1.0, most * roots / max(roots.sum(), np.finfo(float).tiny))
        bits = np.minimum(np.ceil(np.log2(wanted)), _PLACE_BITS).astype(np.uint32)
        sizes = np.int64(1) << bits.astype(np.int64)
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        return cls(first[:-1], np.uint32(_PLACE_BITS) - bits, int(first[-1]))

    def of(self, keys: Keys) -> NDArray[np.int32]:
        """Return the bin of each key, same shape."""
        places = places_of(keys)
        return self.first[places] + ((keys & _WITHIN) >> self.shift[places]).astype(np.int32)

    @property
    def wide(self) -> NDArray[np.bool_]:
        """Return for each bin whether it can hold different scores, (count,)."""
        return np.repeat(self.shift > 0, np.int64(1) << (_PLACE_BITS - self.shift.astype(np.int64)))


class DistinctScores:
    """A bin for each score that there is: nothing is lost, but there may not be too many."""

    def __init__(self, keys: Keys) -> None:
        """Take the distinct keys, sorted, (count,)."""
        self._keys = keys
        self.count = len(keys)

    @classmethod
    def among(cls, maps: Iterable[NDArray[np.float32]], most: int) -> "DistinctScores | None":
        """Return the bins of all scores of the maps; None if there are more than `most` different ones."""
        known = np.zeros(0, np.uint32)
        for scores in maps:
            known = _distinct(np.concatenate([known, keys_of(scores).ravel()]))
            if len(known) > most:
                return None
        return cls(known)

    def of(self, keys: Keys) -> NDArray[np.int32]:
        """Return the bin of each key, same shape."""
        return np.searchsorted(self._keys, keys).astype(np.int32)

    @property
    def wide(self) -> NDArray[np.bool_]:
        """Return for each bin whether it can hold different scores: none can."""
        return np.zeros(self.count, np.bool_)


def _distinct(keys: Keys) -> Keys:
    """Return the distinct keys, sorted. numpy's own `unique` hashes them, which takes ten times as long."""
    in_order = np.sort(keys)
    distinct: Keys = in_order[np.append(True, np.diff(in_order) > 0)]
    return distinct


Bins = ScoreBins | DistinctScores
