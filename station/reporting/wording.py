"""Numbers, times and other people's text as a report prints them."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from station.domain.rates import Rate
from station.domain.shift import ShiftWindow

_SPACE = "\N{NO-BREAK SPACE}"
_PERCENT = f"{_SPACE}%"
_SHA256 = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{56}\b")


def number(count: int) -> str:
    """1284 as "1 284"."""
    return f"{count:,}".replace(",", _SPACE)


def percent(share: float) -> str:
    """0.9741 as "97.4 %"; small shares keep two digits, and only a whole is 100 %."""
    value = 100 * share
    if 0 < value < 0.95 or 99.95 <= value < 100:
        return f"{min(value, 99.99):.2f}{_PERCENT}"
    return f"{value:.1f}{_PERCENT}"


def share(rate: Rate) -> str:
    """The share alone; a dash of nothing."""
    return "–" if rate.value is None else percent(rate.value)


def certainty(rate: Rate) -> str:
    """How much the number behind a share lets one say, at 95 %."""
    low, high = rate.interval
    if not rate.n:
        return "of no part"
    if rate.count == 0:
        return f"0 of {number(rate.n)}; at most {percent(high)}"
    if rate.count == rate.n:
        return f"{number(rate.n)} of {number(rate.n)}; at least {percent(low)}"
    return f"{number(rate.count)} of {number(rate.n)}; {percent(low).removesuffix(_PERCENT)} to {percent(high)}"


def duration(length: timedelta | None) -> str:
    """Whole seconds up to an hour, then hours and minutes; a dash where it is not known."""
    if length is None:
        return "–"
    seconds = round(length.total_seconds())
    if seconds < 60:
        return f"{max(length.total_seconds(), 0):.1f}{_SPACE}s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes}{_SPACE}min {seconds:02d}{_SPACE}s"
    return f"{minutes // 60}{_SPACE}h {minutes % 60:02d}{_SPACE}min"


def clock(moment: datetime, window: ShiftWindow) -> str:
    """Local time of day; with the day where the window spans more than two."""
    local = moment.astimezone(ZoneInfo(window.time_zone))
    return f"{local:%H:%M:%S}" if window.end - window.start <= timedelta(days=1, hours=2) else f"{local:%d %b %H:%M}"


def title(window: ShiftWindow) -> str:
    """The shift in words: "Early shift, Sunday 22 November 2026"."""
    day = f"{window.day:%A} {window.day.day} {window.day:%B %Y}"
    if not window.name:
        return f"Free period from {day}"
    return f"{window.name}, {day}" if "shift" in window.name.casefold() else f"{window.name} shift, {day}"


def span(window: ShiftWindow) -> str:
    """From when to when, in local time, each with its offset where they differ."""
    zone = ZoneInfo(window.time_zone)
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    same_day, same_offset = start.date() == end.date(), start.utcoffset() == end.utcoffset()
    last = f"{end:%H:%M}" if same_day else f"{end:%Y-%m-%d %H:%M}"
    first = f"{start:%Y-%m-%d %H:%M}"
    if same_offset:
        return f"{first} to {last} ({offset(start)})"
    return f"{first} ({offset(start)}) to {last} ({offset(end)}), clocks change"


def offset(local: datetime) -> str:
    """The offset from UTC: "UTC+01:00"."""
    return f"UTC{local.isoformat()[-6:]}"


def shortened(text: str, most: int) -> str:
    """At most so many characters, the cut marked."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def models(sha256: str) -> str:
    """Which model a run judged with, by eight digits, or which in each view: "top 1f0c22ab, side 90b1e7d4"."""
    return _SHA256.sub(r"\1", sha256).replace("=", " ")
