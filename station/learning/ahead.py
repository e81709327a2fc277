"""Work in the background, at low priority where the system has one for each thread: a running line goes first."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from station.concurrency.priority import step_back

Item = TypeVar("Item")
Result = TypeVar("Result")

_NICENESS = 10
_WAITING = 2
"""Results for each thread that wait to be taken: more would only fill the memory."""


class Background:
    """Threads of low priority."""

    def __init__(self, threads: int = 1, *, awaited: bool = True) -> None:
        """Start them.

        Args:
            threads: Their number.
            awaited: The end waits for what they have in their hands; else this ends by itself, and changes nothing.
        """
        self._threads = threads
        self._awaited = awaited
        self._pool = ThreadPoolExecutor(threads, "background", initializer=step_back, initargs=(_NICENESS,))

    def __enter__(self) -> "Background":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=self._awaited, cancel_futures=True)

    def submit(self, work: Callable[[], Result]) -> "Future[Result]":
        """Begin some work."""
        return self._pool.submit(work)

    def each(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results of `work` in the order of `items`, while the threads work on the next ones."""
        begun: deque[Future[Result]] = deque()
        for item in items:
            begun.append(self._pool.submit(work, item))
            if len(begun) > _WAITING * self._threads:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
