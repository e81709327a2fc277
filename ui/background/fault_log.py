"""The faults that were reported while the window was open, in full, for the log and for the engineer."""

import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from station.domain.clock import utc_now
from station.domain.messages import FaultReported

_KEPT = 50
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FaultEntry:
    """One fault, and when the window received it, UTC."""

    at: datetime
    fault: FaultReported


class FaultLog(QObject):
    """Keep the last fifty faults, newest first, and write each to the log file."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: deque[FaultEntry] = deque(maxlen=_KEPT)

    @property
    def entries(self) -> tuple[FaultEntry, ...]:
        """Return the kept faults, newest first."""
        return tuple(self._entries)

    def add(self, fault: FaultReported) -> None:
        """Add a fault."""
        _log.warning("%s: %s %s", fault.where, fault.sentence, fault.advice)
        self._entries.appendleft(FaultEntry(utc_now(), fault))
        self.changed.emit()
