"""A whole station on a real wire: whatever happens to the camera, every trigger ends in one recorded verdict."""

import contextlib
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tlsimu import MONO_SERIAL, absent, tlsimu
from wire_camera import Wire, wire

from station.app import Station
from station.camera.genicam.camera import GenicamCamera
from station.domain.frame import NotInspectedCause
from station.domain.messages import CameraLost, CameraReturned, LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from station.settings import CameraSettings, Settings

pytestmark = [pytest.mark.genicam, pytest.mark.slow]

SOON_S = 30.0
TRIGGER_EVERY_S = 0.1
TIMES = 5
SEEN_WITHIN_S, BACK_WITHIN_S, GOES_ON_WITHIN_S = 1.0, 2.0, 1.5
BUSY_S = 4.0


class Shift:
    """A running line with a software trigger every 100 ms, and what it told."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._over = threading.Event()
        self._told = threading.Condition()
        self._messages: list[object] = []
        self.triggers = 0
        self._threads = [threading.Thread(target=work) for work in (self._listen, self._trigger)]

    def begin(self, source: str) -> None:
        self._station.line.load_recipe("plate")
        self._threads[0].start()
        self.after(lambda: self._station.line.start(source), waits)
        self._threads[1].start()
        self.after(lambda: None, inspected)

    def end(self) -> None:
        self._over.set()
        for thread in self._threads[::-1]:
            thread.join()
        self._station.line.stop()
        assert self._station.line.wait_stopped(SOON_S)

    @property
    def camera_process(self) -> int:
        source = self._station.line.source
        assert isinstance(source, GenicamCamera)
        return source.process_id

    def after(self, event: Callable[[], object], *wanted: Callable[[object], bool]) -> float:
        """Seconds from an event until messages that are wanted have come, one after the other."""
        began, known = time.monotonic(), len(self._messages)
        event()
        for one in wanted:
            known = self._end_of_next(one, known)
        return time.monotonic() - began

    def _end_of_next(self, wanted: Callable[[object], bool], known: int) -> int:
        with self._told:
            assert self._told.wait_for(lambda: any(map(wanted, self._messages[known:])), SOON_S)
            return next(i for i, message in enumerate(self._messages[known:], known + 1) if wanted(message))

    def _listen(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(queue.Empty):
                message = self._station.messages.get(timeout=TRIGGER_EVERY_S)
                with self._told:
                    self._messages.append(message)
                    self._told.notify_all()

    def _trigger(self) -> None:
        while not self._over.wait(TRIGGER_EVERY_S):
            self._station.line.trigger()
            self.triggers += 1


def waits(told: object) -> bool:
    return isinstance(told, LineStateChanged) and told.state is LineState.WAITING


def lost(told: object) -> bool:
    return isinstance(told, CameraLost)


def returned(told: object) -> bool:
    return isinstance(told, CameraReturned)


def inspected(told: object) -> bool:
    return isinstance(told, PartJudged) and told.inspection.deciding.cause is None


def incomplete(told: object) -> bool:
    return isinstance(told, PartJudged) and told.inspection.deciding.cause is NotInspectedCause.INCOMPLETE_FRAME


def assert_within(times: list[float], bound_s: float) -> None:
    """The best shows what the station itself takes; a busy machine may slow the others down, but not without end."""
    assert min(times) < bound_s
    assert max(times) < bound_s + BUSY_S


@contextmanager
def shift(station: Station, camera: CameraSettings, source: str) -> Iterator[Shift]:
    """A shift on this station's workspace with another camera; at its end the records are counted against it."""
    root = station.workspace.root
    station.close()
    with Station.open(root, Settings(camera=camera)) as opened:
        one = Shift(opened)
        one.begin(source)
        try:
            yield one
        finally:
            one.end()
        every_trigger_has_its_verdict(opened, one.triggers)


def every_trigger_has_its_verdict(station: Station, triggers: int) -> None:
    (window,) = station.records.shifts()
    records, summary = station.records.shift(window)
    parts = [record.inspection for record in records.parts]
    assert [part.key.part for part in parts] == list(range(1, triggers + 1))
    assert summary.counts.triggers == triggers
    assert all((part.deciding.cause is None) == (part.verdict is not Verdict.NOT_INSPECTED) for part in parts)
    assert station.records.verify() == ()


@pytest.fixture
def line() -> Iterator[Wire]:
    it = wire()
    it.switch_on()
    yield it
    it.switch_off()


def pull(line: Wire) -> None:
    if not line.has_cable:
        absent("only root can lay a cable that can be pulled")
    line.pull_cable()


@pytest.mark.parametrize(
    ("lose", "give_back"),
    [(Wire.switch_off, Wire.switch_on), (pull, Wire.plug_cable)],
    ids=["switched off and on", "cable pulled and plugged"],
)
def test_that_a_camera_lost_and_found_five_times_costs_counted_parts_and_no_restart(
    station: Station, line: Wire, lose: Callable[[Wire], None], give_back: Callable[[Wire], None]
) -> None:
    with shift(station, line.settings(trigger="software"), f"genicam:{line.serial}") as one:
        seen, back = [], []
        for _ in range(TIMES):
            seen.append(one.after(lambda: lose(line), lost))
            back.append(one.after(lambda: give_back(line), returned, inspected))
        assert_within(seen, SEEN_WITHIN_S)
        assert_within(back, BACK_WITHIN_S)


def test_that_lost_packets_cost_only_their_own_parts(station: Station, line: Wire) -> None:
    line.switch_on("-r", "5")
    with shift(station, line.settings(trigger="software"), f"genicam:{line.serial}") as one:
        one.after(lambda: None, incomplete, inspected)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_that_the_line_goes_on_when_the_camera_process_dies_or_hangs(station: Station, how: signal.Signals) -> None:
    settings = CameraSettings(producers=(tlsimu(),), trigger="software")
    with shift(station, settings, f"genicam:{MONO_SERIAL}") as one:
        gaps = [one.after(lambda: os.kill(one.camera_process, how), lost, returned, inspected) for _ in range(TIMES)]
        assert_within(gaps, GOES_ON_WITHIN_S)
