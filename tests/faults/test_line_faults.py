"""A real line with threads and records, and what can go wrong around it."""

import sqlite3
import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hall import A_WHILE_S, Model, camera
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Phases
from hypothesis import strategies as st
from waiting import until

from station.camera.replay import ReplayCamera
from station.camera.simulated import Faults, SimulatedCamera
from station.domain.errors import CameraError, FaultError
from station.domain.frame import NotInspectedCause as Cause
from station.domain.messages import CameraLost, CameraReturned, FaultReported, LineState, PartJudged, PartRecorded
from station.domain.verdict import Verdict
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline import camera_channel
from station.plugin_api.hooks import hookimpl


def test_that_at_five_times_the_capacity_every_trigger_has_its_record(hall) -> None:
    gate = threading.Event()
    line = hall.run(camera(rate_hz=120), Model(lambda: gate.wait(0.04)), count=60)
    parts = hall.parts()
    causes = [part.deciding.cause for part in parts]
    assert line.error is None
    assert len(parts) == 60
    assert set(causes) <= {None, Cause.OVERRUN, Cause.LOST_FRAME}  # lost: the machine was too busy even to fetch
    assert Cause.OVERRUN in causes
    assert causes.count(None) < 40
    assert line.error is None


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phases.explicit, Phases.reuse, Phases.generate],  # shrinking what depends on time takes for ever
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parts=st.integers(0, 12), slow_s=st.sampled_from([0.0, 0.004, 0.02]), rate_hz=st.sampled_from([0, 50, 120]))
def test_that_a_stop_at_any_moment_leaves_no_trigger_without_a_record(hall, parts, slow_s, rate_hz) -> None:
    pace = threading.Event()
    line = hall.line(camera(rate_hz=rate_hz, faults=Faults(lost=frozenset({3, 4}))), Model(lambda: pace.wait(slow_s)))
    line.start()
    for _ in range(parts):
        assert hall.recorded.acquire(timeout=A_WHILE_S)
    line.stop("now")
    assert line.wait(A_WHILE_S)
    assert len(hall.parts()) == len(hall.news_of(PartJudged)) == len(hall.news_of(PartRecorded)) >= parts
    assert hall.line_state.state is LineState.STOPPED
    assert hall.inspections.unfinished_runs() == ()
    while hall.recorded.acquire(blocking=False):
        pass


def test_that_a_worker_that_keeps_failing_ends_the_line_and_no_part_is_left(hall) -> None:
    def bug() -> None:
        raise ZeroDivisionError("a bug")

    line = hall.run(camera(), Model(bug))
    parts = hall.parts()
    assert len(parts) >= 3
    assert {part.deciding.cause for part in parts} == {Cause.STATION_FAILED}
    assert hall.line_state.state is LineState.FAULT
    assert isinstance(line.error, FaultError)
    trouble = hall.news_of(FaultReported)[0]
    assert "ZeroDivisionError" in trouble.sentence
    assert trouble.for_operator == FaultError.for_operator
    assert hall.inspections.unfinished_runs() == ()


def test_that_a_model_that_hangs_costs_its_part_and_a_late_answer_changes_nothing(hall, monkeypatch) -> None:
    monkeypatch.setattr(camera_channel, "_EMPTY_QUEUE_WITHIN_S", 0.1)
    monkeypatch.setattr(camera_channel, "_LONGEST_STEP_S", 0.3)
    hangs, let_go = threading.Event(), threading.Event()
    line = hall.line(camera(), Model(lambda: hangs.set() or let_go.wait(A_WHILE_S)))
    line.start()
    assert hangs.wait(A_WHILE_S)
    line.stop()
    assert line.wait(A_WHILE_S)
    before = hall.parts()
    assert {part.deciding.cause for part in before} == {Cause.STATION_FAILED}
    assert "hangs" in str(line.error)
    let_go.set()
    for thread in threading.enumerate():
        if thread.name == "lineside inspection":
            thread.join(A_WHILE_S)
    assert hall.parts() == before
    assert len(hall.news_of(PartJudged)) == len(before)


def test_that_a_plugin_that_wants_to_exit_is_only_a_failing_plugin(hall) -> None:
    class Deserter:
        @hookimpl
        def inspection_judged(self, inspection) -> None:
            raise SystemExit

    hall.plugins.register(Deserter(), "deserter")
    line = hall.run(camera(), Model(), count=5)
    assert [part.verdict for part in hall.parts()] == [Verdict.PASS] * 5
    assert line.error is None
    assert [trouble.where for trouble in hall.news_of(FaultReported)] == ["deserter"]


class Stubborn(SimulatedCamera):
    """Gives trouble at the end."""

    def __init__(self, where: str, error: Exception) -> None:
        super().__init__(size=(64, 64), rate_hz=0)
        self._where, self._error = where, error

    def stop(self) -> None:
        super().stop()
        if self._where == "stop":
            raise self._error

    def close(self) -> None:
        super().stop()
        if self._where == "close":
            raise self._error


@pytest.mark.parametrize("where", ["stop", "close"])
@pytest.mark.parametrize("error", [CameraError("The camera cannot be closed."), RuntimeError("The camera")])
def test_that_a_camera_that_fails_at_the_end_is_reported_and_the_line_has_ended(hall, where, error) -> None:
    line = hall.run(Stubborn(where, error), Model(), count=3)
    assert hall.line_state.state is LineState.FAULT
    assert "The camera" in line.error.sentence
    assert [trouble.sentence for trouble in hall.news_of(FaultReported)] == [line.error.sentence]
    assert len(hall.parts()) == 3
    assert hall.inspections.unfinished_runs() == ()


def test_that_a_records_bug_keeps_no_step_of_the_end_from_being_taken(hall, monkeypatch) -> None:
    stopped = []

    class Guest:
        @hookimpl
        def station_stopped(self) -> None:
            stopped.append(True)

    def bug(*_, **__) -> None:
        raise ZeroDivisionError("a bug")

    hall.plugins.register(Guest(), "guest")
    monkeypatch.setattr(hall.inspections, "record_part", bug)
    line = hall.run(camera(), Model(), count=3)
    assert hall.line_state.state is LineState.FAULT
    assert "ZeroDivisionError" in line.error.sentence
    assert stopped == [True]
    assert len(hall.inspections.unfinished_runs()) == 1, "a run without all its records is not complete"


def test_that_a_part_that_cannot_be_recorded_at_all_costs_no_other_part_its_record(hall, monkeypatch) -> None:
    record = hall.inspections.record_part

    def bug(inspection, *images, **keeps) -> None:
        if inspection.key.part == 2:
            raise ZeroDivisionError("a bug")
        record(inspection, *images, **keeps)

    monkeypatch.setattr(hall.inspections, "record_part", bug)
    line = hall.run(camera(), Model(), count=6)
    assert line.error is not None
    assert [message.key.part for message in hall.news_of(PartRecorded)] == [1, 3, 4, 5, 6]
    assert len(hall.inspections.unfinished_runs()) == 1


def test_that_a_part_with_an_odd_number_costs_no_other_part_its_record(hall) -> None:
    class OddClock(SimulatedCamera):
        def fetch(self, timeout_s):
            delivery = super().fetch(timeout_s)
            return replace(delivery, timestamp_ns=2**64 - 1) if delivery.frame_id == 2 else delivery

    line = hall.run(OddClock(size=(64, 64), rate_hz=0), Model(), count=5)
    assert line.error is None
    assert [part.verdict for part in hall.parts()] == [Verdict.PASS] * 5
    assert hall.inspections.unfinished_runs() == ()


def test_that_plugins_are_started_and_stopped_and_their_failures_are_news(hall) -> None:
    calls = []

    class Guest:
        @hookimpl
        def station_started(self, settings) -> None:
            calls.append("started")

        @hookimpl
        def inspection_judged(self, inspection) -> None:
            calls.append(inspection.verdict)

        @hookimpl
        def station_stopped(self) -> None:
            raise FaultError("The relay did not let go.", "Pull its plug.")

    hall.plugins.register(Guest(), "relay")
    hall.run(camera(), Model(), count=2)
    assert calls == ["started", Verdict.PASS, Verdict.PASS]
    (trouble,) = hall.news_of(FaultReported)
    assert (trouble.where, trouble.sentence, trouble.advice) == ("relay", "The relay did not let go.", "Pull its plug.")


def test_that_a_plugin_may_trigger_the_line(hall) -> None:
    given = []

    class Barrier:
        @hookimpl
        def station_started(self, trigger) -> None:
            given.append(trigger)

    hall.plugins.register(Barrier(), "barrier")
    hall.triggered_by("software")
    line = hall.line(camera(trigger="software"), Model(), count=3)
    line.start()
    until(lambda: hall.line_state.state is LineState.WAITING)
    (trigger,) = given
    for part in (1, 2, 3):
        assert trigger().part == part
        assert hall.recorded.acquire(timeout=A_WHILE_S)
    assert line.wait(A_WHILE_S)
    assert [part.verdict for part in hall.parts()] == [Verdict.PASS] * 3
    with pytest.raises(LineNotReadyError):
        trigger()


def test_that_a_plugin_that_hangs_costs_neither_verdicts_nor_records_nor_the_end(hall) -> None:
    let_go, stopped = threading.Event(), []

    class Mad:
        @hookimpl
        def inspection_judged(self, inspection) -> None:
            assert inspection.key.part < 3 or let_go.wait(A_WHILE_S)

        @hookimpl
        def station_stopped(self) -> None:
            stopped.append(True)

    hall.plugins.register(Mad(), "mad")
    line = hall.run(camera(), Model(), count=8)
    assert line.error is None
    assert [part.verdict for part in hall.parts()] == [Verdict.PASS] * 8
    assert [trouble.sentence for trouble in hall.news_of(FaultReported)] == ["The plug-in mad did not answer in time."]
    assert hall.inspections.unfinished_runs() == ()
    assert stopped == []
    let_go.set()
    until(lambda: not hall.plugin_runner.stop_plugins() and bool(stopped))


def test_that_a_line_whose_reject_output_cannot_be_opened_does_not_start(hall) -> None:
    calls = []

    class Relay:
        @hookimpl
        def station_started(self, settings) -> None:
            raise FaultError("The relay is not there.", "Check its cable.")

    class Well:
        @hookimpl
        def station_started(self, settings) -> None:
            calls.append("started")

        @hookimpl
        def station_stopped(self) -> None:
            calls.append("stopped")

    hall.plugins.register(Relay(), "relay")
    hall.plugins.register(Well(), "well")
    line = hall.run(camera(), Model())
    assert hall.news_of(FaultReported) == [
        FaultReported.of("line", FaultError("The relay is not there.", "Check its cable."))
    ]
    assert hall.line_state.state is LineState.STOPPED
    assert (line.error.sentence, hall.parts()) == ("The relay is not there.", [])
    assert calls == ["started", "stopped"]


def test_that_a_camera_that_goes_and_comes_back_is_reported_and_the_line_goes_on(hall) -> None:
    faults = Faults(disconnect_after=4, return_after_s=0.3)
    hall.run(camera(rate_hz=50, faults=faults), Model(), count=9)
    (lost,), (returned,) = hall.news_of(CameraLost), hall.news_of(CameraReturned)
    assert lost.at < returned.at
    assert returned.gap_s >= 0.3
    assert len(hall.parts()) == 9
    assert hall.line_state.state is LineState.STOPPED


def test_that_a_locked_database_holds_up_no_verdict_and_loses_no_record(hall) -> None:
    rival = sqlite3.connect(hall.database.path, isolation_level=None)
    line = hall.line(camera(rate_hz=100), Model(), count=20)
    line.start()
    assert hall.recorded.acquire(timeout=A_WHILE_S)
    rival.execute("BEGIN IMMEDIATE")
    judged_before = len(hall.news_of(PartJudged))
    until(lambda: len(hall.news_of(PartJudged)) >= min(judged_before + 3, 20))
    recorded = len(hall.news_of(PartRecorded))
    rival.execute("ROLLBACK")
    rival.close()
    assert line.wait(A_WHILE_S)
    assert recorded < len(hall.parts()) == 20


class TestTwoCameras:
    def test_that_a_camera_that_goes_costs_its_view_of_some_parts_and_the_line_no_part(self, hall) -> None:
        faults = Faults(disconnect_after=4, return_after_s=0.5)
        cameras = {"top": camera(rate_hz=10), "side": camera(rate_hz=10, faults=faults)}
        line = hall.line_of(cameras, {"top": Model(), "side": Model()}, count=25)
        line.start()
        assert line.wait(A_WHILE_S)
        assert line.error is None
        parts = hall.parts()
        assert len(parts) == 25
        causes = {view: [part.views[place].cause for part in parts] for place, view in enumerate(cameras)}
        assert Cause.CAMERA_LOST in causes["side"]
        assert None in causes["side"][causes["side"].index(Cause.CAMERA_LOST) :], "it came back"
        assert Cause.CAMERA_LOST not in causes["top"]
        assert [(lost.view, lost.camera) for lost in hall.news_of(CameraLost)] == [
            ("side", cameras["side"].info.source)
        ]
        assert hall.inspections.unfinished_runs() == ()

    def test_that_a_model_that_hangs_costs_its_view_and_no_other(self, hall, monkeypatch) -> None:
        monkeypatch.setattr(camera_channel, "_EMPTY_QUEUE_WITHIN_S", 0.1)
        monkeypatch.setattr(camera_channel, "_LONGEST_STEP_S", 0.3)
        hangs, let_go = threading.Event(), threading.Event()
        models = {"top": Model(), "side": Model(lambda: hangs.set() or let_go.wait(A_WHILE_S))}
        line = hall.line_of({"top": camera(), "side": camera()}, models)
        line.start()
        assert hangs.wait(A_WHILE_S)
        line.stop()
        assert line.wait(A_WHILE_S)
        parts = hall.parts()
        let_go.set()
        assert {part.views[1].cause for part in parts} == {Cause.STATION_FAILED}
        assert None in {part.views[0].cause for part in parts}
        until(lambda: not any(thread.name.startswith("lineside ") for thread in threading.enumerate()))

    def test_that_pictures_that_wait_and_pictures_that_do_not_show_no_part_together(self, hall, tmp_path) -> None:
        cv2.imwrite(str(tmp_path / "1.png"), np.zeros((64, 64), np.uint8))
        cameras = {"top": camera(rate_hz=10), "side": ReplayCamera(tmp_path)}
        line = hall.line_of(cameras, {"top": Model(), "side": Model()})
        line.start()
        assert line.wait(A_WHILE_S)
        assert "cannot show the same parts together" in str(line.error)
        assert hall.parts() == []
