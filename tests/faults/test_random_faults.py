"""Random schedules of faults over a simulated line with all its threads: no PASS without a whole judgement."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hall import A_WHILE_S, Hall, Model, camera
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Phases
from hypothesis import strategies as st

from station.camera.simulated import Faults, SimulatedCamera
from station.domain import clock
from station.domain.messages import PartJudged, PartRecorded
from station.domain.verdict import Prediction, Verdict
from station.plugin_api.hooks import hookimpl

RATE_HZ, PAUSE = 80, 0.05
BERLIN = ZoneInfo("Europe/Berlin")
BEFORE_THE_HOUR, HOUR = datetime(2026, 10, 25, 0, 59, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)


class CountingModel(Model):
    """Fails as the schedule wants, and counts the pictures that it has judged whole."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: BaseException | None = None
        self.judged = 0

    def predict(self, image) -> Prediction:
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
        self.judged += 1
        return super().predict(image)


class Guest:
    """A plug-in that fails as the schedule wants."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None

    @hookimpl
    def inspection_judged(self, inspection) -> None:
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure


class Scene:
    """What a schedule acts on."""

    def __init__(self, hall: Hall, seed: int) -> None:
        lost = frozenset(range(3 + seed, 1000, 17))
        self.hall = hall
        self.camera = camera(rate_hz=RATE_HZ, seed=seed, faults=Faults(lost=lost, incomplete=frozenset({5, 6, 20})))
        self.model = CountingModel()
        self.guest = hall.plugins.get_plugin("guest") or Guest()
        if not hall.plugins.has_plugin("guest"):
            hall.plugins.register(self.guest, "guest")

    def lock_database(self) -> None:
        with closing(sqlite3.connect(self.hall.database.path, isolation_level=None, timeout=A_WHILE_S)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            threading.Event().wait(3 * PAUSE)

    def set_clock(self, by: timedelta) -> None:
        class SetClock(datetime):
            @classmethod
            def now(cls, tz=None) -> datetime:
                return datetime.now(tz) + by

        clock.datetime = SetClock


ACTIONS: dict[str, Callable[[Scene], object]] = {
    "wait": lambda scene: threading.Event().wait(PAUSE),
    "model raises": lambda scene: setattr(scene.model, "failure", ZeroDivisionError("a bug")),
    "model would end its thread": lambda scene: setattr(scene.model, "failure", SystemExit(1)),
    "no memory": lambda scene: setattr(scene.model, "failure", MemoryError()),
    "plug-in raises": lambda scene: setattr(scene.guest, "failure", OSError("the relay is on fire")),
    "plug-in would end its thread": lambda scene: setattr(scene.guest, "failure", SystemExit(1)),
    "camera unplugged": lambda scene: scene.camera.disconnect(return_after_s=PAUSE),
    "database locked": Scene.lock_database,
    "clock ahead": lambda scene: scene.set_clock(timedelta(hours=1)),
    "clock back": lambda scene: scene.set_clock(timedelta(hours=-1)),
    "clock right": lambda scene: scene.set_clock(timedelta(0)),
    "line paused": lambda scene: scene.line.pause(),
    "line goes on": lambda scene: scene.line.resume(),
}


@pytest.mark.slow
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phases.explicit, Phases.reuse, Phases.generate],  # shrinking what depends on time takes for ever
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 9), schedule=st.lists(st.sampled_from(sorted(ACTIONS)), min_size=3, max_size=12))
def test_that_no_part_is_pass_that_was_not_acquired_and_judged_whole(
    hall: Hall, seed: int, schedule: list[str]
) -> None:
    scene, known = Scene(hall, seed), len(hall.news)
    scene.line = hall.line(scene.camera, scene.model)
    scene.line.start()
    assert hall.recorded.acquire(timeout=A_WHILE_S)
    try:
        for action in schedule:
            ACTIONS[action](scene)
            ACTIONS["wait"](scene)
    finally:
        scene.line.stop()
        assert scene.line.wait(A_WHILE_S)
        clock.datetime = datetime
        scene.guest.failure = None
    news = hall.news[known:]
    judged = [message.inspection for message in news if isinstance(message, PartJudged)]
    recorded = [message.key for message in news if isinstance(message, PartRecorded)]
    assert [part.key for part in judged] == recorded, "each trigger has one verdict and one record, in their order"
    assert [part.key.part for part in judged] == list(range(judged[0].key.part, judged[0].key.part + len(judged)))
    passed = [part for part in judged if part.verdict is Verdict.PASS]
    assert len(passed) == scene.model.judged, "what was judged whole, and nothing else"
    assert {part.verdict for part in judged} <= {Verdict.PASS, Verdict.NOT_INSPECTED}
    for part in passed:
        assert not {5, 6, 20, *range(3 + seed, 1000, 17)} & {view.frame_id for view in part.views}
    while hall.recorded.acquire(blocking=False):
        pass


def test_that_parts_of_the_night_when_summer_time_ends_are_all_there_in_their_order(hall: Hall) -> None:
    """The line runs from a moment before 3 o'clock, at which the wall clock shows 2 o'clock again."""
    began = datetime.now(UTC)

    class Night(datetime):
        @classmethod
        def now(cls, tz=None) -> datetime:
            hour_is_over = len(hall.news_of(PartJudged)) >= 10
            return ((HOUR if hour_is_over else BEFORE_THE_HOUR) + (datetime.now(UTC) - began)).astimezone(tz)

    clock.datetime = Night
    try:
        line = hall.run(SimulatedCamera(size=(64, 64), rate_hz=RATE_HZ), Model(), count=30)
    finally:
        clock.datetime = datetime
    judged = [message.inspection for message in hall.news_of(PartJudged)]
    assert line.error is None
    assert [part.key.part for part in judged] == list(range(1, 31))
    times = [part.triggered_at for part in judged]
    assert times == sorted(times)
    hours = {moment.astimezone(BERLIN).strftime("%H:%M %Z") for moment in times}
    assert hours == {"02:59 CEST", "02:00 CET"}, "the doubled hour comes after its first time"
