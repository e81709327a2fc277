"""Turns the camera's own frame counter into ids that only grow, and finds the gaps.

Example: a GigE Vision camera counts 1 .. 65535 and then continues with 1.

    camera sends   65533   65534   (65535 lost)   1       2
    frame_id           1       2              3   4       5
    missing            0       0                  1       0

Between 65534 and 1 the difference is 1 - 65534 - 1 = -65534. A counter that wrapped at 65535 left out
-65534 + 65535 = 1 id, and 1 is between 0 and `MAX_GAP`; so one frame is missing and gets id 3.

Other steps:

    500 -> 1         a step back that no wrap explains: the counter restarted. How many frames were lost cannot be
                     known; the ids continue without a gap, and `counter_restarted` is set.
    500 -> 5000000   a step forward by more than `MAX_GAP`: one id represents all of them (`skipped` = 4999499).
    7 -> 9 -> 8      frame 8 was overtaken: it was already reported as missing, so it gets no second id.
    7 -> 7           a camera that does not count (or one buffer delivered twice, see `is_repeated`).
"""

from collections import deque
from dataclasses import dataclass

_GIGE_LAST_ID = 0xFFFF
MAX_GAP = 1000
"""A wider gap is taken as a restarted counter: a camera that missed more frames would not be connected any more."""
MAX_LATE_BY = 64
"""A missing frame that arrives after more than this number of later ones is taken as a restarted counter."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The id of a frame, and what is known about the frames before it.

    Attributes:
        frame_id: Its id; ids only grow.
        missing: Number of ids just before it that never arrived.
        counter_restarted: The camera's counter restarted just before it, so the number of lost frames is unknown.
        skipped: Number of ids that the camera's counter left out; too many to be real, so one id represents them all.
    """

    frame_id: int
    missing: int
    counter_restarted: bool = False
    skipped: int = 0


class FrameCounter:
    """Maps the ids in the buffers to ids that only grow from 1 on. See the examples at the top of this file.

    Cameras begin at 0, at 1, or where they left off, so a loss before the first frame cannot be detected.

    A counter that restarts shortly before 65535 looks like one that wrapped; the ids between are counted as lost.

    If a camera counts, the same id with the same timestamp is the same picture delivered twice. If all its buffers
    carry the same id, it does not count.
    """

    def __init__(self) -> None:
        self._last_raw: int | None = None
        self._last_id = 0
        self._missed: deque[int] = deque(maxlen=MAX_LATE_BY)
        self._last_complete: tuple[int, int | None] | None = None
        self._counts = False

    def is_repeated(self, raw_id: int, timestamp_ns: int | None) -> bool:
        """Return whether this buffer is the previous one again. Call once per buffer, before `count_complete`."""
        before, self._last_complete = self._last_complete, (raw_id, timestamp_ns)
        self._counts |= before is not None and before[0] != raw_id
        return self._counts and before == self._last_complete

    def count_complete(self, raw_id: int) -> Arrival | None:
        """Count a complete frame with this id; return None if it was already reported as missing."""
        gap = self._gap_before(raw_id)
        restarted = not 0 <= gap <= MAX_GAP
        if restarted and self._is_late(raw_id):
            self._missed.remove(raw_id)
            return None
        missing = int(gap > 0) if restarted else gap
        self._remember_missing(raw_id, 0 if restarted else gap)
        self._last_id += missing + 1
        self._last_raw = raw_id
        return Arrival(self._last_id, missing, counter_restarted=restarted, skipped=gap if restarted and missing else 0)

    def count_incomplete(self) -> int:
        """Count a damaged frame, whose own id is damaged too, and return the next id."""
        self._last_id += 1
        self._last_complete = None
        if self._last_raw is not None:
            self._last_raw = self.expected_raw_id
        return self._last_id

    @property
    def expected_raw_id(self) -> int:
        """The id that the next buffer should carry; also used for a buffer that carries none."""
        return 1 if self._last_raw is None else self._last_raw + 1

    def _gap_before(self, raw_id: int) -> int:
        """Return the number of ids left out; negative for a step back, 0 if the counter did not move."""
        if self._last_raw is None or raw_id == self._last_raw:
            return 0
        gap = raw_id - self._last_raw - 1
        wrapped_gap = gap + _GIGE_LAST_ID
        return wrapped_gap if gap < 0 and 0 <= wrapped_gap <= MAX_GAP else gap

    def _remember_missing(self, before: int, count: int) -> None:
        missed = range(before - count, before)
        self._missed.extend(raw_id if raw_id > 0 else raw_id + _GIGE_LAST_ID for raw_id in missed)

    def _is_late(self, raw_id: int) -> bool:
        """Return whether this id is missing and at most `MAX_LATE_BY` old: after 65535, id 65530 is 5 old."""
        assert self._last_raw is not None
        return raw_id in self._missed and (self._last_raw - raw_id) % _GIGE_LAST_ID <= MAX_LATE_BY
