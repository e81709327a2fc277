"""The ledger of a run: which parts were opened, which have their verdict, which are on the disk."""

import threading
import time

from station.domain.clock import utc_now
from station.domain.inspection import PartKey
from station.matching.capture import Trigger


class Ledger:
    """Numbers the parts of one run, 1, 2, 3 ... without a gap, and sees each to its end.

        open() -> open --close()--> judged --recorded()--> gone

    The first verdict of a part stands: `close` is True once for each part.
    """

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._changed = threading.Condition()
        self._open: dict[PartKey, Trigger] = {}
        self._judged: set[PartKey] = set()
        self._opened = 0

    @property
    def opened(self) -> int:
        """Triggers so far."""
        return self._opened

    @property
    def unrecorded(self) -> int:
        """Parts that are not on the disk yet."""
        return len(self._open) + len(self._judged)

    def open(self, origin: str) -> Trigger:
        """A new part, from now."""
        with self._changed:
            self._opened += 1
            trigger = Trigger(PartKey(self._run_id, self._opened), utc_now(), time.monotonic_ns(), origin)
            self._open[trigger.key] = trigger
        return trigger

    def close(self, key: PartKey) -> bool:
        """The part has a verdict; False when it had one before, which stands."""
        with self._changed:
            if self._open.pop(key, None) is None:
                return False
            self._judged.add(key)
        return True

    def recorded(self, key: PartKey) -> None:
        """The part is on the disk for good."""
        with self._changed:
            self._judged.remove(key)
            self._changed.notify_all()

    def wait_below(self, parts: int, timeout_s: float) -> bool:
        """Wait until fewer than `parts` are not on the disk yet; whether that came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.unrecorded < parts, timeout_s)

    def left_open(self) -> tuple[Trigger, ...]:
        """Parts without a verdict, oldest first."""
        with self._changed:
            return tuple(self._open.values())
