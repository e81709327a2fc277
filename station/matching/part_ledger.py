"""The ledger of a run: which parts are open, which have their verdict, which are on the disk."""

import threading
import time
from collections import Counter
from collections.abc import Callable

from station.domain.clock import utc_now
from station.domain.inspection import PartKey
from station.domain.lot_order import LotOrder
from station.matching.capture import Trigger


class PartLedger:
    """Numbers the parts of a run, one after the other without a gap, and follows each to its end.

        open_part() -> open --close_part()--> judged --mark_recorded()--> forgotten

    The first verdict of a part counts: `close_part` is True once for each part.

    `continue_as` begins another run between two parts; its numbers go on: parts 1 to 44 of run 7, from 45 of run 8.
    """

    def __init__(
        self,
        run_id: int,
        first_number: int = 1,
        take_serial: Callable[[], str] = str,
        made_now: Callable[[], LotOrder] = LotOrder,
    ) -> None:
        """Begin without a part.

        Args:
            run_id: The run.
            first_number: The number of its first part.
            take_serial: Returns the serial of the part that is opened now, "" if it has none; must not wait.
            made_now: Returns lot and order of the part that is opened now; must not wait.
        """
        self._run_id = run_id
        self._first_number = first_number
        self._take_serial = take_serial
        self._made_now = made_now
        self._changed = threading.Condition()
        self._open: dict[PartKey, Trigger] = {}
        self._judged: set[PartKey] = set()
        self._unrecorded_of: Counter[int] = Counter()
        self._opened = 0

    @property
    def run_id(self) -> int:
        """Return the run of the parts that are opened now."""
        return self._run_id

    def continue_as(self, run_id: int) -> int:
        """Open all further parts in this run. Return the number of the first of them."""
        with self._changed:
            self._run_id = run_id
            return self.next_number

    def is_recorded(self, run_id: int) -> bool:
        """Return whether every part that was opened in this run is on the disk."""
        with self._changed:
            return not self._unrecorded_of[run_id]

    @property
    def opened(self) -> int:
        """Return the number of parts that were opened so far."""
        return self._opened

    @property
    def next_number(self) -> int:
        """Return the number of the part that is opened next."""
        return self._first_number + self._opened

    @property
    def unrecorded(self) -> int:
        """Return the number of parts that are not on the disk yet."""
        return len(self._open) + len(self._judged)

    def open_part(self, origin: str) -> Trigger:
        """Open the next part now; `origin` says in words what opened it."""
        with self._changed:
            key = PartKey(self._run_id, self.next_number)
            self._opened += 1
            trigger = Trigger(key, utc_now(), time.monotonic_ns(), origin, self._take_serial(), self._made_now())
            self._open[trigger.key] = trigger
            self._unrecorded_of[key.run_id] += 1
        return trigger

    def close_part(self, key: PartKey) -> bool:
        """Note that the part has a verdict; return False if it had one before, which counts."""
        with self._changed:
            if self._open.pop(key, None) is None:
                return False
            self._judged.add(key)
        return True

    def mark_recorded(self, key: PartKey) -> None:
        """Forget the part: it is safe on the disk."""
        with self._changed:
            self._judged.remove(key)
            self._unrecorded_of[key.run_id] -= 1
            self._changed.notify_all()

    def wait_below(self, parts: int, timeout_s: float) -> bool:
        """Wait until fewer than `parts` are not on the disk yet; return False if there are still more."""
        with self._changed:
            return self._changed.wait_for(lambda: self.unrecorded < parts, timeout_s)

    def open_parts(self) -> tuple[Trigger, ...]:
        """Return the parts without a verdict, oldest first."""
        with self._changed:
            return tuple(self._open.values())
