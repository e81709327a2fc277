"""Pictures are marked from the gallery to the last label by keys alone, and a screen reader names every control."""

import cv2
import keyboard
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from waiting import SOON_MS

from station.domain.dataset import Label
from ui.pages.annotator.actions import AnnotatorAct

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def items(station, draw_part, tmp_path) -> tuple[int, ...]:
    """Three pictures of the product of the line, without labels; the first has a dark place."""
    folder = tmp_path / "to mark"
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.png"), draw_part(40 + number, defective=number == 0))
    return station.datasets.import_folder(folder, "Steel plate").item_ids


def key(code, held=Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is now, and nowhere else."""
    focused = QApplication.focusWidget()
    assert focused is not None, "the keyboard is nowhere"
    keyboard.press(focused, code, held)


def shows(page, words: str) -> bool:
    return words in page.state.text() and page.canvas.drawing is not None


@pytest.fixture
def annotator(window, items, qtbot):
    """The page, reached from the line by keys: the datasets, the gallery, all pictures, Annotate."""
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    key(Qt.Key.Key_F3, SHIFT)
    gallery = window.page_of("datasets").gallery
    qtbot.waitUntil(lambda: gallery.items.rowCount() == 3, timeout=SOON_MS)
    tabs = iter(range(60))
    while QApplication.focusWidget() is not gallery and next(tabs, None) is not None:
        key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is gallery
    key(Qt.Key.Key_A, CTRL)
    key(Qt.Key.Key_M, CTRL)
    page = window.page_of("annotator")
    qtbot.waitUntil(lambda: shows(page, "1 of 3"), timeout=SOON_MS)
    assert QApplication.focusWidget() is page.canvas
    return page


def test_that_parts_are_marked_from_the_gallery_to_the_last_label_by_keys_alone(
    window, station, annotator, items, qtbot
) -> None:
    key(Qt.Key.Key_K, CTRL)
    assert QApplication.focusWidget() is annotator.palette_of_kinds.new_kind
    for letter in (Qt.Key.Key_D, Qt.Key.Key_E, Qt.Key.Key_N, Qt.Key.Key_T, Qt.Key.Key_Return):
        key(letter)
    qtbot.waitUntil(lambda: annotator.canvas.pen.value == 2, timeout=SOON_MS)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is annotator.canvas, timeout=SOON_MS)
    qtbot.waitUntil(window.action_table[AnnotatorAct.ACCEPT].isEnabled, timeout=SOON_MS)
    key(Qt.Key.Key_A, CTRL)
    key(Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(annotator, "2 of 3"), timeout=SOON_MS)
    for code in (Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):
        key(code)
    key(Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(annotator, "3 of 3"), timeout=SOON_MS)
    key(Qt.Key.Key_G, CTRL)
    qtbot.waitUntil(lambda: station.datasets.item(items[2]).label is Label.GOOD, timeout=SOON_MS)
    found = [station.datasets.item(item) for item in items]
    said = [(item.label, item.kind.casefold()) for item in found]
    assert said == [(Label.DEFECT, "dent"), (Label.DEFECT, "defect"), (Label.GOOD, "")]
    key(Qt.Key.Key_Escape)
    qtbot.waitUntil(window.page_of("datasets").isVisible, timeout=SOON_MS)


@pytest.mark.parametrize("name", ["annotator", "datasets"])
def test_that_tab_reaches_every_control_and_a_screen_reader_names_it(window, items, qtbot, name) -> None:
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    window.show_page("datasets")
    qtbot.waitUntil(lambda: window.page_of("datasets").gallery.items.rowCount() == 3, timeout=SOON_MS)
    page = window.page_of("datasets")
    if name == "annotator":
        window.open_page("annotator", items)
        page = window.page_of("annotator")
        qtbot.waitUntil(lambda: shows(page, "1 of 3"), timeout=SOON_MS)
        qtbot.waitUntil(window.action_table[AnnotatorAct.ACCEPT].isEnabled, timeout=SOON_MS)
    controls = [each for each in page.findChildren(QWidget) if _takes_keys(each)]
    unnamed = [each for each in controls if not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)]
    assert controls
    assert not unnamed
    reached = set()
    for _ in range(3 * len(controls) + 60):
        key(Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert not [each for each in controls if each not in reached]


def _takes_keys(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def test_that_a_stroke_that_is_still_drawn_is_kept_with_its_picture(annotator, station, items, qtbot) -> None:
    annotator.canvas.setFocus()
    for code in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right):
        key(code)
    drawn = annotator.canvas.drawing.mask.copy()
    assert drawn.any()
    key(Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(annotator, "2 of 3"), timeout=SOON_MS)
    qtbot.waitUntil(lambda: station.datasets.item(items[0]).label is Label.DEFECT, timeout=SOON_MS)
    kept = station.datasets.mask(items[0])
    assert kept is not None
    assert (kept == drawn).all()
    assert not annotator.canvas.drawing.mask.any()
