"""The lot and the order that the next part gets: kept on the disk, and known in memory when a trigger comes."""

import threading
from collections.abc import Callable
from datetime import datetime

from station.domain.lot_order import LotOrder
from station.domain.messages import LotChanged, Message
from station.storage.records.lots import Lots


class CurrentLot:
    """Holds what is set now. Safe from any thread; asking for it never waits for the disk.

    A part gets what was set when its trigger came: a change is for the next trigger, never for a part that is open.
    """

    def __init__(self, lots: Lots, publish: Callable[[Message], None]) -> None:
        """Begin with what was set last, also before a restart.

        Args:
            lots: Where it is kept.
            publish: Takes the message about a change; must not wait.

        Raises:
            StorageError: The database cannot be read.
        """
        self._lots = lots
        self._publish = publish
        self._turn = threading.Lock()
        self._step, self._now = lots.newest()

    @property
    def now(self) -> LotOrder:
        """Return what a trigger at this moment would give its part."""
        return self._now

    def stored(self) -> LotOrder:
        """Return what was set last, by whichever program; parts have it from the next `refresh` on.

        Raises:
            StorageError: The database cannot be read.
        """
        return self._lots.newest()[1]

    def keep(self, wanted: LotOrder, person: str, at: datetime) -> None:
        """Write lot and order; parts have them from the next `refresh` on.

        Raises:
            StorageError: The disk refused it; nothing was changed.
        """
        self._lots.set(wanted, person, at)

    def refresh(self) -> None:
        """Take over what was set, by this or another program, for every trigger from now on; one short query.

        Raises:
            StorageError: The database cannot be read.
        """
        with self._turn:
            step, found = self._lots.newest()
            if step == self._step:
                return
            self._step, self._now = step, found
        self._publish(LotChanged(found))
