"""Parts that wait for a person's word, each with its time running. Time comes from the caller."""

from collections import deque
from dataclasses import dataclass

from station.domain.inspection import Inspection, PartKey


@dataclass(frozen=True, slots=True)
class ReviewTask:
    """A REVIEW part and when its time is up, on the caller's monotonic clock."""

    inspection: Inspection
    ends_at_s: float

    @property
    def key(self) -> PartKey:
        """Which part."""
        return self.inspection.key

    def remaining_s(self, now_s: float) -> float:
        """Time left."""
        return max(0.0, self.ends_at_s - now_s)


class ReviewTasks:
    """First come, first answered; who is not answered in time ends as FAIL."""

    def __init__(self, time_limit_s: float) -> None:
        self.time_limit_s = time_limit_s
        self._open: deque[ReviewTask] = deque()

    @property
    def current(self) -> ReviewTask | None:
        """The one that has waited longest."""
        return self._open[0] if self._open else None

    @property
    def waiting(self) -> int:
        """How many are open."""
        return len(self._open)

    def add(self, inspection: Inspection, now_s: float) -> None:
        """A part came that is for a person."""
        self._open.append(ReviewTask(inspection, now_s + self.time_limit_s))

    def of(self, key: PartKey) -> ReviewTask | None:
        """That of this part, None where it does not wait."""
        return next((task for task in self._open if task.key == key), None)

    def take(self, key: PartKey) -> None:
        """This part is answered."""
        self._open = deque(task for task in self._open if task.key != key)

    def take_expired(self, now_s: float) -> list[ReviewTask]:
        """All whose time is up."""
        expired = [task for task in self._open if task.ends_at_s <= now_s]
        self._open = deque(task for task in self._open if task.ends_at_s > now_s)
        return expired

    def take_all(self) -> list[ReviewTask]:
        """All that are open: nobody is there any more to answer them."""
        left, self._open = list(self._open), deque()
        return left
