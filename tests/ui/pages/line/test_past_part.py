"""A part of an earlier run in the real window, after the program was started again."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QAction, QImage

from station.app import Station
from station.domain.clock import utc_now
from station.domain.formatting import time_of_day
from station.domain.inspection import Inspection, PartKey
from station.domain.verdict import Verdict
from station.pipeline.recent_parts import RecentParts
from station.storage.records.given_up import Worth
from ui.pages.line.actions import LineAct
from ui.shell.main_window import MainWindow
from ui.widgets.canvas.image_canvas import ImageCanvas


@pytest.fixture(params=[8, 16])
def bits(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def draw_part(draw_part: Callable[..., NDArray[np.uint8]], bits: int) -> Callable[..., NDArray[np.generic]]:
    """Parts that are larger than a thumbnail, of 8 and of 16 bits."""

    def draw(seed: int, *, defective: bool = False) -> NDArray[np.generic]:
        part = draw_part(seed, defective=defective, size=(480, 640))
        return part if bits == 8 else part.astype(np.uint16) * 257

    return draw


@pytest.fixture
def parts(station: Station) -> dict[Verdict, Inspection]:
    """One part of each verdict from an earlier start of the program."""
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    recent = station._core.recent
    vars(recent).update(vars(RecentParts()))  # as after a restart
    return {part.verdict: part for part in station.records.recent()}


def full_size(window: MainWindow) -> QAction:
    """Return the action of the 1:1 key."""
    return window._context.actions[LineAct.FULL_SIZE]


def touch(window: MainWindow, part: Inspection, qtbot) -> ImageCanvas:
    window.presenter_of("line").show_part(part.key)
    qtbot.waitUntil(lambda: window.presenter_of("line").displayed_part.past is not None)
    return window.page_of("line").pictures.tiles[0].canvas


def test_that_a_reject_is_the_picture_itself_at_full_size(parts, window, qtbot) -> None:
    canvas = touch(window, parts[Verdict.FAIL], qtbot)
    (view,) = window.presenter_of("line").displayed_part.past.views
    shown = view.levels[0].convertToFormat(QImage.Format.Format_Grayscale8)
    assert (shown.width(), shown.height()) == (640, 480)
    shades = np.frombuffer(shown.constBits(), np.uint8).reshape(480, shown.bytesPerLine())[:, :640]
    assert set(np.unique(shades)) <= {0, *range(119, 138)}
    assert full_size(window).isEnabled()
    assert not canvas.small_only


def test_that_a_good_part_of_which_only_a_small_picture_is_kept_says_so(parts, window, qtbot) -> None:
    canvas = touch(window, parts[Verdict.PASS], qtbot)
    assert canvas.small_only
    assert not full_size(window).isEnabled()
    canvas.show_full_size()
    assert canvas.view.fits
    window.presenter_of("line").back_to_live()
    assert full_size(window).isEnabled()


def test_that_a_part_says_that_it_is_on_hold_and_why_its_picture_is_gone(station, parts, window, qtbot) -> None:
    passed, failed = parts[Verdict.PASS], parts[Verdict.FAIL]
    given_up = station.disk._pictures
    for worth in Worth:
        while given_up.give_up(worth, "older than 3 days", utc_now(), PartKey(0, 0)).size:
            pass
    station.holds.hold([failed.key], "complaint 4711", "Sue")
    canvas = touch(window, passed, qtbot)
    presenter = window.presenter_of("line")
    qtbot.waitUntil(lambda: canvas.rendered is not None and canvas.rendered.source.why_given_up == "older than 3 days")
    assert window.page_of("line").pictures.caption.text.endswith("PASS " + _time(passed))
    presenter.show_part(failed.key)
    qtbot.waitUntil(lambda: window.page_of("line").pictures.caption.text.endswith(", ON HOLD"))
    window.show_page("shift_report")
    page = window.page_of("shift_report")
    qtbot.waitUntil(lambda: page.disk.text().startswith("Disk: "))
    assert "Pictures that are never given up take" in page.disk.text()


def _time(part: Inspection) -> str:
    return time_of_day(part.triggered_at, "UTC")
