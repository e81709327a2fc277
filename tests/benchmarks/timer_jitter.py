"""The window's timer beside a camera that is lost and found again every 1.5 s, and beside one that is not.

    python tests/benchmarks/timer_jitter.py [--seconds 15] [--rounds 2] [--json FILE]

A thread takes 5-megapixel frames by software trigger, as a line does; Qt's timer of 33 ms runs in the main thread, as
the window's does. Exit code 1 where the 99th percentile of its jitter more than doubles with the losses.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

sys.path.insert(0, str(Path(__file__).parents[1] / "wire"))

from tlsimu import MONO_SERIAL, tlsimu

from station.camera.genicam.camera import GenicamCamera
from station.domain.errors import CameraError
from station.settings import CameraSettings

PERIOD_MS, LOST_EVERY_MS = 33, 1500
PAUSE_S = 0.02
MOST_RATIO = 2.0


class TakingThread(threading.Thread):
    """Triggers and fetches, and starts the camera again when it was lost."""

    def __init__(self, camera: GenicamCamera) -> None:
        super().__init__()
        self._camera = camera
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(PAUSE_S):
            try:
                self._camera.trigger()
                self._camera.fetch(0.2)
            except CameraError:
                self._start_again()

    def end(self) -> None:
        self._over.set()
        self.join()

    def _start_again(self) -> None:
        try:
            self._camera.start()
        except CameraError:
            self._over.wait(0.1)


def jitter_p99_ms(app: QCoreApplication, seconds: float, lose: GenicamCamera | None) -> float:
    """Of a timer in this thread, in milliseconds."""
    ticks: list[float] = []
    timer, killer = QTimer(), QTimer()
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start(PERIOD_MS)
    if lose is not None:
        killer.timeout.connect(lambda: lose.process_id and os.kill(lose.process_id, signal.SIGKILL))
        killer.start(LOST_EVERY_MS)
    QTimer.singleShot(int(seconds * 1000), app.quit)
    app.exec()
    timer.stop()
    killer.stop()
    jitter = sorted(abs((after - before) * 1000 - PERIOD_MS) for before, after in pairwise(ticks))
    return jitter[int(0.99 * len(jitter))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    app = QCoreApplication([])
    camera = GenicamCamera(MONO_SERIAL, CameraSettings(producers=(tlsimu(),), trigger="software"))
    camera.apply({"Width": 2448, "Height": 2048})
    camera.start()
    taking = TakingThread(camera)
    taking.start()
    turns = [[jitter_p99_ms(app, asked.seconds, lose) for lose in (None, camera)] for _ in range(asked.rounds)]
    taking.end()
    camera.close()
    steady, losing = (statistics.median(column) for column in zip(*turns, strict=True))
    result = {"steady_p99_ms": steady, "losing_p99_ms": losing, "ratio": losing / steady}
    result = {name: round(value, 2) for name, value in result.items()}
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
    return int(result["ratio"] > MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
