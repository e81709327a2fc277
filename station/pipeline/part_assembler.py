"""Where the views of a part come together: a part is made known when all of them are judged."""

import logging
import threading
from collections.abc import Callable, Iterable

from station.domain.frame import NotInspectedCause
from station.judgement.inspector import not_inspected
from station.matching.capture import Capture, JudgedPart, JudgedShot, Trigger

_log = logging.getLogger(__name__)
_PARTS_WITH_PICTURES = 16


class PartAssembler:
    """Collects the judged shots of the open parts, from any thread.

    Parts leave in the order in which they were opened, so that a reject output that counts parts stays in step. While
    one view keeps the others waiting, only so many parts keep their pictures; the log says so once, until none waits.
    """

    def __init__(self, views: Iterable[str], announce: Callable[[JudgedPart], None]) -> None:
        """No part is open.

        Args:
            views: The recipe's, in its order.
            announce: Takes each complete part; called by whoever brought its last view, by one at a time.
        """
        self._views = tuple(views)
        self._announce = announce
        self._lock = threading.Lock()
        self._waiting: dict[int, tuple[Trigger, dict[str, JudgedShot]]] = {}
        self._next = 1
        self._shedding = False

    @property
    def idle(self) -> bool:
        """No part waits for another of its views."""
        return not self._waiting

    def add(self, trigger: Trigger, judged: JudgedShot) -> None:
        """A view of a part has its verdict; the first one stands."""
        with self._lock:
            if trigger.key.part < self._next:
                _log.warning("part %s was judged too late: %s", trigger.key.label, judged.live.view.verdict)
                return
            _, shots = self._waiting.setdefault(trigger.key.part, (trigger, {}))
            kept = judged if len(self._waiting) <= _PARTS_WITH_PICTURES else self._shed(trigger, judged)
            shots.setdefault(judged.live.view.name, kept)
            self._announce_complete()

    def give_up(self, trigger: Trigger) -> None:
        """Close a part whose views nobody judges any more."""
        for view in self._views:
            self.add(trigger, not_inspected(Capture.of(trigger, view), NotInspectedCause.STATION_FAILED))

    def _announce_complete(self) -> None:
        while (head := self._waiting.get(self._next)) and len(head[1]) == len(self._views):
            trigger, shots = self._waiting.pop(self._next)
            self._next += 1
            self._announce(JudgedPart.of(trigger, tuple(shots[view] for view in self._views)))
        self._shedding = self._shedding and bool(self._waiting)

    def _shed(self, trigger: Trigger, judged: JudgedShot) -> JudgedShot:
        if not self._shedding:
            self._shedding = True
            _, there = self._waiting.get(self._next, (trigger, {}))
            missing = ", ".join(view for view in self._views if view not in there)
            _log.warning("waiting for %s: pictures are shed from part %s on", missing, trigger.key.label)
        return judged.without_picture()
