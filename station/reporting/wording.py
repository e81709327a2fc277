"""How a shift, its times and its models are named, alike on the page and on paper."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from station.domain.formatting import UNKNOWN, day_and_time, duration, time_of_day
from station.domain.shift import ShiftWindow
from station.domain.shift_summary import Stoppage
from station.reporting.time_bins import in_days

_SHA256 = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{56}\b")
_TIMES_ALONE_ARE_CLEAR = timedelta(days=1, hours=2)
"""The longest window in which a time of day needs no day beside it. A shift over a change of clocks has 25 hours."""


def time_in(window: ShiftWindow, moment: datetime) -> str:
    """Return the local time of a moment in the window: "09:41:07"; with its day in a long window: "22 Nov 09:41"."""
    short = window.end - window.start <= _TIMES_ALONE_ARE_CLEAR
    return (time_of_day if short else day_and_time)(moment, window.time_zone)


def end_of(stoppage: Stoppage, window: ShiftWindow) -> str:
    """Return when a stoppage ended, a dash if it had not ended."""
    return UNKNOWN if stoppage.end is None else time_in(window, stoppage.end)


def length_of(stoppage: Stoppage) -> str:
    """Return how long a stoppage took: "1 min 23 s"; a dash if the clock was set back meanwhile."""
    return "not ended" if stoppage.end is None else duration(stoppage.duration)


def bins_title(window: ShiftWindow) -> str:
    """Return what the chart of the window is called."""
    return "Parts by day" if in_days(window) else "Parts by hour"


def bin_label(edge: datetime, window: ShiftWindow) -> str:
    """Return what is written at the edge between two bars: "06:00", or "22 Nov" if a bar is a day."""
    local = edge.astimezone(ZoneInfo(window.time_zone))
    return f"{local:%d %b}" if in_days(window) else f"{local:%H:%M}"


def title(window: ShiftWindow) -> str:
    """Return the name of a shift: "Early shift, Sunday 22 November 2026"."""
    day = f"{window.day:%A} {window.day.day} {window.day:%B %Y}"
    if not window.name:
        return f"Free period from {day}"
    return f"{window.name}, {day}" if "shift" in window.name.casefold() else f"{window.name} shift, {day}"


def title_in_a_list(window: ShiftWindow) -> str:
    """Return the name of a shift among others: "Early, 22 November 2026, 06:00 to 14:00"."""
    zone = ZoneInfo(window.time_zone)
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    return f"{window.name}, {window.day.day} {window.day:%B %Y}, {start:%H:%M} to {end:%H:%M}"


def span(window: ShiftWindow) -> str:
    """Return from when to when a window lasts, in local time: "2026-11-22 06:00 to 14:00 (UTC+01:00)".

    In a night when the clocks change, each time has its own offset.
    """
    zone = ZoneInfo(window.time_zone)
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    same_day, same_offset = start.date() == end.date(), start.utcoffset() == end.utcoffset()
    last = f"{end:%H:%M}" if same_day else f"{end:%Y-%m-%d %H:%M}"
    first = f"{start:%Y-%m-%d %H:%M}"
    if same_offset:
        return f"{first} to {last} ({offset(start)})"
    return f"{first} ({offset(start)}) to {last} ({offset(end)}), clocks change"


def offset(local: datetime) -> str:
    """Return the offset from UTC: "UTC+01:00"."""
    return f"UTC{local.isoformat()[-6:]}"


def models(sha256: str) -> str:
    """Return the model that a run judged with by eight digits: "1f0c22ab"; by view: "top 1f0c22ab, side 90b1e7d4"."""
    return _SHA256.sub(r"\1", sha256).replace("=", " ")
