"""What the window does while figures are measured: when it paints which part, and what holds its thread up."""

import linecache
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPaintEvent

from station.domain.verdict import Verdict
from ui.pages.line.verdict_band import VerdictBand
from ui.widgets.canvas.image_canvas import ImageCanvas

LONGEST_BLOCK_MS = 50.0
_BEAT_MS = 5
_ASK_MS = 20
_LOOK_S = 0.005
_HERE = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Painted:
    """When frames were first painted, by their number, and when the band was painted with FAIL; `time.perf_counter`."""

    frames: dict[int, float] = field(default_factory=dict)
    fails: list[float] = field(default_factory=list)

    def forget(self) -> None:
        """Begin again."""
        self.frames.clear()
        self.fails.clear()

    def intervals_ms(self) -> list[float]:
        """Return the times between one frame and the next on the screen."""
        at = sorted(self.frames.values())
        return [1e3 * (after - before) for before, after in pairwise(at)]


@contextmanager
def painted() -> Iterator[Painted]:
    """Note what windows paint that are made within this block: Qt's binding keeps the methods of a painted widget."""
    seen, picture, band = Painted(), ImageCanvas.paintEvent, VerdictBand.paintEvent

    def note_picture(canvas: ImageCanvas, event: QPaintEvent) -> None:
        picture(canvas, event)
        frame = None if canvas.rendered is None or canvas.outdated else canvas.rendered.inspection.frame_id
        if frame is not None:
            seen.frames.setdefault(frame, time.perf_counter())

    def note_band(shown: VerdictBand, event: QPaintEvent) -> None:
        band(shown, event)
        if shown._verdict is Verdict.FAIL:
            seen.fails.append(time.perf_counter())

    with patch.object(ImageCanvas, "paintEvent", note_picture), patch.object(VerdictBand, "paintEvent", note_band):
        yield seen


@dataclass(frozen=True, slots=True)
class Block:
    """A time in which the window did nothing of what it was asked.

    Attributes:
        ms: How long.
        waited_ms: How long of it its thread waited for a core that others had.
        used_ms: How long of it its thread worked; the rest it waited, as for Python's lock.
        stack: What Python did meanwhile, innermost last.
    """

    ms: float
    waited_ms: float
    used_ms: float
    stack: tuple[str, ...]

    @property
    def own_ms(self) -> float:
        """Return what is not the doing of other programs."""
        return self.ms - self.waited_ms


class Watchdog:
    """Looks from a thread of its own whether the window's thread comes round, and notes what it does if not."""

    def __init__(self, least_ms: float = LONGEST_BLOCK_MS / 2) -> None:
        """Watch the thread that makes this."""
        self.blocks: list[Block] = []
        self._least_s = least_ms / 1e3
        self._gui = threading.main_thread()
        self._beat_s = time.perf_counter()
        self._used_ns, self._waited_ns = self._of_core_ns()
        self._stack: tuple[str, ...] = ()
        self._over = threading.Event()
        self._timer = QTimer()
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._thread = threading.Thread(target=self._look, name="watchdog", daemon=True)

    def __enter__(self) -> "Watchdog":
        self._beat_s = time.perf_counter()
        self._timer.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._timer.stop()

    @property
    def worst(self) -> Block:
        """Return the longest block, not counting the time without a core."""
        return max(self.blocks, key=lambda block: block.own_ms, default=Block(0.0, 0.0, 0.0, ()))

    def _beat(self) -> None:
        now_s, (used_ns, waited_ns) = time.perf_counter(), self._of_core_ns()
        late_s = now_s - self._beat_s - _BEAT_MS / 1e3
        if late_s > self._least_s:
            waited_ms, used_ms = (waited_ns - self._waited_ns) / 1e6, (used_ns - self._used_ns) / 1e6
            self.blocks.append(Block(1e3 * late_s, waited_ms, used_ms, self._stack))
        self._beat_s, self._used_ns, self._waited_ns, self._stack = now_s, used_ns, waited_ns, ()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            if time.perf_counter() - self._beat_s > self._least_s and not self._stack:
                self._stack = _stack_of(sys._current_frames().get(self._gui.ident or 0))

    def _of_core_ns(self) -> tuple[int, int]:
        """Return how long the thread has had a core, and been ready without one; 0 if the system does not say."""
        try:
            used, waited, _ = Path(f"/proc/self/task/{self._gui.native_id}/schedstat").read_text().split()
        except OSError:
            return 0, 0
        return int(used), int(waited)


def _stack_of(frame: Any) -> tuple[str, ...]:
    """Return what a running thread does. Its frames are held no longer than this takes: they keep painters alive."""
    places: list[tuple[str, int]] = []
    while frame is not None:
        places.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return tuple(f"{_short(name)}:{line} {linecache.getline(name, line).strip()}" for name, line in reversed(places))


def _short(name: str) -> Path:
    path = Path(name)
    return path.relative_to(_HERE) if path.is_relative_to(_HERE) else Path(path.name)


def stay(seconds: float) -> None:
    """Let the window live for a while."""
    deadline = time.monotonic() + seconds
    stay_until(lambda: time.monotonic() >= deadline, seconds + 60.0)


def stay_until(over: Callable[[], object], within_s: float = 60.0) -> None:
    """Let the window live until something holds; asked every 20 ms.

    Raises:
        TimeoutError: It does not hold in time.
    """
    deadline, loop, timer = time.monotonic() + within_s, QEventLoop(), QTimer()
    timer.setInterval(_ASK_MS)
    timer.timeout.connect(lambda: loop.quit() if over() or time.monotonic() > deadline else None)
    timer.start()
    loop.exec()
    timer.stop()
    if not over():
        raise TimeoutError("what the figure needs did not come")
