"""A person's word on parts: disputes with their reason, and reviews with their time."""

import time
from collections.abc import Callable

from station.app import Station
from station.domain.errors import StationError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Inspection, PartKey
from station.domain.verdict import Verdict
from ui.actions.action_table import Act, Actions
from ui.background.tasks import BackgroundTasks
from ui.pages.line.displayed_part import DisplayedPart
from ui.pages.line.page import OperatorPage
from ui.pages.line.review_tasks import ReviewTask, ReviewTasks

TIME_LIMIT = "time limit"
_REJECTED = (Verdict.FAIL, Verdict.REVIEW)


class FeedbackController:
    """Finds out which part is meant, asks why, and has it recorded beside the verdict."""

    def __init__(
        self,
        page: OperatorPage,
        stage: DisplayedPart,
        station: Station,
        desk: BackgroundTasks,
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
        actions.on(Act.GOOD_PART, lambda: self._claim(Disposition.GOOD_PART))
        actions.on(Act.MISSED_DEFECT, lambda: self._claim(Disposition.MISSED_DEFECT))
        actions.on(Act.CONFIRM, lambda: self._claim(Disposition.CONFIRMED))
        actions.on(Act.REVIEW_GOOD, lambda: self._answer(Disposition.GOOD_PART))
        actions.on(Act.REVIEW_DEFECT, lambda: self._answer(Disposition.CONFIRMED))
        page.reasons.chosen.connect(self._chosen)
        page.reasons.cancelled.connect(self.show_tasks)
        self.offer()

    def offer(self) -> None:
        """Enable what can be said now: of the part on the card, and of the one that the review panel names."""
        choosing = self._choosing_reason
        for act, claim in (
            (Act.GOOD_PART, Disposition.GOOD_PART),
            (Act.MISSED_DEFECT, Disposition.MISSED_DEFECT),
            (Act.CONFIRM, Disposition.CONFIRMED),
        ):
            self._actions[act].setEnabled(not choosing and self._subject(claim) is not None)
        for act in (Act.REVIEW_GOOD, Act.REVIEW_DEFECT):
            self._actions[act].setEnabled(not choosing and self._page.review.asked is not None)
        self._actions[Act.SHOW_REVIEW].setEnabled(self.review_to_show is not None)

    def judged(self, inspection: Inspection) -> None:
        """A part came; a REVIEW waits for a person from now on."""
        if inspection.verdict is Verdict.REVIEW:
            self.tasks.add(inspection, time.monotonic())
            self.follow()

    def tick(self) -> None:
        """Let the time run; called by the page's clock."""
        for task in self.tasks.take_expired(time.monotonic()):
            self._record(task.key, Disposition.CONFIRMED, TIME_LIMIT, TIME_LIMIT)
            self.follow()
        self._show_time()

    def close(self) -> None:
        """Nobody is there any more: what is open ends as FAIL."""
        for task in self.tasks.take_all():
            self._record(task.key, Disposition.CONFIRMED, TIME_LIMIT, TIME_LIMIT)

    def show_tasks(self) -> None:
        """The review that waits, or the everyday keys; these also beside a past part that waits for none."""
        current, task = self.tasks.current, self._task
        self._stage.wait_for_review(current.inspection if current else None)
        if task is None:
            self._page.review.ask_nothing()
        else:
            self._page.review.ask(task, self.tasks.waiting - 1)
        self._page.show_task(self._page.review if task else self._page.everyday)
        self._show_time()
        self.offer()

    def follow(self) -> None:
        """Another part is on show, or waits; a reason that is being chosen is not interrupted."""
        if self._choosing_reason:
            self.offer()
        else:
            self.show_tasks()

    def show_said(self, key: PartKey) -> None:
        """What has been said of this part before."""
        self._desk.ask(lambda: self._station.review.feedback_on(key), self._show_disputes, self._failed)

    @property
    def review_to_show(self) -> Inspection | None:
        """The part that waits longest for a review, where it is not on show already."""
        current, past = self.tasks.current, self._stage.past
        if current is None or (past is not None and past.inspection.key == current.key):
            return None
        return current.inspection

    @property
    def _choosing_reason(self) -> bool:
        return self._page.tasks.currentWidget() is self._page.reasons

    @property
    def _task(self) -> ReviewTask | None:
        """The review that a person can answer: that of the past part on show, while live the one waiting longest."""
        past = self._stage.past
        return self.tasks.current if past is None else self.tasks.of(past.inspection.key)

    def _show_time(self) -> None:
        if (task := self._task) is not None:
            self._page.review.show_time(task.remaining_s(time.monotonic()), self.tasks.time_limit_s)

    def _subject(self, claim: Disposition) -> Inspection | None:
        part = self._stage.card_part
        if claim is not Disposition.MISSED_DEFECT:
            return part if part is not None and part.verdict in _REJECTED else None
        if self._stage.past is None:
            part = self._stage.live
        return part if part is not None and part.verdict not in _REJECTED else None

    def _claim(self, claim: Disposition) -> None:
        part = self._subject(claim)
        if part is None:
            return
        if self.tasks.of(part.key) is not None:
            self._close(part.key, claim)
        elif claim is Disposition.CONFIRMED:
            self._record(part.key, claim, "")
        else:
            self._page.reasons.ask(part.key, claim)
            self._page.show_task(self._page.reasons)
            self.offer()

    def _answer(self, claim: Disposition) -> None:
        """What the review panel asks is what its keys answer, whichever part the card explains."""
        asked = self._page.review.asked
        if asked is not None:
            self._close(asked.key, claim)

    def _close(self, key: PartKey, claim: Disposition) -> None:
        self.tasks.take(key)
        self._record(key, claim, "review")
        self.show_tasks()

    def _chosen(self, key: PartKey, claim: Disposition, reason: str) -> None:
        self._record(key, claim, reason)
        self.show_tasks()

    def _record(self, key: PartKey, claim: Disposition, reason: str, person: str = "") -> None:
        def dispute() -> tuple[OperatorFeedback, ...]:
            self._station.review.give_feedback(key, claim, reason, person)
            return tuple(self._station.review.feedback_on(key))

        self._desk.ask(dispute, self._show_disputes, self._failed)

    def _show_disputes(self, disputes: tuple[OperatorFeedback, ...]) -> None:
        part = self._stage.card_part
        if disputes and part is not None and disputes[-1].key == part.key:
            last = disputes[-1]
            self._page.card.show_claim("Said: " + ", ".join(filter(None, (last.claim, last.reason))))
