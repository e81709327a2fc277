"""The pictures of the next parts, encoded on other threads while the recording worker waits for the disk."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from station.concurrency.picture_threads import picture_threads
from station.concurrency.priority import step_back
from station.concurrency.started import Started
from station.domain.inspection import PartKey
from station.domain.part_images import PartResult

_NICENESS = 5
_LONGEST_S = 5.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    part: PartResult
    encoding: Started[T]


class EncodingAhead(Generic[T]):
    """Encodes a few parts at once: those that are recorded next.

    The order of the records is that of the caller: it asks for one part after the other, and waits for it. Used by one
    thread.

    Attributes:
        depth: As many parts are held here at most.
    """

    def __init__(self, encode: Callable[[PartResult, bool], T]) -> None:
        """Start no thread yet.

        Args:
            encode: Encodes one part, with its pictures if its second argument says so. Called on any thread.
        """
        self.depth = picture_threads() + 1
        self._encode = encode
        self._jobs: dict[PartKey, _Job[T]] = {}

    def begin(self, parts: Iterable[tuple[PartResult, bool]]) -> None:
        """Begin to encode the parts that are not begun yet. A part that has lost its pictures meanwhile begins again.

        Args:
            parts: The next parts, at most `depth`, and whether to keep their pictures.
        """
        for part, keep in parts:
            key = part.inspection.key
            job = self._jobs.get(key)
            if job is None or job.part is not part:
                self._jobs[key] = _Job(part, Started("encoding", partial(self._encoded, part, keep)))

    def result(self, part: PartResult) -> T | None:
        """Wait for a part that was begun; None if it cannot be encoded. The part stays here until `forget`."""
        job = self._jobs.get(part.inspection.key)
        if job is None or job.part is not part or job.encoding.failed():
            return None
        return job.encoding.result()

    def forget(self, key: PartKey) -> None:
        """Release a part that was recorded or left out."""
        self._jobs.pop(key, None)

    def close(self) -> None:
        """Wait for what is being encoded, and release it."""
        for job in self._jobs.values():
            job.encoding.wait(_LONGEST_S)
        self._jobs.clear()

    def _encoded(self, part: PartResult, keep: bool) -> T:
        step_back(_NICENESS)  # the judgement goes first
        return self._encode(part, keep)
