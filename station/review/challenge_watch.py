"""Knows whether a check with challenge parts is due, and says so by an alarm."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from station.domain.alarm import Alarm, AlarmKind
from station.domain.challenge import Check, Due, DueFacts, Outcome, Why, reasons_due
from station.domain.clock import utc_now
from station.domain.errors import StorageError
from station.domain.recipe import Recipe
from station.domain.suspects import SuspectSummary, suspect_windows
from station.review.alarm_list import AlarmList
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects

_log = logging.getLogger(__name__)
_BLOCKED = "No part is inspected until it is done."
_BLIND = "If the station no longer sees a defect, bad parts pass unnoticed."
_RUN_IT = "Run the check on the page Challenge parts (Ctrl+F8)."
_MISSED = "The station missed what it must find: the light, the lens, the camera, or a limit."
_LOOK = "Hold the suspect parts back and call the supervisor. Their list is on the page Challenge parts (Ctrl+F8)."


class ChallengeWatch:
    """Asks the records, and remembers in them what it has seen: a clock that is set back makes no check undue.

    Safe from any thread. Asking costs a few short queries, and nothing on the way of a part.
    """

    def __init__(
        self,
        checks: Checks,
        suspects: Suspects,
        alarms: AlarmList,
        shift_start: Callable[[datetime], datetime],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Watch nothing yet.

        Args:
            checks: How checks ended, and what was seen to be due.
            suspects: The parts that they make suspect.
            alarms: Where it is said.
            shift_start: Returns when the shift of a moment began.
            now: The wall clock, UTC.
        """
        self._checks = checks
        self._suspects = suspects
        self._alarms = alarms
        self._shift_start = shift_start
        self._now = now
        self._lock = threading.Lock()
        self._said: Due | None = None

    def due(self, recipe: Recipe) -> Due | None:
        """Return the check that is due for this revision; None if none is.

        Raises:
            StorageError: The records cannot be read.
        """
        if not recipe.challenge.parts:
            return None
        name, good = recipe.name, self._checks.last_good(recipe.name)
        after, now = good.run_id if good else 0, self._now()
        facts = DueFacts(
            now,
            self._shift_start(now),
            recipe.revision,
            good,
            bool(good) and self._checks.other_product_since(name, after),
            self._newest_outcome(name, recipe.revision),
            self._checks.noted(name, after),
            self._checks.newest_moment_since(after) if good else None,
        )
        reasons = reasons_due(recipe.challenge, facts)
        if new := [why for why in reasons if why not in facts.noted]:
            self._note(name, after, new, now)
        return Due(name, reasons, recipe.challenge.blocks) if reasons else None

    def _note(self, recipe: str, after: int, reasons: list[Why], now: datetime) -> None:
        """Remember reasons. A disk that refuses makes no check undue: it is tried again with the next question."""
        try:
            self._checks.note(recipe, after, reasons, now)
        except StorageError as error:
            _log.warning("why a check is due cannot be kept yet: %s", error)

    def _newest_outcome(self, recipe: str, revision: int) -> Outcome | None:
        """Return how the newest check ended; one that could not be settled yet is not finished.

        A revision that failed its own last check has failed, although another one has passed since.
        """
        if any(check.recipe_name == recipe for check in self._checks.unsettled()):
            return Outcome.NOT_FINISHED
        of_revision = self._checks.newest_outcome(recipe, revision)
        return of_revision if of_revision is Outcome.FAILED else self._checks.newest_outcome(recipe)

    def poll(self, recipe: Recipe) -> Due | None:
        """Return the same, and raise or end the alarm.

        Raises:
            StorageError: As `due`.
        """
        due = self.due(recipe)
        with self._lock:
            before, self._said = self._said, due
        if due is None:
            self._alarms.end_alarm(AlarmKind.CHALLENGE_DUE)
        elif due != before:
            self._alarms.raise_alarm(AlarmKind.CHALLENGE_DUE, _due_alarm(due))
        return due

    def open_suspects(self, recipe: str) -> SuspectSummary:
        """Return the suspects of a product for which nobody has answered.

        Raises:
            StorageError: The records cannot be read.
        """
        windows = suspect_windows(self._checks.outcomes(recipe))
        return self._suspects.summary(recipe, windows, self._suspects.answered(recipe))

    def report_check(self, check: Check) -> None:
        """Raise the alarm of a failed check, or end that of earlier ones if nothing is left to do.

        Raises:
            StorageError: The records cannot be read.
        """
        open_ones = self.open_suspects(check.recipe_name)
        failed = check.outcome is Outcome.FAILED
        if failed or open_ones.count:
            if failed:
                alarm = Alarm(
                    f"The check of {check.label} failed.",
                    f"{'; '.join(f'{each.part.name}: {each.sentence}' for each in check.missed)}. {_MISSED}",
                    open_ones.sentence,
                    _LOOK,
                )
                self._alarms.raise_alarm(AlarmKind.CHALLENGE_FAILED, alarm, check.recipe_name)
        elif self._checks.newest_outcome(check.recipe_name) is not Outcome.FAILED:
            self._alarms.end_alarm(AlarmKind.CHALLENGE_FAILED, check.recipe_name)

    def remind(self) -> None:
        """Raise the alarms of failed checks again that are not dealt with: the program was started newly.

        Raises:
            StorageError: The records cannot be read.
        """
        for name in self._checks.failed_recipes():
            if self._checks.newest_outcome(name) is Outcome.FAILED or self.open_suspects(name).count:
                checks = self._checks.all(recipe=name)
                self.report_check(next(check for check in checks if check.outcome is Outcome.FAILED))


def _due_alarm(due: Due) -> Alarm:
    consequence = _BLOCKED if due.blocks else _BLIND
    return Alarm(
        f"A check with challenge parts is due for {due.recipe}.", f"{due.reason.capitalize()}.", consequence, _RUN_IT
    )
