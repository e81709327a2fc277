"""Follows a demo line to its end, for the screenshot and the summary."""

import os
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPixmap

from station.domain.errors import FaultError
from station.domain.inspection import PartKey
from station.domain.messages import FaultReported, LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from ui.background.rendered_part import RenderedPart
from ui.background.timers import single_timer
from ui.pages.line.filmstrip import Strip
from ui.pages.line.spec import LINE
from ui.shell.main_window import MainWindow

_SILENT_FOR_MS = 60_000
_SETTLED_MS = 400
_IMPORTED_S = time.monotonic()


class DemoRun(QObject):
    """Follows the line to its end, leaves a screenshot of the last reject and closes the window.

    The screenshot is taken while the reject is the live part: later the band speaks of the line, which is stopped.

    Attributes:
        first_verdict_s: Seconds from the start of the process to the first verdict on the screen.
        failure: Why the demo did not reach its end.
    """

    def __init__(self, window: MainWindow, screenshot: Path | None) -> None:
        super().__init__(window)
        self.first_verdict_s: float | None = None
        self.failure: FaultError | None = None
        self._window = window
        self._screenshot = screenshot
        self._reject: PartJudged | None = None
        self._judged = 0
        self._newest: PartKey | None = None
        self._state = LineState.STARTING
        self._seen: QPixmap | None = None
        silent = partial(self._give_up, "The demo line has stopped inspecting.")
        self._watchdog = single_timer(self, _SILENT_FOR_MS, silent)
        bridge = window.bridge
        bridge.part_judged.connect(self._part_judged)
        bridge.state_changed.connect(self._state_changed)
        bridge.fault_reported.connect(self._trouble)
        if screenshot is not None:
            bridge.part.connect(self._look)
        self._watchdog.start()

    def _part_judged(self, message: PartJudged) -> None:
        if self.first_verdict_s is None:
            self.first_verdict_s = round(seconds_since_start(), 3)
        self._judged += 1
        self._newest = message.inspection.key
        if message.inspection.verdict is Verdict.FAIL:
            self._reject = message
        self._watchdog.start()

    def _look(self, part: RenderedPart) -> None:
        """Keep what the window shows of a reject when its picture is there, unless the next part has come already."""
        key = part.inspection.key
        live = self._state.inspecting_parts and key == self._newest
        if live and part.inspection.verdict is Verdict.FAIL:
            self._seen = self._window.grab()

    def _state_changed(self, message: LineStateChanged) -> None:
        self._state = message.state
        if message.state is LineState.STOPPED and self._judged:
            self._show_reject()

    def _trouble(self, trouble: FaultReported) -> None:
        if not self._judged:
            self._give_up(trouble.sentence, trouble.advice)

    def _show_reject(self) -> None:
        if self._reject is not None:
            strip = self._window.page_of(LINE.name).findChild(Strip)
            if strip is None:
                self._give_up("The demo found no strip of parts on the line's page.")
                return
            strip.choose(self._reject.inspection.key)
        QTimer.singleShot(_SETTLED_MS, self, self._finish)

    def _finish(self) -> None:
        picture = self._seen or self._window.grab()
        if self._screenshot and not picture.save(str(self._screenshot), "PNG"):
            self._give_up(f"The screenshot {self._screenshot} cannot be written.", "Give another --screenshot.")
        self._window.close_when_idle()

    def _give_up(self, sentence: str, advice: str = "See the log, or run 'linesidectl doctor'.") -> None:
        self.failure = FaultError(sentence, advice)
        self._window.close_when_idle()


def seconds_since_start() -> float:
    """Return the seconds since this process started, including the start of the interpreter on Linux."""
    try:
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        uptime_s = float(Path("/proc/uptime").read_text().split()[0])
    except FileNotFoundError:
        return time.monotonic() - _IMPORTED_S
    return uptime_s - int(fields[19]) / os.sysconf("SC_CLK_TCK")
