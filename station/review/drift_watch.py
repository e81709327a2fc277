"""Watches every judged part of the line for a drift, on a thread of its own, and warns by an alarm."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from station.concurrency.priority import step_back
from station.concurrency.worker import Worker
from station.domain.alarm import Alarm, AlarmKind
from station.domain.digest import sha256_hex
from station.domain.drift import DriftCause, DriftState
from station.domain.errors import FaultError, StationError
from station.domain.inspection import PartViews, RunKind
from station.domain.messages import FaultReported, Message
from station.domain.part_images import PartResult, ViewResult
from station.domain.recipe import Recipe, View
from station.domain.verdict import Verdict
from station.review.alarm_list import AlarmList
from station.review.drift_baseline import Baseline, read_baseline, write_baseline
from station.review.drift_figures import measure, only_measured
from station.review.drift_view import WatchedView

_log = logging.getLogger(__name__)
_WAITING = 8
"""Parts that wait to be looked at; older ones are left out, so that memory and the line do not feel it."""
_LOOK_S = 0.1
_NICENESS = 5
_ENDS_WITHIN_S = 5.0

RecipeOfRun = Callable[[int], tuple[Recipe, RunKind]]
"""Returns the revision that judges the parts of a run, and what the run is for."""


class DriftWatch:
    """`offer` returns at once; everything else happens on the thread of the watch. Safe from any thread."""

    def __init__(
        self, folder: Path, recipe_of: RecipeOfRun, alarms: AlarmList, publish: Callable[[Message], None]
    ) -> None:
        """Begin to wait for parts.

        Args:
            folder: Where calibrations are kept.
            recipe_of: Returns the recipe of a run.
            alarms: Where a drift is raised and ended.
            publish: Takes the message that the watch itself failed; must not wait.
        """
        self._folder, self._recipe_of, self._alarms, self._publish = folder, recipe_of, alarms, publish
        self._waiting: deque[PartResult] = deque(maxlen=_WAITING)
        self._arrived = threading.Event()
        self._lock = threading.Lock()
        self._run_id: int | None = None
        self._watched: dict[Path, WatchedView] = {}
        self._views: dict[str, WatchedView] = {}
        self._warned: dict[str, DriftCause] = {}
        self._stepped_back = False
        self._worker = Worker("drift watch", self._step, self._report)
        self._worker.start()

    def offer(self, part: PartResult) -> None:
        """Take one more part of the line."""
        self._waiting.append(PartViews(part.inspection, tuple(map(only_measured, part.views))))
        self._arrived.set()

    @property
    def states(self) -> tuple[DriftState, ...]:
        """Return what is known of each view of the recipe that judged last; empty before the first part."""
        with self._lock:
            return tuple(watched.state for watched in self._views.values())

    def calibrate_again(self) -> None:
        """Forget what was normal; the next parts that pass are the calibration."""
        with self._lock:
            for file in self._watched:
                file.unlink(missing_ok=True)
            self._watched.clear()
            if self._run_id is not None:
                self._begin(self._run_id)

    def close(self) -> None:
        """End the thread."""
        self._worker.stop()
        self._arrived.set()
        self._worker.join(_ENDS_WITHIN_S)

    def _step(self) -> bool:
        if not self._stepped_back:
            step_back(_NICENESS)
            self._stepped_back = True
        if self._arrived.wait(_LOOK_S):
            self._arrived.clear()
            while self._waiting:
                with self._lock:
                    self._take(self._waiting.popleft())
        return True

    def _take(self, part: PartResult) -> None:
        run_id = part.inspection.key.run_id
        if run_id != self._run_id:
            self._begin(run_id)
        for view in part.views:
            self._add(view)
        self._warn()

    def _begin(self, run_id: int) -> None:
        """Watch the views of another run. With the same model, light and camera they go on where they were."""
        recipe, kind = self._recipe_of(run_id)
        self._run_id = run_id
        if kind is not RunKind.PRODUCTION:
            self._views = {}
            return
        files = {view.name: self._file_of(recipe, view) for view in recipe.views}
        self._watched = {file: self._watched.get(file) or _watched(recipe, name, file) for name, file in files.items()}
        self._views = {name: self._watched[file] for name, file in files.items()}
        for watched in self._views.values():
            watched.recipe = recipe.label
        self._warn()

    def _file_of(self, recipe: Recipe, view: View) -> Path:
        """Return the file of everything that decides how a part looks and scores; limits do not."""
        decides = repr((recipe.name, view.name, asdict(view.scoring), view.camera_settings))
        return self._folder / f"{sha256_hex(decides.encode())[:32]}.json"

    def _add(self, view: ViewResult) -> None:
        watched = self._views.get(view.inspection.name)
        measured = None if watched is None else measure(view)
        if watched is not None and measured is not None:
            watched.add(measured, passed=view.inspection.verdict is Verdict.PASS)

    def _warn(self) -> None:
        """Raise an alarm for each view that has drifted since, and end those that are as before."""
        drifted = {name: watched for name, watched in self._views.items() if watched.drifted}
        for name in self._warned.keys() - drifted.keys():
            self._alarms.end_alarm(AlarmKind.DRIFT, name)
            del self._warned[name]
        for name, watched in drifted.items():
            if self._warned.get(name) in (None, DriftCause.PRODUCT):
                self._warn_of(name, watched.state)

    def _warn_of(self, name: str, state: DriftState) -> None:
        """Raise the alarm; raise it again if its cause is found after scores alone had moved."""
        if state.cause is not None and state.cause is not self._warned.get(name):
            self._warned[name] = state.cause
            self._alarms.raise_alarm(AlarmKind.DRIFT, alarm_of(state), name)

    def _report(self, name: str, error: BaseException) -> None:
        sentence = error.sentence if isinstance(error, StationError) else f"The {name} failed: {error}."
        self._publish(FaultReported(name, sentence, "Inspection goes on. See the log.", FaultError.for_operator))


def _watched(recipe: Recipe, view: str, file: Path) -> WatchedView:
    def keep(baseline: Baseline) -> None:
        try:
            write_baseline(file, baseline)
        except OSError:  # a full disk has its own alarm; the calibration holds until the station is closed
            _log.warning("the calibration of %s was not kept", recipe.label, exc_info=True)

    return WatchedView(recipe.label, view, read_baseline(file), keep)


def alarm_of(state: DriftState) -> Alarm:
    """Return the alarm of a drift; its sentences say the cause and what to do."""
    seen, _, rest = state.sentence.partition(": ")
    moved, _, action = rest.partition(". ")
    where = f"View {state.view}: {seen[:1].lower()}{seen[1:]}" if state.view else seen
    return Alarm(f"{where}.", f"{moved[:1].upper()}{moved[1:]}.", "Good parts may be rejected soon.", action)
