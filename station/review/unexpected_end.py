"""The note that the station ended unexpectedly. It stays in the workspace until a person has seen it."""

import logging
from datetime import datetime
from pathlib import Path

from station.workspace import write_atomically

_log = logging.getLogger(__name__)
_NAME = "ended-unexpectedly"


class UnexpectedEnd:
    """A small file: a restart, or a command in between, must not swallow the note."""

    def __init__(self, logs: Path) -> None:
        self._file = logs / _NAME

    def keep(self, at: datetime) -> None:
        """Note that the station ended at this time. If the disk refuses it, the records still have it."""
        try:
            write_atomically(self._file, at.isoformat().encode())
        except OSError as error:
            _log.warning("the note of the unexpected end at %s cannot be written: %s", at, error)

    def when(self) -> datetime | None:
        """Return when the station ended unexpectedly; None if it did not, or a person has seen it."""
        try:
            return datetime.fromisoformat(self._file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def forget(self) -> None:
        """A person has seen it."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the note of the unexpected end cannot be removed: %s", error)
