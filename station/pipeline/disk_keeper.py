"""Keeps room on the disk while the line runs: pictures by their worth, and space for records always."""

import logging
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from typing import Self

from station.concurrency.priority import step_back
from station.concurrency.worker import Worker
from station.domain.alarm import Alarm, AlarmKind
from station.domain.clock import utc_now
from station.domain.disk import FULL, reason_of
from station.domain.errors import StorageError
from station.domain.formatting import counted
from station.domain.inspection import PartKey
from station.pipeline.freed_late import FreedLate
from station.review.alarm_list import AlarmList
from station.settings import RecordingSettings
from station.storage.pictures.reserve import DiskReserve
from station.storage.records.given_up import GivenUpPictures, Worth

_log = logging.getLogger(__name__)
_NICENESS = 10
_LOOK_EVERY_S = 1.0
_COUNT_EVERY = timedelta(minutes=10)
_NOTE_EVERY = timedelta(hours=1)
_REST_S = 0.02
_LONG_S = 0.05
_REST_AFTER_NOTHING = 20
_END_WITHIN_S = 5.0
_GB = 1e9
_FIRST = PartKey(0, 0)

Note = Callable[[str, str, str], None]
"""Takes why pictures were given up, nothing, and how many."""


@dataclass(slots=True)
class _Progress:
    """How far the pictures of parts that passed are given up.

    A search that finds nothing looks at every picture that is kept. One that took long is made again when it is a
    twentieth of the time since: otherwise a full disk with 100,000 parts on hold would cost half a core for ever.

    Attributes:
        after: Up to which part.
        nothing_until_s: Until when nothing is searched for, because nothing was found; monotonic seconds.
    """

    after: dict[Worth, PartKey] = field(default_factory=lambda: dict.fromkeys(Worth, _FIRST))
    nothing_until_s: dict[Worth, float] = field(default_factory=lambda: dict.fromkeys(Worth, 0.0))

    def note_nothing(self, worth: Worth, began_s: float) -> None:
        """Note that a search has found nothing."""
        took_s = time.monotonic() - began_s
        if took_s > _LONG_S:
            self.nothing_until_s[worth] = began_s + _REST_AFTER_NOTHING * took_s


class DiskKeeper:
    """Decides whether pictures are written, and gives up those of parts that passed. Safe from any thread.

        writing --the disk is full--> stopped: the reserve is released for records; an alarm if nothing can go
           ^                             |
           +--there is room for the reserve again: pictures were given up, or a person has made room

    Attributes:
        stopped: Pictures are not written now.
    """

    def __init__(
        self,
        folder: Path,
        reserve: DiskReserve,
        pictures: GivenUpPictures,
        settings: RecordingSettings,
        alarms: AlarmList,
        give_way: Callable[[float], int] = lambda _: 0,
        note: Note = lambda *_: None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Touch nothing on the disk; only the program that runs the line does, inside `with`.

        Args:
            folder: Any folder of the disk.
            reserve: Held for records.
            pictures: Of all parts.
            settings: How much is kept, and how long.
            alarms: Where a full disk is reported.
            give_way: Gives up this number of bytes of what was never promised to anybody, or all of it; asked first.
            note: Called once an hour with the reason why pictures were given up, how many and how large.
            now: The wall clock, UTC.
        """
        self._note, self._gone = note, defaultdict[str, list[int]](list)
        self._noted_at = now()
        self._give_way = give_way
        self._folder, self._reserve, self._pictures = folder, reserve, pictures
        self._settings = settings
        self._alarms = alarms
        self._now = now
        self._lock = threading.Lock()
        self._ending, self._wake = threading.Event(), threading.Event()
        self._alarmed = False
        self._worker: Worker | None = None
        self._progress = _Progress()
        self._counted_at: datetime | None = None
        self._begun = False
        self._last_release = 0
        self._freed_late = FreedLate()
        self.stopped = False

    def __enter__(self) -> Self:
        """Hold the reserve, and watch the disk on a thread of low priority."""
        self._ending.clear()
        self._begun = False
        self._try_to_write()
        self._worker = Worker("disk", self._step, _note_failure)
        self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Watch no longer. Without a line nothing is recorded, so the reserve is not needed."""
        self._ending.set()
        self._wake.set()
        if self._worker is not None and not self._worker.join(_END_WITHIN_S):
            self._worker.stop()
        self._note_what_is_gone()
        self._release()
        self.stopped = self._alarmed = False
        self._alarms.end_alarm(AlarmKind.DISK_FULL)

    def refuse(self, error: StorageError) -> bool:
        """The disk has refused pictures or a record. Return whether it is full: there is room for records now."""
        full = FULL in str(error) or self._free() < self._reserve.size // 8
        if full:
            self._stop()
        return full

    def look(self) -> None:
        """Do what has to be done now; called by the thread once a second."""
        if self.stopped:
            self._make_room(self._needed, "the disk was full")
            self._try_to_write()
            return
        least = max(self._settings.least_free_gb * _GB, self._reserve.size // 4)
        self._make_room(least, "the disk was nearly full")
        now = self._now()
        # a clock that is set back does not put off what is done by the hour
        if self._counted_at is None or abs(now - self._counted_at) >= _COUNT_EVERY:
            self._counted_at = now
            self._keep_quotas(now)
        if abs(now - self._noted_at) >= _NOTE_EVERY:
            self._note_what_is_gone()

    @property
    def _needed(self) -> int:
        """Bytes that must be free before pictures are written again: the reserve, and some pictures more."""
        return self._reserve.size + self._reserve.size // 4

    def _step(self) -> bool:
        if not self._begun:
            self._begun = True
            step_back(_NICENESS)
            self._pictures.remove_what_a_crash_left()
        try:
            self.look()
        except (StorageError, OSError) as error:
            _log.warning("no pictures can be given up now: %s", error)
        self._wake.wait(_LOOK_EVERY_S)
        self._wake.clear()
        return not self._ending.is_set()

    def _note_what_is_gone(self) -> None:
        self._noted_at = self._now()
        for why, sizes in self._gone.items():
            self._note(why, "", f"{len(sizes)} pictures of parts that passed, {sum(sizes) / 1e6:.1f} MB")
        self._gone.clear()

    def _keep_quotas(self, now: datetime) -> None:
        settings = self._settings
        if settings.pass_days:
            before = now - timedelta(days=settings.pass_days)
            self._give_up(lambda: inf, f"older than {settings.pass_days} days", before)
        if settings.pictures_gb:
            most = settings.pictures_gb * _GB
            self._give_up(lambda: self._pictures.size() - most, f"all pictures were over {settings.pictures_gb:g} GB")

    def _make_room(self, wanted_free: float, why: str) -> None:
        """Give up by worth until this many bytes are free, or will be: at first what waits for a dispute by chance."""

        def missing() -> float:
            free = self._free()
            return wanted_free - free - self._freed_late.awaited(free)

        if (size := missing()) > 0:
            self._freed_late.removed(self._give_way(size))
        self._give_up(missing, why)

    def _give_up(self, wanted: Callable[[], float], why: str, before: datetime | None = None) -> None:
        """Give up pictures until no more bytes are wanted, or none is left that may go."""
        if wanted() > 0:
            self._heed_releases()
        for worth in Worth:
            while (size := wanted()) > 0 and not self._ending.is_set():
                after, began_s = self._progress.after[worth], time.monotonic()
                if before is None and began_s < self._progress.nothing_until_s[worth]:
                    break
                some = self._pictures.give_up(worth, why, self._now(), after, most=size, before=before)
                if some.last is None:
                    if before is None:
                        self._progress.note_nothing(worth, began_s)
                    break
                # its part may have another picture that goes, so the search goes on at this part
                self._gone[why] += some.sizes
                self._freed_late.removed(some.size)
                self._progress.after[worth] = PartKey(some.last.run_id, some.last.part - 1)
                _log.info("pictures of %d bytes up to part %s are given up: %s", some.size, some.last.label, why)
                self._ending.wait(_REST_S)  # the recording goes first

    def _heed_releases(self) -> None:
        """Begin with the oldest part again if one was released from hold since: its pictures may go now."""
        last = self._pictures.last_release()
        if last != self._last_release:
            self._last_release = last
            self._progress = _Progress()

    def _stop(self) -> None:
        with self._lock:
            if self.stopped:
                self._release()
                return
            self.stopped = True
            self._release()
        _log.error("the disk is full: parts are recorded without pictures")
        self._wake.set()

    def _try_to_write(self) -> None:
        """Hold the reserve again if there is room for it and for some pictures, and write pictures."""
        with self._lock:
            try:
                if not self._reserve.held and self._free() < self._needed:
                    self.stopped = True
                else:
                    self._reserve.take()
                    self.stopped = False
            except OSError as error:
                _log.warning("no space can be held for records: %s", reason_of(error))
                self.stopped = True
        if self.stopped and not self._alarmed:
            self._alarms.raise_alarm(AlarmKind.DISK_FULL, full_alarm(self._held_back()))
        elif self._alarmed and not self.stopped:
            self._alarms.end_alarm(AlarmKind.DISK_FULL)
        self._alarmed = self.stopped

    def _held_back(self) -> int:
        try:
            return self._pictures.held_back()
        except StorageError as error:
            _log.warning("the parts on hold cannot be counted now: %s", error)
            return 0

    def _release(self) -> None:
        try:
            self._reserve.release()
        except OSError as error:
            _log.warning("the space for records cannot be released: %s", reason_of(error))

    def _free(self) -> int:
        try:
            return shutil.disk_usage(self._folder).free
        except OSError:
            return 0


def full_alarm(held: int) -> Alarm:
    """Return the alarm that nothing is left to give up.

    Args:
        held: Parts that passed whose pictures are kept because they are on hold.
    """
    but = f", but of {counted(held, 'part')} on hold, which is never done" if held else ""
    release = ", or release parts from hold on the Review page" if held else ""
    return Alarm(
        "The disk is full. Parts are recorded without their pictures.",
        f"The space that is left is held for records; no picture of a part that passed is left to give up{but}.",
        "Verdicts are recorded as before, for about a day. A defect on these parts cannot be looked at later.",
        f"Call the engineer: make room on the disk{release}. Pictures are kept again by themselves.",
    )


def _note_failure(name: str, error: BaseException) -> None:
    _log.error("%s: %s; pictures are not given up until the line starts again", name, error)
