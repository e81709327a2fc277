"""The keys that move the line: product, start, stop, pause and trigger."""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.formatting import age
from station.domain.messages import LineState
from station.domain.recipe import Recipe, RecipeEntry, RecipeState
from ui.actions.action import SharedAct
from ui.actions.page_spec import PageContext
from ui.background.press_moment import pressed_s
from ui.background.tasks import BackgroundTasks
from ui.pages.line.actions import LineAct
from ui.pages.line.attention import Attention
from ui.pages.line.feedback_controller import FeedbackController
from ui.pages.line.page import LinePage
from ui.pages.line.past_parts import PastParts
from ui.pages.line.phase_presenter import PhasePresenter
from ui.pages.line.pressed_subjects import PressedSubjects
from ui.pages.line.recipe_chooser import RecipeChooser
from ui.widgets.confirm_dialog import ask

_CAMERA_RELEASED_WITHIN_S = 20.0
_IN_FRONT = "Another window of this station runs the line.", "It was brought to the front: look there."


class LineCommands:
    """Gives the station the commands of the operator.

    Starting reads and writes, and is done by a background task. Stop, pause and resume are only requests, and made at
    once. A key acts on the state that it showed when it was pressed, or on none.
    """

    def __init__(
        self,
        owner: QObject,
        page: LinePage,
        context: PageContext,
        attention: Attention,
        phase: PhasePresenter,
        parts: PastParts,
        feedback: FeedbackController,
        writing: BackgroundTasks,
    ) -> None:
        self._page, self._context, self._station = page, context, context.station
        self._attention, self._phase, self._parts, self._feedback = attention, phase, parts, feedback
        self._writing, self._triggering = writing, writing.another(owner)
        self._start_when_chosen = False
        self._state = LineState.STOPPED
        self._shown: PressedSubjects[LineState] = PressedSubjects()
        self.paused_s = time.monotonic()
        if self._station.settings.camera.trigger == "software":
            page.line_keys.offer_trigger()
        self._connect()

    def enter_state(self, state: LineState) -> None:
        """Offer what can be done now."""
        if state is LineState.PAUSED and self._state is not LineState.PAUSED:
            self.paused_s = time.monotonic()
        self._state = state
        self._shown.note({SharedAct.PAUSE: state})
        self._page.line_keys.show_state(state)

    def restore(self) -> None:
        """Load the product of last time, and start the line if the settings want it."""

        def restored(starts: bool) -> None:
            if starts:
                self.start()

        self._writing.ask(self._station.line.restore, restored, self._attention.fail)

    def start(self) -> None:
        """Start the line; if no product is chosen, ask for one first."""
        if self._phase.call_line_window():
            self._context.answer(*_IN_FRONT)
            return
        if self._station.line.recipe is None:
            self.choose_product()
            self._start_when_chosen = True
            return
        self._parts.back_to_live()
        self._writing.ask(self._start_line, shown_by_messages, self._attention.answer)

    def choose_product(self) -> None:
        """Show what can be inspected, on the line's page."""
        self._context.show_home()
        self._start_when_chosen = False
        if not self._station.line.state.at_rest:
            self._context.answer("The line is running.", "Stop it to change the product.")
            return
        self._context.tasks.ask(self._station.recipes.entries, self._offer_products, self._attention.answer)

    def load(self, recipe: Recipe) -> None:
        """Inspect by this recipe from the next start on."""
        load = partial(self._station.line.load_recipe, recipe.name, recipe.revision)
        self._writing.ask(load, self._loaded, self._attention.answer)

    def close(self) -> None:
        """Wait for a trigger that is being given."""
        self._triggering.close()

    def _connect(self) -> None:
        on = self._context.actions.on
        on(SharedAct.START, self.start)
        on(SharedAct.STOP, self._ask_to_stop)
        on(SharedAct.PAUSE, self._pause_or_go_on)
        on(SharedAct.CHOOSE_PRODUCT, self.choose_product)
        on(LineAct.TRIGGER, self._trigger)
        self._page.stops.chosen.connect(self._go_on)

    def _start_line(self) -> None:
        """Release a camera that the Cameras page looks through: it may be the line's own."""
        self._station.cameras.disconnect()
        self._station.cameras.wait_disconnected(_CAMERA_RELEASED_WITHIN_S)
        self._station.line.start()

    def _offer_products(self, entries: tuple[RecipeEntry, ...]) -> None:
        if self._page.findChild(RecipeChooser) is not None or not self._page.isVisible():
            return
        released = [entry.recipe for entry in entries if entry.state is RecipeState.RELEASED]
        chooser = RecipeChooser(self._page, released, self._station.line.recipe)
        chooser.chosen.connect(self.load)
        chooser.open()

    def _loaded(self, _recipe: Recipe) -> None:
        """Go on with what the person has asked for: the key Start led to the choice."""
        if self._start_when_chosen:
            self._start_when_chosen = False
            self.start()

    def _ask_to_stop(self) -> None:
        ask(self._page.window(), "Stop the line?", "No part is inspected until it is started again.", "Stop", "Go on",
            lambda: self._station.line.stop("stopped by the operator"))  # fmt: skip

    def _pause_or_go_on(self) -> None:
        """Do what the key said when it was pressed, unless that is done already. A long pause has a reason."""
        shown = self._shown.at(SharedAct.PAUSE, pressed_s(self._context.actions[SharedAct.PAUSE]))
        paused = self._state is LineState.PAUSED
        if shown is not None and paused != (shown is LineState.PAUSED):
            return
        if not paused:
            self._command(self._station.line.pause)
            return
        paused_s, asks_after_s = time.monotonic() - self.paused_s, self._station.settings.screen.pause_reason_after_s
        if asks_after_s and paused_s >= asks_after_s:
            self._feedback.ask_why_paused(f"Paused for {age(paused_s)}. Why?")
        else:
            self._command(self._station.line.resume)

    def _go_on(self, _key: object, _claim: object, reason: str) -> None:
        self._feedback.end_choice()
        self._command(partial(self._station.line.resume, reason))

    def _command(self, give: Callable[[], object]) -> None:
        try:
            give()
        except StationError as error:
            self._attention.answer(error)

    def _trigger(self) -> None:
        """A trigger waits for nothing: one that could only come later would show another part."""
        self._triggering.ask(self._station.line.trigger, shown_by_messages, self._attention.answer)


def shown_by_messages(_answer: object) -> None:
    """Do nothing: the station reports the result of a command as a message."""
