"""Measures the window's timer with a camera that is lost every 2 s, and with one that is not, alternating.

    python tests/benchmarks/timer_jitter.py [--seconds 20] [--rounds 3] [--json FILE]

The real window, offscreen, on a real line: 5-megapixel pictures at 30 software triggers a second, each inspected,
shown and recorded. A timer of the same 33 ms as the one by which the window fetches its news runs in the GUI thread.
Exit code 1 if the 99th percentile of its jitter more than doubles with the losses.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEventLoop, QTimer

sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))
sys.path.insert(0, str(Path(__file__).parents[1] / "wire"))

from contrast_model import contrast_package, release_plate
from tlsimu import MONO_SERIAL, tlsimu

from station.app import Station
from station.camera.genicam.camera import GenicamCamera
from station.matching.frame_matcher import LineNotReadyError
from station.settings import CameraSettings, Settings
from ui.shell.application import make_application
from ui.shell.main_window import MainWindow

SIZE = {"Width": 2448, "Height": 2048}
RATE_HZ, PERIOD_MS, LOST_EVERY_MS = 30, 33, 2000
SETTLES_S = 5.0
MOST_RATIO = 2.0


class Plc(threading.Thread):
    """Triggers the line as a machine's controller does."""

    def __init__(self, station: Station) -> None:
        super().__init__(name="PLC")
        self._station = station
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(1 / RATE_HZ):
            try:
                self._station.line.trigger()
            except LineNotReadyError:
                continue

    def end(self) -> None:
        self._over.set()
        self.join()


@contextmanager
def running_window() -> Iterator[Station]:
    """The window on a line that inspects."""
    camera = CameraSettings(source=f"genicam:{MONO_SERIAL}", producers=(tlsimu(),), trigger="software")
    with TemporaryDirectory(prefix="lineside-jitter-") as folder:
        package = Path(folder, "package")
        package.mkdir()
        release_plate(Path(folder, "workspace"), contrast_package(package), SIZE)
        with Station.open(Path(folder, "workspace"), Settings(camera=camera)) as station:
            window = MainWindow(station)
            window.show()
            station.line.load_recipe("plate")
            station.line.start()
            plc = Plc(station)
            plc.start()
            yield station
            plc.end()
            window.shut_down()


def jitter_p99_ms(station: Station, seconds: float, *, lose: bool) -> float:
    """Return the 99th percentile of the jitter of a timer in the GUI thread, in ms."""
    ticks: list[float] = []
    timer, killer = QTimer(), QTimer()
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    killer.timeout.connect(lambda: kill_camera(station))
    timer.start(PERIOD_MS)
    if lose:
        killer.start(LOST_EVERY_MS)
    stay(seconds)
    timer.stop()
    killer.stop()
    jitter = sorted(abs((after - before) * 1000 - PERIOD_MS) for before, after in pairwise(ticks))
    return jitter[int(0.99 * len(jitter))]


def kill_camera(station: Station) -> None:
    """Kill the camera process, like a driver that crashes."""
    source = station.line.sources[""]
    if isinstance(source, GenicamCamera) and source.process_id:
        os.kill(source.process_id, signal.SIGKILL)


def stay(seconds: float) -> None:
    """Run the event loop for this time."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def measured(seconds: float, rounds: int) -> dict[str, object]:
    """Measure both, alternating, on one line."""
    with running_window() as station:
        stay(SETTLES_S)
        turns = []
        for _ in range(rounds):
            steady = jitter_p99_ms(station, seconds, lose=False)
            losing = jitter_p99_ms(station, seconds, lose=True)
            turns.append((steady, losing))
            stay(SETTLES_S)
        counts = station.line.counts()
    steady_ms, losing_ms = (statistics.median(column) for column in zip(*turns, strict=True))
    return {
        "steady_p99_ms": [round(steady, 2) for steady, _ in turns],
        "losing_p99_ms": [round(losing, 2) for _, losing in turns],
        "ratio_of_medians": round(losing_ms / steady_ms, 2),
        "triggers": counts.triggers,
        "not_inspected": counts.not_inspected,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = make_application()
    result = measured(asked.seconds, asked.rounds)
    application.quit()
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
    return int(result["ratio_of_medians"] > MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
