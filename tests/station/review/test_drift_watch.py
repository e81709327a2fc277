"""The watch on a thread of its own: alarms, runs, calibrations that last."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from waiting import until

from station.domain.alarm import AlarmKind
from station.domain.drift import DriftCause, DriftState
from station.domain.errors import StorageError
from station.domain.inspection import Inspection, PartKey, PartViews, RunKind, ViewInspection
from station.domain.messages import FaultReported
from station.domain.part_images import ViewResult
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Limits, Verdict
from station.review.alarm_list import AlarmList
from station.review.drift_baseline import PARTS
from station.review.drift_watch import DriftWatch, alarm_of

VIEW = View(ModelReference("m", "0" * 64))
RECIPES = {
    1: (Recipe("plate", 1, "plate", (VIEW,)), RunKind.PRODUCTION),
    2: (Recipe("plate", 2, "plate", (View(VIEW.model, limits=Limits(0.7)),)), RunKind.PRODUCTION),
    3: (Recipe("plate", 1, "plate", (VIEW,)), RunKind.TRIAL),
    4: (Recipe("plate", 3, "plate", (View(VIEW.model, camera_settings={"Gain": 3}),)), RunKind.PRODUCTION),
}


def recipe_of(run_id: int):
    if run_id not in RECIPES:
        raise StorageError("The disk is gone.")
    return RECIPES[run_id]


def part(run: int, number: int, grey: int = 120):
    rng = np.random.default_rng(number)
    picture = rng.integers(grey - 10, grey + 10, (48, 64, 3)).astype(np.uint8)
    picture[10:20, 20:40] //= 2
    view = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.2 + 0.001 * (number % 7), raw_score=1.0,
                          image_threshold=0.5, width=64, height=48)  # fmt: skip
    result = ViewResult(view, picture, (picture,), (0, 0, 64, 48), None, 0.5, None)
    return PartViews(Inspection(PartKey(run, number), datetime(2026, 11, 22, tzinfo=UTC), (view,)), (result,))


@pytest.fixture
def said():
    return []


@pytest.fixture
def alarms(said):
    return AlarmList(said.append)


@pytest.fixture
def started(tmp_path, alarms, said):
    begun = []

    def start():
        begun.append(DriftWatch(tmp_path / "drift", recipe_of, alarms, said.append))
        return begun[-1]

    yield start
    for watch in begun:
        watch.close()


def feed(watch: DriftWatch, run: int, count: int, grey: int = 120) -> None:
    """Offer parts one by one, each when the one before was looked at."""
    for number in range(count):
        watch.offer(part(run, number, grey))
        until(lambda: not watch._waiting)
    until(lambda: not watch._arrived.is_set())


def test_that_a_darker_picture_is_an_alarm_until_it_is_as_before(started, alarms) -> None:
    watch = started()
    feed(watch, 1, PARTS)
    assert watch.states[0].complete
    assert not alarms.open
    feed(watch, 1, 20, grey=100)
    (entry,) = alarms.open
    assert entry.kind is AlarmKind.DRIFT
    assert entry.alarm.event == "The light has changed."
    assert "% darker than at the calibration." in entry.alarm.cause
    assert entry.alarm.action.startswith("Clean the lamp")
    assert watch.states[0].cause is DriftCause.LIGHT
    alarms.acknowledge(entry.number)
    feed(watch, 1, 40)
    assert not alarms.open


def test_that_a_calibration_outlives_the_station_and_other_limits_but_not_another_gain(started, alarms) -> None:
    first = started()
    feed(first, 1, PARTS)
    first.close()
    watch = started()
    feed(watch, 2, 1)
    assert (watch.states[0].complete, watch.states[0].recipe) == (True, "plate@2")
    feed(watch, 2, 20, grey=100)
    assert alarms.open
    feed(watch, 4, 1)
    assert not watch.states[0].complete
    assert alarms.open[0].returned is not None, "it says nothing of the other recipe"


def test_that_trials_are_not_watched_and_a_calibration_goes_on_afterwards(started) -> None:
    watch = started()
    feed(watch, 1, 5)
    feed(watch, 3, 5)
    assert watch.states == ()
    feed(watch, 2, 5)
    assert watch.states[0].calibrated == 10


def test_that_a_person_can_have_it_calibrated_again(started) -> None:
    watch = started()
    watch.calibrate_again()
    feed(watch, 1, PARTS)
    assert watch.states[0].complete
    watch.calibrate_again()
    assert watch.states[0].calibrated == 0
    feed(watch, 1, 3)
    assert watch.states[0].calibrated == 3


def test_that_offering_never_waits_and_keeps_only_the_newest_parts(started) -> None:
    watch = started()
    with watch._lock:
        for number in range(1000):
            watch.offer(part(1, number % 9))
        assert len(watch._waiting) <= 8


def test_that_a_part_that_waits_holds_only_the_level_that_is_measured(started) -> None:
    watch, waiting = started(), part(1, 1)
    large = np.zeros((2048, 2448), np.uint8)
    levels = (large, large[::2, ::2].copy(), large[::4, ::4].copy())
    view = replace(waiting.views[0], original=large, levels=levels, anomaly_map=np.zeros((9, 9), np.float32))
    with watch._lock:
        watch._worker.stop()
        watch.offer(PartViews(waiting.inspection, (view,)))
        (kept,) = watch._waiting[-1].views
    assert [level.shape for level in kept.levels] == [(512, 612)]
    assert (kept.original, kept.anomaly_map) == (None, None)


def test_that_a_watch_that_fails_says_so_and_the_line_goes_on(started, said) -> None:
    watch = started()
    watch.offer(part(9, 1))
    until(lambda: any(isinstance(each, FaultReported) for each in said))
    fault = next(each for each in said if isinstance(each, FaultReported))
    assert (fault.where, fault.sentence) == ("drift watch", "The disk is gone.")
    feed(watch, 1, 2)
    assert watch.states[0].calibrated == 2


def test_that_the_alarm_names_the_view_if_there_are_several() -> None:
    state = DriftState("plate@1", "side", 1, 1, 9, (), DriftCause.FOCUS, "The focus has changed: less sharp. Clean it.")
    alarm = alarm_of(state)
    assert (alarm.event, alarm.cause, alarm.action) == (
        "View side: the focus has changed.", "Less sharp.", "Clean it.",
    )  # fmt: skip
