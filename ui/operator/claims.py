"""A person's word on parts: disputes with their reason, and reviews with their time."""

import time
from collections.abc import Callable

from station.app import Station
from station.domain.errors import StationError
from station.domain.inspection import Claim, Dispute, Inspection, PartKey
from station.domain.verdict import Verdict
from ui.actions import Act, Actions
from ui.desk import Desk
from ui.operator.page import OperatorPage
from ui.operator.review_tasks import ReviewTasks
from ui.operator.stage import Stage

TIME_LIMIT = "time limit"
_REJECTED = (Verdict.FAIL, Verdict.REVIEW)


class Claims:
    """Finds out which part is meant, asks why, and has it recorded beside the verdict."""

    def __init__(
        self,
        page: OperatorPage,
        stage: Stage,
        station: Station,
        desk: Desk,
        actions: Actions,
        failed: Callable[[StationError], object],
    ) -> None:
        self._page = page
        self._stage = stage
        self._station = station
        self._desk = desk
        self._actions = actions
        self._failed = failed
        self.tasks = ReviewTasks(station.settings.screen.review_time_limit_s)
        actions.on(Act.GOOD_PART, lambda: self._claim(Claim.GOOD_PART))
        actions.on(Act.MISSED_DEFECT, lambda: self._claim(Claim.MISSED_DEFECT))
        actions.on(Act.CONFIRM, lambda: self._claim(Claim.CONFIRMED))
        page.reasons.chosen.connect(self._chosen)
        page.reasons.cancelled.connect(self.show_tasks)
        self.offer()

    def offer(self) -> None:
        """Enable what can be said now."""
        for act, claim in (
            (Act.GOOD_PART, Claim.GOOD_PART),
            (Act.MISSED_DEFECT, Claim.MISSED_DEFECT),
            (Act.CONFIRM, Claim.CONFIRMED),
        ):
            self._actions[act].setEnabled(self._subject(claim) is not None)
        self._actions[Act.SHOW_REVIEW].setEnabled(self.tasks.current is not None)

    def judged(self, inspection: Inspection) -> None:
        """A part came; a REVIEW waits for a person from now on."""
        if inspection.verdict is Verdict.REVIEW:
            self.tasks.add(inspection, time.monotonic())
            self._follow_tasks()

    def tick(self) -> None:
        """Let the time run; called by the page's clock."""
        for task in self.tasks.take_expired(time.monotonic()):
            self._record(task.inspection.key, Claim.CONFIRMED, TIME_LIMIT, TIME_LIMIT)
            self._follow_tasks()
        if self.tasks.current is not None:
            self._page.review.show_tasks(self.tasks, time.monotonic())

    def close(self) -> None:
        """Nobody is there any more: what is open ends as FAIL."""
        for task in self.tasks.take_all():
            self._record(task.inspection.key, Claim.CONFIRMED, TIME_LIMIT, TIME_LIMIT)

    def show_tasks(self) -> None:
        """The review that waits, or the everyday keys."""
        current = self.tasks.current
        self._stage.wait_for_review(current.inspection if current else None)
        self._page.show_task(self._page.review if current else self._page.everyday)
        self._page.review.show_tasks(self.tasks, time.monotonic())
        self.offer()

    def show_said(self, key: PartKey) -> None:
        """What has been said of this part before."""
        self._desk.ask(lambda: self._station.records.disputes(key), self._show_disputes, self._failed)

    def _follow_tasks(self) -> None:
        if self._page.tasks.currentWidget() is not self._page.reasons:
            self.show_tasks()

    def _subject(self, claim: Claim) -> Inspection | None:
        part = self._stage.card_part
        if claim is not Claim.MISSED_DEFECT:
            return part if part is not None and part.verdict in _REJECTED else None
        if self._stage.past is None:
            part = self._stage.live
        return part if part is not None and part.verdict not in _REJECTED else None

    def _claim(self, claim: Claim) -> None:
        part = self._subject(claim)
        if part is None:
            return
        if self._answers_review(part, claim):
            self.tasks.take()
            self._record(part.key, claim, "review")
            self.show_tasks()
        elif claim is Claim.CONFIRMED:
            self._record(part.key, claim, "")
        else:
            self._page.reasons.ask(part.key, claim)
            self._page.show_task(self._page.reasons)

    def _answers_review(self, part: Inspection, claim: Claim) -> bool:
        current = self.tasks.current
        return current is not None and part.key == current.inspection.key and claim is not Claim.MISSED_DEFECT

    def _chosen(self, key: PartKey, claim: Claim, reason: str) -> None:
        self._record(key, claim, reason)
        self.show_tasks()

    def _record(self, key: PartKey, claim: Claim, reason: str, person: str = "") -> None:
        def dispute() -> tuple[Dispute, ...]:
            self._station.records.dispute(key, claim, reason, person)
            return tuple(self._station.records.disputes(key))

        self._desk.ask(dispute, self._show_disputes, self._failed)

    def _show_disputes(self, disputes: tuple[Dispute, ...]) -> None:
        part = self._stage.card_part
        if disputes and part is not None and disputes[-1].key == part.key:
            last = disputes[-1]
            self._page.card.show_claim("Said: " + ", ".join(filter(None, (last.claim, last.reason))))
