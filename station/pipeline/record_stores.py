"""Where the recording worker writes parts, events and feedback."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from station.domain.errors import StorageError
from station.domain.feedback import OperatorFeedback
from station.domain.inspection import Inspection, PartKey
from station.domain.part_images import PartResult, ViewResult
from station.domain.shift import StationEvent


class RecordStore(Protocol):
    """Where parts are recorded; `Inspections` on the line."""

    def record_part(self, inspection: Inspection, views: Sequence[ViewResult], *, keep_picture: bool) -> object:
        """Make one part durable, the pictures of its views first.

        Raises:
            PartRefusedError: No disk can take the part as it is. Nothing was recorded.
            StorageError: The disk refused. Nothing was recorded.
        """
        ...

    def write_ahead(self, inspection: Inspection, views: Sequence[ViewResult]) -> None:
        """Put encoded pictures on the disk before it is the turn of their part. Called on any thread.

        Raises:
            StorageError: The disk refused; `record_part` will say so.
        """
        ...

    def forget_ahead(self, key: PartKey | None = None) -> None:
        """Remove what was written ahead of a part and is not recorded; of all parts if none is named."""
        ...


class EventStore(Protocol):
    """Where events are recorded."""

    def add_event(self, event: StationEvent) -> object:
        """Make one event durable.

        Raises:
            StorageError: It was not recorded.
        """
        ...


class FeedbackStore(Protocol):
    """Where feedback is recorded."""

    def add(self, feedback: OperatorFeedback) -> object:
        """Make feedback on a recorded part durable.

        Raises:
            BadInputError: The part has no record.
            StorageError: It was not recorded.
        """
        ...


class PassedOriginals(Protocol):
    """Where the originals of passed parts wait for a dispute; `RecentOriginals` on a line with a window."""

    def offer(self, part: PartResult) -> None:
        """Take a recorded part whose original is not kept. Return at once."""
        ...


class PictureSpace(Protocol):
    """Knows whether there is room for pictures; a `DiskKeeper` on a line."""

    @property
    def stopped(self) -> bool:
        """Return whether pictures are not written now, so that records go on."""
        ...

    def refuse(self, error: StorageError) -> bool:
        """The disk has refused. Return whether it is full, and has room for records now."""
        ...


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the recording worker writes. Without `originals`, those that are not kept are gone at once."""

    parts: RecordStore
    events: EventStore
    feedback: FeedbackStore
    originals: PassedOriginals | None = None
    space: PictureSpace | None = None
