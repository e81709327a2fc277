"""Reads the pictures of the parts around the one that is shown, so that the next one is there when it is asked for."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from station.domain.errors import StationError
from station.domain.inspection import PartKey
from ui.background.tasks import BackgroundTasks

T = TypeVar("T")


class PicturesAhead(Generic[T]):
    """Keeps what was read of a few parts. What nobody wants any more when its turn comes is not read.

    Args:
        tasks: A thread of its own.
        read: Reads what is shown of a part; called on that thread.
        arrived: Called with a part and what was read of it.
        failed: Called with a part and why it could not be read.
    """

    def __init__(
        self,
        tasks: BackgroundTasks,
        read: Callable[[PartKey], T],
        arrived: Callable[[PartKey, T], object],
        failed: Callable[[PartKey, StationError], object],
    ) -> None:
        self._tasks, self._read, self._arrived, self._failed = tasks, read, arrived, failed
        self._near: frozenset[PartKey] = frozenset()
        self._kept: dict[PartKey, T] = {}
        self._asked: set[PartKey] = set()

    def find(self, key: PartKey) -> T | None:
        """Return what was read of a part; None if it is on its way."""
        return self._kept.get(key)

    def has(self, key: PartKey) -> bool:
        """Return whether a part was read."""
        return key in self._kept

    def want(self, keys: Sequence[PartKey]) -> None:
        """Read these parts, in this order, and forget all others."""
        self._near = frozenset(keys)
        self._kept = {key: kept for key, kept in self._kept.items() if key in self._near}
        for key in keys:
            if key not in self._kept and key not in self._asked:
                self._ask(key)

    def _ask(self, key: PartKey) -> None:
        self._asked.add(key)
        self._tasks.ask(
            lambda: (self._read(key),) if key in self._near else (),
            lambda found: self._take(key, found),
            lambda error: self._refuse(key, error),
        )

    def _take(self, key: PartKey, found: tuple[T, ...]) -> None:
        self._asked.discard(key)
        if not found:
            if key in self._near:  # it is wanted again since it was passed over
                self._ask(key)
            return
        if key in self._near:
            self._kept[key] = found[0]
        self._arrived(key, found[0])

    def _refuse(self, key: PartKey, error: StationError) -> None:
        self._asked.discard(key)
        self._failed(key, error)
