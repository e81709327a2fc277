"""The candidate beside the running line: it gets one part at a time, and what it has no time for is counted."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from station.concurrency.worker import Worker
from station.domain.candidate import CandidateResult, Outcome
from station.domain.errors import StationError
from station.domain.inspection import PartKey, RunKind
from station.domain.messages import FaultReported, Message
from station.domain.part_images import PartResult, has_whole_pictures
from station.storage.learning.candidates import Candidates, ShadowStep
from station.storage.records.inspections import Inspections

if TYPE_CHECKING:
    from station.rescore.shadow_process import ShadowProcess

_log = logging.getLogger(__name__)
_WAIT_S = 0.1
_RECORD_EVERY_S = 1.0
_AGAIN_AFTER_S = 30.0
_END_WITHIN_S = 5.0
_MOST_UNRECORDED = 4_000
"""Results that wait for the records of their parts, which the disk may refuse."""


class Shadow:
    """Gives parts of the running line to the candidate.

    `offer` costs the line nothing: it keeps a reference to the newest part, or counts the part as dropped while the
    candidate still works on another one. All else happens on a thread and in a process of their own.

    Attributes:
        problem: Why the candidate does not judge, in a sentence; "" while it does, or none is wanted.
    """

    def __init__(
        self,
        workspace: Path,
        log: Path,
        candidates: Candidates,
        inspections: Inspections,
        publish: Callable[[Message], None],
    ) -> None:
        """Start nothing yet.

        Args:
            workspace: The folder of the station.
            log: File that receives what the candidate's program prints.
            candidates: Where the results are recorded.
            inspections: The records of the line.
            publish: Takes the message that the candidate's program failed.
        """
        self._workspace, self._log = workspace, log
        self._candidates, self._inspections, self._publish = candidates, inspections, publish
        self._step: ShadowStep | None = None
        self._process: ShadowProcess | None = None
        self._worker: Worker | None = None
        self._start_at_s = self._recorded_s = 0.0
        self._offered = threading.Condition()
        self._next: PartResult | None = None
        self._results: deque[CandidateResult] = deque(maxlen=_MOST_UNRECORDED)
        self._wanted_runs: dict[int, bool] = {}
        self.problem = ""

    @property
    def running(self) -> bool:
        """Return whether a candidate judges parts now."""
        return self._worker is not None and not self.problem

    def start(self, step: ShadowStep) -> None:
        """Let a candidate judge from now on, instead of any other. Returns at once."""
        self.stop()
        self._step, self._start_at_s, self.problem = step, 0.0, ""
        self._wanted_runs.clear()
        self._worker = Worker("shadow", self._work, self._note_failure, self._record)
        self._worker.start()

    def stop(self) -> None:
        """Let no candidate judge any more, and return when its results are recorded."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.stop()
        self._end_process()
        worker.join(_END_WITHIN_S)
        self._end_process()
        self._next, self.problem = None, ""

    def offer(self, part: PartResult) -> None:
        """Take a part that has its verdict. Never waits."""
        if self._worker is None:
            return
        with self._offered:
            if not has_whole_pictures(part):
                self._results.append(CandidateResult(part.inspection.key, Outcome.NO_PICTURE))
            elif self._next is not None:
                self._results.append(CandidateResult(part.inspection.key, Outcome.DROPPED))
            else:
                self._next = part
                self._offered.notify()

    def _work(self) -> bool:
        part = self._take()
        if part is not None and self._is_wanted(part.inspection.key):
            self._results.append(self._judged(part))
        if time.monotonic() - self._recorded_s >= _RECORD_EVERY_S:
            self._record()
        return True

    def _take(self) -> PartResult | None:
        with self._offered:
            if self._next is None:
                self._offered.wait(_WAIT_S)
            part, self._next = self._next, None
            return part

    def _is_wanted(self, key: PartKey) -> bool:
        """Return whether the part belongs to production by another revision of the candidate's recipe."""
        if key.run_id not in self._wanted_runs and self._step is not None:
            run = self._inspections.find_run(key.run_id)
            self._wanted_runs[key.run_id] = (
                run.recipe_name == self._step.name
                and run.recipe_revision != self._step.revision
                and run.kind is RunKind.PRODUCTION
            )
        return self._wanted_runs.get(key.run_id, False)

    def _judged(self, part: PartResult) -> CandidateResult:
        dropped = CandidateResult(part.inspection.key, Outcome.DROPPED)
        try:
            process = self._running_process()
            return process.judge(part) if process is not None else dropped
        except (StationError, OSError) as error:
            if self._worker is not None:  # else it was ended
                self._note_end(error)
            return dropped

    def _running_process(self) -> "ShadowProcess | None":
        """Return the candidate's process; None while it waits to be started again."""
        from station.rescore.shadow_process import ShadowProcess  # noqa: PLC0415 - loaded with a candidate

        if self._process is None and self._step is not None and time.monotonic() >= self._start_at_s:
            label = f"{self._step.name}@{self._step.revision}"
            self._process = ShadowProcess(self._workspace, label, self._log)
        return self._process

    def _note_end(self, error: BaseException) -> None:
        self._end_process()
        self._start_at_s = time.monotonic() + _AGAIN_AFTER_S
        first, self.problem = not self.problem, str(error)
        if first:
            for_operator = "The engineer's trial has stopped. The line goes on."
            advice = error.advice if isinstance(error, StationError) else f"See {self._log}."
            self._publish(FaultReported("shadow", self.problem, advice, for_operator))

    def _note_failure(self, name: str, error: BaseException) -> None:
        self.problem = f"The {name} has failed: {error}."

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _record(self) -> None:
        """Record the results of recorded parts; the others wait for their records."""
        self._recorded_s = time.monotonic()
        step, results = self._step, []
        while self._results:
            results.append(self._results.popleft())
        wanted = [each for each in results if self._is_wanted(each.key)]
        if step is None or not wanted:
            return
        try:
            left = self._candidates.add_results(step.name, step.revision, wanted)
        except StationError:
            _log.exception("the results of a candidate were refused")
            left = tuple(wanted)
        self._results.extendleft(reversed(left))
