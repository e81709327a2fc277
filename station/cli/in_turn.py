"""Several ways to do the same, taken in turn, so that each of them has the same load of the machine."""

import time
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from tqdm import tqdm

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


def in_turn(
    ways: Mapping[K, Callable[[int], T]], rounds: int, warm_up: int = 0, label: str = "Measuring"
) -> dict[K, list[T]]:
    """Return what each way returned, in the order of the rounds: equal places of two lists are a pair.

    Every second round goes through the ways the other way round, so that no way always follows the same one.

    Args:
        ways: By name; each is called with the number of the round; those of the warm-up are negative.
        rounds: How many are counted.
        warm_up: Rounds before them, which are not counted.
        label: Before the bar that shows the progress on a terminal.
    """
    taken: dict[K, list[T]] = {name: [] for name in ways}
    for number in tqdm(range(-warm_up, rounds), label, unit="round", delay=1, disable=None, leave=False):
        for name in list(ways) if number % 2 == 0 else list(ways)[::-1]:
            done = ways[name](number)
            if number >= 0:
                taken[name].append(done)
    return taken


def milliseconds(work: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3
