"""What a person says of parts: feedback with its reason, and answers to reviews. The core decides and records."""

import time
from collections.abc import Callable

from station.app import Station
from station.domain.errors import StationError
from station.domain.feedback import Disposition, OpenReview, OperatorFeedback
from station.domain.inspection import Inspection, PartKey
from ui.actions.action_table import Actions
from ui.background.tasks import BackgroundTasks
from ui.pages.line.actions import LineAct
from ui.pages.line.displayed_part import DisplayedPart
from ui.pages.line.page import LinePage


class FeedbackController:
    """Find out which part is meant, ask for the reason, and send it to the core."""

    def __init__(
        self,
        page: LinePage,
        displayed_part: DisplayedPart,
        station: Station,
        tasks: BackgroundTasks,
        actions: Actions,
        failed: Callable[[StationError], object],
    ) -> None:
        self._page = page
        self._displayed_part = displayed_part
        self._station = station
        self._tasks = tasks
        self._actions = actions
        self._failed = failed
        self._answering: set[PartKey] = set()
        actions.on(LineAct.GOOD_PART, lambda: self._claim(Disposition.GOOD_PART))
        actions.on(LineAct.MISSED_DEFECT, lambda: self._claim(Disposition.MISSED_DEFECT))
        actions.on(LineAct.CONFIRM, lambda: self._claim(Disposition.CONFIRMED))
        actions.on(LineAct.REVIEW_GOOD, lambda: self._answer_asked(Disposition.GOOD_PART))
        actions.on(LineAct.REVIEW_DEFECT, lambda: self._answer_asked(Disposition.CONFIRMED))
        page.reasons.chosen.connect(self._chosen)
        page.reasons.cancelled.connect(self.show_tasks)
        self.enable_actions()

    def enable_actions(self) -> None:
        """Enable what can be said now of the part on the card, and of the part that the review panel names."""
        choosing = self._choosing_reason
        for act, claim in (
            (LineAct.GOOD_PART, Disposition.GOOD_PART),
            (LineAct.MISSED_DEFECT, Disposition.MISSED_DEFECT),
            (LineAct.CONFIRM, Disposition.CONFIRMED),
        ):
            self._actions[act].setEnabled(not choosing and self._subject(claim) is not None)
        for act in (LineAct.REVIEW_GOOD, LineAct.REVIEW_DEFECT):
            self._actions[act].setEnabled(not choosing and self._page.review.asked is not None)
        self._actions[LineAct.SHOW_REVIEW].setEnabled(self.review_to_show is not None)

    def show_time(self) -> None:
        """Show the time left for the review on show; called by the page's clock."""
        if (review := self._review) is not None:
            self._page.review.show_time(review.remaining_s(time.monotonic()), self._station.review.time_limit_s)

    def show_tasks(self) -> None:
        """Show the review that can be answered now; if there is none, the everyday keys."""
        waiting, review = self.waiting, self._review
        self._displayed_part.wait_for_review(waiting[0].inspection if waiting else None)
        if review is None:
            self._page.review.ask_nothing()
        else:
            self._page.review.ask(review, len(waiting) - 1)
        self._page.show_task(self._page.review if review else self._page.everyday)
        self.show_time()
        self.enable_actions()

    def refresh_tasks(self) -> None:
        """Show what can be answered after another part is on show, or a review opened or ended.

        A person who is choosing a reason is not interrupted.
        """
        if self._choosing_reason:
            self.enable_actions()
        else:
            self.show_tasks()

    def show_said(self, key: PartKey) -> None:
        """Show what was said of this part before."""
        self._tasks.ask(lambda: self._station.review.feedback_on(key), self._show_feedback, self._failed)

    @property
    def waiting(self) -> tuple[OpenReview, ...]:
        """Return the open reviews that have no answer on its way, the one that waits longest first."""
        return tuple(review for review in self._station.review.open_reviews if review.key not in self._answering)

    @property
    def review_to_show(self) -> Inspection | None:
        """Return the part that waits longest for an answer, unless it is on show already."""
        current, past = next(iter(self.waiting), None), self._displayed_part.past
        if current is None or (past is not None and past.inspection.key == current.key):
            return None
        return current.inspection

    @property
    def _choosing_reason(self) -> bool:
        return self._page.tasks.currentWidget() is self._page.reasons

    @property
    def _review(self) -> OpenReview | None:
        """Return the review that a person can answer: that of the past part on show, else the one waiting longest."""
        past = self._displayed_part.past
        if past is None:
            return next(iter(self.waiting), None)
        return self._review_of(past.inspection.key)

    def _review_of(self, key: PartKey) -> OpenReview | None:
        return next((review for review in self.waiting if review.key == key), None)

    def _subject(self, claim: Disposition) -> Inspection | None:
        part = self._displayed_part.card_part
        if claim is not Disposition.MISSED_DEFECT:
            return part if part is not None and part.verdict.rejected else None
        if self._displayed_part.past is None:
            part = self._displayed_part.live
        return part if part is not None and not part.verdict.rejected else None

    def _claim(self, claim: Disposition) -> None:
        part = self._subject(claim)
        if part is None:
            return
        if self._review_of(part.key) is not None:
            self._answer(part.key, claim)
        elif claim is Disposition.CONFIRMED:
            self._record(part.key, claim, "")
        else:
            self._page.reasons.ask(part.key, claim)
            self._page.show_task(self._page.reasons)
            self.enable_actions()

    def _answer_asked(self, answer: Disposition) -> None:
        """Answer for the part that the review panel names, whichever part the card explains."""
        asked = self._page.review.asked
        if asked is not None:
            self._answer(asked.key, answer)

    def _answer(self, key: PartKey, answer: Disposition) -> None:
        """Send the answer to the core, which decides whether it came in time. Ask for the next part meanwhile."""

        def answered(_feedback: OperatorFeedback) -> None:
            self._answering.discard(key)
            self.show_said(key)

        def refused(error: StationError) -> None:
            self._answering.discard(key)
            self._failed(error)
            self.refresh_tasks()

        self._answering.add(key)
        self._tasks.ask(lambda: self._station.review.answer_review(key, answer), answered, refused)
        self.show_tasks()

    def _chosen(self, key: PartKey, claim: Disposition, reason: str) -> None:
        self._record(key, claim, reason)
        self.show_tasks()

    def _record(self, key: PartKey, claim: Disposition, reason: str) -> None:
        def give_feedback() -> tuple[OperatorFeedback, ...]:
            self._station.review.give_feedback(key, claim, reason)
            return self._station.review.feedback_on(key)

        self._tasks.ask(give_feedback, self._show_feedback, self._failed)

    def _show_feedback(self, history: tuple[OperatorFeedback, ...]) -> None:
        part = self._displayed_part.card_part
        if history and part is not None and history[-1].key == part.key:
            last = history[-1]
            self._page.card.show_claim("Said: " + ", ".join(filter(None, (last.claim, last.reason))))
