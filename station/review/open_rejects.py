"""The rejects that nobody has said anything of yet: a counted list, so that none is overlooked on a fast line."""

import threading

from station.domain.inspection import Inspection, PartKey
from station.domain.messages import Message, ReviewEnded
from station.domain.verdict import Verdict

KEPT = 300
"""The oldest of more rejects leave the list; the records have them all."""


class OpenRejects:
    """FAILs, and reviews that ended without an answer, until a person has said a word on them. Safe from any thread.

    It belongs to this program: the parts themselves are in the records, whatever is said of them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rejects: dict[PartKey, Inspection] = {}
        self._asked: dict[PartKey, Inspection] = {}

    @property
    def open(self) -> tuple[Inspection, ...]:
        """Return the rejects that nobody has said anything of, the oldest first; at most 300."""
        with self._lock:
            return tuple(self._rejects.values())

    def add_part(self, inspection: Inspection) -> None:
        """Note a judged part. Returns at once."""
        with self._lock:
            if inspection.verdict is Verdict.FAIL:
                self._add(inspection)
            elif inspection.verdict is Verdict.REVIEW:
                self._asked[inspection.key] = inspection

    def note(self, message: Message) -> None:
        """A review that ended without a person leaves a reject; one that a person answered is handled."""
        if isinstance(message, ReviewEnded):
            with self._lock:
                asked = self._asked.pop(message.feedback.key, None)
                if asked is not None and not message.feedback.claim.by_person:
                    self._add(asked)

    def handle(self, key: PartKey) -> None:
        """A person has said a word on this part."""
        with self._lock:
            self._rejects.pop(key, None)

    def _add(self, inspection: Inspection) -> None:
        self._rejects[inspection.key] = inspection
        if len(self._rejects) > KEPT:
            del self._rejects[next(iter(self._rejects))]
