"""What a figure is, and what its module in `figures` gets to measure it.

A module has a docstring that says what is measured and how, `NAME`, a few words for the list of what was not measured,
and `measure(setting)`, which returns its figures. It runs in a process of its own: nothing that it loads, and no thread
that it starts, is in the way of the next one.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LEAST_PAIRS = 20


class NotMeasuredError(Exception):
    """A figure that this machine or this call cannot give; the text says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure beside its bound.

    Attributes:
        name: What was measured.
        ours: The product's own value, in `unit`: a median, if it was measured several times.
        peer: The value of what it is compared with; None if it is compared with its bound alone.
        unit: Of both, such as "ms".
        ratio: `ours` over `peer`, the median of the pairs; None without a peer.
        bound: What `ratio`, or `ours` without a peer, may be at most; None if nothing was demanded.
        pairs: How many pairs were measured, or how many values without a peer.
        note: What a reader has to know.
        at_least: The bound is the least that is wanted, as for rates.
    """

    name: str
    ours: float
    peer: float | None
    unit: str
    ratio: float | None
    bound: float | None
    pairs: int
    note: str = ""
    at_least: bool = False

    @property
    def holds(self) -> bool | None:
        """Say whether the figure keeps its bound; None if there is none. What is not a number keeps no bound."""
        if self.bound is None:
            return None
        value = self.ours if self.ratio is None else self.ratio
        return value >= self.bound if self.at_least else value <= self.bound

    @property
    def has_few_pairs(self) -> bool:
        """Say whether the ratio rests on too few pairs to be taken for certain."""
        return self.ratio is not None and self.pairs < LEAST_PAIRS


def of_pairs(
    name: str, ours: Sequence[float], peer: Sequence[float], unit: str, bound: float | None, note: str = ""
) -> Figure:
    """Return the figure of pairs that were measured in turn; its ratio is the median over the pairs.

    Raises:
        ValueError: The lists differ in length, or are empty.
    """
    if not ours:
        raise ValueError(f"no pair was measured for '{name}'")
    ratio = statistics.median(one / other for one, other in zip(ours, peer, strict=True))
    return Figure(name, statistics.median(ours), statistics.median(peer), unit, ratio, bound, len(ours), note)


@dataclass(frozen=True, slots=True)
class Setting:
    """How to measure.

    Attributes:
        folder: For what takes long to prepare (workspaces, pictures, exports); the modules of a call share it.
        data: The folder of the labelled sets; it may be missing.
        before: A checkout of an earlier build, as a peer; None if none was given.
        quick: As few pairs as count.
    """

    folder: Path
    data: Path
    before: Path | None
    quick: bool

    def pairs(self, usual: int) -> int:
        """Return how many pairs to measure, at least 20."""
        return LEAST_PAIRS if self.quick else max(LEAST_PAIRS, usual)
