"""Runs a whole station with triggered parts, collects its messages, and counts its records at the end."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from station.app import Station
from station.camera.genicam.camera import GenicamCamera
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection
from station.domain.messages import CameraLost, CameraReturned, LineState, LineStateChanged, PartJudged, RecipeLoaded
from station.domain.verdict import Verdict
from station.settings import CameraSettings, Settings

SOON_S = 30.0
LISTEN_AGAIN_S = 0.1


class Shift:
    """A running line, its triggers and its messages."""

    def __init__(self, station: Station, trigger: Callable[[], object] | None, trigger_every_s: float) -> None:
        self._station = station
        self._inbox = station.news.subscribe()
        self._trigger_once = trigger or station.line.trigger
        self._trigger_every_s = trigger_every_s
        self._triggering = threading.Lock()
        self._over = threading.Event()
        self._arrived = threading.Condition()
        self._messages: list[object] = []
        self.triggers = 0
        self._threads = [threading.Thread(target=work) for work in (self._listen, self._trigger)]

    @property
    def station(self) -> Station:
        """The opened station."""
        return self._station

    @property
    def judged(self) -> list[Inspection]:
        """The parts with a verdict so far."""
        return [message.inspection for message in self._messages if isinstance(message, PartJudged)]

    def begin(self, recipe: str, source: str | None) -> None:
        self._station.line.load_recipe(recipe)
        self._threads[0].start()
        self.after(lambda: self._station.line.start(source), is_waiting)
        self._threads[1].start()
        self.after(lambda: None, inspected)

    def end(self) -> None:
        self._over.set()
        for thread in self._threads[::-1]:
            thread.join()
        self._station.line.stop()
        assert self._station.line.wait_stopped(SOON_S)

    @contextmanager
    def without_triggers(self) -> Iterator[None]:
        """Pause the triggers; all earlier parts have their verdict first."""
        with self._triggering:
            with self._arrived:
                assert self._arrived.wait_for(self._all_are_judged, SOON_S)
            yield

    def _all_are_judged(self) -> bool:
        return sum(isinstance(message, PartJudged) for message in self._messages) == self.triggers

    @property
    def camera_process(self) -> int:
        """The process of the only camera."""
        return self.process_of("")

    def process_of(self, view: str) -> int:
        source = self._station.line.sources[view]
        assert isinstance(source, GenicamCamera)
        return source.process_id

    def after(self, event: Callable[[], object], *wanted: Callable[[object], bool]) -> float:
        """Return the seconds from an event until all wanted messages have arrived, in this order."""
        began, known = time.monotonic(), len(self._messages)
        event()
        for one in wanted:
            known = self._end_of_next(one, known)
        return time.monotonic() - began

    def _end_of_next(self, wanted: Callable[[object], bool], known: int) -> int:
        with self._arrived:
            assert self._arrived.wait_for(lambda: any(map(wanted, self._messages[known:])), SOON_S)
            return next(i for i, message in enumerate(self._messages[known:], known + 1) if wanted(message))

    def _listen(self) -> None:
        while not self._over.is_set():
            message = self._inbox.next_message(LISTEN_AGAIN_S)
            if message is not None:
                with self._arrived:
                    self._messages.append(message)
                    self._arrived.notify_all()

    def _trigger(self) -> None:
        while not self._over.wait(self._trigger_every_s):
            with self._triggering:
                self._trigger_once()
                self.triggers += 1


def is_waiting(message: object) -> bool:
    return isinstance(message, LineStateChanged) and message.state is LineState.WAITING


def lost(message: object) -> bool:
    return isinstance(message, CameraLost)


def returned(message: object) -> bool:
    return isinstance(message, CameraReturned)


def inspected(message: object) -> bool:
    return isinstance(message, PartJudged) and message.inspection.verdict is not Verdict.NOT_INSPECTED


def loaded(message: object) -> bool:
    return isinstance(message, RecipeLoaded)


def whole(message: object) -> bool:
    return isinstance(message, PartJudged) and all(view.cause is None for view in message.inspection.views)


def incomplete(message: object) -> bool:
    return isinstance(message, PartJudged) and message.inspection.deciding.cause is NotInspectedCause.INCOMPLETE_FRAME


@contextmanager
def shift(
    station: Station,
    camera: CameraSettings,
    source: str | None = None,
    *,
    recipe: str = "plate",
    trigger: Callable[[], object] | None = None,
    trigger_every_s: float = 0.1,
) -> Iterator[Shift]:
    """Run a shift on this station's workspace with other cameras; then compare the records with the triggers."""
    root = station.workspace.root
    station.close()
    with Station.open(root, Settings(camera=camera)) as opened:
        one = Shift(opened, trigger, trigger_every_s)
        one.begin(recipe, source)
        try:
            yield one
        finally:
            one.end()
        every_trigger_has_its_verdict(opened, one.triggers)


def every_trigger_has_its_verdict(station: Station, triggers: int) -> None:
    (window,) = station.records.shifts()
    records, summary = station.records.shift(window)
    parts = [record.inspection for record in records.parts]
    numbers = [part.key.part for part in parts]
    assert numbers == list(range(1, triggers + 1)), f"{triggers} triggers, parts {numbers}"
    assert summary.counts.triggers == triggers
    assert all((part.deciding.cause is None) == (part.verdict is not Verdict.NOT_INSPECTED) for part in parts)
    assert station.records.verify() == ()
