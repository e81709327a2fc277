"""A step of dragging a limit on the page "Limits" over 100,000 recorded parts, and the first reading of their scores.

    python tests/benchmarks/threshold_bench.py [--parts 100000] [--steps 300] [--json FILE]

The parts are in a real database, a fifth of them with regions, some with the words of people; no picture is read. A
step is one movement of the mouse in the real window, drawn without a screen: counting, curves, what flips, and the
painting. Exit code 1 if one in a hundred steps takes longer than 16 ms, or if the first reading takes over 2 s.
"""

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))

import numpy as np
from contrast_model import contrast_package, release_plate
from everybody import EVERYBODY
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import insert

from station.app import Station
from station.domain.inspection import PartKey
from station.domain.verdict import Limits
from station.storage.records.inspections import Inspections
from station.storage.records.tables import DisputeRow, PartRow, PartViewRow, RegionRow
from ui.shell.application import make_application
from ui.shell.main_window import MainWindow

MOST_MS = 16.0
MOST_FIRST_S = 2.0
WARM_UP = 20


def fill(station: Station, parts: int) -> None:
    """Record parts of a line with 2 % defects, as the line records them."""
    rng, now = np.random.default_rng(0), datetime.now(UTC)
    recipe = station.recipes.find("plate").recipe
    run = station._core.inspections.begin_run(recipe, camera="c", program_version="1", started_at=now).run_id
    scores = np.where(rng.random(parts) < 0.02, rng.beta(8, 2, parts), rng.beta(2, 8, parts))
    keys = [{"run_id": run, "number": number + 1} for number in range(parts)]
    verdicts = ["FAIL" if score > 0.5 else "PASS" for score in scores]
    times = [now - timedelta(seconds=(parts - number) / 100) for number in range(parts)]
    of_view = {
        "view": 0, "name": "", "reason": "", "origin": "", "elapsed_ms": 9.0, "cause": None, "image_threshold": 0.5,
        "frame_id": None, "camera_timestamp_ns": None, "width": 640, "height": 480, "conversion": "",
        "review_threshold": None,
    }  # fmt: skip
    place = {"view": 0, "rank": 0, "x": 1, "y": 1, "w": 9, "h": 9, "place": "top"}
    with station._core.database.writing() as connection:
        connection.execute(
            insert(PartRow),
            [key | {"triggered_at": at, "verdict": each} for key, at, each in zip(keys, times, verdicts, strict=True)],
        )
        connection.execute(
            insert(PartViewRow),
            [
                key | of_view | {"verdict": each, "pred_score": float(score), "raw_score": float(score)}
                for key, each, score in zip(keys, verdicts, scores, strict=True)
            ],
        )
        marked = [place_of for place_of in range(parts) if scores[place_of] > 0.5 or place_of % 5 == 0]
        connection.execute(
            insert(RegionRow),
            [keys[each] | place | {"area_px": each % 900 + 1, "score": float(scores[each])} for each in marked],
        )
        said = [each for each in marked if each % 7 == 0]
        claim = {"reason": "", "person": "Ada", "made_at": now}
        connection.execute(
            insert(DisputeRow),
            [keys[each] | claim | {"claim": "confirmed" if each % 2 else "good part"} for each in said],
        )


def drag(application: QApplication, window: MainWindow, steps: int) -> list[float]:
    """Move the mouse over the histogram with its key down; return the time of each step, ms."""
    histogram = window.page_of("limits").histogram
    took = []
    y = histogram.height() // 2

    def send(kind: QEvent.Type, x: float) -> None:
        where, key = QPointF(QPoint(round(x), y)), Qt.MouseButton.LeftButton
        QApplication.sendEvent(histogram, QMouseEvent(kind, where, where, key, key, Qt.KeyboardModifier.NoModifier))

    send(QEvent.Type.MouseButtonPress, histogram.x_of(0.5))
    for step in range(steps + WARM_UP):
        began = time.perf_counter()
        send(QEvent.Type.MouseMove, histogram.x_of(0.5 + 0.35 * np.sin(step / 9)))
        application.processEvents()
        took.append(1000 * (time.perf_counter() - began))
    send(QEvent.Type.MouseButtonRelease, histogram.x_of(0.5))
    return took[WARM_UP:]


def figures_of(took: list[float]) -> dict[str, float]:
    """Return median, 99th percentile and worst, ms."""
    return {
        "p50_ms": round(float(np.median(took)), 2),
        "p99_ms": round(float(np.percentile(took, 99)), 2),
        "worst_ms": round(max(took), 2),
    }


def measure(parts: int, steps: int) -> dict[str, object]:
    """Fill a workspace, and measure the page on it."""
    application = make_application()
    with TemporaryDirectory(prefix="lineside-bench-") as folder:
        package = Path(folder, "package")
        package.mkdir()
        release_plate(Path(folder, "workspace"), contrast_package(package))
        with Station.open(Path(folder, "workspace")) as station:
            fill(station, parts)
            began = time.perf_counter()
            bench = station.limits.bench("plate")
            first_s = time.perf_counter() - began
            assert len(bench.line.pictures) == parts
            assert isinstance(station._core.inspections, Inspections)
            assert bench.line.pictures[0].key == PartKey(1, 1)
            station.people.session.begin(EVERYBODY)
            window = MainWindow(station)
            window.show()
            window.show_page("limits")
            presenter = window.presenter_of("limits")
            while presenter._shown is None:
                application.processEvents()
            plain = figures_of(drag(application, window, steps))
            presenter._show_limits(Limits(0.5, 0.4, 0.5, 200))
            with_area = figures_of(drag(application, window, steps))
            window.shut_down()
            window.deleteLater()
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    return {
        "parts": parts,
        "first_s": round(first_s, 2),
        "step": plain,
        "step_with_area": with_area,
        "machine": machine,
    }


def main() -> int:
    """Measure and say whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.parts, options.steps)
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found))
    slow = [found[name]["p99_ms"] > MOST_MS for name in ("step", "step_with_area")]
    return int(any(slow) or found["first_s"] > MOST_FIRST_S)


if __name__ == "__main__":
    sys.exit(main())
