"""Connects the station with the line's page: shows its messages and gives it commands."""

import time
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage

from station.domain.errors import StationError
from station.domain.formatting import age
from station.domain.frame import Image
from station.domain.inspection import PartKey
from station.domain.messages import (
    CameraLost,
    CameraReturned,
    FaultReported,
    LineState,
    LineStateChanged,
    MessagesMissed,
    PartJudged,
    PartRecorded,
)
from station.domain.recipe import Recipe, RecipeEntry, RecipeState
from station.domain.verdict import Verdict
from ui.actions.action import SharedAct
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.bridge import Bridge
from ui.background.line_status import LineStatus
from ui.background.rendered_part import RenderedPart, qimage, render_part
from ui.background.tasks import BackgroundTasks
from ui.background.timers import repeating_timer
from ui.pages.line.actions import LineAct
from ui.pages.line.alarm_banner import Entry, Kind
from ui.pages.line.displayed_part import DisplayedPart
from ui.pages.line.feedback_controller import FeedbackController
from ui.pages.line.filmstrip_model import KEPT
from ui.pages.line.page import LinePage
from ui.pages.line.recipe_chooser import RecipeChooser
from ui.pages.line.throughput import Throughput
from ui.pages.line.wording import phase_words, state_words
from ui.theme.sound import FailSound
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
        self._sound = FailSound()
        self._throughput = Throughput()
        self._wanted: PartKey | None = None
        self._fails_in_a_row: int | None = None
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
        self._triggering.close()
        self._writing.close(within_s=_WORDS_WRITTEN_WITHIN_S)
        self._sound.close()

    def fail(self, error: StationError, kind: Kind = Kind.MESSAGE) -> None:
        """Say calmly what went wrong and what to do; the whole of it is for the engineer."""
        self._context.fault_log.add(FaultReported.of("window", error))
        self._page.banner.tell(Entry.of(kind, error.for_operator))

    # ---- what comes from the station

    def _connect(self, bridge: Bridge) -> None:
        bridge.state_changed.connect(self._show_state)
        bridge.recipe_loaded.connect(lambda loaded: self._show_recipe(loaded.recipe))
        bridge.part_judged.connect(self._judged)
        bridge.part_recorded.connect(self._recorded)
        bridge.review_opened.connect(lambda _opened: self.feedback.refresh_tasks())
        bridge.review_ended.connect(lambda _ended: self.feedback.refresh_tasks())
        bridge.alarm_raised.connect(lambda raised: self._page.banner.tell(Entry.of_alarm(raised.alarm)))
        bridge.fault_reported.connect(self._trouble)
        bridge.part.connect(self.displayed_part.show_rendered)
        bridge.camera_lost.connect(self._camera_lost)
        bridge.camera_returned.connect(self._camera_returned)
        bridge.caught_up.connect(self._show_counts)
        bridge.fell_behind.connect(self._read_again)
        self._page.strip.part_chosen.connect(self.show_part)
        self._page.strip_model.thumbnail_wanted.connect(self._fetch_thumbnail)

    def _show_state(self, change: LineStateChanged) -> None:
        self._page.line_keys.show_state(change.state)
        if not (change.state.inspecting_parts or change.state is LineState.CAMERA_LOST):
            self._throughput.forget()
        self.displayed_part.enter_state(change.state, state_words(change.state))
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
        self._page.phase.show_state(
            state, phase_words(state, self.displayed_part.image_monitor.lost, stale=stale), stale=stale
        )

    def _judged(self, message: PartJudged) -> None:
        inspection = message.inspection
        self._throughput.add(time.monotonic())
        self._page.strip.add(inspection)
        self.displayed_part.show_verdict(inspection)
        self.feedback.enable_actions()
        if inspection.verdict is Verdict.FAIL:
            self._sound.play()

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
        self._fill_strip()

    def _fill_strip(self) -> None:
        self._tasks.ask(lambda: self._station.records.recent(KEPT), self._page.strip_model.fill, self.fail)

    def _show_recipe(self, recipe: Recipe | None) -> None:
        self._page.pictures.set_empty_text("Ready to start" if recipe else "Choose a product")
        self.displayed_part.expect_views(recipe.view_names if recipe else ("",))
        self.feedback.expect_recipe(recipe)

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
        on(LineAct.TRIGGER, self._trigger)
        on(SharedAct.CHOOSE_PRODUCT, self.choose_product)
        on(LineAct.OLDER_PART, lambda: self._page.strip.step(1))
        on(LineAct.NEWER_PART, lambda: self._page.strip.step(-1))
        on(LineAct.LIVE, self._leave)
        on(LineAct.SHOW_REVIEW, self._show_review)
        on(LineAct.ACKNOWLEDGE, self._page.banner.acknowledge)

    def start(self) -> None:
        """Start the line; if no product is chosen, ask for one first."""
        if self._station.line.recipe is None:
            self.choose_product()
            return
        self.back_to_live()
        self._writing.ask(self._start_line, _shown_by_messages, self.fail)

    def _start_line(self) -> None:
        """Release a camera that the Cameras page looks through: it may be the line's own."""
        self._station.cameras.disconnect()
        self._station.cameras.wait_disconnected(_CAMERA_RELEASED_WITHIN_S)
        self._station.line.start()

    def choose_product(self) -> None:
        """Show what can be inspected, on the line's page."""
        self._context.show_home()
        if not self._station.line.state.at_rest:
            self._page.banner.tell(Entry(Kind.MESSAGE, "The line is running.", "Stop it to change the product."))
            return
        self._tasks.ask(self._station.recipes.entries, self._offer_products, self.fail)

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
        self._wanted = None
        self._page.strip.let_go()
        self.displayed_part.back_to_live()
        self.feedback.refresh_tasks()

    def _show_past(self, part: RenderedPart) -> None:
        if part.inspection.key == self._wanted:
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
        self._writing.ask(load, _shown_by_messages, self.fail)

    def _ask_to_stop(self) -> None:
        ask(self._page.window(), "Stop the line?", "No part is inspected until it is started again.", "Stop", "Go on",
            lambda: self._station.line.stop("stopped by the operator"))  # fmt: skip

    def _pause_or_go_on(self) -> None:
        """What the key says, also where the line has changed since."""
        line = self._station.line
        try:
            (line.resume if self.displayed_part.state is LineState.PAUSED else line.pause)()
        except StationError as error:
            self.fail(error)

    def _trigger(self) -> None:
        """A trigger waits for nothing: one that could only come later would show another part."""
        self._triggering.ask(self._station.line.trigger, _shown_by_messages, self.fail)

    def _show_review(self) -> None:
        part = self.feedback.review_to_show
        if part is not None:
            self._page.strip.choose(part.key)

    # ---- the clock

    def _tick(self) -> None:
        now_s = time.monotonic()
        self._page.phase.beat()
        self._page.banner.blink(int(now_s / _BLINK_S) % 2 == 0)
        self.displayed_part.refresh_age(self._station.line.expected_interval_s)
        self._show_phase()
        self.feedback.show_time()
        self._page.phase.show_figures(self._figures(now_s))
        self._context.line_status.publish(self._status())

    def _status(self) -> LineStatus:
        return LineStatus(
            state=self.displayed_part.state,
            stale=self.displayed_part.stale,
            verdict=self.displayed_part.current_verdict,
            fails_in_a_row=self._fails_in_a_row,
            alarms=self._page.banner.count(Kind.ALARM),
            messages=self._page.banner.count(Kind.MESSAGE),
            reviews=len(self.feedback.waiting),
        )

    def _figures(self, now_s: float) -> str:
        old_s = self.displayed_part.image_monitor.picture_age_s
        old = "" if old_s is None or self.displayed_part.live is None else f"picture {age(old_s)} old"
        return "    ".join(filter(None, (self._throughput.words(now_s), old)))


def _shown_by_messages(_answer: object) -> None:
    """Do nothing: the station reports the result of a command as a message."""


def _small(image: Image | None) -> QImage | None:
    if image is None:
        return None
    return qimage(image).scaled(
        _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
