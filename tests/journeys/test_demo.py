"""The first thing a newcomer types."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

pytestmark = pytest.mark.slow

# Where the picture and the verdict stand on a page of 1280 x 800.
CANVAS = slice(250, 655), slice(100, 890)
BAND = slice(75, 185), slice(20, 1040)
FAIL_FIELD = (0xC8, 0x39, 0x0F)
FAIL_MARK = (0xFF, 0x5A, 0x2B)
PAST_TAB = (0x1F, 0x5C, 0x99)

# Runs the demo under an audit hook that writes down every listening socket and everything that is unpickled.
_WATCHED = """
import sys

def watch(event, arguments):
    if event in ("socket.bind", "socket.listen", "pickle.find_class"):
        print(f"{event} {arguments}", file=sys.stderr, flush=True)

sys.addaudithook(watch)
from ui.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("demo")
    options = ["--parts", "60", "--json", str(folder / "summary.json"), "--screenshot", str(folder / "page.png")]
    result = subprocess.run(
        [sys.executable, "-c", _WATCHED, "demo", *options], capture_output=True, text=True, timeout=300, check=False
    )
    return result, folder


def test_that_the_demo_ends_by_itself_with_every_part_accounted_for(demo) -> None:
    result, folder = demo
    assert result.returncode == 0, result.stderr
    summary = json.loads((folder / "summary.json").read_text())
    verdicts = [summary[name] for name in ("PASS", "REVIEW", "FAIL", "NOT_INSPECTED")]
    assert summary["parts"] == summary["triggers"] == sum(verdicts) == 60
    assert summary["agreement"] >= 0.95
    assert summary["FAIL"] > 0
    assert summary["first_verdict_s"] > 0


def test_that_the_demo_opens_no_socket_and_unpickles_nothing(demo) -> None:
    result, _ = demo
    assert "socket.bind" not in result.stderr
    assert "socket.listen" not in result.stderr
    assert "pickle.find_class" not in result.stderr


def test_that_the_hook_of_the_test_above_sees_what_it_looks_for() -> None:
    probe = "import pickle, pathlib; pickle.loads(pickle.dumps(pathlib.Path('x')))"
    watched = _WATCHED.split("from ui", maxsplit=1)[0] + probe
    result = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, check=True)
    assert "pickle.find_class" in result.stderr


def test_that_the_screenshot_shows_the_last_reject_with_its_place_outlined(demo) -> None:
    page = pixels(demo[1] / "page.png")
    assert page.shape[1] >= 1280
    picture = page[CANVAS]
    left, top, right, bottom = box_of_the_place(picture)
    inside = picture[top:bottom, left:right]
    assert closed_by_the_outline(inside) > 0.2 * inside.shape[0] * inside.shape[1]
    assert (page[BAND] == FAIL_FIELD).all(axis=-1).mean() > 0.3


def pixels(path: Path) -> NDArray[np.uint8]:
    """A screenshot, (h, w, 3) uint8 RGB."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def box_of_the_place(picture: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """The inside of the largest box in the colour of a FAIL: left, top, right, bottom."""
    found = (picture == FAIL_MARK).all(axis=-1).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(found)
    x, y, width, height, _ = max(stats[1:].tolist(), key=lambda each: each[2] * each[3])
    return x + 4, y + 4, x + width - 4, y + height - 4


def closed_by_the_outline(place: NDArray[np.uint8]) -> int:
    """How many pixels a white line keeps apart from the edge of the place: none where the line is open or missing."""
    wall = (place.min(axis=-1) >= 180) | (place == PAST_TAB).all(axis=-1)
    passable = (~wall).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(passable, connectivity=4)
    outside = {0, *labels[0], *labels[-1], *labels[:, 0], *labels[:, -1]}
    return max((row[4] for label, row in enumerate(stats.tolist()) if label not in outside), default=0)
