"""The camera step: what is chosen is looked through before the line may use it."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from station.app import Station
from station.domain.errors import StationError
from station.domain.preview import PreviewState, PreviewStatus
from station.domain.source_uri import folder_source
from ui.actions.page_spec import PageContext
from ui.background.tasks import BackgroundTasks
from ui.pages.guide.actions import GuideAct
from ui.pages.guide.camera_choice import CameraChoice

_A_PICTURE_WITHIN_S = 20.0


class CameraStep(QObject):
    """Finds cameras, looks through one, and gives it to the line once it has shown a picture.

    Args:
        choice: The widgets.
        context: The station and the actions.
        tasks: Where quick questions are asked.
        used: Called with the source that the line uses from now on.
        say: Says a sentence.
        failed: Called with what went wrong.
    """

    def __init__(
        self,
        choice: CameraChoice,
        context: PageContext,
        tasks: BackgroundTasks,
        used: Callable[[str], object],
        say: Callable[[str], object],
        failed: Callable[[StationError], object],
    ) -> None:
        super().__init__(choice)
        self._choice, self._tasks = choice, tasks
        self._station: Station = context.station
        self.search = context.tasks.another(self)
        self._used, self._say, self._failed = used, say, failed
        self._view: str | None = None
        self._looked = ""
        self._seen = False
        self._to_be_used = False
        self._since_s = 0.0
        choice.look_wanted.connect(self.look)
        on = context.actions.on
        on(GuideAct.FIND_CAMERAS, self.find)
        on(GuideAct.CHOOSE_FOLDER, self._choose_folder)
        on(GuideAct.LOOK, self.look)
        on(GuideAct.USE_CAMERA, self._use)

    def show(self, view: str, camera: str) -> None:
        """Offer the camera of this view as the choice, if another view was shown before."""
        if view != self._view:
            self._view, self._looked, self._to_be_used = view, "", False
            self._choice.choose(camera)

    def leave(self) -> None:
        """Give up a look that nobody waits for any more."""
        self._view, self._looked, self._to_be_used = None, "", False

    def wanted_camera(self, present: str) -> str:
        """Return what is looked through: what a person asked for, else the present camera."""
        return self._looked or present

    def find(self) -> None:
        """Look for cameras; takes seconds."""
        self._choice.show_searching()
        self.search.ask(self._station.cameras.discover, self._choice.show_cameras, self._failed)

    def look(self) -> None:
        """Show what the chosen camera sees."""
        if not self._choice.source:
            self._say("Mark a camera, or give an address or a folder.")
            return
        self._station.cameras.disconnect()
        self._choice.choose(self._choice.source)
        self._looked, self._seen, self._since_s = self._choice.source, False, time.monotonic()
        self._say(f"Looking through {self._looked} \u2026")

    def follow(self, status: PreviewStatus, *, came: bool) -> None:
        """Say how the look goes on; use the camera if a person wants that and a picture came.

        Args:
            status: Of the camera.
            came: A picture came now.
        """
        if not self._looked or self._seen or status.source != self._looked:
            return
        if came:
            self._seen = True
            if self._to_be_used:
                self._give_to_line()
            else:
                self._say(f"This is what {self._looked} sees. The line does not use it yet.")
        elif status.state in (PreviewState.REFUSED, PreviewState.LOST):
            self._give_up(status.sentence)
        elif time.monotonic() > self._since_s + _A_PICTURE_WITHIN_S:
            self._give_up(f"No picture came from {self._looked}. Check cable, power and trigger.")

    def _give_up(self, sentence: str) -> None:
        """Say why there is no picture; the line keeps its camera."""
        self._seen, self._to_be_used = True, False
        self._say(f"{sentence} The line does not use it.")

    def _use(self) -> None:
        """Look first: a camera that shows nothing is not used."""
        same = self._looked == self._choice.source and self._seen
        live = self._station.cameras.status.state is PreviewState.LIVE
        self._to_be_used = bool(self._choice.source)
        if same and live:
            self._give_to_line()
        else:
            self.look()

    def _give_to_line(self) -> None:
        source, self._to_be_used = self._looked, False
        self._station.cameras.disconnect()
        use = partial(self._station.cameras.use_on_line, source, self._view or "")
        self._tasks.ask(use, lambda _: self._is_used(source), self._failed)

    def _is_used(self, source: str) -> None:
        self._looked = ""
        self._used(source)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self._choice.window(), "A folder of pictures in place of a camera", str(Path.home()))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.take_folder)
        dialog.open()

    def take_folder(self, path: str) -> None:
        """Choose the pictures of this folder, and show them."""
        self._choice.choose(folder_source(path))
        self.look()
