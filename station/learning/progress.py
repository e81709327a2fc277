"""How far a long task has come."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a long task.

    Attributes:
        stage: What is being done, for people: "Importing pictures".
        done, total: Steps of this stage; total is 0 where nobody knows it.
        left_s: Seconds left of this stage, None where nobody knows.
    """

    stage: str
    done: int
    total: int
    left_s: float | None = None


OnProgress = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Tell nobody."""


def told(items: Sequence[Item], stage: str, on_progress: OnProgress) -> Iterator[Item]:
    """Walk through `items` and tell after each how far it is."""
    return told_as_done(items, len(items), stage, on_progress)


def told_as_done(items: Iterable[Item], total: int, stage: str, on_progress: OnProgress) -> Iterator[Item]:
    """As `told`, for `total` items that are still being made."""
    began = time.monotonic()
    on_progress(Progress(stage, 0, total))
    for done, item in enumerate(items, start=1):
        yield item
        left_s = (time.monotonic() - began) / done * (total - done)
        on_progress(Progress(stage, done, total, round(left_s, 1)))
