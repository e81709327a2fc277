"""Stoppages are right at the edges of a window, in a window that has not ended, and before the first start."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from station.domain.shift import EventKind, ShiftRecords, ShiftWindow, StationEvent
from station.domain.shift_summary import Stoppage
from station.reporting.statistics import summarise
from station.reporting.wording import end_of, length_of, remarks, start_of
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.events import Events
from station.storage.records.inspections import Inspections

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
START, STOP, PAUSE, RESUME = EventKind.START, EventKind.STOP, EventKind.PAUSE, EventKind.RESUME
LOST, RETURNED, FAULT = EventKind.CAMERA_LOST, EventKind.CAMERA_RETURNED, EventKind.FAULT


class Day:
    """A station with these events, at hours of one day; read by windows."""

    def __init__(self, root: Path) -> None:
        self.database = Database.open(root / "station.db")
        self._inspections = Inspections(self.database, PictureStore(root / "pictures"))

    def happen(self, *events: tuple[EventKind, float]) -> "Day":
        with self.database.writing() as connection:
            connection.execute(text("DELETE FROM event"))
        for kind, hour in events:
            Events(self.database, AuditLog.beside(self.database, "Station 1")).add_event(
                StationEvent(MIDNIGHT + hour * HOUR, kind, f"{kind} at {hour}")
            )
        return self

    def between(self, start: float, end: float, now: float = 99) -> ShiftRecords:
        window = ShiftWindow("Early", MIDNIGHT.date(), MIDNIGHT + start * HOUR, MIDNIGHT + end * HOUR, "UTC")
        return self._inspections.shift_records(window, MIDNIGHT + now * HOUR)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    made = Day(tmp_path_factory.mktemp("day"))
    yield made
    made.database.close()


def hours(stoppage: Stoppage) -> tuple[float, float | None]:
    end = stoppage.end and (stoppage.end - MIDNIGHT) / HOUR
    return (stoppage.start - MIDNIGHT) / HOUR, end


def words(records: ShiftRecords) -> list[tuple[str, str, str]]:
    window = records.window
    return [
        (start_of(stop, window), end_of(stop, window), length_of(stop).replace("\N{NO-BREAK SPACE}", " "))
        for stop in summarise(records).stoppages
    ]


def test_that_a_period_in_which_the_line_was_stopped_throughout_says_so(day: Day) -> None:
    day.happen((START, 1), (STOP, 5), (START, 20))
    summary = summarise(records := day.between(6, 14))
    assert words(records) == [("before 06:00:00", "after 14:00:00", "8 h 00 min")]
    assert summary.stopped_throughout
    assert remarks(summary) == ("The line was stopped throughout.",)
    assert summary.unknown == ()


def test_that_a_stop_that_ends_in_the_next_shift_is_cut_at_the_edge_and_goes_on(day: Day) -> None:
    day.happen((START, 7), (STOP, 13.5), (START, 15))
    early, late = day.between(6, 14), day.between(14, 22)
    assert words(early) == [("13:30:00", "after 14:00:00", "30 min 00 s")]
    assert words(late) == [("before 14:00:00", "15:00:00", "1 h 00 min")]


def test_that_a_stop_that_has_not_ended_says_how_long_so_far_and_the_rest_is_not_drawn_as_stopped(day: Day) -> None:
    day.happen((START, 6.5), (STOP, 8))
    summary = summarise(records := day.between(6, 14, now=8.5))
    assert words(records) == [("08:00:00", "–", "30 min 00 s so far")]
    assert [(span.start, span.end) for span in summary.unknown] == [
        (MIDNIGHT + 6 * HOUR, MIDNIGHT + 6.5 * HOUR),
        (MIDNIGHT + 8.5 * HOUR, MIDNIGHT + 14 * HOUR),
    ]
    assert remarks(summary) == ("Interim, as of 08:30 on 2026-11-22: the shift has not ended.",)


def test_that_the_hours_to_come_are_not_drawn_as_running_either(day: Day) -> None:
    day.happen((START, 5))
    summary = summarise(day.between(6, 14, now=9))
    assert summary.stoppages == ()
    assert [(span.start, span.end) for span in summary.unknown] == [(MIDNIGHT + 9 * HOUR, MIDNIGHT + 14 * HOUR)]


def test_that_a_shift_of_a_station_that_never_started_is_not_known(day: Day) -> None:
    summary = summarise(day.happen((EventKind.RECIPE_LOADED, 7)).between(6, 14))
    assert (summary.stoppages, summary.stopped_throughout) == ((), False)
    assert [(span.start, span.end) for span in summary.unknown] == [(MIDNIGHT + 6 * HOUR, MIDNIGHT + 14 * HOUR)]


def test_that_a_line_that_was_cut_off_is_stopped_until_it_starts_again(day: Day) -> None:
    """The fault is recorded when the program starts again, at the time of the last part."""
    day.happen((START, 6), (FAULT, 9), (START, 15))
    assert [hours(stop) for stop in summarise(day.between(6, 14)).stoppages] == [(9, 14)]
    assert [hours(stop) for stop in summarise(day.between(14, 22)).stoppages] == [(14, 15)]


def test_that_a_camera_that_was_lost_in_the_shift_before_is_lost_until_it_returns(day: Day) -> None:
    day.happen((START, 5), (LOST, 5.5), (RETURNED, 6.25))
    assert [hours(stop) for stop in summarise(day.between(6, 14)).stoppages] == [(6, 6.25)]


def test_that_each_of_two_lost_cameras_is_lost_until_it_returns_itself(made_up: Callable[..., ShiftRecords]) -> None:
    at = made_up().window.start + HOUR
    events = [
        StationEvent(at + seconds * timedelta(seconds=1), kind, "", duration_s=length)
        for kind, seconds, length in (
            (LOST, 0, None), (LOST, 5, None), (RETURNED, 60, 55.0), (LOST, 90, None), (RETURNED, 100, 10.0),
            (RETURNED, 300, 300.0),
        )
    ]  # fmt: skip
    lengths = [stop.duration for stop in summarise(made_up(events=events)).stoppages]
    assert lengths == [timedelta(seconds=length) for length in (300, 55, 10)]


KINDS = (START, STOP, PAUSE, RESUME, LOST, RETURNED, FAULT)
moments = st.integers(0, 24 * 60 - 1)
days = st.lists(st.tuples(st.sampled_from(KINDS), moments), max_size=12, unique_by=lambda event: event[1]).map(
    lambda events: sorted(events, key=lambda event: event[1])
)
EDGES = (0, 6, 14, 22, 24)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=days, now=st.integers(1, 25 * 60))
@example(happened=[(START, 10), (STOP, 300)], now=1500)
def test_that_any_events_say_the_same_in_one_day_and_in_its_shifts(
    day: Day, happened: Sequence[tuple[EventKind, int]], now: int
) -> None:
    """Every minute is stopped in the shift that holds it if and only if it is in the day, and none after now."""
    happened = [event for event in happened if event[1] < now]
    day.happen(*((kind, minute / 60) for kind, minute in happened))
    whole = stopped_minutes(day.between(0, 24, now / 60))
    shifts: set[int] = set()
    for start, end in pairwise(EDGES):
        if start * 60 < now:
            found = stopped_minutes(day.between(start, end, now / 60))
            assert all(start * 60 <= minute < end * 60 for minute in found)
            shifts |= found
    assert shifts == whole == expected_minutes(happened, now)
    assert all(minute < now for minute in whole)


def stopped_minutes(records: ShiftRecords) -> set[int]:
    summary = summarise(records)
    unknown = {m for span in summary.unknown for m in minutes(span.start, span.end)}
    found = {m for stop in summary.stoppages for m in minutes(stop.start, stop.end or records.known_until)}
    assert not unknown & found, "a minute is stopped, or not known"
    return found


def minutes(start: datetime, end: datetime) -> range:
    return range(round((start - MIDNIGHT) / MINUTE), round((end - MIDNIGHT) / MINUTE))


def expected_minutes(happened: Sequence[tuple[EventKind, int]], now: int) -> set[int]:
    """By a small machine that knows one minute at a time."""
    at, open_, stopped = {minute: kind for kind, minute in happened}, set[EventKind](), set[int]()
    ends: dict[EventKind, Callable[[EventKind], bool]] = {
        START: lambda _kind: True,
        STOP: lambda kind: kind is not STOP,
        RESUME: lambda kind: kind in (PAUSE, FAULT),
        RETURNED: lambda kind: kind is LOST,
    }
    for minute in range(min(now, 24 * 60)):
        if (kind := at.get(minute)) is not None:
            open_ = {each for each in open_ if not ends.get(kind, lambda _kind: False)(each)}
            if kind in (STOP, PAUSE, LOST, FAULT):
                open_.add(kind)
        if open_:
            stopped.add(minute)
    return stopped
