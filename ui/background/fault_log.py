"""What failed while the window was open, in full: for the log, and for those who set the station up."""

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
    """One trouble and when the window heard of it, UTC."""

    at: datetime
    trouble: FaultReported


class FaultLog(QObject):
    """Keeps the last fifty, newest first, and writes each to the log."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._told: deque[FaultEntry] = deque(maxlen=_KEPT)

    @property
    def told(self) -> tuple[FaultEntry, ...]:
        """All that are kept, newest first."""
        return tuple(self._told)

    def add(self, trouble: FaultReported) -> None:
        """One more."""
        _log.warning("%s: %s %s", trouble.where, trouble.sentence, trouble.advice)
        self._told.appendleft(FaultEntry(utc_now(), trouble))
        self.changed.emit()
