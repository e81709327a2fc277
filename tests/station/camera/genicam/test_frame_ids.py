from hypothesis import given
from hypothesis import strategies as st

from station.camera.genicam.frame_ids import LATE_BY, MOST_MISSING, Arrival, FrameCounter

GIGE_IDS = 0xFFFF
BEGINS_ANEW = -1


def test_that_ids_begin_at_one_wherever_the_camera_begins() -> None:
    for first in (0, 1, 4711):
        assert FrameCounter().complete(first).frame_id == 1


@given(first=st.integers(0, 100), steps=st.lists(st.integers(1, 50), min_size=1))
def test_that_ids_grow_by_what_the_camera_counted_and_gaps_are_told(first: int, steps: list[int]) -> None:
    counter, raw = FrameCounter(), first
    counter.complete(raw)
    for step in steps:
        raw += step
        arrival = counter.complete(raw)
        assert arrival.frame_id == raw - first + 1
        assert arrival.missing == step - 1


@given(first=st.integers(GIGE_IDS - 40, GIGE_IDS), steps=st.lists(st.integers(1, 30), min_size=3))
def test_that_the_count_of_gige_vision_may_wrap_with_a_gap_in_it(first: int, steps: list[int]) -> None:
    counter, ticks = FrameCounter(), first - 1
    counter.complete(ticks % GIGE_IDS + 1)
    for step in steps:
        ticks += step
        arrival = counter.complete(ticks % GIGE_IDS + 1)
        assert arrival.frame_id == ticks - first + 2
        assert arrival.missing == step - 1


@given(raws=st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=30))
def test_that_ids_only_grow_and_each_is_told_once_whatever_the_camera_counts(raws: list[int]) -> None:
    counter, told = FrameCounter(), 0
    for raw in raws:
        arrival = counter.complete(raw)
        assert 0 <= arrival.missing <= MOST_MISSING
        assert arrival.frame_id == told + arrival.missing + 1
        told = arrival.frame_id


@given(
    gaps=st.lists(st.integers(0, MOST_MISSING) | st.just(BEGINS_ANEW), max_size=80),
    first=st.integers(1, GIGE_IDS),
)
def test_that_gaps_wraps_and_new_beginnings_give_each_trigger_exactly_one_id(gaps: list[int], first: int) -> None:
    counter, raw, triggers = FrameCounter(), first, 1
    told = [counter.complete(raw).frame_id]
    for gap in gaps:
        if gap == BEGINS_ANEW and 1 < raw < GIGE_IDS - MOST_MISSING:
            raw, triggers = 1, triggers + 1
        else:
            step = 1 + max(gap, 0)
            raw, triggers = (raw + step - 1) % GIGE_IDS + 1, triggers + step
        arrival = counter.complete(raw)
        told += range(arrival.frame_id - arrival.missing, arrival.frame_id + 1)
    assert told == list(range(1, triggers + 1))


def test_that_a_camera_that_counts_anew_costs_no_invented_frames() -> None:
    counter = FrameCounter()
    counter.complete(500)
    arrival = counter.complete(1)
    assert (arrival.frame_id, arrival.missing, arrival.anew) == (2, 0, True)


@given(first=st.integers(0, 2**32), leap=st.integers(MOST_MISSING + 2, 2**64))
def test_that_a_leap_of_the_counter_costs_one_lost_frame_that_tells_of_all(first: int, leap: int) -> None:
    counter = FrameCounter()
    counter.complete(first)
    assert counter.complete(first + leap) == Arrival(3, 1, anew=True, leapt=leap - 1)
    assert counter.complete(first + leap + 2).missing == 1


@given(
    places=st.lists(st.integers(0, 8), min_size=1, max_size=60),
    first=st.sampled_from([1, GIGE_IDS - 20, GIGE_IDS - 1]),
)
def test_that_frames_that_overtake_each_other_get_one_id_each(places: list[int], first: int) -> None:
    ticks = sorted(range(1, len(places) + 1), key=lambda tick: (tick + places[tick - 1], tick))
    counter, told = FrameCounter(), [1]
    counter.complete(first)
    for tick in [*ticks, len(places) + 1]:
        if arrival := counter.complete((first + tick - 1) % GIGE_IDS + 1):
            told += range(arrival.frame_id - arrival.missing, arrival.frame_id + 1)
            assert arrival.frame_id == tick + 1
    assert told == list(range(1, len(places) + 3))


def test_that_a_camera_that_begins_anew_at_an_id_missed_long_ago_is_not_late() -> None:
    counter = FrameCounter()
    for raw in (1, 3, *range(4, 4 + LATE_BY)):
        counter.complete(raw)
    assert counter.complete(2).anew


def test_that_the_widest_gap_is_still_told() -> None:
    counter = FrameCounter()
    counter.complete(1)
    arrival = counter.complete(MOST_MISSING + 2)
    assert (arrival.missing, arrival.anew) == (MOST_MISSING, False)


def test_that_a_counter_that_stands_still_is_no_new_beginning() -> None:
    counter = FrameCounter()
    arrivals = [counter.complete(0) for _ in range(3)]
    assert [(arrival.frame_id, arrival.missing, arrival.anew) for arrival in arrivals] == [
        (1, 0, False),
        (2, 0, False),
        (3, 0, False),
    ]


@given(
    pattern=st.lists(st.sampled_from(["complete", "incomplete", "lost"]), max_size=60),
    first=st.sampled_from([0, 1, GIGE_IDS - 20, GIGE_IDS - 1, 2**40]),
    wraps=st.booleans(),
)
def test_that_every_frame_that_the_camera_counted_gets_exactly_one_id(
    pattern: list[str], first: int, wraps: bool
) -> None:
    counter, told = FrameCounter(), []
    for tick, fate in enumerate(["complete", *pattern, "complete"], start=first):
        if fate == "incomplete":
            told.append(counter.incomplete())
        elif fate == "complete":
            arrival = counter.complete((tick - 1) % GIGE_IDS + 1 if wraps else tick)
            told += range(arrival.frame_id - arrival.missing, arrival.frame_id + 1)
    assert told == list(range(1, len(pattern) + 3))
