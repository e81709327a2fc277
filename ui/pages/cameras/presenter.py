"""Connects the station's cameras with their page; whatever waits for a camera runs as a background task."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from station.domain.camera import CameraFeature, DiscoveryResult
from station.domain.errors import CameraError, StationError
from station.domain.permissions import Permission
from station.domain.preview import PreviewPicture, PreviewState, PreviewStatus
from station.domain.recipe import SettingValue
from station.domain.source_uri import is_simulated
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.timers import repeating_timer
from ui.pages.cameras.actions import CamerasAct
from ui.pages.cameras.page import CamerasPage
from ui.pages.cameras.preview_status import notice, state_words
from ui.pages.cameras.recipe_drafts import RecipeDrafts
from ui.theme.plain_text import in_a_hint

T = TypeVar("T")

_TICK_MS = 33
_LOOKED_AT_MS = 1000
_RELEASED_WITHIN_S = 20.0
_OF_A_CAMERA = (CamerasAct.READ_FEATURES, CamerasAct.COPY_TO_RECIPE)
_WHO_ARE_YOU = "Touch the name at the top and log in: an engineer looks through cameras."


class CamerasPresenter(QObject):
    """Shows the cameras on the page. A camera is connected only while the page is visible.

    Attributes:
        drafts: The way of a camera's settings into a recipe.
    """

    def __init__(self, page: CamerasPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station, self._actions = page, context.station, context.actions
        self._cameras = context.station.cameras
        self._tasks, self._search_tasks = context.tasks.another(self), context.tasks.another(self)
        self._status = PreviewStatus()
        self._received_ns: int | None = None
        self._live = True
        self._timer = repeating_timer(self, _TICK_MS, self._follow)
        self._looking = repeating_timer(self, _LOOKED_AT_MS, self._poll_features)
        self.drafts = RecipeDrafts(page, context, self._tasks, self._ask_camera, self._fail)
        self._connect()
        self._show_state(self._status)

    def open(self) -> None:
        """Follow the camera, and look for cameras."""
        self._timer.start()
        self._looking.start()
        if self._station.authority.allows(Permission.USE_CAMERA):
            self.look_for_cameras()
        else:
            self._page.cameras.why.show_words([(_WHO_ARE_YOU, "")])

    def _poll_features(self) -> None:
        self._cameras.poll_features(self._page.features.visible_features())

    def leave(self) -> None:
        """Release the camera: the line may need it."""
        self._timer.stop()
        self._looking.stop()
        self._cameras.disconnect()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return the wait for the camera and for every question that is still open."""
        return (ClosingStep("the camera to be released", self.wait, _RELEASED_WITHIN_S),)

    def wait(self, timeout_s: float) -> bool:
        """Wait until the camera is released and every question is answered; return whether that came in time."""
        deadline = time.monotonic() + timeout_s
        return self._cameras.wait_disconnected(timeout_s) and all(
            tasks.wait(max(0.0, deadline - time.monotonic())) for tasks in (self._tasks, self._search_tasks)
        )

    def close(self) -> None:
        """Take no more questions, and end all threads without waiting: `wait` has done that."""
        self.leave()
        for tasks in (self._tasks, self._search_tasks):
            tasks.close(within_s=0)

    def look_for_cameras(self) -> None:
        """Ask all producers for their cameras."""
        self._clear_message()
        self._actions[CamerasAct.LOOK_FOR_CAMERAS].setEnabled(False)
        self._page.cameras.show_searching()
        self._search_tasks.ask(self._cameras.discover, self._found, self._not_found)

    def connect_camera(self) -> None:
        """Connect the camera that is marked in the list."""
        source = self._page.cameras.chosen
        if source is None:
            return
        try:
            self._cameras.connect(source)
        except StationError as error:
            self._fail(error)
            return
        self._received_ns = None
        self._page.show_nothing()

    def write(self, name: str, value: SettingValue) -> None:
        """Set one feature."""
        self._clear_message()
        self._page.editor.show_waiting()
        self._ask_camera(
            lambda: self._cameras.write(name, value),
            lambda features: self._written(name, value, features),
            lambda error: self._not_written(name, error),
        )

    # ---- what the person asks for

    def _connect(self) -> None:
        page, on = self._page, self._actions.on
        for act in (CamerasAct.CLIPPING, CamerasAct.CROSSHAIR, CamerasAct.FULL_SIZE):
            self._actions[act].setCheckable(True)
        self._actions[CamerasAct.CLIPPING].setChecked(True)
        self._actions[CamerasAct.CLIPPING].toggled.connect(page.canvas.mark_clipping)
        self._actions[CamerasAct.CROSSHAIR].toggled.connect(page.canvas.show_crosshair)
        on(CamerasAct.FULL_SIZE, self._zoom)
        on(CamerasAct.LOOK_FOR_CAMERAS, self.look_for_cameras)
        on(CamerasAct.CONNECT, self.connect_camera)
        on(CamerasAct.DISCONNECT, self._cameras.disconnect)
        on(CamerasAct.RESET_PEAK, page.sharpness.reset)
        on(CamerasAct.FIND_FEATURE, page.features.words.setFocus)
        on(CamerasAct.VISIBILITY, page.features.more_visible)
        on(CamerasAct.WRITE_FEATURE, page.editor.write)
        on(CamerasAct.READ_FEATURES, self._read_features)
        on(CamerasAct.COPY_TO_RECIPE, self._copy_to_recipe)
        on(CamerasAct.SUPPORT_FILE, self._save_bundle)
        page.canvas.zoom_changed.connect(
            lambda: self._actions[CamerasAct.FULL_SIZE].setChecked(not page.canvas.view.fits)
        )
        page.cameras.connect_wanted.connect(self.connect_camera)
        page.features.chosen.connect(page.editor.show_feature)
        page.editor.write_wanted.connect(self.write)

    def _zoom(self) -> None:
        canvas = self._page.canvas
        if canvas.view.fits:
            canvas.show_full_size()
        else:
            canvas.fit()

    def _read_features(self) -> None:
        self._clear_message()
        self._ask_camera(self._cameras.read_features, self._show_features, self._fail)

    def _copy_to_recipe(self) -> None:
        self._clear_message()
        self.drafts.choose_recipe()

    def _save_bundle(self) -> None:
        self._page.say("Saving \u2026")
        self._actions[CamerasAct.SUPPORT_FILE].setEnabled(False)
        self._search_tasks.ask(self._cameras.support_bundle, self._saved, self._not_saved)

    def _ask_camera(
        self, work: Callable[[], T], answer: Callable[[T], object], failed: Callable[[StationError], object]
    ) -> None:
        """Ask the connected camera; drop the question and its answer once another camera is connected."""
        source = self._cameras.status.source

        def still() -> bool:
            return self._cameras.status.source == source

        self._tasks.ask(
            lambda: [work()] if still() else [],
            lambda results: [answer(result) for result in results if still()],
            lambda error: still() and failed(error),
        )

    # ---- what the cameras say

    def _found(self, seen: DiscoveryResult) -> None:
        self._actions[CamerasAct.LOOK_FOR_CAMERAS].setEnabled(True)
        self._page.cameras.show_cameras(seen)

    def _not_found(self, error: StationError) -> None:
        self._actions[CamerasAct.LOOK_FOR_CAMERAS].setEnabled(True)
        self._fail(error)

    def _saved(self, path: Path) -> None:
        self._actions[CamerasAct.SUPPORT_FILE].setEnabled(True)
        self._page.say(f"Saved as {path.name} in {path.parent}.")

    def _not_saved(self, error: StationError) -> None:
        self._actions[CamerasAct.SUPPORT_FILE].setEnabled(True)
        self._fail(error)

    def _fail(self, error: StationError) -> None:
        self._page.say(_for_this_page(str(error)))

    def _clear_message(self) -> None:
        """Remove the message of the action before; keep the camera's own state."""
        self._page.say(_for_this_page(self._status.sentence))

    def _written(self, name: str, value: SettingValue, features: tuple[CameraFeature, ...]) -> None:
        self._show_features(features)
        self._page.editor.show_taken(name, value)

    def _not_written(self, name: str, error: StationError) -> None:
        """Show the error at the feature while that is still edited; else above the picture."""
        (self._page.editor if self._page.editor.edits(name) else self._page).say(error.sentence)

    def _show_features(self, features: tuple[CameraFeature, ...]) -> None:
        self._page.features.show_features(features)

    def _follow(self) -> None:
        picture = self._cameras.take_picture()
        if picture is not None:
            self._show_picture(picture)
        status = self._cameras.status
        over_picture = notice(status, self._age_s())
        if over_picture is not None:
            status = replace(status, frame_rate_hz=None)
        if status != self._status:
            self._show_status(status)
        self._page.state.setText(state_words(status, over_picture))
        self._page.canvas.set_notice(over_picture)
        self._show_live(self._received_ns is None or over_picture is None)

    def _show_live(self, live: bool) -> None:
        if live is not self._live:
            self._live = live
            self._page.show_live(live)

    def _age_s(self) -> float | None:
        return None if self._received_ns is None else (time.monotonic_ns() - self._received_ns) / 1e9

    def _show_picture(self, picture: PreviewPicture) -> None:
        self._received_ns = picture.received_ns
        self._page.canvas.simulated = is_simulated(self._status.source)
        self._page.canvas.show_picture(picture)
        self._page.histogram.show_exposure(picture.exposure)
        self._page.sharpness.show_sharpness(picture.exposure.sharpness)
        self._page.figures.show_picture(picture)

    def _show_status(self, status: PreviewStatus) -> None:
        before, self._status = self._status, status
        self._page.figures.show_status(status)
        if before.readings != status.readings:
            self._page.features.renew(status.readings)
        if (before.state, before.source) != (status.state, status.source):
            self._show_state(status)

    def _show_state(self, status: PreviewStatus) -> None:
        self._page.state.setText(status.state.value)
        name = status.name or status.source
        self._page.name.setText(f"last: {name}" if name and status.state is PreviewState.NONE else name)
        self._page.name.setToolTip(in_a_hint("\n".join(dict.fromkeys(filter(None, (status.name, status.source))))))
        self._clear_message()
        self._page.canvas.set_empty_text(_EMPTY[status.state])
        self._actions[CamerasAct.DISCONNECT].setEnabled(status.state in (*_HELD, PreviewState.ON_LINE))
        for act in _OF_A_CAMERA:
            self._actions[act].setEnabled(status.state in _HELD)
        if status.state not in _HELD:
            self._show_features(())
        if status.state is PreviewState.LIVE:
            self._ask_camera(self._cameras.features, self._show_features, self._fail)


def _for_this_page(text: str) -> str:
    """Return the text with advice for this page: the command line would show the same list."""
    return text.replace(CameraError.advice, _LOOK_HERE)


_LOOK_HERE = "Look again (Ctrl+L), or see below the list why."
_HELD = (PreviewState.LIVE, PreviewState.LOST)
_EMPTY = {
    PreviewState.NONE: "Choose a camera and connect it",
    PreviewState.CONNECTING: "Connecting \u2026",
    PreviewState.LIVE: "Waiting for the first picture",
    PreviewState.ON_LINE: "Waiting for the next part of the line",
    PreviewState.LOST: "",
    PreviewState.REFUSED: "Cannot connect",
}
