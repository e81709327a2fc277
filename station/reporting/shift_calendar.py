"""Which shift a moment belongs to: every moment to exactly one, also in the nights when the clocks change."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from station.domain.errors import BadInputError
from station.domain.shift import ShiftWindow
from station.settings import Shift, StationSettings

OFF_SHIFT = "Off shift"
"""What the time between two shifts is called; it is a window of its own, so that no part falls between."""

_DAY = timedelta(days=1)
_WHOLE_DAY = (Shift(name="Day", start=time(0), end=time(0)),)


def is_off_shift(window: ShiftWindow) -> bool:
    """Return whether this is the time between two shifts, which has no name in the settings."""
    return window.name.startswith(OFF_SHIFT)


def shift_of(moment: datetime, station: StationSettings) -> ShiftWindow:
    """The window that holds the moment."""
    day = moment.astimezone(ZoneInfo(station.time_zone)).date()
    return next(window for window in _windows(day, station) if window.start <= moment < window.end)


def shifts_of(day: date, station: StationSettings) -> tuple[ShiftWindow, ...]:
    """The windows that start on this local day, in order, time between shifts included."""
    return tuple(window for window in _windows(day, station) if window.day == day)


def find_shift(text: str, station: StationSettings) -> ShiftWindow:
    """The shift that people call "2026-11-22/Early".

    Raises:
        BadInputError: No such day, or no such shift on it; the advice lists those of that day.
    """
    day_text, _, name = text.partition("/")
    try:
        day = date.fromisoformat(day_text)
        windows = shifts_of(day, station)
    except (ValueError, OverflowError) as error:
        raise BadInputError(f"'{text}' names no shift.", "Write it as DATE/NAME, such as 2026-11-22/Early.") from error
    for window in windows:
        if window.name.casefold() == name.strip().casefold():
            return window
    names = ", ".join(f"{day}/{window.name}" for window in windows)
    raise BadInputError(f"There is no shift '{name}' on {day}.", f"There are: {names}.")


def free_window(start: datetime, end: datetime, station: StationSettings) -> ShiftWindow:
    """Any stretch of time.

    Raises:
        BadInputError: A time has no offset or touches the end of the calendar, or the stretch is empty.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise BadInputError(
            "A time without its offset from UTC may be read in two ways.", "Write 2026-11-22T06:00+01:00."
        )
    if start >= end:
        raise BadInputError(
            f"The time from {start.isoformat()} to {end.isoformat()} is empty.", "Give the earlier time first."
        )
    if start.year == MINYEAR or end.year == MAXYEAR:
        raise BadInputError(
            f"The time from {start.isoformat()} to {end.isoformat()} touches the end of the calendar.",
            f"Give times from the year {MINYEAR + 1} to the year {MAXYEAR - 1}.",
        )
    day = start.astimezone(ZoneInfo(station.time_zone)).date()
    return ShiftWindow("", day, start.astimezone(UTC), end.astimezone(UTC), station.time_zone)


def _windows(day: date, station: StationSettings) -> Iterable[ShiftWindow]:
    """The windows from two days before until two days after, without gap or overlap."""
    zone = ZoneInfo(station.time_zone)
    shifts = [window for offset in range(-2, 3) for window in _shifts_starting(day + offset * _DAY, station, zone)]
    shifts.sort(key=lambda window: window.start)
    for window, following in pairwise(shifts):
        end = min(window.end, following.start)
        if window.start < end:
            yield ShiftWindow(window.name, window.day, window.start, end, station.time_zone)
        if end < following.start:
            yield _between(end, following.start, zone)


def _shifts_starting(day: date, station: StationSettings, zone: ZoneInfo) -> Iterable[ShiftWindow]:
    for shift in station.shifts or _WHOLE_DAY:
        last = day + _DAY if shift.end <= shift.start else day
        yield ShiftWindow(
            shift.name, day, _instant(day, shift.start, zone), _instant(last, shift.end, zone), station.time_zone
        )


def _between(start: datetime, end: datetime, zone: ZoneInfo) -> ShiftWindow:
    local = start.astimezone(zone)
    return ShiftWindow(f"{OFF_SHIFT} {local:%H.%M}", local.date(), start, end, zone.key)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, when the local clock shows this time or a later one.

    A time that comes twice is its first; a time that the clocks leap over is the moment of the leap.
    """
    wanted = datetime.combine(day, at)
    first = wanted.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wanted:
        return first
    early = int(wanted.replace(tzinfo=zone, fold=1).timestamp())
    leap = range(early, int(first.timestamp()) + 1)
    return datetime.fromtimestamp(leap[bisect_left(leap, wanted, key=lambda s: _local(s, zone))], UTC)


def _local(seconds: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(seconds, zone).replace(tzinfo=None)
