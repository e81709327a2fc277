"""Figures are written by one rule, and never say more than is known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.formatting import (
    age,
    area,
    count_of,
    counted,
    day_and_time,
    duration,
    interval,
    interval_at_95,
    number,
    one_or_many,
    rate,
    score,
    score_and_limits,
    share,
    share_of_total,
    shortened,
    time_of_day,
)
from station.domain.rates import Rate

MOMENT = datetime(2026, 11, 22, 8, 41, 7, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0.0 %"),
        (1e-9, "0.01 %"),
        (0.0004, "0.04 %"),
        (0.00949, "0.95 %"),
        (0.0096, "0.96 %"),
        (0.974, "97.4 %"),
        (0.9996, "99.96 %"),
        (0.9999999, "99.99 %"),
        (1, "100.0 %"),
    ],
)
def test_that_a_share_near_the_ends_has_two_decimals(value: float | None, text: str) -> None:
    assert plain(share(value)) == text


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_that_only_all_is_100_percent_and_only_none_is_0(n: int, count: int) -> None:
    count = min(count, n)
    percent = float(share(count / n).removesuffix("\N{NO-BREAK SPACE}%"))
    assert (percent == 100) == (count == n)
    assert (percent == 0) == (count == 0)


@given(st.floats(0, 1), st.floats(0, 1))
def test_that_a_greater_share_is_never_written_as_a_smaller_one(one: float, other: float) -> None:
    lower, upper = (float(plain(share(value)).removesuffix(" %")) for value in sorted((one, other)))
    assert lower <= upper


@given(st.floats(0, 1))
def test_that_a_written_share_is_the_share_to_its_last_digit(value: float) -> None:
    assert abs(float(plain(share(value)).removesuffix(" %")) - 100 * value) <= 0.0501


def test_that_thousands_are_apart_and_stay_on_one_line() -> None:
    assert number(1234567) == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567"


@given(st.integers(0, 400), st.integers(0, 400))
def test_that_no_rate_is_written_without_its_number(count: int, others: int) -> None:
    n = count + others
    for text in (interval(Rate(count, n)), rate(Rate(count, n)), interval_at_95(Rate(count, n))):
        assert (f"of {number(n)}" in text) == (n > 0)


@pytest.mark.parametrize(
    ("count", "n", "text"),
    [
        (0, 0, "no parts"),
        (0, 60, "0 of 60; at most 6.0 %"),
        (3, 3, "3 of 3; at least 43.9 %"),
        (1251, 1284, "1 251 of 1 284; 96.4 to 98.2 %"),
    ],
)
def test_that_few_parts_say_how_little_is_known(count: int, n: int, text: str) -> None:
    assert plain(interval(Rate(count, n))) == text


def test_that_a_rate_is_its_share_with_count_and_interval() -> None:
    assert plain(rate(Rate(1251, 1284))) == "97.4 % (1 251 of 1 284; 96.4 to 98.2 %)"
    assert plain(interval_at_95(Rate(3, 3))) == "3 of 3; at least 43.9 % (95 %)"
    assert count_of(Rate(3, 1284)) == f"3 of {number(1284)}"


@pytest.mark.parametrize(
    ("count", "n", "text"), [(0, 0, "no parts"), (0, 10, "at most 27.8 %"), (33, 1284, "2.6 % of 1 284")]
)
def test_that_a_verdict_that_never_came_gets_an_upper_bound(count: int, n: int, text: str) -> None:
    assert plain(share_of_total(Rate(count, n))) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0.0 s"),
        (0, "0.0 s"),
        (0.24, "0.2 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (12.4, "12 s"),
        (59.7, "1 min 00 s"),
        (83, "1 min 23 s"),
        (192, "3 min 12 s"),
        (3599.6, "1 h 00 min"),
        (7260, "2 h 01 min"),
        (3_600_000, "1 000 h 00 min"),
    ],
)
def test_that_a_duration_and_an_age_have_the_units_people_use(seconds: float, text: str) -> None:
    assert plain(duration(timedelta(seconds=seconds))) == text
    assert plain(age(seconds)) == text


def test_that_what_is_unknown_is_a_dash() -> None:
    assert (duration(None), score(None), area(None), share(None)) == ("–", "–", "–", "–")


def test_that_a_score_and_an_area_are_written_alike_everywhere() -> None:
    assert score(0.8149) == "0.81"
    assert plain(area(1283.6)) == "1 284 px²"


def test_that_times_are_those_of_the_station() -> None:
    assert time_of_day(MOMENT, "Europe/Berlin") == "09:41:07"
    assert day_and_time(MOMENT, "Europe/Berlin") == "22 Nov 09:41"


@given(st.text(max_size=40), st.integers(1, 40))
def test_that_a_shortened_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= most


@pytest.mark.parametrize(
    ("value", "review", "words"),
    [
        (0.4501, 0.45, "Score 0.4501: review from 0.4500, fail above 0.5000"),
        (0.4480, 0.45, "Score 0.448: review from 0.450, fail above 0.500"),
        (0.50004, None, "Score 0.50004: fail above 0.50000"),
        (0.5, None, "Score 0.500: fail above 0.500"),
    ],
)
def test_that_a_score_and_its_limits_have_enough_digits_to_decide(value: float, review: float, words: str) -> None:
    assert score_and_limits(value, 0.5, review) == words


@given(st.floats(0, 1), st.floats(0.01, 0.99))
def test_that_the_figures_of_score_and_limit_compare_as_the_score_does(value: float, limit: float) -> None:
    said, above = score_and_limits(value, limit).removeprefix("Score ").split(": fail above ")
    assert (float(said) > float(above)) == (value > limit) or abs(value - limit) < 1e-15


@given(st.integers(0, 10**6))
def test_that_only_one_thing_is_counted_in_the_singular(count) -> None:
    assert counted(count, "part").endswith(" part") == (count == 1)
    assert counted(count, "copy", "copies").removeprefix(number(count)) == (" copy" if count == 1 else " copies")
    assert one_or_many(count, "waits", "wait") == ("waits" if count == 1 else "wait")
