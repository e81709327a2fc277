"""Originals of parts that passed: kept for as long as a person may still dispute one, and for good if one does."""

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import inf
from typing import Self

from station.concurrency.priority import step_back
from station.concurrency.worker import Worker
from station.domain.disk import FULL, reason_of
from station.domain.errors import StorageError
from station.domain.inspection import PartKey
from station.domain.part_images import PartResult, has_originals
from station.storage.pictures.encoding import PictureFormatError, encode_whole
from station.storage.pictures.passed_ring import PassedRing
from station.storage.records.later_pictures import LaterPictures

_log = logging.getLogger(__name__)
_NICENESS = 15
_MOST_WAITING = 4
_MOST_WANTED = 1000
_ON_THEIR_WAY = 50
_WAIT_S = 0.1
_AGAIN_S = 5.0
_END_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class WhereKept:
    """Where originals wait, and where they go when somebody says something of their part.

    Attributes:
        ring: The parts that wait.
        records: Where they are kept for good.
        said_on: Returns those of some parts of which a person has said something, or that are on hold.
    """

    ring: PassedRing
    records: LaterPictures
    said_on: Callable[[Collection[PartKey]], Collection[PartKey]]


class RecentOriginals:
    """Writes the originals of recorded parts to the ring, on a thread of low priority; `keep` takes one out of it.

        offer(part 7) -> encoded, in the ring -> part 307 comes: given up
                                    | keep(part 7)
                                    +-> on the disk for good, in the record of part 7

    Nothing waits for it: if more parts come than it can write, the oldest of those that wait is left out. A disk that
    is full gets back what the ring has taken. Safe from any thread.

    Attributes:
        ring: The parts that wait.
        left_out: Parts whose originals were left out because too many came.
    """

    def __init__(self, kept: WhereKept) -> None:
        """Touch nothing on the disk; only the program that runs the line does, inside `with`."""
        self._kept, self.ring = kept, kept.ring
        self._changed = threading.Condition()
        self._waiting: deque[PartResult] = deque()
        self._wanted: OrderedDict[PartKey, None] = OrderedDict()
        self._promoting = threading.Lock()
        self._refused: dict[PartKey, float] = {}
        self._worker: Worker | None = None
        self._loaded = self._full = self._ending = False
        self.left_out = 0

    def offer(self, part: PartResult) -> None:
        """Take a recorded part that passed and whose original is not kept. Return at once."""
        if not (self.ring.most_parts and has_originals(part)):
            return
        with self._changed:
            if len(self._waiting) == _MOST_WAITING:
                self._leave_one_out()
            self._waiting.append(part)
            self._changed.notify()

    def _leave_one_out(self) -> None:
        """Leave out the oldest of those that wait; one that a person wants only if they all are."""
        keys = [part.inspection.key for part in self._waiting]
        del self._waiting[next((place for place, key in enumerate(keys) if key not in self._wanted), 0)]
        self.left_out += 1

    def keep(self, key: PartKey) -> None:
        """Keep the original of a part for good, if it waits in the ring or is on its way there.

        The record has it when this returns, unless it is on its way or the disk refuses; then it gets it later.
        """
        with self._changed:
            self._wanted[key] = None
            if len(self._wanted) > _MOST_WANTED:
                self._wanted.popitem(last=False)
        self._promote(key)

    def keep_all(self, keys: Collection[PartKey]) -> None:
        """Keep the originals of many parts, such as a whole lot: the folder is looked through once, not for each.

        Those that are on their way to the ring are among the newest.
        """
        newest = sorted(keys)[-_ON_THEIR_WAY:]
        try:
            there = self.ring.on_disk()
        except OSError as error:
            _log.warning("originals are looked for one by one: %s", reason_of(error))
            there = set(keys)
        for key in dict.fromkeys((*newest, *sorted(there & set(keys)))):
            self.keep(key)

    def give_way(self, most: float = inf) -> int:
        """Give up parts of the ring that no person wants, oldest first: the disk has no room.

        Args:
            most: Bytes; the part that exceeds them is the last.

        Returns:
            The bytes that were given up.
        """
        given_up = 0
        with self._promoting:
            for key in self.ring.keys:
                if given_up >= most:
                    break
                if key not in self._wanted:
                    before = self.ring.size
                    self._remove(key)
                    given_up += before - self.ring.size
        return given_up

    def __enter__(self) -> Self:
        """Start the thread: this program has the line now, and the ring is its own."""
        self._ending = False
        self._loaded = False  # another program may have had the line meanwhile
        self._worker = Worker("recent originals", self._step, _note_failure)
        self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the thread, after the parts that still wait. The ring stays on the disk."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        if self._worker is not None and not self._worker.join(_END_WITHIN_S):
            self._worker.stop()

    def _step(self) -> bool:
        if not self._loaded:
            self._loaded = True
            step_back(_NICENESS)
            self._load()
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ending, _WAIT_S)
            if self._ending and not self._waiting:
                return False
            part = self._waiting.popleft() if self._waiting else None
            hurried = bool(self._waiting)
        if part is not None:
            self._put(part, compressed=not hurried)
        self._try_again()
        return True

    def _load(self) -> None:
        """Take over the ring of the line before: also after a crash between the word and the picture."""
        self.ring.load()
        for key in self._kept.said_on(self.ring.keys):
            self.keep(key)
        self._give_up_the_oldest()

    def _put(self, part: PartResult, *, compressed: bool) -> None:
        key = part.inspection.key
        try:
            self.ring.put(key, [encode_whole(view, compressed=compressed) for view in part.views])
            self._give_up_the_oldest()
            self._full = False
        except PictureFormatError as error:
            _log.warning("part %s is not in the ring: %s", key.label, error)
        except OSError as error:
            self._make_room(error)
        if key in self._wanted:
            self._promote(key)

    def _give_up_the_oldest(self) -> None:
        with self._promoting:  # whoever wants a part now has it on the list before, or finds it given up
            for key in self.ring.beyond(self._wanted):
                self._remove(key)

    def _remove(self, key: PartKey) -> None:
        """A file that another program holds stays in the ring, and is given up with the next part."""
        try:
            self.ring.remove(key)
        except OSError as error:
            _log.warning("the original of part %s cannot be given up yet: %s", key.label, reason_of(error))

    def _make_room(self, error: OSError) -> None:
        """The disk refuses. If it is full, nothing of the ring is worth a record; what a person wants stays.

        Another fault, such as a file that a virus scanner holds, costs this part alone.
        """
        if not self._full:
            _log.warning("originals of passed parts cannot wait for a dispute: %s", reason_of(error))
        self._full = True
        if reason_of(error) == FULL:
            self.give_way()

    def _promote(self, key: PartKey) -> None:
        with self._promoting:
            try:
                files = self.ring.contents(key)
                if files and self._kept.records.add(key, files):
                    _log.info("the original of part %s of run %d is kept: a person spoke of it", key.label, key.run_id)
                    self.ring.remove(key)
                self._refused.pop(key, None)
            except (StorageError, OSError) as error:
                _log.warning("the original of part %s cannot be kept yet: %s", key.label, error)
                self._refused[key] = time.monotonic()

    def _try_again(self) -> None:
        for key, at in tuple(self._refused.items()):
            if time.monotonic() - at > _AGAIN_S:
                self._promote(key)


def _note_failure(name: str, error: BaseException) -> None:
    _log.error("%s: %s; originals of parts that passed may be missing if one is disputed", name, error)
