"""Connects the station with the line's page: shows its messages and gives it commands."""

import time
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage

from station.domain.errors import StationError
from station.domain.formatting import counted
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
    ReviewEnded,
    ReviewOpened,
)
from station.domain.recipe import Recipe
from station.domain.verdict import Verdict
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.at_most import AtMost
from ui.background.bridge import Bridge
from ui.background.line_status import LineStatus
from ui.background.line_window import LineWindowWhileRunning
from ui.background.rendered_part import qimage, render_part
from ui.background.timers import repeating_timer
from ui.pages.line.alarm_banner import Kind
from ui.pages.line.attention import Attention
from ui.pages.line.displayed_part import DisplayedPart
from ui.pages.line.feedback_controller import FeedbackController
from ui.pages.line.filmstrip_model import KEPT
from ui.pages.line.line_commands import LineCommands
from ui.pages.line.page import LinePage
from ui.pages.line.past_parts import PastParts
from ui.pages.line.phase_presenter import PhasePresenter
from ui.pages.line.wording import NO_CAMERA
from ui.theme.sound import Sound, Sounds

_MISSED = "Counters, parts and reviews are complete. Older alarms and faults may be missing on the page; see the log."
_GAP = "The screen was too slow. Counters and parts are complete; look through the last parts for missed alarms."
_CLOCK_MS = 100
_BLINK_S = 0.6
_WORDS_WRITTEN_WITHIN_S = 30.0  # what a person said of a part is worth waiting for
_STOPS_WITHIN_S = 10.0
_THUMBNAIL = QSize(320, 320)


class LinePresenter(QObject):
    """Shows the line on the page. It lives as long as the window.

    Nothing here waits for the disk on the GUI thread: parts are read by one background task, and feedback is written
    and the line is started by another.

    Attributes:
        displayed_part: What is on show.
        feedback: What a person says of a part.
        attention: What needs a person.
        phase: What the line does, in words.
        parts: The way to a past part and back.
        commands: The keys that move the line.
        line_window: Brings this window to the front if another one of the station is opened.
    """

    def __init__(self, page: LinePage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._station, self._tasks, self._actions = context.station, context.tasks, context.actions
        self._sounds = Sounds()
        self._recipe_chosen = False
        self._fails_in_a_row: int | None = None
        self._writing = context.tasks.another(self)
        self._make_parts()
        self._counts = AtMost(self, self._show_counts)
        self._connect(context.bridge)
        self._clock = repeating_timer(self, _CLOCK_MS, self._tick)
        self._clock.start()
        self._show_recipe(self._station.line.recipe)
        self._show_state(LineStateChanged(self._station.line.state))
        self._fill_strip()
        self._show_counts()
        self.attention.show_alarms(self._station.alarms.open)
        self.commands.restore()

    def open(self) -> None:
        """Do nothing: the line is followed on every page."""

    def leave(self) -> None:
        """Do nothing: the line is followed on every page."""

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Let a start that was asked for happen, and stop that line too: the window has stopped the one before."""
        return (
            ClosingStep("what was asked of the line", self._writing.wait, _WORDS_WRITTEN_WITHIN_S),
            ClosingStep("the line to stop", self._is_stopped, _STOPS_WITHIN_S),
        )

    def _is_stopped(self, within_s: float) -> bool:
        if self._station.line.state.running:
            self._station.line.stop("window closed")
        return self._station.line.wait_stopped(within_s)

    def close(self) -> None:
        """Stop the clock, and finish what is being written."""
        self._clock.stop()
        self._counts.close()
        self._page.strip.close_clocks()
        self.displayed_part.close_clock()
        self.line_window.close()
        self.parts.close()
        self.feedback.close()
        self.commands.close()
        self._writing.close(within_s=_WORDS_WRITTEN_WITHIN_S)
        self._sounds.close()

    def fail(self, error: StationError, kind: Kind = Kind.MESSAGE) -> None:
        """Say calmly what went wrong and what to do; the whole of it is for the engineer."""
        self.attention.fail(error, kind)

    def show_part(self, key: PartKey) -> None:
        """Show this part exactly as it was."""
        self.parts.show_part(key)

    def back_to_live(self) -> None:
        """Show the live picture again."""
        self.parts.back_to_live()

    def _make_parts(self) -> None:
        page, station = self._page, self._station
        self.attention = Attention(page.banner, self._context, self._sounds)
        self.displayed_part = DisplayedPart(page, station.settings.station.time_zone)
        self.feedback = FeedbackController(
            page, self.displayed_part, station, self._writing, self._actions, partial(self.fail, kind=Kind.ALARM)
        )
        self.phase = PhasePresenter(page.phase, self.displayed_part, station)
        self.parts = PastParts(self, page, self.displayed_part, self.feedback, self._context, self.fail)
        self.commands = LineCommands(
            self, page, self._context, self.attention, self.phase, self.parts, self.feedback, self._writing
        )
        self.line_window = LineWindowWhileRunning(page, station.workspace.root)

    # ---- what comes from the station

    def _connect(self, bridge: Bridge) -> None:
        bridge.state_changed.connect(self._show_state)
        bridge.recipe_loaded.connect(lambda loaded: self._show_recipe(loaded.recipe))
        bridge.part_judged.connect(self._judged)
        bridge.part_recorded.connect(self._recorded)
        bridge.review_opened.connect(self._review_opened)
        bridge.review_ended.connect(self._review_ended)
        bridge.alarm_raised.connect(lambda _raised: self._sounds.play(Sound.ALARM))
        bridge.alarms_changed.connect(lambda changed: self.attention.show_alarms(changed.open))
        bridge.fault_reported.connect(self.attention.report)
        bridge.part.connect(self.displayed_part.show_rendered)
        bridge.camera_lost.connect(self._camera_lost)
        bridge.camera_returned.connect(self._camera_returned)
        bridge.caught_up.connect(self._counts.ask)
        bridge.fell_behind.connect(self._read_again)
        self._page.strip_model.thumbnail_wanted.connect(self._fetch_thumbnail)

    def _show_state(self, change: LineStateChanged) -> None:
        self.commands.enter_state(change.state)
        self.phase.enter_state(change)
        self.line_window.follow(running=change.state.running)
        self._show_empty_text()
        self.feedback.enable_actions()

    def _camera_lost(self, lost: CameraLost) -> None:
        self.displayed_part.mark_camera_lost(lost.view)
        self.phase.show()

    def _camera_returned(self, returned: CameraReturned) -> None:
        self.displayed_part.mark_camera_returned(returned.view)
        self.phase.show()

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
        self.attention.note_review_end(ended)
        self.feedback.refresh_tasks()

    def _recorded(self, message: PartRecorded) -> None:
        self._page.strip_model.ask_again(message.key)
        if self.displayed_part.crop_missing(message.key):
            self._tasks.ask(
                lambda: render_part(self._station.records.part(message.key)), self.displayed_part.add_crop, self.fail
            )

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
        self.attention.report(
            FaultReported("window", f"The window was too slow for {counted(missed.count, 'message')}.", _MISSED, _GAP)
        )
        line = self._station.line
        self._show_recipe(line.recipe)
        self._show_state(LineStateChanged(line.state))
        if line.state is not LineState.CAMERA_LOST:
            for view in self.displayed_part.image_monitor.lost:
                self.displayed_part.mark_camera_returned(view)
        self.feedback.refresh_tasks()
        self.attention.show_alarms(self._station.alarms.open)
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
        if not self._station.line.has_camera and self._station.line.state.at_rest:
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

    # ---- the clock

    def _tick(self) -> None:
        now_s = time.monotonic()
        self._page.banner.blink(int(now_s / _BLINK_S) % 2 == 0)
        self.displayed_part.refresh_age(self._station.line.expected_interval_s)
        self.phase.beat(now_s)
        self.feedback.show_time()
        self.parts.count_rejects()
        self._context.line_status.publish(self._status())

    def _status(self) -> LineStatus:
        return LineStatus(
            state=self.displayed_part.state,
            phase=self.phase.words,
            stale=self.displayed_part.stale,
            verdict=self.displayed_part.current_verdict,
            fails_in_a_row=self._fails_in_a_row,
            alarms=self._page.banner.count(Kind.ALARM),
            seen_alarms=self._page.banner.count(Kind.SEEN),
            messages=self._page.banner.count(Kind.MESSAGE),
            reviews=len(self.feedback.waiting),
        )


def _small(image: Image | None) -> QImage | None:
    if image is None:
        return None
    return qimage(image).scaled(
        _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
