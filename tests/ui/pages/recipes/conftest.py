"""The Recipes page in the real window, reached by its key; its product has a picture in the records."""

import pytest
from keyboard import press
from PySide6.QtCore import Qt
from waiting import SOON_MS

from ui.pages.recipes.change_sheet import ChangeSheet


@pytest.fixture
def page(window, station, qtbot, tmp_path):
    recipe = station.recipes.find("plate").recipe
    station.line.run(str(tmp_path / "parts"), recipe=recipe, count=2, on_part=lambda _: None)
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    press(window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    shown = window.page_of("recipes")
    qtbot.waitUntil(lambda: shown.canvas.has_picture, timeout=SOON_MS)
    return shown


@pytest.fixture
def sign(page, qtbot):
    """Fill the sheet that opens, and do what it is for."""

    def signed(person="Ada", reason="an escape"):
        qtbot.waitUntil(lambda: page.findChild(ChangeSheet) is not None, timeout=SOON_MS)
        sheet = page.findChild(ChangeSheet)
        sheet.person.setText(person)
        sheet.reason.setText(reason)
        lines = sheet.lines.text()
        sheet.do.click()
        qtbot.waitUntil(lambda: page.findChild(ChangeSheet) is None, timeout=SOON_MS)
        return lines

    return signed
