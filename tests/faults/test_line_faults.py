"""A real line with threads and records, and what can go wrong around it."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pluggy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Phases
from hypothesis import strategies as st
from waiting import until

from station.camera.replay import ReplayCamera
from station.camera.simulated import Faults, SimulatedCamera
from station.concurrency.fan_out import FanOut
from station.concurrency.latest import Latest
from station.domain.errors import CameraError, FaultError
from station.domain.frame import NotInspectedCause as Cause
from station.domain.messages import CameraLost, CameraReturned, FaultReported, LineState, PartJudged, PartRecorded
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Prediction, Verdict
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline import camera_channel
from station.pipeline.context import LineContext
from station.pipeline.line_state import LineStateMachine
from station.pipeline.recent_parts import RecentParts
from station.pipeline.run import Line, RunRequest
from station.plugin_api.hooks import StationHooks, hookimpl
from station.plugin_api.runner import PluginRunner
from station.reporting.shift_calendar import free_window
from station.review.pending_feedback import PendingFeedback
from station.settings import CameraSettings, Settings
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.events import Events
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections

_A_WHILE_S = 30.0


class Model:
    """Passes everything, after doing what the test wants."""

    input_size = (64, 64)

    def __init__(self, before: Callable[[], object] = lambda: None) -> None:
        self._before = before

    def predict(self, image: np.ndarray) -> Prediction:
        self._before()
        return Prediction(0.2, 1.0, np.full((8, 8), 0.2, np.float32))

    def close(self) -> None:
        pass


class Heard(FanOut):
    """Calls a function at each message, on the thread that publishes it."""

    def __init__(self, hear) -> None:
        super().__init__()
        self._hear = hear

    def publish(self, message) -> None:
        self._hear(message)


class Hall:
    """The surroundings of a line: a database, plug-ins, and all of its news."""

    def __init__(self, root) -> None:
        self.database = Database.open(root / "station.db")
        self.inspections = Inspections(self.database, PictureStore(root / "pictures"))
        self.plugins = pluggy.PluginManager("lineside")
        self.plugins.add_hookspecs(StationHooks)
        self.plugin_runner = PluginRunner(self.plugins)
        self.news = []
        self.recorded = threading.Semaphore(0)
        self._since = datetime.now(UTC) - timedelta(seconds=1)
        self._context = LineContext(
            Settings(), self.inspections, Events(self.database, AuditLog.beside(self.database, "Station 1")),
            self.plugin_runner, Latest(), RecentParts(),
            PendingFeedback(FeedbackRecords(self.database)),
            Heard(self._hear),
        )  # fmt: skip

    def triggered_by(self, trigger: str) -> None:
        self._context = replace(self._context, settings=Settings(camera=CameraSettings(trigger=trigger)))

    def line(self, camera: SimulatedCamera, model: Model, count: int | None = None) -> Line:
        return self.line_of({"": camera}, {"": model}, count)

    def line_of(self, cameras: dict[str, SimulatedCamera], models: dict[str, Model], count: int | None = None) -> Line:
        views = tuple(View(ModelReference("m", "0" * 64), view) for view in cameras)
        recipe = Recipe("part", 1, "part", views)
        run_request = RunRequest(
            recipe, lambda view: cameras[view.name], lambda view: models[view.name], nullcontext(), count
        )
        self.line_state = LineStateMachine(self.news.append)
        return Line(run_request, self._context, self.line_state)

    def run(self, camera: SimulatedCamera, model: Model, count: int | None = None) -> Line:
        line = self.line(camera, model, count)
        line.start()
        assert line.wait(_A_WHILE_S)
        return line

    def news_of(self, kind: type) -> list:
        return [message for message in self.news if isinstance(message, kind)]

    def parts(self) -> list:
        """All records, of which there is one for each trigger, in order."""
        window = free_window(self._since, datetime.now(UTC) + timedelta(days=1), Settings().station)
        records = self.inspections.shift_records(window)
        parts = [record.inspection for record in records.parts]
        for run in records.runs:
            numbers = [part.key.part for part in parts if part.key.run_id == run.run_id]
            assert numbers == list(range(run.first_number, run.first_number + len(numbers)))
        return parts

    def _hear(self, message) -> None:
        self.news.append(message)
        if isinstance(message, PartRecorded):
            self.recorded.release()


def camera(**options) -> SimulatedCamera:
    return SimulatedCamera(size=(64, 64), **{"rate_hz": 0, **options})


@pytest.fixture
def hall(tmp_path):
    hall = Hall(tmp_path)
    yield hall
    hall.database.close()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lineside ")] == []


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
        assert hall.recorded.acquire(timeout=_A_WHILE_S)
    line.stop("now")
    assert line.wait(_A_WHILE_S)
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
    line = hall.line(camera(), Model(lambda: hangs.set() or let_go.wait(_A_WHILE_S)))
    line.start()
    assert hangs.wait(_A_WHILE_S)
    line.stop()
    assert line.wait(_A_WHILE_S)
    before = hall.parts()
    assert {part.deciding.cause for part in before} == {Cause.STATION_FAILED}
    assert "hangs" in str(line.error)
    let_go.set()
    for thread in threading.enumerate():
        if thread.name == "lineside inspection":
            thread.join(_A_WHILE_S)
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
        assert hall.recorded.acquire(timeout=_A_WHILE_S)
    assert line.wait(_A_WHILE_S)
    assert [part.verdict for part in hall.parts()] == [Verdict.PASS] * 3
    with pytest.raises(LineNotReadyError):
        trigger()


def test_that_a_plugin_that_hangs_costs_neither_verdicts_nor_records_nor_the_end(hall) -> None:
    let_go, stopped = threading.Event(), []

    class Mad:
        @hookimpl
        def inspection_judged(self, inspection) -> None:
            assert inspection.key.part < 3 or let_go.wait(_A_WHILE_S)

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
    assert hall.recorded.acquire(timeout=_A_WHILE_S)
    rival.execute("BEGIN IMMEDIATE")
    judged_before = len(hall.news_of(PartJudged))
    until(lambda: len(hall.news_of(PartJudged)) >= min(judged_before + 3, 20))
    recorded = len(hall.news_of(PartRecorded))
    rival.execute("ROLLBACK")
    rival.close()
    assert line.wait(_A_WHILE_S)
    assert recorded < len(hall.parts()) == 20


class TestTwoCameras:
    def test_that_a_camera_that_goes_costs_its_view_of_some_parts_and_the_line_no_part(self, hall) -> None:
        faults = Faults(disconnect_after=4, return_after_s=0.5)
        cameras = {"top": camera(rate_hz=10), "side": camera(rate_hz=10, faults=faults)}
        line = hall.line_of(cameras, {"top": Model(), "side": Model()}, count=25)
        line.start()
        assert line.wait(_A_WHILE_S)
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
        models = {"top": Model(), "side": Model(lambda: hangs.set() or let_go.wait(_A_WHILE_S))}
        line = hall.line_of({"top": camera(), "side": camera()}, models)
        line.start()
        assert hangs.wait(_A_WHILE_S)
        line.stop()
        assert line.wait(_A_WHILE_S)
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
        assert line.wait(_A_WHILE_S)
        assert "cannot show the same parts together" in str(line.error)
        assert hall.parts() == []
