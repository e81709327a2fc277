"""The page of datasets in the real window: mark, label, filter, import, freeze, by keys alone."""

from pathlib import Path

import cv2
import keyboard
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton

from station.domain.collection import CollectionPolicy
from station.domain.dataset import DatasetItem, Label
from ui.pages.datasets.choices import NewKindSheet
from ui.pages.datasets.collection_sheet import CollectionSheet
from ui.pages.datasets.import_sheet import ImportSheet
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme
from ui.widgets.confirm_dialog import ConfirmDialog

PRODUCT = "Steel plate"
LONG = "Oberflaechenbeschichtungsfehler"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "today").mkdir()
    for number in range(30):
        picture = np.random.default_rng(number).integers(0, 256, (24, 32), np.uint8)
        cv2.imwrite(str(tmp_path / f"today/{number:02}.png"), picture)
    return tmp_path / "today"


@pytest.fixture
def filled(station, folder: Path):
    """The working set of the line's product has 30 pictures without a label."""
    station.datasets.import_folder(folder, PRODUCT)
    return station


@pytest.fixture
def page(window, filled, qtbot):
    window.show_page("datasets")
    shown = window.page_of("datasets")
    qtbot.waitUntil(lambda: "30 without a label" in shown.counts.text())
    return shown


def items(station) -> tuple[DatasetItem, ...]:
    return station.datasets.items(PRODUCT)


def press(window, key: Qt.Key, modifier=Qt.KeyboardModifier.ControlModifier) -> None:
    keyboard.press(window, key, modifier)


def test_that_several_marked_pictures_are_labelled_by_one_key_each(window, page, filled, qtbot) -> None:
    page.gallery.mark(tuple(item.item_id for item in items(filled)[:12]))
    press(window, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: page.counts.text().startswith("12 good"))
    page.gallery.mark(tuple(item.item_id for item in items(filled)[12:15]))
    press(window, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: "3 defects" in page.counts.text())
    press(window, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: "0 defects" in page.counts.text())
    assert sum(item.label is Label.GOOD for item in items(filled)) == 12
    assert {item.labelled_by for item in items(filled)[:15]} == {"engineer, Datasets page"}
    assert len(page.gallery.marked_items()) == 3, "what is marked stays marked"


def test_that_the_keyboard_alone_marks_and_labels(window, page, filled, qtbot) -> None:
    page.gallery.setFocus()
    press(page.gallery, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: len(page.gallery.marked_items()) == 30)
    press(window, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: page.counts.text().startswith("30 good"))


def test_that_without_a_mark_nothing_can_be_labelled_and_the_panel_says_how(window, page, filled) -> None:
    press(window, Qt.Key.Key_G)
    assert {item.label for item in items(filled)} == {Label.UNLABELLED}
    assert page.about.text().startswith("Mark pictures to label them")


def test_that_conditions_show_what_meets_them(window, page, filled, qtbot) -> None:
    filled.datasets.label([item.item_id for item in items(filled)[:4]], Label.DEFECT, "scratch")
    window.presenter_of("datasets").show_place((PRODUCT, ""))
    qtbot.waitUntil(lambda: "4 defects" in page.counts.text())
    page.filters.kinds.setCurrentIndex(page.filters.kinds.findData("scratch"))
    page.filters.changed.emit()
    qtbot.waitUntil(lambda: page.gallery.items.rowCount() == 4)
    assert page.said.text() == "4 of 30 pictures."
    page.filters.labels.setCurrentIndex(page.filters.labels.findText("Good"))
    page.filters.changed.emit()
    qtbot.waitUntil(lambda: page.gallery.items.rowCount() == 0)
    assert "No picture meets these conditions" in page.said.text()


def test_that_thumbnails_come_and_are_those_of_the_pictures(page, filled, qtbot) -> None:
    model, first = page.gallery.items, items(filled)[0]
    qtbot.waitUntil(lambda: model.thumbnail(first) is not None)
    shown = model.thumbnail(first)
    assert max(shown.width(), shown.height()) == page.gallery.thumbnail_px
    assert shown.width() / shown.height() == pytest.approx(32 / 24, abs=0.02)


def test_that_a_dropped_folder_is_imported_after_it_was_read_out(window, filled, folder: Path, qtbot) -> None:
    extra = folder.parent / "NG" / "scratch"
    extra.mkdir(parents=True)
    cv2.imwrite(str(extra / "1.png"), np.random.default_rng(99).integers(0, 256, (24, 32), np.uint8))
    window.show_page("datasets")
    page = window.page_of("datasets")
    qtbot.waitUntil(lambda: "30 without a label" in page.counts.text())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder.parent / "NG"))])
    page.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    qtbot.waitUntil(lambda: window.findChild(ImportSheet) is not None)
    sheet = window.findChild(ImportSheet)
    assert sheet.product.text() == PRODUCT
    sheet.start.click()
    qtbot.waitUntil(lambda: page.gallery.items.rowCount() == 31)
    assert [item.kind for item in items(filled) if item.label is Label.DEFECT] == ["scratch"]


def test_that_a_folder_that_cannot_be_read_is_said_and_changes_nothing(window, page, filled, qtbot) -> None:
    page.dropped.emit([Path("/nowhere")])
    qtbot.waitUntil(lambda: "/nowhere" in page.said.text())
    assert len(items(filled)) == 30


def test_that_freezing_asks_and_then_offers_to_teach(window, page, filled, qtbot) -> None:
    filled.datasets.label([item.item_id for item in items(filled)], Label.GOOD)
    window.presenter_of("datasets").show_place((PRODUCT, ""))
    qtbot.waitUntil(lambda: page.counts.text().startswith("30 good"))
    teach = next(key for key in page.findChildren(QPushButton) if key.text() == "Teach")
    assert not teach.isEnabled()
    press(window, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: window.findChild(ConfirmDialog) is not None)
    window.findChild(ConfirmDialog).yes.click()
    qtbot.waitUntil(lambda: "frozen" in page.said.text())
    qtbot.waitUntil(teach.isEnabled)
    assert filled.datasets.versions(PRODUCT)[0].version in page.said.text()


def test_that_a_new_kind_and_a_policy_are_set_by_their_sheets(window, page, filled, qtbot) -> None:
    page.new_kind_wanted.emit()
    sheet = window.findChild(NewKindSheet)
    sheet.name.setText("burnt edge")
    sheet.add.click()
    qtbot.waitUntil(lambda: page.kind == "burnt edge")
    qtbot.waitUntil(lambda: window.findChild(NewKindSheet) is None)  # until then it has the keyboard
    press(window, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: window.findChild(CollectionSheet) is not None)
    policy = window.findChild(CollectionSheet)
    policy.every.setText("50")
    policy.disputed.setChecked(True)
    policy.near.setText("")
    assert not policy.save.isEnabled()
    policy.near.setText("0.05")
    policy.save.click()
    expected = CollectionPolicy(every_nth_pass=50, near_limit=0.05, disputed=True)
    qtbot.waitUntil(lambda: filled.datasets.collection(PRODUCT).policy == expected)


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("size", [(1024, 640), (1920, 1080)])
def test_that_nothing_is_cut_off_with_long_words(window, page, filled, theme: str, size, qtbot) -> None:
    filled.datasets.label([item.item_id for item in items(filled)[:3]], Label.DEFECT, LONG)
    window.resize(*size)
    window.fit_sizes()
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    window.presenter_of("datasets").show_place((PRODUCT, ""))
    qtbot.waitUntil(lambda: LONG in page.counts.text())
    page.gallery.mark((items(filled)[0].item_id,))

    def whole() -> None:
        for key in page.findChildren(QPushButton):
            assert key.fontMetrics().horizontalAdvance(key.text()) <= key.contentsRect().width() + 1, key.text()
        assert page.counts.fitted_text() == page.counts.text()
        assert page.about.fitted_text() == page.about.text()
        assert page.gallery.viewport().height() >= page.gallery.tile.height()
        assert (window.width(), window.height()) == size

    qtbot.waitUntil(whole, timeout=5_000)
