"""Shifts, times and models are named alike on the page and on paper."""

from datetime import UTC, date, datetime, timedelta

import pytest

from station.domain.shift import EventKind, ShiftWindow
from station.domain.shift_summary import Stoppage
from station.reporting.wording import (
    bin_label,
    bins_title,
    end_of,
    file_name,
    length_of,
    models,
    time_in,
    title,
    title_in_a_list,
)

START = datetime(2026, 11, 22, 5, tzinfo=UTC)
SHIFT = ShiftWindow("Early", date(2026, 11, 22), START, START + timedelta(hours=8), "Europe/Berlin")
WEEK = ShiftWindow("", date(2026, 11, 22), START, START + timedelta(days=7), "Europe/Berlin")


def stoppage(seconds: float | None, *, ended: bool = True) -> Stoppage:
    end = START + timedelta(seconds=seconds or 0) if ended else None
    length = None if seconds is None else timedelta(seconds=seconds)
    return Stoppage(EventKind.STOP, START, end, length, "stopped", "")


def test_that_a_time_has_its_day_in_a_long_window_only() -> None:
    assert time_in(SHIFT, START) == "06:00:00"
    assert time_in(WEEK, START) == "22 Nov 06:00"


def test_that_bars_are_named_by_the_hour_or_by_the_day() -> None:
    assert (bins_title(SHIFT), bin_label(START, SHIFT)) == ("Parts by hour", "06:00")
    assert (bins_title(WEEK), bin_label(START, WEEK)) == ("Parts by day", "22 Nov")


@pytest.mark.parametrize(
    ("stop", "end", "length"),
    [
        (stoppage(83), "06:01:23", "1\N{NO-BREAK SPACE}min\N{NO-BREAK SPACE}23\N{NO-BREAK SPACE}s"),
        (stoppage(None), "06:00:00", "–"),
        (stoppage(None, ended=False), "–", "not ended"),
        (stoppage(12, ended=False), "–", "12\N{NO-BREAK SPACE}s so far"),
    ],
)
def test_that_a_stop_that_has_not_ended_says_so(stop: Stoppage, end: str, length: str) -> None:
    assert (end_of(stop, SHIFT), length_of(stop)) == (end, length)


def test_that_the_file_of_a_report_is_named_in_local_time_and_an_interim_one_says_when() -> None:
    assert file_name(SHIFT) == "2026-11-22-Early"
    assert file_name(SHIFT, START + timedelta(hours=3, minutes=41)) == "2026-11-22-Early-interim-0941"
    night = ShiftWindow("", date(2026, 11, 28), datetime(2026, 11, 27, 23, tzinfo=UTC),
                        datetime(2026, 11, 28, 5, 30, tzinfo=UTC), "Europe/Berlin")  # fmt: skip
    assert file_name(night) == "2026-11-28-0000-2026-11-28-0630"


def test_that_a_shift_is_named_with_its_day() -> None:
    assert title(SHIFT) == "Early shift, Sunday 22 November 2026"
    assert title(WEEK) == "Free period from Sunday 22 November 2026"
    assert title_in_a_list(SHIFT) == "Early, 22 November 2026, 06:00 to 14:00"


@pytest.mark.parametrize(
    ("sha256", "expected"),
    [
        ("1f0c22ab" * 8, "1f0c22ab"),
        (f"top={'1f0c22ab' * 8}, side={'90b1e7d4' * 8}", "top 1f0c22ab, side 90b1e7d4"),
    ],
)
def test_that_a_model_is_named_by_eight_digits_in_each_view(sha256: str, expected: str) -> None:
    assert models(sha256) == expected
