"""Connects the review of a shift with its page. Everything is read and recorded off the GUI thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from station.domain.errors import StationError
from station.domain.feedback import OperatorFeedback
from station.domain.hold import Hold
from station.domain.inspection import PartKey
from station.domain.shift import ShiftWindow
from station.reporting.review_wording import agreement_rows
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import RenderedPart, RenderedView, qimage, render_part
from ui.pages.review.actions import ReviewAct
from ui.pages.review.holding import Holding
from ui.pages.review.page import ReviewPage
from ui.pages.review.pictures_ahead import PicturesAhead
from ui.pages.review.reason_sheet import ReasonSheet
from ui.pages.review.shift_parts import Filter, Queue, ShiftParts
from ui.pages.review.shown_review import Known, question, resolve
from ui.widgets.reasons import DEFECTS, REASONS

_AHEAD = (1, -1, 2, 3, -2, 4, 5, 6)
"""In which order parts are read ahead, in steps from the one that is shown."""
_WHOLE = 4
"""Of how many of these the whole pictures are read; of the others the small ones, for whoever leafs through."""


@dataclass(frozen=True, slots=True)
class _Shift:
    shifts: tuple[ShiftWindow, ...]
    window: ShiftWindow
    parts: ShiftParts
    holds: Mapping[PartKey, Hold]
    among: tuple[PartKey, ...]


class ReviewPresenter(QObject):
    """Goes through the parts of a shift. A word is recorded before the next part is shown."""

    def __init__(self, page: ReviewPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station = page, context.station
        self._open_page, self._answer = context.open_page, context.answer
        self._tasks, *self._reading = (context.tasks.another(self) for _ in range(4))
        pictures, good, small = self._reading
        self._pictures = PicturesAhead(pictures, self._read_part, self._show_read, self._not_read)
        self._good = PicturesAhead(good, self._read_good, self._show_good_read, self._no_good)
        self._small = PicturesAhead(small, self._read_small, lambda key, _: self._show_small(key), lambda *_: None)
        self._holding = Holding(page, self._station, self._tasks, self._read, self._fail)
        self._window: ShiftWindow | None = None
        self._wanted: PartKey | None = None
        self._among: tuple[PartKey, ...] = ()
        self._view = ""
        self._known = Known(zone=context.station.settings.station.time_zone)
        page.shift_chosen.connect(self._show_shift)
        page.filter_chosen.connect(self._filter)
        page.row_chosen.connect(self._show_row)
        self._connect(context)
        self._show()

    def open(self) -> None:
        """Read the shift that was shown last as it is now; the present one at first."""
        self._read()

    def show_subject(self, subject: object) -> None:
        """Show one part in its shift, or go through some, whatever their verdicts.

        Args:
            subject: Its `PartKey`, or a tuple of them; the first one is shown.
        """
        some = subject if isinstance(subject, tuple) else (subject,)
        if some and all(isinstance(each, PartKey) for each in some):
            self._wanted, self._among = some[0], some if len(some) > 1 else ()
            self._known = replace(self._known, filter=Filter.ALL, only=None)
            self._read()

    def leave(self) -> None:
        """Do nothing: a word is recorded when it is given."""

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Wait for a word that is being recorded."""
        return (ClosingStep("the review to be recorded", self._tasks.wait, 10.0),)

    def close(self) -> None:
        """End the threads of this page."""
        self._tasks.close()
        for tasks in self._reading:
            tasks.close(0.0)

    def _connect(self, context: PageContext) -> None:
        on = context.actions.on
        on(ReviewAct.PREVIOUS, lambda: self._step(-1))
        on(ReviewAct.NEXT, lambda: self._step(1))
        on(ReviewAct.CONFIRM, self._confirm)
        on(ReviewAct.OVERRULE, self._ask_why)
        on(ReviewAct.HIDE, self._page.turn_marks)
        on(ReviewAct.VIEW, self._next_view)
        on(ReviewAct.HOLD, self._ask_to_hold)
        on(ReviewAct.ANNOTATE, self._annotate)
        on(ReviewAct.READ_AGAIN, self._read)

    def _read(self) -> None:
        window, wanted, among = self._window, self._wanted, self._among
        self._tasks.ask(lambda: self._look(window, wanted, among), self._take, self._fail)

    def _look(self, window: ShiftWindow | None, wanted: PartKey | None, among: tuple[PartKey, ...]) -> _Shift:
        records, review = self._station.records, self._station.shift_review
        shifts = records.shifts()
        if wanted is not None:
            window = records.shift_of(review.part(wanted).triggered_at)
        window = shifts[0] if window is None else window
        shifts = shifts if window in shifts else (*shifts, window)
        parts = review.parts(window)
        known = {each.key for each in parts}
        others = among or ((wanted,) if wanted is not None else ())
        parts = (*parts, *(review.part(key) for key in others if key not in known))
        holds = self._station.holds.of([each.key for each in parts])
        return _Shift(shifts, window, ShiftParts(parts).counted(), holds, among)

    def _take(self, found: _Shift) -> None:
        wanted, self._wanted = self._wanted, None
        if found.window != self._window:
            self._window = found.window
            self._known = replace(self._known, current=None, only=None)
        self._page.offer_shifts(found.shifts, found.window)
        self._known = replace(self._known, parts=found.parts, holds=found.holds, busy=False)
        self._page.say("")
        if found.among:
            self._among = ()
            self._known = replace(self._known, only=Queue(found.among))
        if wanted is not None:
            self._go(wanted)
        elif self._known.part is None:
            self._go(self._known.queue.step(None, 1))
        else:
            self._go(self._known.current)

    def _show_shift(self, window: ShiftWindow) -> None:
        self._window = window
        self._known = replace(self._known, parts=ShiftParts(), holds={}, only=None, current=None, inspection=None)
        self._show()
        self._read()

    def _filter(self, chosen: Filter) -> None:
        self._known = replace(self._known, filter=chosen, only=None)
        queue, current = self._known.queue, self._known.current
        self._go(current if queue.place(current) is not None else queue.step(None, 1))

    def _show_row(self, row: int) -> None:
        """Go through the parts that a row of the agreement was counted from; the overruled ones first."""
        rows = agreement_rows(self._known.parts.agreement)
        if 0 <= row < len(rows):
            only = Queue((*rows[row].overruled, *rows[row].confirmed))
            self._known = replace(self._known, only=only)
            self._go(only.keys[0])

    def _step(self, by: int) -> None:
        key = self._known.step(by)
        if key is not None and not self._known.busy:
            self._go(key)

    def _go(self, key: PartKey | None) -> None:
        """Show a part; its pictures at once if they were read ahead."""
        self._view = ""
        read = None if key is None else self._pictures.find(key)
        self._known = replace(self._known, current=key, inspection=read.inspection if read else None)
        self._show()
        around = [] if key is None else list(dict.fromkeys([key, *filter(None, map(self._known.step, _AHEAD))]))
        self._small.want(around)
        self._pictures.want(around[:_WHOLE])
        self._good.want(around[:2])
        if read is not None:
            self._show_part(read)
        elif key is not None:
            self._show_small(key)

    def _show(self) -> None:
        self._page.show_filter(self._known.filter if self._known.only is None else None)
        self._page.show_view(resolve(self._known))

    def _read_part(self, key: PartKey) -> RenderedPart:
        return render_part(self._station.records.part(key))

    def _read_small(self, key: PartKey) -> QImage | None:
        small = self._station.records.thumbnail(key)
        return None if small is None else qimage(small).copy()  # of its own: the pixels below it go away

    def _show_small(self, key: PartKey) -> None:
        """Show the small picture until the whole one comes; nothing is confirmed by it."""
        small = self._small.find(key)
        if key == self._known.current and self._known.inspection is None and small is not None:
            self._page.show_small(small)

    def _read_good(self, key: PartKey) -> RenderedPart | None:
        good = self._station.shift_review.nearest_good(key)
        return None if good is None else render_part(self._station.records.part(good))

    def _show_read(self, key: PartKey, part: RenderedPart) -> None:
        if key == self._known.current:
            self._known = replace(self._known, inspection=part.inspection)
            self._show()
            self._show_part(part)

    def _show_part(self, part: RenderedPart) -> None:
        self._view = self._view or part.inspection.deciding.name
        self._page.show_picture(_view_of(part, self._view))
        self._show_good(part.inspection.key)

    def _show_good_read(self, key: PartKey, _good: RenderedPart | None) -> None:
        if key == self._known.current and self._known.inspection is not None:
            self._show_good(key)

    def _show_good(self, key: PartKey) -> None:
        """Show the same view of the good part, once it was found."""
        good, reading = self._good.find(key), not self._good.has(key)
        view = None if good is None else _view_of(good, self._view)
        self._page.show_good("" if good is None else good.inspection.key.label, view, reading=reading)

    def _no_good(self, key: PartKey, _error: StationError) -> None:
        if key == self._known.current:
            self._page.show_good("", None)

    def _not_read(self, key: PartKey, error: StationError) -> None:
        if key == self._known.current:
            self._page.say(str(error))

    def _next_view(self) -> None:
        key = self._known.current
        part = None if key is None else self._pictures.find(key)
        if part is not None:
            names = part.view_names
            self._view = names[(names.index(self._view) + 1) % len(names)]
            self._show_part(part)

    def _confirm(self) -> None:
        key = self._known.current
        if key is not None and self._known.inspection is not None and not self._known.busy:
            self._record(partial(self._station.shift_review.confirm, key))

    def _ask_why(self) -> None:
        part = self._known.part
        if part is not None and self._known.inspection is not None:
            reasons = DEFECTS if part.ended_good else REASONS
            sheet = ReasonSheet(self._page, "Overrule", question(part), "Overrule", reasons)
            sheet.given.connect(partial(self._overrule, part.key))
            sheet.open()

    def _overrule(self, key: PartKey, reason: str) -> None:
        self._record(partial(self._station.shift_review.overrule, key, reason))

    def _record(self, say: Callable[[], OperatorFeedback]) -> None:
        """Record a word; then its part has left the open ones, and the next one is shown."""
        self._known = replace(self._known, busy=True)
        self._show()

        before, reviewed = self._known.parts, self._known.current

        def record() -> ShiftParts:
            return before.with_part(self._station.shift_review.part(say().key))

        def recorded(parts: ShiftParts) -> None:
            self._known = replace(self._known, parts=parts, busy=False)
            self._go(self._known.step(1) or self._first_left(reviewed))

        self._tasks.ask(record, recorded, self._fail)

    def _first_left(self, reviewed: PartKey | None) -> PartKey | None:
        """Return the first part of the queue after its end was reached; the last one stays if nothing is open."""
        if self._known.filter is Filter.ALL or self._known.only is not None:
            return reviewed
        return self._known.queue.step(None, 1)

    def _ask_to_hold(self) -> None:
        part, seen, window = self._known.part, self._known.inspection, self._window
        if part is not None and window is not None:
            lot, release = seen.lot if seen else "", part.key in self._known.holds
            self._holding.ask(part.key, lot, window, release=release)

    def _annotate(self) -> None:
        if self._known.current is not None:
            self._open_page("annotator", ("part", self._known.current))

    def _fail(self, error: StationError) -> None:
        self._known = replace(self._known, busy=False)
        self._show()
        self._answer(error.sentence, error.advice)
        self._page.say(str(error))


def _view_of(part: RenderedPart, name: str) -> RenderedView | None:
    """Return the view of this name; None if another revision of the recipe had none."""
    return next((view for view in part.views if view.inspection.name == name), None)
