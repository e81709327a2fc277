"""How figures are written: one rule for the pages, the paper, the table for other programs and the command line.

Every space inside a figure is a no-break space, so that "1 284" and "97.4 %" are never split over two lines.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from station.domain.rates import Rate

UNKNOWN = "\N{EN DASH}"
"""What is written in place of a figure that does not exist, such as the yield of no parts."""

SPACE = "\N{NO-BREAK SPACE}"

_PERCENT = f"{SPACE}%"
_SMALLEST, _LARGEST = 0.01, 99.99
_LEAST_DIGITS, _MOST_DIGITS = 3, 17
_TWO_DECIMALS_BELOW, _TWO_DECIMALS_FROM = 1, 99.95


def number(count: int) -> str:
    """Return a count with its thousands apart: 1284 is "1 284"."""
    return f"{count:,}".replace(",", SPACE)


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with what is counted: "1 picture", "1 284 pictures", "0 copies".

    Args:
        count: How many.
        one: The word for one of them.
        many: The word for none or several; if not given, the word for one with an "s".
    """
    return f"{number(count)} {one_or_many(count, one, many or f'{one}s')}"


def one_or_many(count: int, one: str, many: str) -> str:
    """Return the word that goes with a count, as "waits" with 1 and "wait" with any other."""
    return one if count == 1 else many


def share(value: float | None) -> str:
    """Return a share as percent: 0.9741 is "97.4 %", 0.0004 is "0.04 %", None is a dash.

    Shares near 0 and near 1 have two decimals. Only a share of exactly 0 is "0.0 %" and only one of exactly 1 is
    "100.0 %": anything else lies between "0.01 %" and "99.99 %".

    Args:
        value: 0..1; None for a share of nothing.
    """
    if value is None:
        return UNKNOWN
    percent = 100 * value
    if 0 < percent < _TWO_DECIMALS_BELOW or _TWO_DECIMALS_FROM <= percent < 100:
        return f"{min(max(percent, _SMALLEST), _LARGEST):.2f}{_PERCENT}"
    return f"{percent:.1f}{_PERCENT}"


def count_of(rate: Rate) -> str:
    """Return the count behind a share: "3 of 1 284"; "no parts" if there is nothing to count."""
    return f"{number(rate.count)} of {number(rate.n)}" if rate.n else "no parts"


def interval(rate: Rate) -> str:
    """Return the count behind a share and its 95 % interval: "1 251 of 1 284; 96.4 to 98.2 %".

    If none was counted, only the upper bound means something ("0 of 60; at most 6.0 %"); if all were, only the lower
    one ("3 of 3; at least 43.9 %").
    """
    low, high = map(share, rate.interval)
    if not rate.n:
        return count_of(rate)
    if rate.count == 0:
        return f"{count_of(rate)}; at most {high}"
    if rate.count == rate.n:
        return f"{count_of(rate)}; at least {low}"
    return f"{count_of(rate)}; {low.removesuffix(_PERCENT)} to {high}"


def interval_at_95(rate: Rate) -> str:
    """Return the interval and its level, to be written alone: "1 251 of 1 284; 96.4 to 98.2 % (95 %)"."""
    return f"{interval(rate)} (95{_PERCENT})" if rate.n else interval(rate)


def rate(value: Rate) -> str:
    """Return a share with what is known about it: "97.4 % (1 251 of 1 284; 96.4 to 98.2 %)"."""
    return f"{share(value.value)} ({interval(value)})" if value.n else count_of(value)


def share_of_total(rate: Rate) -> str:
    """Return a share with its total: "2.6 % of 1 284".

    If none was counted, the upper bound of the 95 % interval is given, because none found does not mean none there:
    "at most 6.0 %".
    """
    if rate.n and not rate.count:
        return f"at most {share(rate.interval[1])}"
    return f"{share(rate.value)} of {number(rate.n)}" if rate.n else count_of(rate)


def duration(length: timedelta | None) -> str:
    """Return a length of time in two units at most: "0.2 s", "12 s", "1 min 23 s", "2 h 01 min"; None is a dash.

    A length below zero, as a clock that was set back gives, is "0.0 s".
    """
    if length is None:
        return UNKNOWN
    exact_s = max(length.total_seconds(), 0.0)
    if round(exact_s, 1) < 10:
        return f"{exact_s:.1f}{SPACE}s"
    minutes, seconds = divmod(round(exact_s), 60)
    if minutes == 0:
        return f"{seconds}{SPACE}s"
    if minutes < 60:
        return f"{minutes}{SPACE}min {seconds:02d}{SPACE}s".replace(" ", SPACE)
    return f"{number(minutes // 60)}{SPACE}h {minutes % 60:02d}{SPACE}min".replace(" ", SPACE)


def span(length: timedelta) -> str:
    """Return a long time in its largest unit: "56 years", "20 days", "3 hours"; a year has 365.25 days."""
    hours = length / timedelta(hours=1)
    for unit, size in (("year", 365.25 * 24), ("day", 24), ("hour", 1)):
        count = int(hours / size)
        if count >= 2 or (count == 1 and unit == "hour"):
            return f"{number(count)}{SPACE}{one_or_many(count, unit, f'{unit}s')}"
    return duration(length)


def age(seconds: float) -> str:
    """Return how old something is, written as a duration: 83.0 is "1 min 23 s"."""
    return duration(timedelta(seconds=seconds))


def time_of_day(moment: datetime, time_zone: str) -> str:
    """Return the local time to the second: "09:41:07".

    Args:
        moment: With an offset.
        time_zone: IANA name, such as "Europe/Berlin".
    """
    return f"{moment.astimezone(ZoneInfo(time_zone)):%H:%M:%S}"


def day_and_time(moment: datetime, time_zone: str) -> str:
    """Return the local day and time to the minute: "22 Nov 09:41"."""
    return f"{moment.astimezone(ZoneInfo(time_zone)):%d %b %H:%M}"


def day_and_year(moment: datetime, time_zone: str) -> str:
    """Return the local day with its year, and the time to the minute: "2026-11-22 09:41"."""
    return f"{moment.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}"


def score(value: float | None) -> str:
    """Return a normalised score or limit: "0.81"; None is a dash."""
    return UNKNOWN if value is None else f"{value:.2f}"


def score_and_limits(value: float, fail_above: float, review_from: float | None = None) -> str:
    """Return a score with its limits: "Score 0.4501: review from 0.4500, fail above 0.5000".

    There are as many digits as it takes to see on which side of each limit the score lies, and at least three.

    Args:
        value: The normalised score.
        fail_above: A part scoring strictly above fails.
        review_from: A part scoring strictly above, and not failing, is for a person; None without such a limit.
    """
    limits = [limit for limit in (review_from, fail_above) if limit is not None]
    digits = next((n for n in range(_LEAST_DIGITS, _MOST_DIGITS) if _decides(value, limits, n)), _MOST_DIGITS)
    review = "" if review_from is None else f"review from {review_from:.{digits}f}, "
    return f"Score {value:.{digits}f}: {review}fail above {fail_above:.{digits}f}"


AGAIN = "judged again in f32"
"""Behind the score of a part that lay so near a limit that the model judged it a second time."""


def _decides(value: float, limits: Iterable[float], digits: int) -> bool:
    """Return whether the figures with this many digits compare as the exact ones do."""
    return all((round(value, digits) > round(limit, digits)) == (value > limit) for limit in limits)


def area(pixels: float | None) -> str:
    """Return an area of the original picture: "1 284 px²"; None is a dash."""
    return UNKNOWN if pixels is None else f"{number(round(pixels))}{SPACE}px²"


def milliseconds(value: float) -> str:
    """Return a time from picture to verdict: "9.4 ms"."""
    return f"{value:.1f}{SPACE}ms"


def sentence_case(text: str) -> str:
    """Return the text with its first letter large and all others as they are: "Side: upper left"."""
    return text[:1].upper() + text[1:]


def plain(text: str) -> str:
    """Return the text with ordinary spaces, for a terminal and for programs that read its lines."""
    return text.replace(SPACE, " ")


def shortened(text: str, most: int) -> str:
    """Return the text with at most this many characters; a cut is marked by "…"."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
