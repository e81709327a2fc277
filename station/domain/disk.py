"""A disk: how full it is, when it will be full, and why it refuses a file, in words."""

import errno
from dataclasses import dataclass
from datetime import date, timedelta

_GB = 1e9
FULL = "the disk is full"
_FURTHEST_DAYS = 3650
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def reason_of(error: OSError) -> str:
    """Return why a file could not be read or written: "the disk is full", else as the system says it."""
    return FULL if error.errno in _FULL else error.strerror or str(error)


@dataclass(frozen=True, slots=True)
class DiskState:
    """The disk of a station.

    Attributes:
        free: Bytes that are free.
        total: Bytes of the whole disk.
        pictures: Bytes of all recorded pictures.
        kept: Those of them that are never given up: of parts that did not pass, or that a person spoke of
            or put on hold.
        kept_per_day: How many bytes of those come on a day; None if no part was recorded in the last days.
        given_up: Pictures that were given up so far.
    """

    free: int
    total: int
    pictures: int = 0
    kept: int = 0
    kept_per_day: float | None = None
    given_up: int = 0

    def full_on(self, today: date) -> date | None:
        """Return the day on which pictures fill the disk that are not given up; None if that cannot be known.

        Pictures of parts that passed make room until then, so they do not count.
        """
        if not self.kept_per_day:
            return None
        days = (self.free + self.pictures - self.kept) / self.kept_per_day
        return today + timedelta(days=int(days)) if days < _FURTHEST_DAYS else None

    def forecast(self, today: date) -> str:
        """Return the same in words: "full on 19 December 2026"."""
        day = self.full_on(today)
        if day is not None:
            return f"full on {day.day} {day:%B %Y}"
        if self.kept_per_day is None:
            return "no forecast: no part was recorded in the last 7 days"
        return "not full within 10 years"

    def sentence(self, today: date) -> str:
        """Return forecast and cause for the page: "Disk: full on 19 December 2026. Pictures that stay take ..."."""
        free = f"{self.free / _GB:.1f} of {self.total / _GB:.0f} GB are free"
        if not self.kept_per_day:
            return f"Disk: {self.forecast(today)}; {free}."
        per_day = f"{self.kept_per_day / _GB:.2f} GB"
        return f"Disk: {self.forecast(today)}. Pictures that are never given up take {per_day} a day; {free}."
