"""The log of a station: warnings of the core, the window and their libraries."""

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LOG_BYTES, _LOG_FILES = 5_000_000, 5


class _Log(RotatingFileHandler):
    """A log file whose full disk is reported by the records, not by a trace for each line of the log."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Drop the line if the disk refuses it; anything else is a bug and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def log_to(path: Path) -> Callable[[], None]:
    """Write warnings of the core, the window and their libraries to this file until the returned function is called."""
    handler = _Log(
        path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", errors="backslashreplace", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    log = logging.getLogger()
    log.addHandler(handler)

    def close() -> None:
        log.removeHandler(handler)
        handler.close()

    return close
