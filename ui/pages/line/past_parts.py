"""The way to a past part and back: the strip, the open rejects and the open reviews lead there."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.formatting import counted
from station.domain.inspection import PartKey
from station.domain.live_verdict import PAST_PART_SHOWN_S
from ui.actions.page_spec import PageContext
from ui.background.rendered_part import RenderedPart, render_part
from ui.background.untouched import Untouched
from ui.pages.line.actions import LineAct
from ui.pages.line.displayed_part import DisplayedPart
from ui.pages.line.feedback_controller import FeedbackController
from ui.pages.line.page import LinePage


class PastParts:
    """Shows a part from the records as it was, and goes back to the live one.

    Args:
        owner: Lives as long as the page.
        page: Where it is shown.
        displayed_part: What is on show.
        feedback: Shows what was said of the part.
        context: Its station reads the part, its tasks do so off the window's thread, its keys lead there.
        failed: Called if it cannot be read.
    """

    def __init__(
        self,
        owner: QObject,
        page: LinePage,
        displayed_part: DisplayedPart,
        feedback: FeedbackController,
        context: PageContext,
        failed: Callable[[StationError], object],
    ) -> None:
        self._page, self._displayed_part, self._feedback = page, displayed_part, feedback
        self._station, self._tasks, self._actions = context.station, context.tasks, context.actions
        self._failed, self._open_page = failed, context.open_page
        self._untouched = Untouched(owner, PAST_PART_SHOWN_S, self._leave_untouched)
        self._wanted: PartKey | None = None
        self._open_rejects = -1
        self._connect()

    def show_part(self, key: PartKey) -> None:
        """Show this part exactly as it was."""
        self._wanted = key
        self._tasks.ask(partial(self._read, key), self._show, self._failed)

    def back_to_live(self) -> None:
        """Show the live picture again."""
        self._untouched.end()
        self._wanted = None
        self._page.strip.let_go()
        self._displayed_part.back_to_live()
        self._feedback.refresh_tasks()

    def count_rejects(self) -> None:
        """Show how many rejects nobody has said anything of."""
        count = len(self._station.review.open_rejects)
        if count != self._open_rejects:
            self._open_rejects = count
            action = self._actions[LineAct.NEXT_REJECT]
            action.setText(f"{counted(count, 'reject')} not handled")
            action.setEnabled(count > 0)
            self._page.offer_rejects(count > 0)

    def close(self) -> None:
        """End the clock."""
        self._untouched.end()

    def _connect(self) -> None:
        on, strip = self._actions.on, self._page.strip
        strip.part_chosen.connect(self.show_part)
        on(LineAct.OLDER_PART, lambda: strip.step(1))
        on(LineAct.NEWER_PART, lambda: strip.step(-1))
        on(LineAct.LIVE, self._leave)
        on(LineAct.SHOW_REVIEW, self._show_review)
        on(LineAct.NEXT_REJECT, self._show_next_reject)
        on(LineAct.ANNOTATE, self._annotate)
        on(LineAct.CHALLENGE_PART, self._make_challenge_part)

    def _read(self, key: PartKey) -> tuple[RenderedPart, bool]:
        """Return the part, and whether it is on hold."""
        return render_part(self._station.records.part(key)), key in self._station.holds.of([key])

    def _show(self, read: tuple[RenderedPart, bool]) -> None:
        part, held = read
        if part.inspection.key == self._wanted:
            self._untouched.begin()
            self._displayed_part.show_past(part, held=held)
            self._feedback.show_said(part.inspection.key)
            self._feedback.refresh_tasks()

    def _leave(self) -> None:
        """Leave the question for a reason; if none is asked, the past part."""
        if not self._feedback.cancel_choice():
            self.back_to_live()

    def _leave_untouched(self) -> None:
        """Nobody has touched the past part for a while: go back, lest it be taken for the live one.

        While the line rests there is no live part that it could be taken for, and a person may be looking at it.
        """
        if self._displayed_part.state.at_rest:
            self._untouched.begin()
        else:
            self.back_to_live()

    def _show_review(self) -> None:
        part = self._feedback.review_to_show
        if part is not None:
            self._page.strip.choose(part.key)

    def _annotate(self) -> None:
        key = self._feedback.part_to_annotate
        if key is not None:
            self._open_page("annotator", ("part", key))

    def _make_challenge_part(self) -> None:
        shown = self._displayed_part.card_part
        if shown is not None:
            self._open_page("challenge", shown.key)

    def _show_next_reject(self) -> None:
        """Show the oldest reject that nobody has said anything of; again: the one after it."""
        rejects = [part.key for part in self._station.review.open_rejects]
        past = self._displayed_part.past
        later = [key for key in rejects if past is not None and key > past.inspection.key]
        if keys := later or rejects:
            if self._page.strip_model.row_of(keys[0]) is None:
                self.show_part(keys[0])  # older than the strip
            self._page.strip.choose(keys[0])
