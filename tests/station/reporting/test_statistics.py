"""Every count of a report adds up to the parts it was counted from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.inspection import Counts
from station.domain.rates import Rate
from station.domain.shift import EventKind, PartRecord, ShiftRecords, ShiftWindow, StationEvent
from station.domain.shift_summary import ShiftSummary
from station.domain.verdict import Verdict
from station.reporting.shift_calendar import find_shift, free_window, shift_of, shifts_of
from station.reporting.statistics import NO_PLACE, summarise
from station.reporting.wording import remarks
from station.settings import StationSettings

Make = Callable[..., ShiftRecords]
BERLIN = StationSettings(time_zone="Europe/Berlin")
verdict_lists = st.lists(st.sampled_from(Verdict), max_size=80)


def _total(counts: list[Counts]) -> dict[Verdict, int]:
    return {verdict: sum(c.of(verdict) for c in counts) for verdict in Verdict}


def _by_verdict(counts: Counts) -> dict[Verdict, int]:
    return {verdict: counts.of(verdict) for verdict in Verdict}


@given(verdict_lists)
def test_that_a_shift_is_counted_as_the_line_counts(made_up: Make, verdicts: list[Verdict]) -> None:
    counts = Counts()
    for verdict in verdicts:
        counts = counts.plus(verdict)
    assert summarise(made_up(verdicts)).counts == counts


@given(verdict_lists)
def test_that_hours_and_revisions_add_up_to_the_shift(made_up: Make, verdicts: list[Verdict]) -> None:
    summary = summarise(made_up(verdicts))
    assert _total([hour.counts for hour in summary.hours]) == _by_verdict(summary.counts)
    assert _total([revision.counts for revision in summary.revisions]) == _by_verdict(summary.counts)


@given(verdict_lists)
def test_that_places_and_causes_add_up_to_the_shift(made_up: Make, verdicts: list[Verdict]) -> None:
    summary = summarise(made_up(verdicts))
    assert sum(place.failed for place in summary.places) == summary.counts.failed
    assert sum(place.review for place in summary.places) == summary.counts.review
    assert sum(cause.share.count for cause in summary.causes) == summary.counts.not_inspected


@given(verdict_lists)
def test_that_a_part_without_a_judgement_counts_in_no_yield(made_up: Make, verdicts: list[Verdict]) -> None:
    rate = summarise(made_up(verdicts)).first_pass_yield
    judged = [verdict for verdict in verdicts if verdict is not Verdict.NOT_INSPECTED]
    assert rate == Rate(judged.count(Verdict.PASS), len(judged))


@given(
    st.lists(st.tuples(st.integers(0, 26 * 60), st.sampled_from(Verdict)), max_size=60),
    st.sampled_from(["2026-03-28", "2026-10-24", "2026-11-22"]),
)
def test_that_the_shifts_of_a_day_add_up_to_the_day(
    made_up: Make, moments: list[tuple[int, Verdict]], day: str
) -> None:
    windows = shifts_of(date.fromisoformat(day), BERLIN)
    whole = free_window(windows[0].start, windows[-1].end, BERLIN)
    records = _at_minutes(made_up, moments, whole)
    shifts = [summarise(_inside(records, window)).counts for window in windows]
    assert _total(shifts) == _by_verdict(summarise(_inside(records, whole)).counts)


def _at_minutes(made_up: Make, moments: list[tuple[int, Verdict]], window: ShiftWindow) -> ShiftRecords:
    records = made_up([verdict for _, verdict in moments], window)
    times = [window.start + timedelta(minutes=minute) for minute, _ in moments]
    parts = [
        replace(part, inspection=replace(part.inspection, triggered_at=at))
        for part, at in zip(records.parts, times, strict=True)
    ]
    return replace(records, parts=tuple(parts))


def _inside(records: ShiftRecords, window: ShiftWindow) -> ShiftRecords:
    """As the database picks them."""
    parts = [p for p in records.parts if window.start <= p.inspection.triggered_at < window.end]
    return replace(records, window=window, parts=tuple(parts))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-22", 8)])
def test_that_a_night_has_a_step_for_each_hour_that_passed(made_up: Make, day: str, hours: int) -> None:
    steps = summarise(made_up(window=find_shift(f"{day}/Night", BERLIN))).hours
    assert [step.end - step.start for step in steps] == [timedelta(hours=1)] * hours


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.timedeltas(timedelta(seconds=1), timedelta(days=70)),
)
def test_that_the_steps_cover_the_window_without_gap(
    made_up: Make, start: datetime, zone: str, length: timedelta
) -> None:
    steps = summarise(made_up(window=free_window(start, start + length, StationSettings(time_zone=zone)))).hours
    assert (steps[0].start, steps[-1].end) == (start, start + length)
    assert all(one.end == following.start for one, following in pairwise(steps))
    assert all(step.start < step.end for step in steps)
    assert len(steps) <= 73


def _altered(part: PartRecord, **of_the_view: object) -> PartRecord:
    (view,) = part.inspection.views
    return replace(part, inspection=replace(part.inspection, views=(replace(view, **of_the_view),)))


def test_that_places_are_ranked_by_how_often_and_parts_by_how_bad(made_up: Make) -> None:
    summary = summarise(made_up([Verdict.FAIL] * 8))
    assert [(place.place, place.failed) for place in summary.places] == [
        ("centre", 3),
        ("lower right", 3),
        ("upper left", 2),
    ]
    scores = [part.inspection.deciding.pred_score for part in summary.places[0].worst]
    assert scores == sorted(scores, reverse=True)


def test_that_a_reject_without_a_region_is_bad_as_a_whole(made_up: Make) -> None:
    records = made_up([Verdict.FAIL])
    (place,) = summarise(replace(records, parts=(_altered(records.parts[0], regions=()),))).places
    assert (place.place, place.median_area_px) == (NO_PLACE, None)


def test_that_a_place_is_named_with_the_view_that_decided(made_up: Make) -> None:
    places = summarise(made_up([Verdict.FAIL] * 3, views=("top", "side"))).places
    assert [(place.place, place.failed) for place in places] == [
        ("side: lower right", 1),
        ("side: upper left", 1),
        ("top: lower right", 1),
    ]


@given(verdict_lists)
def test_that_a_part_counts_once_however_many_cameras_saw_it(made_up: Make, verdicts: list[Verdict]) -> None:
    summary = summarise(made_up(verdicts, views=("top", "side", "back")))
    assert _by_verdict(summary.counts) == _by_verdict(summarise(made_up(verdicts)).counts)
    assert sum(place.share.count for place in summary.places) == summary.counts.failed + summary.counts.review
    assert sum(cause.share.count for cause in summary.causes) == summary.counts.not_inspected


def test_that_an_empty_shift_is_empty_and_not_an_error(made_up: Make) -> None:
    summary = summarise(made_up())
    assert (summary.counts, summary.first_pass_yield, summary.cycle_times) == (Counts(), Rate(0, 0), None)


def test_that_cycle_times_are_those_of_judged_parts(made_up: Make) -> None:
    times = summarise(made_up([Verdict.PASS] * 20)).cycle_times
    assert times is not None
    assert (times.median_ms, times.p95_ms, times.worst_ms) == (11.0, 14.0, 14.0)


def test_that_a_part_took_as_long_as_its_slowest_view(made_up: Make) -> None:
    records = made_up([Verdict.PASS] * 40, views=("top", "side"))
    slowest = max(max(view.elapsed_ms for view in part.inspection.views) for part in records.parts)
    times = summarise(records).cycle_times
    assert times is not None
    assert times.worst_ms == slowest


def _stops(made_up: Make, *events: tuple[EventKind, int, float | None]) -> ShiftSummary:
    noon = datetime(2026, 11, 22, 11, tzinfo=UTC)
    happened = [
        StationEvent(noon + timedelta(seconds=second), kind, "", duration_s=duration_s)
        for kind, second, duration_s in events
    ]
    return summarise(made_up(window=shift_of(noon, BERLIN), events=happened))


def test_that_a_stop_lasts_until_the_next_start(made_up: Make) -> None:
    summary = _stops(
        made_up, (EventKind.STOP, 10, None), (EventKind.CAMERA_RETURNED, 20, 3.0), (EventKind.START, 70, None)
    )
    assert [(stop.kind, stop.duration) for stop in summary.stoppages] == [(EventKind.STOP, timedelta(minutes=1))]


def test_that_a_stop_that_did_not_end_lasts_until_the_window_ends_and_goes_on(made_up: Make) -> None:
    (stop,) = _stops(made_up, (EventKind.START, 0, None), (EventKind.STOP, 10, None)).stoppages
    assert (stop.end, stop.goes_on) == (datetime(2026, 11, 22, 13, tzinfo=UTC), True)
    assert stop.duration == timedelta(hours=2) - timedelta(seconds=10)


def test_that_a_lost_camera_is_out_for_as_long_as_the_steady_clock_says(made_up: Make) -> None:
    (stop,) = _stops(made_up, (EventKind.CAMERA_LOST, 10, None), (EventKind.CAMERA_RETURNED, 9000, 12.5)).stoppages
    assert stop.duration == timedelta(seconds=12.5)


def test_that_a_clock_set_back_makes_no_negative_duration(made_up: Make) -> None:
    (stop,) = _stops(made_up, (EventKind.PAUSE, 100, None), (EventKind.RESUME, 40, None)).stoppages
    assert stop.duration is None


def test_that_parts_judged_again_are_counted_and_said(made_up: Make) -> None:
    records = made_up([Verdict.PASS] * 4)
    marked = [
        replace(
            each, inspection=replace(each.inspection, views=(replace(each.inspection.views[0], judged_again=True),))
        )
        for each in records.parts[:3]
    ]
    summary = summarise(replace(records, parts=(*marked, records.parts[3])))
    assert summary.judged_again == 3
    assert "3 of 4 parts lay so near a limit that the model judged them again." in remarks(summary)
    assert not any("again" in remark for remark in remarks(summarise(records)))
