"""The camera's own frame counter, made into ids without end."""

from dataclasses import dataclass

_GIGE_LAST_ID = 0xFFFF
MOST_MISSING = 1000
"""A gap wider than this is no gap: nobody could have missed so many frames and still be connected."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a frame stands.

    Attributes:
        frame_id: Its id; ids only grow.
        missing: So many ids just before it never came.
        anew: The camera began to count anew just before it, so how many never came cannot be known.
    """

    frame_id: int
    missing: int
    anew: bool = False


class FrameCounter:
    """Turns the ids that buffers carry into ids that only grow from 1 on, and finds the gaps.

    Cameras begin at 0, at 1, or where they left off, so a loss before the first frame cannot be told.

    GigE Vision 1.x counts from 1 to 65535 and then from 1 again. Any other step back, and any leap over more than
    `MOST_MISSING` ids, is a camera that began anew; how many frames that cost nobody can know, so the ids simply go on.
    One that begins anew so shortly before 65535 looks like one that went on, and costs the ids between as lost.
    """

    def __init__(self) -> None:
        self._last_raw: int | None = None
        self._last_id = 0

    def complete(self, raw_id: int) -> Arrival:
        """A complete frame came with this id."""
        missing = self._missing_before(raw_id)
        self._last_id += (missing or 0) + 1
        self._last_raw = raw_id
        return Arrival(self._last_id, missing or 0, anew=missing is None)

    def incomplete(self) -> int:
        """A frame came damaged, and its id with it: it takes the next one."""
        self._last_id += 1
        if self._last_raw is not None:
            self._last_raw = self.following
        return self._last_id

    @property
    def following(self) -> int:
        """The id that the next buffer should carry; also the one of a buffer that tells none."""
        return 1 if self._last_raw is None else self._last_raw + 1

    def _missing_before(self, raw_id: int) -> int | None:
        """None where the camera began anew; a counter that stands still tells of no gap."""
        if self._last_raw is None or raw_id == self._last_raw:
            return 0
        missing = raw_id - self._last_raw - 1
        if missing < 0:
            missing += _GIGE_LAST_ID
        return missing if 0 <= missing <= MOST_MISSING else None
