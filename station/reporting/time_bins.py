"""A window cut into steps for a chart: whole local hours, or whole local days where it is long."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from station.domain.shift import ShiftWindow

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MOST_HOURS = 36


def in_days(window: ShiftWindow) -> bool:
    """True where hours would be too many to read."""
    return window.end - window.start > _MOST_HOURS * _HOUR


def edges(window: ShiftWindow) -> tuple[datetime, ...]:
    """The moments between the steps, UTC, from the window's start to its end."""
    zone = ZoneInfo(window.time_zone)
    inner, moment = [], _next_edge(window.start, zone, days=in_days(window))
    while moment < window.end:
        inner.append(moment)
        moment = _next_edge(moment, zone, days=in_days(window))
    return (window.start, *inner, window.end)


def step_of(moment: datetime, between: Sequence[datetime]) -> int:
    """Which step holds the moment, from 0."""
    return bisect_right(between, moment) - 1


def _next_edge(moment: datetime, zone: ZoneInfo, *, days: bool) -> datetime:
    """The next whole hour, or midnight, of the local clock. Hours are counted as they pass, so a doubled one is two."""
    local = moment.astimezone(zone)
    if days:
        return datetime.combine(local.date() + _DAY, time(), zone).astimezone(UTC)
    since = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return moment.astimezone(UTC) - since + _HOUR
