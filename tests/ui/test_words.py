"""Numbers as people read them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.rates import Rate
from ui.pages.shift_report.wording import duration, interval
from ui.words import age, number, share


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_that_only_all_is_100_percent_and_only_none_is_0(n: int, count: int) -> None:
    count = min(count, n)
    text = share(count / n)
    assert (text == "100.0 %") == (count == n)
    assert (text == "0.0 %") == (count == 0)


def test_that_a_share_of_nothing_is_a_dash() -> None:
    assert share(None) == "\u2013"


def test_that_thousands_stand_apart() -> None:
    assert number(1284) == "1\u202f284"


@pytest.mark.parametrize(("seconds", "text"), [(0.24, "0.2 s"), (12.4, "12 s"), (200, "3 min")])
def test_that_an_age_has_the_unit_that_fits(seconds: float, text: str) -> None:
    assert age(seconds) == text


def test_that_few_parts_say_how_little_is_known() -> None:
    assert interval(Rate(3, 3)) == "3 of 3, 43.9 % to 100.0 %"
    assert interval(Rate(0, 0)) == "of no part"


@pytest.mark.parametrize(
    ("length", "text"), [(None, "open"), (timedelta(seconds=5), "5 s"), (timedelta(minutes=61), "1 h 1 min")]
)
def test_that_a_stop_that_has_not_ended_is_open(length: timedelta | None, text: str) -> None:
    assert duration(length) == text
