"""Connects the station with the line's page: shows its messages and gives it commands."""

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage

from station.domain.alarm import AlarmEntry
from station.domain.errors import StationError
from station.domain.formatting import age
from station.domain.frame import Image
from station.domain.inspection import PartKey
from station.domain.live_verdict import PAST_PART_SHOWN_S
from station.domain.messages import (
    CameraLost,
    CameraReturned,
    FaultReported,
    LineState,
    LineStateChanged,
    MessagesMissed,
    PartJudged,
    PartRecorded,
    ReviewEnded,
    ReviewOpened,
)
from station.domain.phase import phase_words
from station.domain.recipe import Recipe, RecipeEntry, RecipeState
from station.domain.verdict import Verdict
from ui.actions.action import SharedAct
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.bridge import Bridge
from ui.background.line_status import LineStatus
from ui.background.rendered_part import RenderedPart, qimage, render_part
from ui.background.tasks import BackgroundTasks
from ui.background.timers import repeating_timer
from ui.background.untouched import Untouched
from ui.pages.line.actions import LineAct
from ui.pages.line.alarm_banner import Entry, Kind
from ui.pages.line.displayed_part import DisplayedPart
from ui.pages.line.feedback_controller import FeedbackController
from ui.pages.line.filmstrip_model import KEPT
from ui.pages.line.page import LinePage
from ui.pages.line.recipe_chooser import RecipeChooser
from ui.pages.line.wording import ELSEWHERE, NO_CAMERA, WHY_ELSEWHERE, state_words, why_words
from ui.theme.sound import Sound, Sounds
from ui.widgets.confirm_dialog import ask

_MISSED = "Counters, parts and reviews are complete. Older alarms and faults may be missing on the page; see the log."
_GAP = "The screen was too slow. Counters and parts are complete; look through the last parts for missed alarms."
_CLOCK_MS = 100
_BLINK_S = 0.6
_CAMERA_RELEASED_WITHIN_S = 20.0
_WORDS_WRITTEN_WITHIN_S = 30.0  # what a person said of a part is worth waiting for
_THUMBNAIL = QSize(320, 320)


class LinePresenter(QObject):
    """Shows the line on the page. It lives as long as the window.

    Nothing here waits for the disk on the GUI thread: parts are read by one background task, and feedback is written
    and the line is started by another. Stop, pause and resume are only requests, and made at once.
    """

    def __init__(self, page: LinePage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._station, self._tasks, self._actions = context.station, context.tasks, context.actions
        station = self._station
        self._sounds = Sounds()
        self._untouched = Untouched(self, PAST_PART_SHOWN_S, self._leave_past)
        self._why_stopped = ""
        self._elsewhere, self._looked_elsewhere_s = False, 0.0
        self._recipe_chosen = self._start_when_chosen = False
        self._rejects = -1
        self._wanted: PartKey | None = None
        self._fails_in_a_row: int | None = None
        self._paused_s = time.monotonic()
        self._writing = BackgroundTasks(self)
        self._triggering = BackgroundTasks(self)
        if station.settings.camera.trigger == "software":
            page.line_keys.offer_trigger()
        self.displayed_part = DisplayedPart(page, station.settings.station.time_zone)
        self.feedback = FeedbackController(
            page, self.displayed_part, station, self._writing, self._actions, partial(self.fail, kind=Kind.ALARM)
        )
        self._connect(context.bridge)
        self._connect_actions()
        self._clock = repeating_timer(self, _CLOCK_MS, self._tick)
        self._clock.start()
        self._show_recipe(station.line.recipe)
        self._show_state(LineStateChanged(station.line.state))
        self._fill_strip()
        self._show_counts()
        self._show_alarms(station.alarms.open)
        self._restore()

    def open(self) -> None:
        """Do nothing: the line is followed on every page."""

    def leave(self) -> None:
        """Do nothing: the line is followed on every page."""

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: the window itself waits for the line."""
        return ()

    def close(self) -> None:
        """Stop the clock, and finish what is being written."""
        self._clock.stop()
        self._untouched.end()
        self.feedback.close()
        self._triggering.close()
        self._writing.close(within_s=_WORDS_WRITTEN_WITHIN_S)
        self._sounds.close()

    def fail(self, error: StationError, kind: Kind = Kind.MESSAGE) -> None:
        """Say calmly what went wrong and what to do; the whole of it is for the engineer."""
        self._context.fault_log.add(FaultReported.of("window", error))
        self._page.banner.tell(Entry.of(kind, error.for_operator))

    def _answer(self, error: StationError) -> None:
        """Say at the touch why what was asked for is not done: an alarm that waits must not hide the answer."""
        self._context.fault_log.add(FaultReported.of("window", error))
        said = Entry.of(Kind.MESSAGE, error.for_operator)
        self._context.answer(said.sentence, said.advice)

    # ---- what comes from the station

    def _connect(self, bridge: Bridge) -> None:
        bridge.state_changed.connect(self._show_state)
        bridge.recipe_loaded.connect(lambda loaded: self._show_recipe(loaded.recipe))
        bridge.part_judged.connect(self._judged)
        bridge.part_recorded.connect(self._recorded)
        bridge.review_opened.connect(self._review_opened)
        bridge.review_ended.connect(self._review_ended)
        bridge.alarm_raised.connect(lambda _raised: self._sounds.play(Sound.ALARM))
        bridge.alarms_changed.connect(lambda changed: self._show_alarms(changed.open))
        self._page.banner.acknowledged.connect(self._acknowledge)
        bridge.fault_reported.connect(self._trouble)
        bridge.part.connect(self.displayed_part.show_rendered)
        bridge.camera_lost.connect(self._camera_lost)
        bridge.camera_returned.connect(self._camera_returned)
        bridge.caught_up.connect(self._show_counts)
        bridge.fell_behind.connect(self._read_again)
        self._page.strip.part_chosen.connect(self.show_part)
        self._page.strip_model.thumbnail_wanted.connect(self._fetch_thumbnail)

    def _show_state(self, change: LineStateChanged) -> None:
        if change.state is LineState.PAUSED and self.displayed_part.state is not LineState.PAUSED:
            self._paused_s = time.monotonic()
        self._page.line_keys.show_state(change.state)
        self._why_stopped = change.for_operator if change.state is LineState.STOPPED else ""
        self.displayed_part.enter_state(change.state, state_words(change.state))
        self._show_empty_text()
        self._show_phase()
        self.feedback.enable_actions()

    def _camera_lost(self, lost: CameraLost) -> None:
        self.displayed_part.mark_camera_lost(lost.view)
        self._show_phase()

    def _camera_returned(self, returned: CameraReturned) -> None:
        self.displayed_part.mark_camera_returned(returned.view)
        self._show_phase()

    def _show_phase(self) -> None:
        state, stale = self.displayed_part.state, self.displayed_part.stale
        why = why_words(state, self.displayed_part.image_monitor.lost, self._why_stopped, stale=stale)
        why = WHY_ELSEWHERE if self._elsewhere else why
        self._page.phase.show_state(state, self._phase_words(), why, stale=stale)

    def _phase_words(self) -> str:
        """Return what the line does, in the same words on this page and on the strip of all others."""
        displayed = self.displayed_part
        if self._elsewhere:
            return ELSEWHERE
        return phase_words(
            displayed.state,
            free_running=self._station.settings.camera.trigger == "free",
            has_parts=displayed.live is not None,
            per_minute=displayed.live_verdict.pace.per_minute(displayed.image_monitor.clock()),
        )

    def _judged(self, message: PartJudged) -> None:
        inspection = message.inspection
        self._page.strip.add(inspection)
        self.displayed_part.show_verdict(inspection)
        self.feedback.enable_actions()
        if inspection.verdict in (Verdict.FAIL, Verdict.NOT_INSPECTED):
            self._sounds.play(Sound.REJECT)

    def _review_opened(self, _opened: ReviewOpened) -> None:
        self._sounds.play(Sound.QUESTION)
        self.feedback.refresh_tasks()

    def _review_ended(self, ended: ReviewEnded) -> None:
        said = ended.feedback
        if not said.claim.by_person:
            self._sounds.play(Sound.REJECT)
            unanswered = f"Part {said.key.label}: not answered, counts as FAIL."
            self._page.banner.tell(Entry(Kind.MESSAGE, unanswered, "Take it off the line."))
        self.feedback.refresh_tasks()

    def _show_alarms(self, still_open: Sequence[AlarmEntry]) -> None:
        self._page.banner.show_alarms(still_open, self._station.settings.station.time_zone)

    def _acknowledge(self, shown: AlarmEntry) -> None:
        try:
            self._station.alarms.acknowledge(shown.number, shown)
        except StationError as error:
            self._answer(error)
        self._show_alarms(self._station.alarms.open)

    def _recorded(self, message: PartRecorded) -> None:
        self._page.strip_model.ask_again(message.key)
        if self.displayed_part.crop_missing(message.key):
            self._tasks.ask(
                lambda: render_part(self._station.records.part(message.key)), self.displayed_part.add_crop, self.fail
            )

    def _trouble(self, trouble: FaultReported) -> None:
        self._context.fault_log.add(trouble)
        self._page.banner.tell(Entry.of(Kind.MESSAGE, trouble.for_operator))

    def _show_counts(self) -> None:
        self._fails_in_a_row = None
        try:
            counts = self._station.line.counts()
        except StationError as error:
            self.fail(error)
            return
        self._fails_in_a_row = counts.fails_in_a_row
        self._page.counters.show_counts(counts)

    def _read_again(self, missed: MessagesMissed) -> None:
        """Show the station as it is now, and fill the gap in the strip from the records."""
        self._trouble(FaultReported("window", f"The window was too slow for {missed.count} messages.", _MISSED, _GAP))
        line = self._station.line
        self._show_recipe(line.recipe)
        self._show_state(LineStateChanged(line.state))
        if line.state is not LineState.CAMERA_LOST:
            for view in self.displayed_part.image_monitor.lost:
                self.displayed_part.mark_camera_returned(view)
        self.feedback.refresh_tasks()
        self._show_alarms(self._station.alarms.open)
        self._fill_strip()

    def _fill_strip(self) -> None:
        self._tasks.ask(lambda: self._station.records.recent(KEPT), self._page.strip_model.fill, self.fail)

    def _show_recipe(self, recipe: Recipe | None) -> None:
        self._recipe_chosen = recipe is not None
        self._show_empty_text()
        self.displayed_part.expect_views(recipe.view_names if recipe else ("",))
        self.feedback.expect_recipe(recipe)

    def _show_empty_text(self) -> None:
        """What is written where no picture has come yet."""
        if not self._station.settings.camera.is_set and self._station.line.state.at_rest:
            text = NO_CAMERA
        elif not self._recipe_chosen:
            text = "Choose a product"
        else:
            at_rest = self.displayed_part.state.at_rest
            text = "Ready to start" if at_rest else "Waiting for the first part"
        self._page.pictures.set_empty_text(text)

    def _fetch_thumbnail(self, key: PartKey) -> None:
        self._tasks.ask(
            lambda: _small(self._station.records.thumbnail(key)),
            lambda image: self._page.strip_model.set_thumbnail(key, image),
            self.fail,
        )

    # ---- what is touched

    def _connect_actions(self) -> None:
        on = self._actions.on
        on(SharedAct.START, self.start)
        on(SharedAct.STOP, self._ask_to_stop)
        on(SharedAct.PAUSE, self._pause_or_go_on)
        self._page.stops.chosen.connect(self._go_on)
        on(LineAct.TRIGGER, self._trigger)
        on(SharedAct.CHOOSE_PRODUCT, self.choose_product)
        on(LineAct.OLDER_PART, lambda: self._page.strip.step(1))
        on(LineAct.NEWER_PART, lambda: self._page.strip.step(-1))
        on(LineAct.LIVE, self._leave)
        on(LineAct.SHOW_REVIEW, self._show_review)
        on(LineAct.NEXT_REJECT, self._show_next_reject)
        on(LineAct.ACKNOWLEDGE, self._page.banner.acknowledge)

    def start(self) -> None:
        """Start the line; if no product is chosen, ask for one first."""
        if self._station.line.recipe is None:
            self.choose_product()
            self._start_when_chosen = True
            return
        self.back_to_live()
        self._writing.ask(self._start_line, _shown_by_messages, self._answer)

    def _restore(self) -> None:
        """Load the product of last time, and start the line if the settings want it."""

        def restored(starts: bool) -> None:
            if starts:
                self.start()

        self._writing.ask(self._station.line.restore, restored, self.fail)

    def _start_line(self) -> None:
        """Release a camera that the Cameras page looks through: it may be the line's own."""
        self._station.cameras.disconnect()
        self._station.cameras.wait_disconnected(_CAMERA_RELEASED_WITHIN_S)
        self._station.line.start()

    def choose_product(self) -> None:
        """Show what can be inspected, on the line's page."""
        self._context.show_home()
        self._start_when_chosen = False
        if not self._station.line.state.at_rest:
            self._context.answer("The line is running.", "Stop it to change the product.")
            return
        self._tasks.ask(self._station.recipes.entries, self._offer_products, self._answer)

    def show_part(self, key: PartKey) -> None:
        """Show this part exactly as it was."""
        self._wanted = key
        self._tasks.ask(partial(self._read, key), self._show_past, self.fail)

    def _read(self, key: PartKey) -> RenderedPart:
        return render_part(self._station.records.part(key))

    def _leave(self) -> None:
        """Leave the question for a reason; if none is asked, the past part."""
        if not self.feedback.cancel_choice():
            self.back_to_live()

    def back_to_live(self) -> None:
        """The live picture again."""
        self._untouched.end()
        self._wanted = None
        self._page.strip.let_go()
        self.displayed_part.back_to_live()
        self.feedback.refresh_tasks()

    def _leave_past(self) -> None:
        """Nobody has touched the past part for a while: go back, lest it be taken for the live one.

        While the line rests there is no live part that it could be taken for, and a person may be looking at it.
        """
        if self.displayed_part.state.at_rest:
            self._untouched.begin()
        else:
            self.back_to_live()

    def _show_past(self, part: RenderedPart) -> None:
        if part.inspection.key == self._wanted:
            self._untouched.begin()
            self.displayed_part.show_past(part)
            self.feedback.show_said(part.inspection.key)
            self.feedback.refresh_tasks()

    def _offer_products(self, entries: tuple[RecipeEntry, ...]) -> None:
        if self._page.findChild(RecipeChooser) is not None or not self._page.isVisible():
            return
        released = [entry.recipe for entry in entries if entry.state is RecipeState.RELEASED]
        chooser = RecipeChooser(self._page, released, self._station.line.recipe)
        chooser.chosen.connect(self._load)
        chooser.open()

    def _load(self, recipe: Recipe) -> None:
        load = partial(self._station.line.load_recipe, recipe.name, recipe.revision)
        self._writing.ask(load, self._loaded, self._answer)

    def _loaded(self, _recipe: Recipe) -> None:
        """Go on with what the person has asked for: the key Start led to the choice."""
        if self._start_when_chosen:
            self._start_when_chosen = False
            self.start()

    def _ask_to_stop(self) -> None:
        ask(self._page.window(), "Stop the line?", "No part is inspected until it is started again.", "Stop", "Go on",
            lambda: self._station.line.stop("stopped by the operator"))  # fmt: skip

    def _pause_or_go_on(self) -> None:
        """What the key says, also where the line has changed since. A long pause has a reason."""
        if self.displayed_part.state is not LineState.PAUSED:
            self._command(self._station.line.pause)
            return
        paused_s, asks_after_s = time.monotonic() - self._paused_s, self._station.settings.screen.pause_reason_after_s
        if asks_after_s and paused_s >= asks_after_s:
            self.feedback.ask_why_paused(f"Paused for {age(paused_s)}. Why?")
        else:
            self._command(self._station.line.resume)

    def _go_on(self, _key: object, _claim: object, reason: str) -> None:
        self.feedback.end_choice()
        self._command(partial(self._station.line.resume, reason))

    def _command(self, give: Callable[[], object]) -> None:
        try:
            give()
        except StationError as error:
            self._answer(error)

    def _trigger(self) -> None:
        """A trigger waits for nothing: one that could only come later would show another part."""
        self._triggering.ask(self._station.line.trigger, _shown_by_messages, self._answer)

    def _show_review(self) -> None:
        part = self.feedback.review_to_show
        if part is not None:
            self._page.strip.choose(part.key)

    def _show_next_reject(self) -> None:
        """Show the oldest reject that nobody has said anything of; again: the one after it."""
        rejects = [part.key for part in self._station.review.open_rejects]
        past = self.displayed_part.past
        later = [key for key in rejects if past is not None and key > past.inspection.key]
        if keys := later or rejects:
            if self._page.strip_model.row_of(keys[0]) is None:
                self.show_part(keys[0])  # older than the strip
            self._page.strip.choose(keys[0])

    def _show_rejects(self) -> None:
        """Show how many rejects nobody has said anything of."""
        count = len(self._station.review.open_rejects)
        if count != self._rejects:
            self._rejects = count
            action = self._actions[LineAct.NEXT_REJECT]
            action.setText(f"{count} reject{'' if count == 1 else 's'} not handled")
            action.setEnabled(count > 0)
            self._page.offer_rejects(count > 0)

    # ---- the clock

    def _tick(self) -> None:
        now_s = time.monotonic()
        self._page.phase.beat()
        self._page.banner.blink(int(now_s / _BLINK_S) % 2 == 0)
        self.displayed_part.refresh_age(self._station.line.expected_interval_s)
        self._look_elsewhere(now_s)
        self._show_phase()
        self.feedback.show_time()
        self._show_rejects()
        self._page.phase.show_figures(self._figures())
        self._context.line_status.publish(self._status())

    def _look_elsewhere(self, now_s: float) -> None:
        """See, once a second, whether another window runs the line: this one would say that it is stopped."""
        if now_s - self._looked_elsewhere_s >= 1:
            self._looked_elsewhere_s = now_s
            self._elsewhere = self.displayed_part.state.at_rest and self._station.line.runs_elsewhere()

    def _status(self) -> LineStatus:
        return LineStatus(
            state=self.displayed_part.state,
            phase=self._phase_words(),
            stale=self.displayed_part.stale,
            verdict=self.displayed_part.current_verdict,
            fails_in_a_row=self._fails_in_a_row,
            alarms=self._page.banner.count(Kind.ALARM),
            seen_alarms=self._page.banner.count(Kind.SEEN),
            messages=self._page.banner.count(Kind.MESSAGE),
            reviews=len(self.feedback.waiting),
        )

    def _figures(self) -> str:
        old_s = self.displayed_part.image_monitor.picture_age_s
        return "" if old_s is None or self.displayed_part.live is None else f"picture {age(old_s)} old"


def _shown_by_messages(_answer: object) -> None:
    """Do nothing: the station reports the result of a command as a message."""


def _small(image: Image | None) -> QImage | None:
    if image is None:
        return None
    return qimage(image).scaled(
        _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
