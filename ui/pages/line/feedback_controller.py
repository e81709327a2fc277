"""What a person says of parts: feedback with its reason, and answers to reviews. The core decides and records."""

import logging
import time
from collections.abc import Callable
from functools import partial

from station.app import Station
from station.domain.errors import StationError
from station.domain.feedback import Disposition, OpenReview, OperatorFeedback
from station.domain.inspection import Inspection, PartKey
from station.domain.live_verdict import PAST_PART_SHOWN_S
from station.domain.recipe import Recipe
from ui.actions.action_table import Actions
from ui.background.press_moment import pressed_s
from ui.background.rendered_part import RenderedPart, render_part
from ui.background.tasks import BackgroundTasks
from ui.background.untouched import Untouched
from ui.pages.line.actions import LineAct
from ui.pages.line.displayed_part import DisplayedPart
from ui.pages.line.feedback_keys import STOPS, defects_to_ask
from ui.pages.line.page import LinePage
from ui.pages.line.pressed_subjects import PressedSubjects
from ui.widgets.reasons import REASONS

_CLAIMS = {
    LineAct.GOOD_PART: Disposition.GOOD_PART,
    LineAct.MISSED_DEFECT: Disposition.MISSED_DEFECT,
    LineAct.CONFIRM: Disposition.CONFIRMED,
}
_ANSWERS = {LineAct.REVIEW_GOOD: Disposition.GOOD_PART, LineAct.REVIEW_DEFECT: Disposition.CONFIRMED}
_log = logging.getLogger(__name__)


class FeedbackController:
    """Find out which part is meant, ask for the reason, and send it to the core.

    A key means the part that it showed when it was pressed, also if it is released after the next reject. A question
    for a reason that nobody touches for a while is left without a word: it must not hide the next review.

    Attributes:
        defects: What can be chosen for a missed defect.
    """

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
        self._pressed: PressedSubjects[Inspection] = PressedSubjects()
        self.defects = defects_to_ask(())
        self._frozen: PartKey | None = None
        self._disputed: PartKey | None = None
        self._untouched = Untouched(page, PAST_PART_SHOWN_S, self.cancel_choice)
        for act in _CLAIMS:
            actions.on(act, partial(self._claim, act))
        for act in _ANSWERS:
            actions.on(act, partial(self._answer_asked, act))
        page.reasons.chosen.connect(self._chosen)
        page.reasons.cancelled.connect(self.cancel_choice)
        page.stops.cancelled.connect(self.cancel_choice)
        self.enable_actions()

    def expect_recipe(self, recipe: Recipe | None) -> None:
        """Offer the kinds of defects of this product from now on."""
        self.defects = defects_to_ask(())
        if recipe is not None:
            self._tasks.ask(lambda: self._station.recipes.defect_kinds(recipe), self._offer_defects, self._failed)

    def ask_why_paused(self, question: str) -> None:
        """Ask for the reason of a pause."""
        self._page.stops.offer(question, STOPS)
        self._page.show_task(self._page.stops)
        self._untouched.begin()
        self.enable_actions()

    def cancel_choice(self) -> bool:
        """Say nothing after all. Return whether a reason was being chosen."""
        if not self._choosing_reason:
            return False
        self.end_choice()
        return True

    def enable_actions(self) -> None:
        """Enable what can be said now of the part on the card, and of the part that the review panel names."""
        choosing = self._choosing_reason
        subjects: dict[str, Inspection | None] = {act: self._subject(claim) for act, claim in _CLAIMS.items()}
        subjects |= dict.fromkeys(_ANSWERS, self._page.review.asked)
        if choosing:
            subjects = dict.fromkeys(subjects)
        self._pressed.note(subjects)
        for act, part in subjects.items():
            self._actions[act].setEnabled(part is not None)
        for act, claim in _CLAIMS.items():
            self._page.disputes.name_part(claim, subjects[act])
        self._actions[LineAct.SHOW_REVIEW].setEnabled(self.review_to_show is not None)
        self._actions[LineAct.ANNOTATE].setEnabled(self.part_to_annotate is not None)

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

    def close(self) -> None:
        """Stop its clock; called when the window goes."""
        self._untouched.end()

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
    def part_to_annotate(self) -> PartKey | None:
        """Return the past part on show, else the one that was disputed here last."""
        past = self._displayed_part.past
        return self._disputed if past is None else past.inspection.key

    @property
    def _choosing_reason(self) -> bool:
        return self._page.tasks.currentWidget() in (self._page.reasons, self._page.stops)

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

    def _claim(self, act: LineAct) -> None:
        part, claim = self._meant(act), _CLAIMS[act]
        if part is None:
            return
        if self._review_of(part.key) is not None:
            self._answer(part.key, claim)
        elif claim is Disposition.CONFIRMED:
            self._record(part.key, claim, "")
        else:
            self._page.reasons.ask(part.key, claim, REASONS if claim is Disposition.GOOD_PART else self.defects)
            self._page.show_task(self._page.reasons)
            self._untouched.begin()
            self._freeze(part)
        self.enable_actions()

    def _meant(self, act: LineAct) -> Inspection | None:
        """Return the part that the key showed when it was pressed."""
        return self._pressed.at(act, pressed_s(self._actions[act]))

    def _answer_asked(self, act: LineAct) -> None:
        """Answer for the part that the review panel named, whichever part the card explains."""
        asked = self._meant(act)
        if asked is not None:
            self._answer(asked.key, _ANSWERS[act])

    def _freeze(self, part: Inspection) -> None:
        """Keep the part on show while a person says what is wrong with it; the line goes on."""
        if self._displayed_part.past is None:
            self._frozen = part.key
            self._tasks.ask(lambda: render_part(self._station.records.part(part.key)), self._show_frozen, _not_shown)

    def _show_frozen(self, part: RenderedPart) -> None:
        if self._frozen == part.inspection.key and self._displayed_part.past is None:
            self._displayed_part.show_past(part)
            self.enable_actions()

    def end_choice(self) -> None:
        """Show what was on show before, and give the keyboard back to the page, not to the next key."""
        self._untouched.end()
        past, frozen, self._frozen = self._displayed_part.past, self._frozen, None
        if past is not None and past.inspection.key == frozen:
            self._displayed_part.back_to_live()
        self._page.setFocus()
        self.show_tasks()

    def _offer_defects(self, kinds: tuple[str, ...]) -> None:
        self.defects = defects_to_ask(kinds)

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
        self.end_choice()

    def _record(self, key: PartKey, claim: Disposition, reason: str) -> None:
        def give_feedback() -> tuple[OperatorFeedback, ...]:
            self._station.review.give_feedback(key, claim, reason)
            return self._station.review.feedback_on(key)

        def given(history: tuple[OperatorFeedback, ...]) -> None:
            if claim is not Disposition.CONFIRMED:
                self._disputed = key
            self._show_feedback(history)
            self.enable_actions()

        self._tasks.ask(give_feedback, given, self._failed)

    def _show_feedback(self, history: tuple[OperatorFeedback, ...]) -> None:
        part = self._displayed_part.card_part
        if history and part is not None and history[-1].key == part.key:
            last = history[-1]
            self._page.card.show_claim("Said: " + ", ".join(filter(None, (last.words, last.reason))))


def _not_shown(error: StationError) -> None:
    """The question names its part; that its picture could not be read changes nothing about it."""
    _log.warning("the part that is asked about cannot be shown: %s", error)
