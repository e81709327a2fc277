"""What a person types or scans to find a part again: its number, when it came, or its serial."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from station.domain.errors import BadInputError
from station.domain.shift import ShiftWindow

_NUMBER = re.compile(r"(?:part)?\s*#?\s*(\d{1,9})", re.IGNORECASE)
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PartQuery:
    """What is looked for in a shift.

    Attributes:
        number: The number of the part in the shift; None if the words are no number.
        spans: Stretches of time, UTC, inside the shift: a minute or a second of each of its days.
        serial: The part's own number, as it was scanned, in any shift; "" if the words are a time.
    """

    number: int | None = None
    spans: tuple[tuple[datetime, datetime], ...] = ()
    serial: str = ""


def part_query(text: str, window: ShiftWindow) -> PartQuery:
    """Return what these words look for in a shift: "13", "part 0013", "09:41", "9:41:07", or a serial "SN-4711".

    Raises:
        BadInputError: There are no words, or the shift has no such time.
    """
    words = text.strip()
    if not words:
        raise BadInputError("Nothing is looked for.", "Write a part's number such as 0013, a time or a serial.")
    if found := _NUMBER.fullmatch(words):
        return PartQuery(int(found[1]), serial=words)
    if not (time := _TIME.fullmatch(words)):
        return PartQuery(serial=words)
    spans = _spans(int(time[1]), int(time[2]), time[3], window)
    if not spans:
        raise BadInputError(f"This shift has no time {words}.", "Choose the shift first, or write another time.")
    return PartQuery(spans=spans)


def _spans(hour: int, minute: int, second: str | None, window: ShiftWindow) -> tuple[tuple[datetime, datetime], ...]:
    """Return the minute, or the second, on each local day of the window; in the hour that comes twice, both times."""
    zone = ZoneInfo(window.time_zone)
    length = timedelta(minutes=1) if second is None else timedelta(seconds=1)
    day, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
    found = []
    while day <= last:
        for fold in (0, 1):
            at = datetime(day.year, day.month, day.day, hour, minute, int(second or 0), tzinfo=zone, fold=fold)
            found.append((at.astimezone(window.start.tzinfo), length))
        day += _DAY
    starts = sorted(set(found))
    return tuple((at, at + length) for at, length in starts if window.start < at + length and at < window.end)
