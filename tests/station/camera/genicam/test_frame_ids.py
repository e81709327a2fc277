from hypothesis import example, given
from hypothesis import strategies as st

from station.camera.genicam.frame_ids import MAX_GAP, MAX_LATE_BY, Arrival, FrameCounter

GIGE_IDS = 0xFFFF
RESTARTS = -1


def test_that_ids_begin_at_one_wherever_the_camera_begins() -> None:
    for first in (0, 1, 4711):
        assert FrameCounter().count_complete(first).frame_id == 1


@given(first=st.integers(0, 100), steps=st.lists(st.integers(1, 50), min_size=1))
def test_that_ids_grow_by_what_the_camera_counted_and_gaps_are_reported(first: int, steps: list[int]) -> None:
    counter, raw = FrameCounter(), first
    counter.count_complete(raw)
    for step in steps:
        raw += step
        arrival = counter.count_complete(raw)
        assert arrival.frame_id == raw - first + 1
        assert arrival.missing == step - 1


@given(first=st.integers(GIGE_IDS - 40, GIGE_IDS), steps=st.lists(st.integers(1, 30), min_size=3))
def test_that_a_gige_vision_counter_may_wrap_with_a_gap_in_it(first: int, steps: list[int]) -> None:
    counter, ticks = FrameCounter(), first - 1
    counter.count_complete(ticks % GIGE_IDS + 1)
    for step in steps:
        ticks += step
        arrival = counter.count_complete(ticks % GIGE_IDS + 1)
        assert arrival.frame_id == ticks - first + 2
        assert arrival.missing == step - 1


@given(raws=st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=30))
@example(raws=[0, 2, 1])
def test_that_ids_only_grow_and_each_is_reported_once_whatever_the_camera_counts(raws: list[int]) -> None:
    counter, reported = FrameCounter(), 0
    for raw in raws:
        arrival = counter.count_complete(raw)
        if arrival is None:  # overtaken: it was already reported as missing
            continue
        assert 0 <= arrival.missing <= MAX_GAP
        assert arrival.frame_id == reported + arrival.missing + 1
        reported = arrival.frame_id


@given(
    gaps=st.lists(st.integers(0, MAX_GAP) | st.just(RESTARTS), max_size=80),
    first=st.integers(1, GIGE_IDS),
)
def test_that_gaps_wraps_and_restarts_give_each_trigger_exactly_one_id(gaps: list[int], first: int) -> None:
    counter, raw, triggers = FrameCounter(), first, 1
    reported = [counter.count_complete(raw).frame_id]
    for gap in gaps:
        if gap == RESTARTS and 1 < raw < GIGE_IDS - MAX_GAP:
            raw, triggers = 1, triggers + 1
        else:
            step = 1 + max(gap, 0)
            raw, triggers = (raw + step - 1) % GIGE_IDS + 1, triggers + step
        arrival = counter.count_complete(raw)
        reported += range(arrival.frame_id - arrival.missing, arrival.frame_id + 1)
    assert reported == list(range(1, triggers + 1))


def test_that_a_restarted_counter_adds_no_missing_frames() -> None:
    counter = FrameCounter()
    counter.count_complete(500)
    arrival = counter.count_complete(1)
    assert (arrival.frame_id, arrival.missing, arrival.counter_restarted) == (2, 0, True)


@given(first=st.integers(0, 2**32), leap=st.integers(MAX_GAP + 2, 2**64))
def test_that_a_leap_of_the_counter_costs_one_lost_frame_that_says_how_many(first: int, leap: int) -> None:
    counter = FrameCounter()
    counter.count_complete(first)
    assert counter.count_complete(first + leap) == Arrival(3, 1, counter_restarted=True, skipped=leap - 1)
    assert counter.count_complete(first + leap + 2).missing == 1


@given(
    places=st.lists(st.integers(0, 8), min_size=1, max_size=60),
    first=st.sampled_from([1, GIGE_IDS - 20, GIGE_IDS - 1]),
)
def test_that_overtaken_frames_get_exactly_one_id_each(places: list[int], first: int) -> None:
    ticks = sorted(range(1, len(places) + 1), key=lambda tick: (tick + places[tick - 1], tick))
    counter, reported = FrameCounter(), [1]
    counter.count_complete(first)
    for tick in [*ticks, len(places) + 1]:
        if arrival := counter.count_complete((first + tick - 1) % GIGE_IDS + 1):
            reported += range(arrival.frame_id - arrival.missing, arrival.frame_id + 1)
            assert arrival.frame_id == tick + 1
    assert reported == list(range(1, len(places) + 3))


def test_that_a_restart_at_an_id_missed_long_ago_is_not_a_late_frame() -> None:
    counter = FrameCounter()
    for raw in (1, 3, *range(4, 4 + MAX_LATE_BY)):
        counter.count_complete(raw)
    assert counter.count_complete(2).counter_restarted


def test_that_the_widest_gap_is_still_reported() -> None:
    counter = FrameCounter()
    counter.count_complete(1)
    arrival = counter.count_complete(MAX_GAP + 2)
    assert (arrival.missing, arrival.counter_restarted) == (MAX_GAP, False)


def test_that_a_counter_that_never_moves_is_not_restarted() -> None:
    counter = FrameCounter()
    arrivals = [counter.count_complete(0) for _ in range(3)]
    assert [(arrival.frame_id, arrival.missing, arrival.counter_restarted) for arrival in arrivals] == [
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
    counter, reported = FrameCounter(), []
    for tick, fate in enumerate(["complete", *pattern, "complete"], start=first):
        if fate == "incomplete":
            reported.append(counter.count_incomplete())
        elif fate == "complete":
            arrival = counter.count_complete((tick - 1) % GIGE_IDS + 1 if wraps else tick)
            reported += range(arrival.frame_id - arrival.missing, arrival.frame_id + 1)
    assert reported == list(range(1, len(pattern) + 3))


def test_that_the_examples_in_the_description_hold() -> None:
    counter = FrameCounter()
    arrivals = [counter.count_complete(raw) for raw in (65533, 65534, 1, 2)]
    assert [(arrival.frame_id, arrival.missing) for arrival in arrivals] == [(1, 0), (2, 0), (4, 1), (5, 0)]
    counter = FrameCounter()
    counter.count_complete(7)
    assert counter.count_complete(9) == Arrival(3, 1)
    assert counter.count_complete(8) is None
