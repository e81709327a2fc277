"""A part is found by what people write on a part, or say of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.shift import ShiftWindow
from station.reporting.part_query import part_query

START = datetime(2026, 11, 22, 21, tzinfo=UTC)
NIGHT = ShiftWindow("Night", date(2026, 11, 22), START, START + timedelta(hours=8), "Europe/Berlin")


@pytest.mark.parametrize("text", ["13", "0013", " #13 ", "part 0013", "Part #13"])
def test_that_a_number_is_a_number_however_it_is_written(text: str) -> None:
    assert part_query(text, NIGHT).number == 13


@pytest.mark.parametrize(
    ("text", "hours", "length"),
    [("22:30", 0.5, 60), ("0:15", 2.25, 60), ("05:59:59", 8 - 1 / 3600, 1), ("5.30", 7.5, 60)],
)
def test_that_a_time_is_the_local_one_of_the_shift(text: str, hours: float, length: int) -> None:
    ((start, end),) = part_query(text, NIGHT).spans
    assert start == START + timedelta(hours=hours)
    assert end - start == timedelta(seconds=length)


def test_that_an_hour_that_comes_twice_is_looked_for_twice() -> None:
    start = datetime(2026, 10, 24, 20, tzinfo=UTC)
    night = ShiftWindow("Night", date(2026, 10, 24), start, start + timedelta(hours=9), "Europe/Berlin")
    assert [at for at, _ in part_query("02:30", night).spans] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["SN-4711", "25:00", "12:60", "-1", "12345678901", "0x10", "LOT 7"])
def test_that_anything_else_is_a_serial(text: str) -> None:
    query = part_query(f" {text} ", NIGHT)
    assert (query.number, query.spans, query.serial) == (None, (), text)


def test_that_nothing_is_refused_with_what_to_write() -> None:
    with pytest.raises(BadInputError, match="Nothing is looked for"):
        part_query("  ", NIGHT)


def test_that_a_time_outside_the_shift_is_refused() -> None:
    with pytest.raises(BadInputError, match="no time 12:00"):
        part_query("12:00", NIGHT)


@given(st.text())
def test_that_any_text_is_understood_or_refused(text: str) -> None:
    try:
        query = part_query(text, NIGHT)
    except BadInputError:
        return
    assert query.spans or query.serial
