"""A worker thread that dies or hangs: the line goes on or ends by itself, and no part is PASS without a judgement."""

import threading
import time
from collections.abc import Callable

import pytest
from hall import A_WHILE_S, Hall, Model, camera
from waiting import until

from station.camera.simulated import SimulatedCamera
from station.domain.errors import FaultError
from station.domain.frame import NotInspectedCause as Cause
from station.domain.messages import FaultReported, LineState, PartJudged
from station.domain.verdict import Verdict
from station.pipeline import camera_channel

GOES_ON_WITHIN_S, ENDS_WITHIN_S = 5.0, 10.0
HANGS_AFTER_S = 0.3
NOT_JUDGED = {Cause.STATION_FAILED, Cause.OVERRUN, Cause.STOPPED, Cause.LOST_FRAME}


def at_part(number: int, act: Callable[[], object]) -> Callable[[], None]:
    """Return what a model does before it looks at a picture: nothing but at one of them."""
    seen = iter(range(1, 1_000_000))
    return lambda: act() if next(seen) == number else None


def die() -> None:
    """End the thread, as a library does that calls `sys.exit`."""
    raise SystemExit(3)


@pytest.fixture
def soon_hanging(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker hangs after 0.3 s instead of 15 or 60."""
    monkeypatch.setattr(camera_channel, "_LONGEST_STEP_S", HANGS_AFTER_S)
    monkeypatch.setattr(camera_channel, "_LONGEST_CAMERA_STEP_S", HANGS_AFTER_S)
    monkeypatch.setattr(camera_channel, "_SEEN_FOR_S", HANGS_AFTER_S)


def none_left() -> bool:
    return not any(thread.name.startswith("lineside ") for thread in threading.enumerate())


def test_that_a_worker_that_would_die_once_costs_its_part_alone(hall: Hall) -> None:
    line = hall.run(camera(), Model(at_part(3, die)), count=6)
    assert line.error is None
    assert [part.verdict is Verdict.PASS for part in hall.parts()] == [True, True, False, True, True, True]
    assert hall.parts()[2].deciding.cause is Cause.STATION_FAILED
    assert ["SystemExit" in trouble.sentence for trouble in hall.news_of(FaultReported)] == [True]


def test_that_a_worker_that_would_die_each_time_ends_the_line(hall: Hall) -> None:
    began_s = time.monotonic()
    line = hall.run(camera(), Model(die))
    assert time.monotonic() - began_s < ENDS_WITHIN_S
    assert {part.deciding.cause for part in hall.parts()} == {Cause.STATION_FAILED}
    assert hall.line_state.state is LineState.FAULT
    assert isinstance(line.error, FaultError)
    assert hall.inspections.unfinished_runs() == ()


def test_that_a_camera_whose_thread_would_die_ends_the_line_and_is_not_taken_for_the_last_picture(hall: Hall) -> None:
    class Dying(SimulatedCamera):
        def fetch(self, timeout_s):
            return die() if self._next_id == 4 else super().fetch(timeout_s)

    line = hall.run(Dying(size=(64, 64), rate_hz=0), Model())
    assert hall.line_state.state is LineState.FAULT
    assert "acquisition" in line.error.sentence
    assert [part.verdict for part in hall.parts()] == [Verdict.PASS] * 3


@pytest.mark.usefixtures("soon_hanging")
def test_that_a_model_that_hangs_ends_a_line_that_nobody_stops(hall: Hall) -> None:
    wakes = threading.Event()
    line = hall.line(camera(rate_hz=50), Model(at_part(5, lambda: wakes.wait(A_WHILE_S))))
    line.start()
    assert line.wait(HANGS_AFTER_S + ENDS_WITHIN_S)
    parts = hall.parts()
    wakes.set()
    until(none_left)
    assert hall.line_state.state is LineState.FAULT
    assert line.error.sentence == "The inspection worker hangs."
    assert [trouble.sentence for trouble in hall.news_of(FaultReported)] == [line.error.sentence]
    assert [part.verdict for part in parts[:4]] == [Verdict.PASS] * 4
    assert {part.deciding.cause for part in parts[4:]} <= NOT_JUDGED
    assert hall.parts() == parts, "a late answer changes nothing"


@pytest.mark.usefixtures("soon_hanging")
def test_that_a_camera_that_does_not_come_back_ends_the_line(hall: Hall) -> None:
    wakes = threading.Event()

    class Hanging(SimulatedCamera):
        def fetch(self, timeout_s):
            if self._next_id == 4:
                assert wakes.wait(A_WHILE_S)
            return super().fetch(timeout_s)

    line = hall.line(Hanging(size=(64, 64), rate_hz=0), Model())
    line.start()
    assert line.wait(HANGS_AFTER_S + ENDS_WITHIN_S)
    parts = hall.parts()
    wakes.set()
    until(none_left)
    assert (hall.line_state.state, line.error.sentence) == (LineState.FAULT, "The camera does not answer.")
    assert [part.verdict for part in parts[:3]] == [Verdict.PASS] * 3
    assert {part.deciding.cause for part in parts[3:]} <= NOT_JUDGED


@pytest.mark.usefixtures("soon_hanging")
def test_that_a_disk_that_hangs_holds_up_no_verdict_and_loses_no_record(hall: Hall, monkeypatch) -> None:
    wakes, record = threading.Event(), hall.inspections.record_part

    def hang(inspection, *images, **keeps) -> None:
        assert inspection.key.part != 3 or wakes.wait(A_WHILE_S)
        record(inspection, *images, **keeps)

    monkeypatch.setattr(hall.inspections, "record_part", hang)
    line = hall.line(camera(rate_hz=100), Model(), count=60)
    line.start()
    until(lambda: len(hall.news_of(PartJudged)) >= 3)
    stuck_s = time.monotonic()
    until(lambda: len(hall.news_of(PartJudged)) >= 40)
    assert time.monotonic() - stuck_s < GOES_ON_WITHIN_S
    wakes.set()
    assert line.wait(A_WHILE_S)
    assert line.error is None
    assert len(hall.parts()) == 60
