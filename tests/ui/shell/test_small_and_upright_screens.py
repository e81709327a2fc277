"""The window is never larger than its screen, and everything in it can be reached."""

import pytest
from keyboard import press
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.pages.line.page import LinePage
from ui.shell.main_window import window_sizes
from ui.shell.page_registry import PAGES
from ui.widgets.table import Table

FULL_HD_AT_200_PERCENT = QSize(960, 500)


@pytest.mark.parametrize("room", [FULL_HD_AT_200_PERCENT, QSize(640, 400), QSize(1280, 760), QSize(1920, 1040)])
def test_that_the_window_fits_on_the_screen_with_its_frame(room: QSize) -> None:
    least, first = window_sizes(room)
    assert least.width() <= room.width()
    assert least.height() <= room.height()
    assert first.width() < room.width()
    assert first.height() < room.height()


def resized(window, qtbot, width: int, height: int) -> LinePage:
    window.resize(width, height)
    window.fit_sizes()
    assert (window.width(), window.height()) == (width, height)
    page = window.page_of(PAGES[0].name)
    qtbot.waitUntil(lambda: inside(page.line_keys, window), timeout=5_000)
    return page


def inside(widget: QWidget, window: QWidget) -> bool:
    corner = widget.mapTo(window, QPoint(widget.width(), widget.height()))
    return widget.isVisible() and corner.x() <= window.width() and corner.y() <= window.height()


@pytest.mark.parametrize(("width", "height"), [(960, 500), (800, 480), (1024, 600), (1080, 1920), (800, 1280)])
def test_that_stop_pause_and_the_strip_are_inside_the_window(window, qtbot, width: int, height: int) -> None:
    page = resized(window, qtbot, width, height)
    for widget in (page.band, page.line_keys, page.disputes, page.strip):
        assert inside(widget, window), widget


def test_that_the_counters_leave_their_room_to_the_keys_on_a_low_screen(window, qtbot) -> None:
    page = resized(window, qtbot, 960, 500)
    assert not page.counters.isVisible()
    page = resized(window, qtbot, 1280, 800)
    assert page.counters.isVisible()


def test_that_the_right_column_is_below_the_pictures_on_an_upright_screen(window, qtbot) -> None:
    page = resized(window, qtbot, 1080, 1920)
    qtbot.waitUntil(lambda: page.side.mapTo(page, QPoint()).y() >= page.strip.geometry().bottom(), timeout=5_000)
    assert page.pictures.width() > 0.6 * page.width()
    page = resized(window, qtbot, 1920, 1080)
    qtbot.waitUntil(lambda: page.side.mapTo(page, QPoint()).x() >= page.strip.geometry().right(), timeout=5_000)


@pytest.mark.parametrize("name", [spec.name for spec in PAGES[1:]])
def test_that_the_end_of_every_other_page_can_be_scrolled_to(window, qtbot, name: str) -> None:
    window.show_page(name)
    window.resize(800, 480)
    window.fit_sizes()
    page = window.page_of(name)
    area = page.parentWidget().parentWidget()
    assert isinstance(area, QScrollArea)

    def end_is_reached() -> bool:
        hidden = page.height() - area.viewport().height()
        return page.height() >= page.minimumSizeHint().height() and area.verticalScrollBar().maximum() >= hidden

    qtbot.waitUntil(end_is_reached, timeout=5_000)


def test_that_tab_leaves_a_table(window, qtbot) -> None:
    window.show_page("shift_report")
    page = window.page_of("shift_report")
    table = next(each for each in page.findChildren(Table) if each.isVisible())
    table.show_rows([["a"] * table.model().columnCount()] * 3)
    table.setFocus()
    press(table, Qt.Key.Key_Tab)
    assert not table.hasFocus()
