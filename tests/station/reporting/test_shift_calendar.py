"""Every moment belongs to exactly one shift, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.reporting.shift_calendar import find_shift, free_window, shift_of, shifts_of
from station.settings import Shift, StationSettings

BERLIN = StationSettings(time_zone="Europe/Berlin")
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Pacific/Apia",
)


def _shifts(*times: tuple[int, int, int, int]) -> tuple[Shift, ...]:
    return tuple(Shift(name=f"S{n}", start=time(h1, m1), end=time(h2, m2)) for n, (h1, m1, h2, m2) in enumerate(times))


SHIFT_PLANS = (
    StationSettings().shifts,
    (),
    _shifts((6, 0, 14, 0)),
    _shifts((0, 0, 0, 0)),
    _shifts((2, 0, 2, 30), (2, 30, 3, 0), (3, 0, 2, 0)),
    _shifts((7, 15, 12, 0), (13, 0, 17, 45), (22, 30, 1, 30)),
)
stations = st.builds(StationSettings, time_zone=st.sampled_from(ZONES), shifts=st.sampled_from(SHIFT_PLANS))
moments = st.datetimes(datetime(2010, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))
clock_changes = st.sampled_from(
    [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2011, 12, 30, 10, tzinfo=UTC),
    ]
)
moments_near_a_change = st.builds(
    lambda change, away: change + away, clock_changes, st.timedeltas(timedelta(hours=-30), timedelta(hours=30))
)


@given(moments | moments_near_a_change, stations)
def test_that_every_moment_lies_in_the_shift_it_is_given(moment: datetime, station: StationSettings) -> None:
    window = shift_of(moment, station)
    assert window.start <= moment < window.end


@given(moments | moments_near_a_change, stations)
def test_that_the_next_shift_begins_where_this_one_ends(moment: datetime, station: StationSettings) -> None:
    window = shift_of(moment, station)
    following = shift_of(window.end, station)
    assert following.start == window.end
    assert shift_of(window.end - timedelta(microseconds=1), station) == window


@given(moments | moments_near_a_change, stations)
def test_that_a_shift_is_found_again_by_its_day_and_name(moment: datetime, station: StationSettings) -> None:
    window = shift_of(moment, station)
    assert find_shift(f"{window.day}/{window.name}", station) == window


@given(st.dates(date(2010, 1, 1), date(2037, 12, 30)), stations)
def test_that_the_shifts_of_a_day_make_up_the_time_until_those_of_the_next(day: date, station: StationSettings) -> None:
    windows = shifts_of(day, station)
    lengths = sum((window.end - window.start for window in windows), timedelta())
    if windows:
        assert lengths == windows[-1].end - windows[0].start
        assert all(window.start < window.end for window in windows)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-22", 8)])
def test_that_a_night_shift_has_the_hours_that_pass_while_the_clocks_change(day: str, hours: int) -> None:
    window = find_shift(f"{day}/Night", BERLIN)
    assert window.end - window.start == timedelta(hours=hours)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 24), ("2026-03-28", 23), ("2026-10-24", 25)])
def test_that_a_day_of_three_shifts_is_as_long_as_it_was(day: str, hours: int) -> None:
    windows = shifts_of(date.fromisoformat(day), BERLIN)
    assert sum((w.end - w.start for w in windows), timedelta()) == timedelta(hours=hours)


def test_that_a_night_after_midnight_belongs_to_the_day_it_began_on() -> None:
    window = shift_of(datetime(2026, 11, 23, 2, tzinfo=UTC), BERLIN)
    assert (window.name, window.day) == ("Night", date(2026, 11, 22))


def test_that_both_of_a_doubled_hour_belong_to_the_night() -> None:
    both = [shift_of(datetime(2026, 10, 25, hour, 30, tzinfo=UTC), BERLIN) for hour in (0, 1)]
    assert both[0] == both[1] == find_shift("2026-10-24/Night", BERLIN)


def test_that_time_between_shifts_is_a_window_of_its_own() -> None:
    station = StationSettings(shifts=_shifts((6, 0, 14, 0)))
    window = shift_of(datetime(2026, 11, 22, 20, tzinfo=UTC), station)
    assert (window.name, window.day, window.end - window.start) == (
        "Off shift 14.00", date(2026, 11, 22), timedelta(hours=16),
    )  # fmt: skip


def test_that_a_shift_is_found_whatever_its_letters() -> None:
    assert find_shift("2026-11-22/early", BERLIN).name == "Early"


@pytest.mark.parametrize(
    "text", ["", "2026-11-22", "yesterday/Early", "2026-13-01/Early", "0001-01-01/Early", "../../x"]
)
def test_that_a_text_that_names_no_shift_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        find_shift(text, BERLIN)


def test_that_an_unknown_shift_is_answered_by_those_of_the_day() -> None:
    with pytest.raises(BadInputError, match="2026-11-22/Early, 2026-11-22/Late, 2026-11-22/Night"):
        find_shift("2026-11-22/Evening", BERLIN)


def test_that_a_free_stretch_is_kept_in_utc() -> None:
    start, end = datetime.fromisoformat("2026-11-22T06:00+01:00"), datetime.fromisoformat("2026-11-22T07:00+01:00")
    window = free_window(start, end, BERLIN)
    assert (window.name, window.start.isoformat()) == ("", "2026-11-22T05:00:00+00:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-22T06:00", "2026-11-22T07:00+01:00"),
        ("2026-11-22T06:00+01:00", "2026-11-22T06:00+01:00"),
        ("0001-01-01T00:00+14:00", "2026-11-22T06:00+01:00"),
        ("2026-11-22T06:00+01:00", "9999-12-31T23:59-14:00"),
    ],
)
def test_that_a_stretch_that_is_empty_unclear_or_beyond_the_calendar_is_refused(start: str, end: str) -> None:
    with pytest.raises(BadInputError):
        free_window(datetime.fromisoformat(start), datetime.fromisoformat(end), BERLIN)
