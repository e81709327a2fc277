from datetime import UTC, datetime, timedelta

import pytest

from station.domain.inspection import Counts, Inspection, PartKey, ViewInspection
from station.domain.verdict import Verdict
from station.pipeline.shift_counters import ShiftCounts
from station.reporting.shift_calendar import shift_of
from station.settings import StationSettings

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counts(clock: Clock) -> ShiftCounts:
    recorded = Counts(passed=5, failed=1, fails_in_a_row=1)
    return ShiftCounts(lambda moment: shift_of(moment, StationSettings()), lambda start, end: recorded, clock)


def part(verdict: Verdict, at: datetime) -> Inspection:
    view = ViewInspection(verdict, "", "", 1.0, pred_score=0.7, raw_score=0.7, image_threshold=0.5)
    return Inspection(PartKey(1, 1), at, (view,))


def test_that_what_is_recorded_is_counted_on(counts: ShiftCounts) -> None:
    counts.add(part(Verdict.FAIL, NOON))
    assert counts.counts() == Counts(passed=5, failed=2, fails_in_a_row=2)
    counts.add(part(Verdict.PASS, NOON))
    assert counts.counts().fails_in_a_row == 0


def test_that_a_new_shift_begins_at_nothing(counts: ShiftCounts, clock: Clock) -> None:
    clock.now = NOON + timedelta(hours=2)
    assert counts.counts() == Counts()
    counts.add(part(Verdict.PASS, clock.now))
    assert counts.counts() == Counts(passed=1)


def test_that_a_part_of_the_last_shift_is_not_counted_in_this_one(counts: ShiftCounts, clock: Clock) -> None:
    clock.now = NOON + timedelta(hours=2)
    counts.add(part(Verdict.FAIL, clock.now - timedelta(milliseconds=1)))
    assert counts.counts() == Counts()


def test_that_a_clock_set_back_loses_no_count(counts: ShiftCounts, clock: Clock) -> None:
    clock.now = NOON - timedelta(hours=1)
    counts.add(part(Verdict.PASS, clock.now))
    assert counts.counts().passed == 6
