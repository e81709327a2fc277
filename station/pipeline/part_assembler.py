"""The views of a part come together here. A part is published when all of its views have a result."""

import logging
import threading
from collections.abc import Callable, Iterable

from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, PartViews
from station.domain.part_images import PartResult, ViewResult
from station.judgement.code_doubt import settle_serial
from station.judgement.inspector import not_inspected, without_frame
from station.matching.capture import Capture, Trigger

_log = logging.getLogger(__name__)
_PARTS_WITH_PICTURES = 16


class PartAssembler:
    """Collects the view results of the open parts, from any thread.

    Parts leave in the order in which they were opened, because a reject output that counts parts would otherwise
    reject the wrong one. Example: part 2 is complete while part 1 still waits for its view "side"; part 2 waits too.
    If more than 16 parts wait, the later ones lose their pictures; the log reports this once, until no part waits.
    """

    def __init__(
        self, views: Iterable[str], publish_result: Callable[[PartResult], None], first_number: int = 1
    ) -> None:
        """Start without an open part.

        Args:
            views: The names of the recipe's views, in their order.
            publish_result: Takes each complete part, one at a time, on the thread that added its last view.
            first_number: The number of the first part.
        """
        self._views = tuple(views)
        self._publish_result = publish_result
        self._lock = threading.Lock()
        self._waiting: dict[int, tuple[Trigger, dict[str, ViewResult]]] = {}
        self._next = first_number
        self._shedding = False

    @property
    def idle(self) -> bool:
        """Return whether no part waits for another of its views."""
        return not self._waiting

    def add_result(self, trigger: Trigger, result: ViewResult) -> None:
        """Add the result of one view of a part. The first result of a view counts; a later one is ignored."""
        name = result.inspection.name
        with self._lock:
            if trigger.key.part < self._next:
                _log.warning("part %s was judged too late: %s", trigger.key.label, result.inspection.verdict)
                return
            _, results = self._waiting.setdefault(trigger.key.part, (trigger, {}))
            kept = result if len(self._waiting) <= _PARTS_WITH_PICTURES else self._shed_picture(trigger, result)
            results.setdefault(name, kept)
            self._publish_complete()

    def close_part(self, trigger: Trigger) -> None:
        """Close the views of a part that have no result, as STATION_FAILED, because their worker has ended."""
        for view in self._views:
            result = result_of(Capture.of(trigger, view), NotInspectedCause.STATION_FAILED)
            self.add_result(trigger, result)

    def _publish_complete(self) -> None:
        while (head := self._waiting.get(self._next)) and len(head[1]) == len(self._views):
            trigger, results = head
            try:
                part = _part_of(trigger, tuple(results[view] for view in self._views))
            except MemoryError:
                raise  # the part still waits: the next result publishes it, or the end of the run
            except BaseException:
                self._forget_first()
                raise
            self._forget_first()
            self._publish_result(part)
        self._shedding = self._shedding and bool(self._waiting)

    def _forget_first(self) -> None:
        del self._waiting[self._next]
        self._next += 1

    def _shed_picture(self, trigger: Trigger, result: ViewResult) -> ViewResult:
        if not self._shedding:
            self._shedding = True
            _, results = self._waiting.get(self._next, (trigger, {}))
            missing = ", ".join(view for view in self._views if view not in results)
            _log.warning("waiting for %s: pictures are shed from part %s on", missing, trigger.key.label)
        return result.without_picture()


def result_of(capture: Capture, cause: NotInspectedCause | None = None) -> ViewResult:
    """Return the NOT INSPECTED result of a capture that is not judged.

    Args:
        capture: With or without a frame.
        cause: Why; the capture's own cause if not given.
    """
    cause = cause or capture.cause or NotInspectedCause.STATION_FAILED
    if capture.frame is not None:
        return not_inspected(capture.view, capture.frame, cause, capture.detail)
    since_ns = capture.trigger.triggered_ns
    return without_frame(capture.view, capture.origin, since_ns, cause, capture.detail, capture.frame_id)


def _part_of(trigger: Trigger, views: tuple[ViewResult, ...]) -> PartResult:
    serial, views = settle_serial(trigger.serial, views)
    inspections = tuple(view.inspection for view in views)
    made = trigger.made
    part = Inspection(trigger.key, trigger.triggered_at, inspections, serial, made.lot, made.order)
    return PartViews(part, views)
