"""The first thing a newcomer types."""

import json
import subprocess
import sys

import pytest
from PySide6.QtGui import QImage

pytestmark = pytest.mark.slow

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


def test_that_the_screenshot_shows_a_failed_part(demo) -> None:
    picture = QImage(str(demo[1] / "page.png"))
    assert picture.width() >= 1280
    colours = {
        picture.pixelColor(x, y).name() for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
    }
    assert "#c8390f" in colours
