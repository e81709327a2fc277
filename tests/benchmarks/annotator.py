"""What a stroke, an undo and a proposal of the annotator cost at 5 megapixels: CPU time of the process, medians.

    python tests/benchmarks/annotator.py [--rounds 5] [--width 2448] [--height 2048]

A brush of 61 pixels draws 60 moves a round on the page's own canvas, 1280 x 900, the whole picture in view and at full
size; each move is one mouse event with its repaint. Undo and redo are those of that stroke, and of a fill of nearly the
whole picture. The proposal is made from a map of 32 x 32 cells with one place and with four. Drawn without a screen.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from station.vision.mask_proposal import propose_masks
from ui.background.rendered_part import picture_levels, qimage
from ui.shell.application import make_application
from ui.theme.sizes import sizes_for
from ui.theme.theme import LIGHT, Theme, apply_theme
from ui.widgets.canvas.brush_canvas import BrushCanvas

MOVES = 60
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the CPU time that a call takes, milliseconds, all threads together."""
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def picture_of(height: int, width: int) -> NDArray[np.uint8]:
    """Return a textured part with four dark marks, grey."""
    random = np.random.default_rng(0)
    coarse = random.normal(140, 18, (height // 8, width // 8)).astype(np.float32)
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for x, y in ((0.3, 0.3), (0.7, 0.25), (0.25, 0.75), (0.7, 0.7)):
        cv2.ellipse(picture, (int(x * width), int(y * height)), (width // 25, height // 40), 30, 0, 360, 40, cv2.FILLED)
    return np.clip(picture, 0, 255).astype(np.uint8)


def map_of(picture: NDArray[np.uint8], places: int) -> NDArray[np.float32]:
    """Return a coarse map that is high on the first of the marks."""
    dark = cv2.resize((picture < 60).astype(np.float32), (32, 32), interpolation=cv2.INTER_AREA)
    centres = ((0.3, 0.3), (0.7, 0.25), (0.25, 0.75), (0.7, 0.7))[:places]
    y, x = np.mgrid[:32, :32] / 32
    near = np.logical_or.reduce([np.hypot(x - a, y - b) < 0.15 for a, b in centres])
    return (0.08 + 0.85 * cv2.GaussianBlur(dark * near, (5, 5), 1.0)).astype(np.float32)


def measure_strokes(canvas: BrushCanvas, rounds: int) -> dict[str, float]:
    """Return the medians of a brush move and of undo and redo of the stroke."""
    moves, undos, redos = [], [], []
    random = np.random.default_rng(1)

    def paint() -> None:
        QTest.qWait(0)

    for _ in range(rounds):
        middle = np.array((canvas.width() / 2, canvas.height() / 2))
        places = np.cumsum(random.normal(0, 9, (MOVES, 2)), 0) + middle
        points = [QPoint(int(x), int(y)) for x, y in np.clip(places, 20, 850)]
        QTest.mousePress(canvas, LEFT, NONE, points[0])
        paint()
        for point in points[1:]:
            moves.append(cpu_ms(lambda point=point: (QTest.mouseMove(canvas, point), paint())))
        QTest.mouseRelease(canvas, LEFT, NONE, points[-1])
        paint()
        undos.append(cpu_ms(canvas.undo))
        paint()
        redos.append(cpu_ms(canvas.redo))
        paint()
    return {"brush move": float(np.median(moves)), "undo": float(np.median(undos)), "redo": float(np.median(redos))}


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--width", type=int, default=2448)
    parser.add_argument("--height", type=int, default=2048)
    asked = parser.parse_args()
    application = make_application()
    apply_theme(Theme(LIGHT, sizes_for(1280, 800, 96)))
    picture = picture_of(asked.height, asked.width)
    image = qimage(picture)
    canvas = BrushCanvas("Picture to mark")
    canvas.resize(1280, 900)
    canvas.show_item(picture_levels(image), image.size(), picture, np.zeros(picture.shape, np.uint8))
    canvas.size_pen(3.7)
    canvas.show()
    application.processEvents()
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    print(f"machine: {machine}; brush {canvas.pen.diameter_px} px")
    for view, look in (("whole picture", canvas.fit), ("full size", canvas.show_full_size)):
        look()
        for what, value in measure_strokes(canvas, asked.rounds).items():
            print(f"{view}: {what} {value:.2f} ms")
    noise = np.random.default_rng(2).integers(0, 2, (asked.height // 4, asked.width // 4), np.uint8)
    canvas.put_mask(np.ascontiguousarray(np.kron(noise, np.ones((4, 4), np.uint8))))
    steps = [cpu_ms(step) for _ in range(5) for step in (canvas.undo, canvas.redo)]
    print(f"undo of a change of the whole picture {np.median(steps):.2f} ms")
    for places in (1, 4):
        took = []
        for _ in range(2 * asked.rounds):
            masks = propose_masks(picture, map_of(picture, places), (0, 0, asked.width, asked.height), 0.5)
            took.append(cpu_ms(partial(next, masks)))
        print(f"proposal of {places} places {np.median(took):.0f} ms")
    canvas.close()


if __name__ == "__main__":
    main()
