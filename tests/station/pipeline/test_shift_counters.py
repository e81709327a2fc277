"""The counters of a shift count each part once, also after they fell behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.concurrency.fan_out import QUEUE_CAPACITY, FanOut
from station.domain.errors import StorageError
from station.domain.inspection import Counts, Inspection, PartKey, ViewInspection
from station.domain.messages import PartJudged, PartRecorded
from station.domain.verdict import Verdict
from station.pipeline.run_workers import UNRECORDED_PARTS
from station.pipeline.shift_counters import ShiftCounts
from station.reporting.shift_calendar import shift_of
from station.settings import StationSettings

QUEUE = 8
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Records:
    """Counts on a disk, and the keys of the newest parts."""

    def __init__(self) -> None:
        self.counts = Counts(passed=5, failed=1, fails_in_a_row=1)
        self.newest: frozenset[PartKey] = frozenset()
        self.error: StorageError | None = None

    def __call__(self, start: datetime, end: datetime) -> tuple[Counts, frozenset[PartKey]]:
        if self.error:
            raise self.error
        return self.counts, self.newest


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.fixture
def news() -> FanOut:
    return FanOut()


@pytest.fixture
def counts(clock: Clock, records: Records, news: FanOut) -> ShiftCounts:
    shift = lambda moment: shift_of(moment, StationSettings())  # noqa: E731
    return ShiftCounts(shift, records, clock, news.subscribe(PartJudged, capacity=QUEUE))


def part(verdict: Verdict, at: datetime, number: int = 1) -> PartJudged:
    view = ViewInspection(verdict, "", "", 1.0, pred_score=0.7, raw_score=0.7, image_threshold=0.5)
    return PartJudged(Inspection(PartKey(1, number), at, (view,)))


def test_that_what_is_recorded_is_counted_on(counts: ShiftCounts, news: FanOut) -> None:
    news.publish(part(Verdict.FAIL, NOON))
    assert counts.counts() == Counts(passed=5, failed=2, fails_in_a_row=2)
    news.publish(part(Verdict.PASS, NOON))
    assert counts.counts().fails_in_a_row == 0


def test_that_verdicts_nobody_asks_for_are_counted_before_they_fill_the_memory(
    clock: Clock, records: Records, news: FanOut
) -> None:
    verdicts = news.subscribe(PartJudged)
    counts = ShiftCounts(lambda moment: shift_of(moment, StationSettings()), records, clock, verdicts)
    for number in range(1, 3001):
        news.publish(part(Verdict.FAIL, NOON, number))
        counts.keep_up(PartRecorded(PartKey(1, number)))
    assert verdicts.waiting < 300
    assert counts.counts().failed == 3001


def test_that_a_part_is_recorded_while_the_counts_cannot_be_read(clock: Clock, records: Records, news: FanOut) -> None:
    verdicts = news.subscribe(PartJudged, capacity=300)
    counts = ShiftCounts(lambda moment: shift_of(moment, StationSettings()), records, clock, verdicts)
    for number in range(1, 302):
        news.publish(part(Verdict.FAIL, NOON, number))
    records.error = StorageError("The database is locked.")
    counts.keep_up(PartRecorded(PartKey(1, 1)))
    assert verdicts.waiting == 300
    records.error = None
    counts.keep_up(PartRecorded(PartKey(1, 2)))
    assert verdicts.waiting == 0


def test_that_a_trial_is_not_counted_and_each_run_is_asked_about_once(
    clock: Clock, records: Records, news: FanOut
) -> None:
    asked: list[int] = []

    def is_counted(run_id: int) -> bool:
        asked.append(run_id)
        return run_id == 1

    shift = lambda moment: shift_of(moment, StationSettings())  # noqa: E731
    counts = ShiftCounts(shift, records, clock, news.subscribe(PartJudged, capacity=QUEUE), is_counted)
    for run_id in (1, 1, 2, 2):
        judged = part(Verdict.PASS, NOON).inspection
        news.publish(PartJudged(replace(judged, key=PartKey(run_id, 1))))
    assert counts.counts().passed == 7
    assert asked == [1, 2]


def test_that_a_new_shift_begins_at_nothing(counts: ShiftCounts, news: FanOut, clock: Clock) -> None:
    clock.now = NOON + timedelta(hours=2)
    assert counts.counts() == Counts()
    news.publish(part(Verdict.PASS, clock.now))
    assert counts.counts() == Counts(passed=1)


def test_that_a_part_of_the_last_shift_is_not_counted_in_this_one(
    counts: ShiftCounts, news: FanOut, clock: Clock
) -> None:
    clock.now = NOON + timedelta(hours=2)
    news.publish(part(Verdict.FAIL, clock.now - timedelta(milliseconds=1)))
    assert counts.counts() == Counts()


def test_that_a_clock_set_back_loses_no_count(counts: ShiftCounts, news: FanOut, clock: Clock) -> None:
    clock.now = NOON - timedelta(hours=1)
    news.publish(part(Verdict.PASS, clock.now))
    assert counts.counts().passed == 6


def test_that_counters_that_fell_behind_read_the_records_and_count_each_part_once(
    counts: ShiftCounts, records: Records, news: FanOut
) -> None:
    for number in range(1, 21):
        news.publish(part(Verdict.PASS, NOON, number))
    records.counts = Counts(passed=5 + 15, failed=1)
    records.newest = frozenset(PartKey(1, number) for number in range(1, 16))
    assert counts.counts() == Counts(passed=5 + 20, failed=1)
    news.publish(part(Verdict.FAIL, NOON, 21))
    assert counts.counts() == Counts(passed=25, failed=2, fails_in_a_row=1)


def test_that_counters_whose_records_cannot_be_read_say_so_and_try_again(
    counts: ShiftCounts, records: Records, news: FanOut
) -> None:
    for number in range(1, 10):
        news.publish(part(Verdict.PASS, NOON, number))
    records.error = StorageError("The disk is gone.")
    for _ in range(2):
        with pytest.raises(StorageError):
            counts.counts()
    records.error = None
    records.counts, records.newest = Counts(passed=6), frozenset({PartKey(1, 1)})
    assert counts.counts() == Counts(passed=6 + 8)


@given(st.data())
def test_that_no_part_is_lost_or_counted_twice_however_seldom_the_counters_are_asked(data: st.DataObject) -> None:
    """Parts are judged, recorded in order, and counted, in any interleaving; at most QUEUE parts are unrecorded."""
    news, records, clock = FanOut(), Records(), Clock()
    records.counts = Counts()
    shift = lambda moment: shift_of(moment, StationSettings())  # noqa: E731
    counts = ShiftCounts(shift, records, clock, news.subscribe(PartJudged, capacity=QUEUE))
    judged = recorded = 0
    for step in data.draw(st.lists(st.sampled_from(["judge", "judge", "record", "count"]), max_size=120)):
        if step == "count":
            assert counts.counts().triggers == judged
        elif step == "judge" and judged - recorded < QUEUE:
            judged += 1
            news.publish(part(Verdict.PASS, NOON, judged))
        elif recorded < judged:
            recorded += 1
            records.counts = records.counts.plus(Verdict.PASS)
            records.newest = frozenset(PartKey(1, number) for number in range(1, recorded + 1))
    assert counts.counts() == Counts(passed=judged)


def test_that_the_queue_of_the_counters_holds_more_than_the_parts_that_may_wait_for_the_disk() -> None:
    assert QUEUE_CAPACITY >= 2 * UNRECORDED_PARTS
