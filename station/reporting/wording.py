"""How a shift, its times and its models are named, alike on the page and on paper."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from station.domain.audit import AuditEntry
from station.domain.formatting import (
    UNKNOWN,
    count_of,
    counted,
    day_and_time,
    duration,
    one_or_many,
    time_of_day,
)
from station.domain.formatting import span as length_in_words
from station.domain.inspection import PictureOrigin
from station.domain.rates import Rate
from station.domain.scanned_code import shown
from station.domain.shift import ShiftWindow
from station.domain.shift_summary import ShiftSummary, Stoppage
from station.reporting.time_bins import in_days

_SHA256 = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{56}\b")
_TIMES_ALONE_ARE_CLEAR = timedelta(days=1, hours=2)
"""The longest window in which a time of day needs no day beside it. A shift over a change of clocks has 25 hours."""


def time_in(window: ShiftWindow, moment: datetime) -> str:
    """Return the local time of a moment in the window: "09:41:07"; with its day in a long window: "22 Nov 09:41"."""
    short = window.end - window.start <= _TIMES_ALONE_ARE_CLEAR
    return (time_of_day if short else day_and_time)(moment, window.time_zone)


def start_of(stoppage: Stoppage, window: ShiftWindow) -> str:
    """Return when a stoppage began: "09:41:07"; "before 06:00:00" if the window began with it."""
    at = time_in(window, stoppage.start)
    return f"before {at}" if stoppage.began_before else at


def end_of(stoppage: Stoppage, window: ShiftWindow) -> str:
    """Return when a stoppage ended, a dash if it had not ended; "after 14:00:00" if the window ended with it."""
    if stoppage.end is None:
        return UNKNOWN
    at = time_in(window, stoppage.end)
    return f"after {at}" if stoppage.goes_on else at


def length_of(stoppage: Stoppage) -> str:
    """Return how long a stoppage took in the window: "1 min 23 s"; a dash if the clock was set back meanwhile."""
    if stoppage.end is not None:
        return duration(stoppage.duration)
    return "not ended" if stoppage.duration is None else f"{duration(stoppage.duration)} so far"


def remarks(summary: ShiftSummary) -> tuple[str, ...]:
    """Return what a reader must know of the figures before reading them, in sentences; usually nothing.

    Example: "SIMULATED PICTURES: 103 of 603 parts were drawn, not seen by a camera."
    """
    origins = map(partial(_origin, summary), _NOT_SEEN)
    parts = (_uncounted(summary), _again(summary), _stopped(summary))
    said = (_of_lot(summary), _interim(summary), _clock(summary), *origins, *parts)
    return tuple(filter(None, said))


def _again(summary: ShiftSummary) -> str:
    if not summary.judged_again:
        return ""
    parts = f"{summary.judged_again} of {counted(summary.counts.triggers, 'part')}"
    return f"{parts} lay so near a limit that the model judged {one_or_many(summary.judged_again, 'it', 'them')} again."


def _of_lot(summary: ShiftSummary) -> str:
    lot = summary.window.lot
    return f"Only the parts of lot {shown(lot)} are counted; stops are those of the line." if lot else ""


def _clock(summary: ShiftSummary) -> str:
    if summary.clock_behind is None:
        return ""
    return f"Recorded while the clock was behind the earlier records, by {length_in_words(summary.clock_behind)}."


def _interim(summary: ShiftSummary) -> str:
    if summary.as_of is None:
        return ""
    local = summary.as_of.astimezone(ZoneInfo(summary.window.time_zone))
    return f"Interim, as of {local:%H:%M} on {local:%Y-%m-%d}: the shift has not ended."


_NOT_SEEN = {
    PictureOrigin.SIMULATED: ("SIMULATED PICTURES", "drawn by the program, not seen by a camera"),
    PictureOrigin.STORED: ("STORED PICTURES", "judged from files, not seen by a camera"),
}


def _origin(summary: ShiftSummary, origin: PictureOrigin) -> str:
    count, (mark, what) = summary.origins.get(origin, 0), _NOT_SEEN[origin]
    return (
        f"{mark}: {count_of(Rate(count, summary.counts.triggers))} parts {one_or_many(count, 'was', 'were')} {what}."
        if count
        else ""
    )


def _uncounted(summary: ShiftSummary) -> str:
    """Return the sentence on trials and challenges: "64 trial parts are not counted."."""
    kinds = [counted(count, f"{kind} part") for kind, count in summary.not_counted.items()]
    verb = one_or_many(sum(summary.not_counted.values()), "is", "are")
    return f"{' and '.join(kinds)} {verb} not counted." if kinds else ""


def _stopped(summary: ShiftSummary) -> str:
    if not summary.stopped_throughout:
        return ""
    return f"The line was stopped throughout{' so far' if summary.as_of else ''}."


def bins_title(window: ShiftWindow) -> str:
    """Return what the chart of the window is called."""
    return "Parts by day" if in_days(window) else "Parts by hour"


def bin_label(edge: datetime, window: ShiftWindow) -> str:
    """Return what is written at the edge between two bars: "06:00", or "22 Nov" if a bar is a day."""
    local = edge.astimezone(ZoneInfo(window.time_zone))
    return f"{local:%d %b}" if in_days(window) else f"{local:%H:%M}"


def title(window: ShiftWindow) -> str:
    """Return the name of a shift: "Early shift, Sunday 22 November 2026"."""
    if window.lot:
        return f"Lot {shown(window.lot)}: {title(replace(window, lot=''))}"
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


def file_name(window: ShiftWindow, as_of: datetime | None = None) -> str:
    """Return what the file of a report is called, without ending, in local time: "2026-11-22-Early".

    A free period is named by its ends: "2026-11-22-0000-2026-11-22-0630". A report of a shift that has not ended says
    when it was counted: "2026-11-22-Early-interim-0941". That of one lot has "-lot" behind the name.
    """
    zone = ZoneInfo(window.time_zone)
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    kind = "-lot" if window.lot else ""
    name = window.name or f"{start:%H%M}-{end:%Y-%m-%d-%H%M}"
    if as_of is None:
        return f"{window.day}-{name}{kind}"
    local = as_of.astimezone(zone)
    counted = f"{local:%H%M}" if local.date() == window.day else f"{local:%Y-%m-%d-%H%M}"
    return f"{window.day}-{name}{kind}-interim-{counted}"


def offset(local: datetime) -> str:
    """Return the offset from UTC: "UTC+01:00"."""
    return f"UTC{local.isoformat()[-6:]}"


def models(sha256: str) -> str:
    """Return the model that a run judged with by eight digits: "1f0c22ab"; by view: "top 1f0c22ab, side 90b1e7d4"."""
    return _SHA256.sub(r"\1", sha256).replace("=", " ")


def audit_in_words(entry: AuditEntry) -> str:
    """Return what happened as one sentence: "Ada: recipe released, tile@3, draft -> released (less overkill)"."""
    change = " -> ".join(filter(None, (entry.old, entry.new)))
    what = ", ".join(filter(None, (entry.action, entry.subject, change)))
    return f"{entry.person or 'station'}: {what}" + (f" ({entry.reason})" if entry.reason else "")
