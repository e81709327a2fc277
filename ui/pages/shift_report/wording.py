"""How a shift, a rate and a stretch of time are written on the shift page."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from station.domain.rates import Rate
from station.domain.shift import ShiftWindow
from ui.words import number, share


def shift_name(window: ShiftWindow) -> str:
    """The shift in one line: "Early, 22 November 2026, 06:00 to 14:00"."""
    zone = ZoneInfo(window.time_zone)
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    return f"{window.name}, {window.day.day} {window.day:%B %Y}, {start:%H:%M} to {end:%H:%M}"


def interval(rate: Rate) -> str:
    """How sure a share is: "1 251 of 1 284, 96.4 % to 98.2 %", at 95 %."""
    if not rate.n:
        return "of no part"
    low, high = rate.interval
    return f"{number(rate.count)} of {number(rate.n)}, {share(low)} to {share(high)}"


def duration(length: timedelta | None) -> str:
    """Seconds, minutes or hours; open where it has not ended."""
    if length is None:
        return "open"
    seconds = round(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
