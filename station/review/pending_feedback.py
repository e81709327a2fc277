"""What people say of parts: at once for a part on the disk, after the part where its record still waits."""

import threading

from station.domain.feedback import OperatorFeedback
from station.domain.inspection import PartKey
from station.storage.records.feedback import FeedbackRecords


class PendingFeedback:
    """The disputes of all parts, in the records or on their way there. Safe from any thread.

        unknown --judged()--> its record waits: disputes are kept --recorded()--> disputes go to the records

    The recording worker writes what was kept, after the part: a dispute stands beside a record and never alone.
    """

    def __init__(self, records: FeedbackRecords) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._unrecorded: dict[PartKey, list[OperatorFeedback]] = {}
        self._on_their_way: list[OperatorFeedback] = []

    def add(self, dispute: OperatorFeedback) -> None:
        """Keep what a person says of a part.

        Raises:
            BadInputError: There is no such part.
            StorageError: The part is recorded, and the disk does not take the dispute.
        """
        with self._lock:
            waiting = self._unrecorded.get(dispute.key)
            if waiting is not None:
                waiting.append(dispute)
        if waiting is None:
            self._records.add(dispute)

    def of(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        """Everything said of one part, oldest first, recorded or not."""
        with self._lock:
            kept = [*self._on_their_way, *self._unrecorded.get(key, ())]
        recorded = self._records.of(key)
        return (*recorded, *(dispute for dispute in kept if dispute.key == key and dispute not in recorded))

    def judged(self, key: PartKey) -> None:
        """The part has its verdict, and its record is on its way."""
        with self._lock:
            self._unrecorded[key] = []

    def recorded(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        """The part is on the disk; what was said of it until now is to be written."""
        with self._lock:
            kept = self._unrecorded.pop(key, [])
            self._on_their_way.extend(kept)
        return tuple(kept)

    def write(self, dispute: OperatorFeedback) -> None:
        """Put what was kept into the records.

        Raises:
            StorageError: The disk does not take it now.
        """
        self._records.add(dispute)
        with self._lock:
            self._on_their_way.remove(dispute)

    def forget_unrecorded(self) -> None:
        """The run is over; a part that is not recorded now never will be."""
        with self._lock:
            self._unrecorded.clear()
            self._on_their_way.clear()
