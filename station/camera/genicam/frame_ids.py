"""The camera's own frame counter, made into ids without end."""

from collections import deque
from dataclasses import dataclass

_GIGE_LAST_ID = 0xFFFF
MOST_MISSING = 1000
"""A gap wider than this is no gap: nobody could have missed so many frames and still be connected."""
LATE_BY = 64
"""A frame that comes after more than so many later ones is not late: the camera counts anew."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a frame stands.

    Attributes:
        frame_id: Its id; ids only grow.
        missing: So many ids just before it never came.
        anew: The camera began to count anew just before it, so how many never came cannot be known.
        leapt: The camera's own count leapt over so many: too many to be true, so that one id stands for them all.
    """

    frame_id: int
    missing: int
    anew: bool = False
    leapt: int = 0


class FrameCounter:
    """Turns the ids that buffers carry into ids that only grow from 1 on, and finds the gaps.

    Cameras begin at 0, at 1, or where they left off, so a loss before the first frame cannot be told.

    GigE Vision 1.x counts from 1 to 65535 and then from 1 again. Any other step back is a camera that began anew; how
    many frames that cost nobody can know, so the ids simply go on. A leap over more than `MOST_MISSING` ids is such a
    beginning too, and costs one id. One that begins anew so shortly before 65535 looks like one that went on, and costs
    the ids between as lost. A frame that others overtook has no part any more: its id was told as missing.

    A camera that counts, and hands over the same id with the same time twice, hands over the same picture twice. One
    whose buffers all carry the same id does not count.
    """

    def __init__(self) -> None:
        self._last_raw: int | None = None
        self._last_id = 0
        self._missed: deque[int] = deque(maxlen=LATE_BY)
        self._last_complete: tuple[int, int | None] | None = None
        self._counts = False

    def repeats(self, raw_id: int, timestamp_ns: int | None) -> bool:
        """Whether this is the complete frame that came last, once more; to be asked once of each, before `complete`."""
        before, self._last_complete = self._last_complete, (raw_id, timestamp_ns)
        self._counts |= before is not None and before[0] != raw_id
        return self._counts and before == self._last_complete

    def complete(self, raw_id: int) -> Arrival | None:
        """A complete frame came with this id; None where that was told as missing before."""
        gap = self._gap_before(raw_id)
        anew = not 0 <= gap <= MOST_MISSING
        if anew and self._is_late(raw_id):
            self._missed.remove(raw_id)
            return None
        missing = int(gap > 0) if anew else gap
        self._miss(raw_id, 0 if anew else gap)
        self._last_id += missing + 1
        self._last_raw = raw_id
        return Arrival(self._last_id, missing, anew=anew, leapt=gap if anew and missing else 0)

    def incomplete(self) -> int:
        """A frame came damaged, and its id with it: it takes the next one."""
        self._last_id += 1
        self._last_complete = None
        if self._last_raw is not None:
            self._last_raw = self.following
        return self._last_id

    @property
    def following(self) -> int:
        """The id that the next buffer should carry; also the one of a buffer that tells none."""
        return 1 if self._last_raw is None else self._last_raw + 1

    def _gap_before(self, raw_id: int) -> int:
        """So many ids were left out, negative for a step back; a counter that stands still tells of no gap."""
        if self._last_raw is None or raw_id == self._last_raw:
            return 0
        gap = raw_id - self._last_raw - 1
        around = gap + _GIGE_LAST_ID
        return around if gap < 0 and 0 <= around <= MOST_MISSING else gap

    def _miss(self, before: int, count: int) -> None:
        missed = range(before - count, before)
        self._missed.extend(raw_id if raw_id > 0 else raw_id + _GIGE_LAST_ID for raw_id in missed)

    def _is_late(self, raw_id: int) -> bool:
        assert self._last_raw is not None
        return raw_id in self._missed and (self._last_raw - raw_id) % _GIGE_LAST_ID <= LATE_BY
