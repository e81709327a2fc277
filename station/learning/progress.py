"""Progress of a long task."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from station.domain.errors import GivenUpError

Item = TypeVar("Item")
Wanted = Callable[[], bool]
"""Returns whether a long task is still wanted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a long task.

    Attributes:
        stage: What is being done, for people: "Importing pictures".
        done, total: Steps of this stage; total is 0 if it is unknown.
        left_s: Seconds left of this stage, None if unknown.
        loss: The loss of the steps since the last progress, of a method that is trained by gradients; else None.
    """

    stage: str
    done: int
    total: int
    left_s: float | None = None
    loss: float | None = None


OnProgress = Callable[[Progress], None]


def no_progress(_: Progress) -> None:
    """Report no progress."""


def always() -> bool:
    """Return True: the task is wanted until its end."""
    return True


def while_wanted(on_progress: OnProgress, wanted: Wanted, what: str) -> OnProgress:
    """Return a callback that reports progress too, and ends the task at the next step if it is not wanted any more.

    Args:
        on_progress: Called with each step.
        wanted: Asked before it.
        what: What is given up, in words: "The check of tile@3".

    Raises:
        GivenUpError: By the callback.
    """

    def report(step: Progress) -> None:
        if not wanted():
            raise GivenUpError(f"{what} was given up.")
        on_progress(step)

    return report


def with_progress(items: Sequence[Item], stage: str, on_progress: OnProgress) -> Iterator[Item]:
    """Yield each of `items`, and report the progress after each."""
    return with_progress_of(items, len(items), stage, on_progress)


def with_progress_of(items: Iterable[Item], total: int, stage: str, on_progress: OnProgress) -> Iterator[Item]:
    """Yield as `with_progress` does, for `total` items that are still being made."""
    began = time.monotonic()
    on_progress(Progress(stage, 0, total))
    for done, item in enumerate(items, start=1):
        yield item
        left_s = (time.monotonic() - began) / done * (total - done)
        on_progress(Progress(stage, done, total, round(left_s, 1)))
