"""The queue of the recording worker: parts and events in the order in which they came, feedback behind its part."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from station.domain.feedback import OperatorFeedback
from station.domain.inspection import PartKey, PartViews
from station.domain.part_images import PartResult, has_originals, without_pictures
from station.domain.shift import StationEvent
from station.domain.verdict import Verdict

_log = logging.getLogger(__name__)

Recordable: TypeAlias = PartResult | StationEvent | OperatorFeedback


@dataclass(slots=True, eq=False)
class _Place:
    """The place of one item. A part in it may lose its pictures while it waits."""

    item: Recordable


class RecordingQueue:
    """First in, first out, but feedback on a part leaves directly behind the part. Safe from any thread.

        put(part 7) put(part 8) put(event) put_after_part(feedback on 7)  ->  part 7, feedback on 7, part 8, event

    It never refuses an item. At most `picture_slots` parts keep their pictures; if one more comes, a part with the
    verdict PASS loses its pictures first. The log reports the first loss, and the number of losses after no part waits
    any more. The number of waiting records is limited elsewhere: the line stops opening parts.
    """

    def __init__(self, picture_slots: int) -> None:
        self._picture_slots = picture_slots
        self._changed = threading.Condition()
        self._waiting: deque[_Place] = deque()
        self._with_picture: deque[_Place] = deque()
        self._parts = 0
        self._closed = False
        self.pictures_shed = 0
        self._reported = 0

    @property
    def ended(self) -> bool:
        """Return whether the queue is closed and empty."""
        with self._changed:
            return self._closed and not self._waiting

    @property
    def parts(self) -> int:
        """Return the number of parts that wait here."""
        with self._changed:
            return self._parts

    def put(self, item: Recordable, before_it_is_taken: Callable[[], None] = lambda: None) -> None:
        """Add an item. Never waits for the disk.

        Args:
            item: A part, an event, or feedback on a part that is recorded or waits here.
            before_it_is_taken: Called before the recording worker can see the item. It must return at once. The line
                publishes the verdict here, so that nobody reads "part 7 recorded" before "part 7 judged", and feedback
                on a published part always finds the part in this queue or in the records.
        """
        with self._changed:
            self._append(item)
            before_it_is_taken()
            self._changed.notify()

    def put_after_part(self, feedback: OperatorFeedback) -> bool:
        """Add feedback if the record of its part waits here. Return whether it was added.

        It waits for no other part, so a crash while the disk is behind cannot separate the answer from its part.
        """
        with self._changed:
            place = self._place_behind(feedback.key)
            if place is None:
                return False
            self._waiting.insert(place, _Place(feedback))
        return True

    def feedback_on(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        """Return the feedback on one part that waits here, oldest first."""
        with self._changed:
            items = [place.item for place in self._waiting]
        return tuple(item for item in items if isinstance(item, OperatorFeedback) and item.key == key)

    def oldest(self, timeout_s: float) -> Recordable | None:
        """Return the oldest item and leave it in the queue; None if no item came within `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, timeout_s)
            return self._waiting[0].item if self._waiting else None

    def oldest_parts(self, most: int) -> tuple[PartResult, ...]:
        """Return the oldest parts, at most `most`, and leave them in the queue."""
        with self._changed:
            parts = (place.item for place in self._waiting if isinstance(place.item, PartViews))
            return tuple(islice(parts, most))

    def remove_oldest(self) -> None:
        """Remove the oldest item after it was recorded."""
        with self._changed:
            place = self._waiting.popleft()
            if self._with_picture and self._with_picture[0] is place:
                self._with_picture.popleft()
            if isinstance(place.item, PartViews):
                self._parts -= 1
                if not self._parts:
                    self._report_shed_pictures()

    def close(self) -> None:
        """Accept the end: nothing more will be put. Waiting items are still recorded."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _place_behind(self, key: PartKey) -> int | None:
        """Return the place behind a part and the feedback on it; None if the part does not wait here."""
        behind = None
        for place, waiting in enumerate(self._waiting, start=1):
            item = waiting.item
            if _is_part(item, key) or (behind == place - 1 and isinstance(item, OperatorFeedback)):
                behind = place
        return behind

    def _append(self, item: Recordable) -> None:
        self._waiting.append(place := _Place(item))
        if not isinstance(item, PartViews):
            return
        self._parts += 1
        if has_originals(item):
            self._with_picture.append(place)
        if len(self._with_picture) > self._picture_slots:
            self._shed_a_picture()

    def _shed_a_picture(self) -> None:
        """Take the pictures of one part, never of the oldest item: it may be on its way to the disk."""
        parts = [(place, place.item) for place in self._with_picture if isinstance(place.item, PartViews)]
        others = [(place, part) for place, part in parts if place is not self._waiting[0]]
        passed = [(place, part) for place, part in others if part.inspection.verdict is Verdict.PASS]
        place, part = (passed or others)[0]
        place.item = without_pictures(part)
        self._with_picture.remove(place)
        if self.pictures_shed == self._reported:
            _log.warning("the disk is behind: pictures are shed from part %s on", part.inspection.key.label)
        self.pictures_shed += 1

    def _report_shed_pictures(self) -> None:
        if shed := self.pictures_shed - self._reported:
            _log.warning("the disk has caught up: %d parts have no picture but a thumbnail", shed)
            self._reported = self.pictures_shed


def _is_part(item: Recordable, key: PartKey) -> bool:
    return isinstance(item, PartViews) and item.inspection.key == key
