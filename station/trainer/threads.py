"""Work on many pictures, one core to each: small steps gain nothing from threads that wait for each other."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

from station.learning.progress import OnProgress, told_as_done

Item = TypeVar("Item")
Result = TypeVar("Result")


def each_on_a_core(
    work: Callable[[Item], Result], items: Sequence[Item], cores: int, stage: str, on_progress: OnProgress
) -> list[Result]:
    """The results of `work` in the order of `items`, `cores` of them at a time; told after each."""

    def alone(item: Item) -> Result:
        torch.set_num_threads(1)  # of this thread
        with torch.inference_mode():  # likewise
            return work(item)

    with ThreadPoolExecutor(cores) as pool:
        return list(told_as_done(pool.map(alone, items), len(items), stage, on_progress))
