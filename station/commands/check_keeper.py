"""Runs a check with challenge parts: asks for one part after the other, and settles it when its run has ended."""

import logging
import threading
from collections.abc import Callable
from functools import partial

from station.concurrency.fan_out import FanOut, Subscription
from station.concurrency.worker import Worker
from station.domain.audit import AuditAction
from station.domain.challenge import Check, CheckProgress, next_part, outcome_of, results_of
from station.domain.challenge_plan import ChallengePart, ChallengePlan
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, StationError, StorageError
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import CheckChanged, PartJudged, PartRecorded
from station.domain.verdict import Verdict
from station.matching.frame_matcher import LineNotReadyError
from station.people.audit_trail import AuditTrail
from station.pipeline.line_control import LineControl
from station.review.challenge_watch import ChallengeWatch
from station.storage.challenges.checks import Checks
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections

_log = logging.getLogger(__name__)
_WAIT_S = 0.1
DONE = "all challenge parts were judged"
BROKEN_OFF = "the check was broken off"


class CheckKeeper:
    """Holds at most one check at a time. What a check has found so far is read from the records of its parts.

        begin --> the part that is asked for --take--> judged and recorded --> the next one --> settled
                            ^                                 | NOT INSPECTED
                            +---------------------------------+

    A check that is cut off leaves its parts; the next program that opens the station settles it: as not finished, or
    as failed if one of its results was wrong already.

    Attributes:
        present: Called with the part that is asked for, before the trigger; a demo puts it under its camera.
    """

    def __init__(
        self,
        line: LineControl,
        checks: Checks,
        recipes: Recipes,
        inspections: Inspections,
        watch: ChallengeWatch,
        audit: AuditTrail,
        news: FanOut,
    ) -> None:
        """Run no check yet."""
        self._line = line
        self._checks = checks
        self._recipes = recipes
        self._inspections = inspections
        self._watch = watch
        self._audit = audit
        self._news = news
        self._lock = threading.Lock()
        self._plan: ChallengePlan | None = None
        self._label = ""
        self._parts: list[Inspection] = []
        self._taken: PartKey | None = None
        self._worker: Worker | None = None
        self.present: Callable[[ChallengePart], None] = lambda _part: None

    @property
    def progress(self) -> CheckProgress | None:
        """Return what the check that runs now has found, and what it asks for; None if none runs."""
        with self._lock:
            return self._progress()

    @property
    def running(self) -> bool:
        """Return whether a check runs now. Never waits, not even for a camera that is being opened."""
        worker = self._worker
        return worker is not None and worker.alive

    def begin(self, person: str) -> None:
        """Start a check of the loaded recipe. Returns at once.

        Raises:
            BadInputError: A check or the line is running, or the recipe has no challenge parts.
        """
        with self._lock:
            if self.running:
                raise BadInputError("A check is running.", "Finish it first.")
            self.settle_ended()
            parts = self._news.subscribe(PartJudged, PartRecorded)
            try:
                recipe = self._line.start_check(person)
            except StationError:
                parts.close()
                raise
            self._plan, self._label, self._parts, self._taken = recipe.challenge, recipe.label, [], None
            step = partial(self._step, parts, {})
            self._worker = Worker("check", step, self._report_failure, at_end=partial(self._end, parts))
            self._worker.start()

    def take(self) -> PartKey:
        """Trigger the part that is asked for, and return its key.

        Raises:
            LineNotReadyError: No check runs, its line is not ready, or the part before has no result yet.
        """
        with self._lock:
            progress = self._progress()
            if progress is None or progress.asks_for is None:
                raise LineNotReadyError("No challenge part is asked for now.")
            if not self._line.state.inspecting_parts:
                raise LineNotReadyError("The line does not run yet.")
            if progress.waits:
                raise LineNotReadyError("The part before has no result yet.")
            line = self._line.running()
            self.present(progress.asks_for)
            self._taken = line.trigger_challenge_part()
            return self._taken

    def break_off(self, person: str) -> None:
        """End the check that runs now; it is due again. Returns at once."""
        if self.progress is not None:
            self._line.stop(BROKEN_OFF, person)

    def take_stock(self) -> None:
        """Settle the checks that were cut off, and say again what nobody has dealt with; at the start of a program.

        On a full disk they stay as they are, and count as not finished: the station can be opened nevertheless.
        """
        try:
            self.settle_ended()
            self._watch.remind()
        except StorageError as error:
            _log.warning("a check that was cut off is not settled yet: %s", error)

    def settle_ended(self) -> None:
        """Write how every check ended whose run is over, with an entry in the audit trail.

        Raises:
            StorageError: The records cannot be read or written.
        """
        for check in self._checks.unsettled():
            self._settle(check)

    def close(self) -> None:
        """Wait until a check that is ended is settled; the line has stopped."""
        if self._worker is not None:
            self._worker.join(10.0)

    def _progress(self) -> CheckProgress | None:
        if self._plan is None or self._worker is None or not self._worker.alive:
            return None
        results = results_of(self._plan, self._parts)
        last = self._parts[-1] if self._parts else None
        again = last.reason if last is not None and last.verdict is Verdict.NOT_INSPECTED else ""
        waits = self._taken is not None and all(part.key != self._taken for part in self._parts)
        return CheckProgress(self._label, self._plan, results, next_part(self._plan, results), again, waits)

    def _step(self, parts: Subscription, judged: dict[PartKey, Inspection]) -> bool:
        message = parts.next_message(_WAIT_S)
        if message is None:
            return not self._line.wait_stopped(0)
        if isinstance(message, PartJudged):
            judged[message.inspection.key] = message.inspection
        elif isinstance(message, PartRecorded) and message.key in judged:
            self._add(judged.pop(message.key))
        return True

    def _add(self, part: Inspection) -> None:
        with self._lock:
            self._parts.append(part)
            assert self._plan is not None
            done = next_part(self._plan, results_of(self._plan, self._parts)) is None
        self._news.publish(CheckChanged(part.key.run_id))
        if done:
            self._line.stop(DONE)

    def _end(self, parts: Subscription) -> None:
        parts.close()
        try:
            self.settle_ended()
        except StationError as error:
            _log.error("a check could not be settled: %s", error)  # it is settled at the next start
        finally:
            with self._lock:
                self._plan = None
            self._news.publish(CheckChanged(0))

    def _settle(self, check: Check) -> None:
        plan = self._recipes.find_revision(check.recipe_name, check.revision).recipe.challenge
        results = results_of(plan, self._inspections.parts_of_run(check.run_id))
        outcome, at = outcome_of(plan, results), utc_now()
        with self._audit.together():
            first = self._checks.settle(check.run_id, outcome, len(plan.parts), results, at)
            settled = self._checks.find(check.run_id)
            if first:  # else another program was quicker, and this one still has to say it
                subject = f"check {check.run_id} of {check.label}"
                self._audit.record(AuditAction.CHALLENGE_JUDGED, subject, new=settled.in_words, person=check.person)
        self._watch.report_check(settled)
        if (recipe := self._line.recipe) is not None:
            self._watch.poll(recipe)

    def _report_failure(self, _name: str, error: BaseException) -> None:
        _log.error("the check failed: %s: %s", type(error).__name__, error)
