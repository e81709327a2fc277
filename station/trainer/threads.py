"""Work on many pictures, each on one core: small steps gain nothing from threads that wait for each other."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from station.learning.progress import OnProgress, with_progress_of

Item = TypeVar("Item")
Result = TypeVar("Result")


def each_on_a_core(
    work: Callable[[Item], Result], items: Sequence[Item], cores: int, stage: str, on_progress: OnProgress
) -> list[Result]:
    """Return the results of `work` in the order of `items`, `cores` at a time; report progress after each."""
    with ThreadPoolExecutor(cores) as pool:
        return list(with_progress_of(pool.map(work, items), len(items), stage, on_progress))
