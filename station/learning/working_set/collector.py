"""Collects parts while the line runs: a thread of its own and of low priority, which only reads news and records."""

import logging
import threading
import time
from collections.abc import Callable

from station.concurrency.fan_out import FanOut, Subscription
from station.concurrency.priority import step_back
from station.concurrency.worker import Worker
from station.domain.inspection import PartKey
from station.domain.messages import MessagesMissed, PartRecorded
from station.learning.working_set.collecting import Collection

_log = logging.getLogger(__name__)
_NICENESS = 10
_WAIT_S = 0.05
_AT_ONCE = 20
_ASK_FOR_WORDS_S = 2.0
_END_WITHIN_S = 5.0
_REST = 4
"""It works for a fifth of the time at most: what waits meanwhile is only a list of numbers."""


class Collector:
    """The thread that collects. It is started when the first policy is in force, and ends with the station."""

    def __init__(self, news: FanOut, collection: Callable[[], Collection]) -> None:
        """Make it without starting it.

        Args:
            news: Of the station.
            collection: Makes what it works with, on its own thread.
        """
        self._news = news
        self._make = collection
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._messages: Subscription | None = None
        self._collection: Collection | None = None
        self._word = 0
        self._asked_at = 0.0
        self._waiting: dict[PartKey, None] = {}
        self._rests_until = 0.0

    def start(self) -> None:
        """Start it, if it does not run."""
        with self._lock:
            if self._worker is not None and self._worker.alive:
                return
            self._messages = self._news.subscribe(PartRecorded)
            self._worker = Worker("collector", self._step, _note_failure)
            self._worker.start()

    def close(self) -> None:
        """End it; what it has in its hands comes in."""
        with self._lock:
            if self._messages is not None:
                self._messages.close()
            if self._worker is not None:
                self._worker.stop()
                self._worker.join(_END_WITHIN_S)

    def _step(self) -> bool:
        if self._collection is None:
            step_back(_NICENESS)
            self._collection = self._make()
            self._word = self._collection.parts.newest_word()
        self._waiting.update(dict.fromkeys([*self._recorded(), *self._said()]))
        if self._waiting and time.monotonic() >= self._rests_until:
            self._take_one(self._collection)
        return True

    def _take_one(self, collection: Collection) -> None:
        """Look at the part that waits longest; after one that came in, rest: a line that runs goes first."""
        key = next(iter(self._waiting))
        del self._waiting[key]
        began = time.monotonic()
        if collection.note_parts([key]):
            ended = time.monotonic()
            self._rests_until = ended + _REST * (ended - began)

    def _recorded(self) -> list[PartKey]:
        """Return some of the parts whose records are on the disk now. What was missed can be collected later."""
        assert self._messages is not None
        keys: list[PartKey] = []
        message = self._messages.next_message(_WAIT_S)
        while message is not None:
            if isinstance(message, PartRecorded):
                keys.append(message.key)
            elif isinstance(message, MessagesMissed):
                _log.warning("the collection missed %d parts", message.count)
            message = self._messages.next_message() if len(keys) < _AT_ONCE else None
        return keys

    def _said(self) -> list[PartKey]:
        """Return the parts that somebody said something of since this was asked last."""
        if time.monotonic() - self._asked_at < _ASK_FOR_WORDS_S:
            return []
        assert self._collection is not None
        self._asked_at = time.monotonic()
        said = self._collection.parts.words_after(self._word)
        self._word = said[-1][0] if said else self._word
        return [key for _, key in said]


def _note_failure(name: str, error: BaseException) -> None:
    _log.error("%s: %s; parts can be collected later from the records", name, error)
