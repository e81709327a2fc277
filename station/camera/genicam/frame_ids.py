"""The camera's own frame counter, made into ids without end."""

from dataclasses import dataclass

_GIGE_LAST_ID = 0xFFFF


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a frame stands.

    Attributes:
        frame_id: Its id; ids only grow.
        missing: So many ids just before it never came.
    """

    frame_id: int
    missing: int


class FrameCounter:
    """Turns the ids that buffers carry into ids that only grow from 1 on, and finds the gaps.

    Cameras begin at 0, at 1, or where they left off, so a loss before the first frame cannot be told.

    GigE Vision 1.x counts from 1 to 65535 and then from 1 again. Any other step back is a camera that began anew;
    how many frames that cost nobody can know, so the ids simply go on.
    """

    def __init__(self) -> None:
        self._last_raw: int | None = None
        self._last_id = 0

    def complete(self, raw_id: int) -> Arrival:
        """A complete frame came with this id."""
        missing = self._missing_before(raw_id)
        self._last_id += missing + 1
        self._last_raw = raw_id
        return Arrival(self._last_id, missing)

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

    def _missing_before(self, raw_id: int) -> int:
        if self._last_raw is None:
            return 0
        if raw_id > self._last_raw:
            return raw_id - self._last_raw - 1
        wrapped = raw_id + _GIGE_LAST_ID - self._last_raw - 1
        return wrapped if 0 <= wrapped < _GIGE_LAST_ID // 2 else 0
