"""The Cameras page in the real window, reached by its key, and ways to look through a camera."""

import pytest
from keyboard import press
from PySide6.QtCore import Qt
from waiting import SOON_MS

from ui.pages.cameras.actions import CamerasAct


@pytest.fixture
def page(window, qtbot):
    """Reached by its key, with what was found in the list."""
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    press(window, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: window.page_of("cameras").cameras.list.count() > 0, timeout=SOON_MS)
    return window.page_of("cameras")


@pytest.fixture
def connect(window, station, page, qtbot):
    """Look through a camera until its picture and features are there."""

    def connected(source):
        station.cameras.connect(source)
        qtbot.waitUntil(lambda: page.canvas.has_picture and bool(page.features.names), timeout=SOON_MS)
        return page

    return connected


@pytest.fixture
def choose(window, page):
    """Touch a row and the key beside it."""

    def chosen(source):
        rows = [page.cameras.list.item(i) for i in range(page.cameras.list.count())]
        page.cameras.list.setCurrentItem(next(row for row in rows if source in row.text()))
        window.action_table[CamerasAct.CONNECT].trigger()

    return chosen
