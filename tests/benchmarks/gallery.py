"""The gallery of datasets with 20,000 pictures: time of the first screen, and of each frame while it scrolls.

    python tests/benchmarks/gallery.py [--items 20000] [--frames 600] [--json FILE]

Drawn without a screen. A frame is everything that the window's thread does between two steps of the scroll bar: events,
thumbnails that came, and painting. Wanted: the first screen within 0.5 s, and 99 % of the frames within 33 ms.
Beside other programs a frame also waits for a core: "cpu" is what the window's thread itself takes, and "load" is how
many programs wanted one.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))

import numpy as np
from everybody import EVERYBODY
from PySide6.QtWidgets import QApplication
from sqlalchemy import insert

from station.app import Station
from station.domain.clock import utc_now
from station.domain.digest import sha256_hex
from station.learning.working_set.item_files import ItemFiles
from station.storage.learning.dataset_tables import DatasetItemRow, DatasetLabelRow
from station.storage.pictures.encoding import encode_thumbnail
from ui.pages.datasets.page import DatasetsPage
from ui.shell.application import make_application
from ui.shell.main_window import MainWindow

PRODUCT = "cookie"
SOON_S = 60.0
STEP_PX = 60
FRAME_S = 1 / 60
JUMPS = 40


def fill(station: Station, count: int) -> None:
    """Make a working set with a thumbnail file of its own for each item; whole pictures are not needed to scroll."""
    files = ItemFiles(station.workspace.datasets, PRODUCT)
    rng = np.random.default_rng(7)
    drawn = [encode_thumbnail(np.kron(rng.integers(0, 256, (24, 32, 3), np.uint8), np.ones((6, 6, 1), np.uint8)))
             for _ in range(50)]  # fmt: skip
    hashes = [sha256_hex(str(number).encode()) for number in range(count)]
    for number, sha256 in enumerate(hashes):
        path = files._small(sha256, ".jpg")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn[number % len(drawn)])
    now = utc_now()
    items = [
        {
            "item_id": number, "product": PRODUCT, "view": "", "picture_sha256": sha256, "ending": ".png",
            "name": f"{number:05}.png", "source": "import", "origin": "/drawn", "run_id": None, "number": None,
            "serial": "", "verdict": None, "pred_score": None, "image_threshold": None, "taken_at": None, "size": 9,
            "wanted_split": "any", "signature": "", "added_at": now, "added_by": "benchmark",
        }
        for number, sha256 in enumerate(hashes, 1)
    ]  # fmt: skip
    labels = [
        {"item_id": number, "label": "good" if number % 7 else "defect", "kind": "" if number % 7 else "crack",
         "mask_sha256": "", "person": "Ada", "at": now}
        for number in range(1, count + 1) if number % 3
    ]  # fmt: skip
    with station._core.database.writing() as connection:
        connection.execute(insert(DatasetItemRow), items)
        connection.execute(insert(DatasetLabelRow), labels)


def until(application: QApplication, condition: Callable[[], object]) -> None:
    """Let the window live until the condition holds.

    Raises:
        TimeoutError: It did not hold in time.
    """
    deadline = time.monotonic() + SOON_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the gallery does not show what the benchmark needs")
        application.processEvents()
        time.sleep(0.001)


def painted(page: DatasetsPage) -> bool:
    """Return whether every visible tile has its thumbnail."""
    gallery, area = page.gallery, page.gallery.viewport().rect()
    if not gallery.items.rowCount():
        return False
    tiles = (area.width() // gallery.tile.width()) * -(-area.height() // gallery.tile.height())
    shown = (gallery.items.item(row).item_id for row in range(min(tiles, gallery.items.rowCount())))
    return all(gallery.items.has_thumbnail(item_id) for item_id in shown)


def frame(application: QApplication, page: DatasetsPage, value: int) -> tuple[float, float]:
    """Scroll to a place, and return the milliseconds until it is painted and nothing is left to do, and the CPU's."""
    begun, cpu_begun = time.perf_counter(), time.thread_time()
    page.gallery.verticalScrollBar().setValue(value)
    page.gallery.viewport().repaint()
    application.processEvents()
    took_s, cpu_s = time.perf_counter() - begun, time.thread_time() - cpu_begun
    time.sleep(max(0.0, FRAME_S - took_s))
    return 1000 * took_s, 1000 * cpu_s


def measure(count: int, frames: int) -> dict[str, object]:
    """Return the figures."""
    application = make_application()
    with tempfile.TemporaryDirectory() as folder, Station.open(Path(folder) / "station") as station:
        fill(station, count)
        station.people.session.begin(EVERYBODY)
        window = MainWindow(station)
        window.resize(1280, 800)
        window.show()
        window.fit_sizes()
        until(application, lambda: not window.isHidden())
        application.processEvents()
        begun = time.perf_counter()
        window.show_page("datasets")
        page = window.page_of("datasets")
        assert isinstance(page, DatasetsPage)
        until(application, lambda: painted(page))
        first_s = time.perf_counter() - begun
        window.show_page("line")
        application.processEvents()
        begun = time.perf_counter()
        window.show_page("datasets")
        until(application, lambda: painted(page))
        again_s = time.perf_counter() - begun
        bar = page.gallery.verticalScrollBar()
        scrolled, cpu = zip(
            *(frame(application, page, (step * STEP_PX) % bar.maximum()) for step in range(frames)), strict=True
        )
        jumped = [frame(application, page, bar.maximum() * step // JUMPS)[0] for step in range(JUMPS)]
        window.shut_down()
        window.deleteLater()
    return {
        "items": count,
        "first_screen_s": round(first_s, 3),
        "first_screen_again_s": round(again_s, 3),
        "frame_ms_p50": round(statistics.median(scrolled), 2),
        "frame_ms_p99": round(float(np.percentile(scrolled, 99)), 2),
        "frame_ms_max": round(max(scrolled), 2),
        "frame_cpu_ms_p50": round(statistics.median(cpu), 2),
        "frame_cpu_ms_p99": round(float(np.percentile(cpu, 99)), 2),
        "frame_cpu_ms_max": round(max(cpu), 2),
        "jump_ms_p50": round(statistics.median(jumped), 2),
        "jump_ms_max": round(max(jumped), 2),
        "load": round(os.getloadavg()[0], 1),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--frames", type=int, default=600)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = measure(asked.items, asked.frames)
    print(json.dumps(figures, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(figures))
