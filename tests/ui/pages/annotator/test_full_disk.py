"""Marks on a disk that is really full: they are said, kept, and only given up by a person."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import cv2
import keyboard
import numpy as np
import pytest
from plant import PIN
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from waiting import SOON_MS

from station.domain.permissions import Role
from station.domain.secret import Secret
from ui.widgets.confirm_dialog import ConfirmDialog

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="disks are made by mount")


@pytest.fixture
def filler(station, draw_part, tmp_path):
    """A picture of "plate", whose masks lie on a small disk of their own; what fills that disk up."""
    cv2.imwrite(str(tmp_path / "part.png"), draw_part(40))
    station.datasets.import_folder(tmp_path / "part.png", "plate")
    masks = next(station.workspace.datasets.rglob("pictures")).with_name("masks")
    masks.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(masks)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no mount")
    yield masks / "filler"
    subprocess.run(["umount", "--lazy", masks], check=True)


@pytest.fixture
def refused(window, station, filler, qtbot):
    """The annotator with a mask that the full disk has refused."""
    fill(filler)
    ((product, view, _),) = station.datasets.places()
    window.show_page("cameras")
    window.open_page("annotator", tuple(item.item_id for item in station.datasets.items(product, view)))
    page = window.page_of("annotator")
    qtbot.waitUntil(lambda: page.canvas.drawing is not None, timeout=SOON_MS)
    page.canvas.put_mask(np.ones_like(page.canvas.drawing.mask))
    qtbot.waitUntil(lambda: page.saved.text() == "NOT SAVED", timeout=SOON_MS)
    return page


def fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def question_of(window, qtbot) -> ConfirmDialog:
    asked = lambda: window.findChild(ConfirmDialog)  # noqa: E731
    qtbot.waitUntil(lambda: asked() is not None and asked().isActiveWindow(), timeout=SOON_MS)
    return asked()


def mask_of(station):
    ((product, view, _),) = station.datasets.places()
    return station.datasets.mask(station.datasets.items(product, view)[0].item_id)


def test_that_the_window_stays_open_with_its_marks_until_they_are_saved(
    window, station, refused, filler, qtbot
) -> None:
    window.close()
    question = question_of(window, qtbot)
    words = question.findChildren(type(question.column.itemAt(1).widget()))
    assert any("The marks on 1 picture are not saved" in each.text() for each in words)
    keyboard.press(question, Qt.Key.Key_Escape)
    qtbot.wait(100)
    assert window.isVisible()
    assert window.isEnabled()
    assert refused.canvas.drawing.mask.all()

    window.close()
    question_of(window, qtbot)
    filler.unlink()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON_MS)
    assert mask_of(station).all()


def test_that_a_person_may_discard_the_marks(window, station, refused, qtbot) -> None:
    window.close()
    question = question_of(window, qtbot)
    keyboard.press(question, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON_MS)
    assert mask_of(station) is None


@pytest.fixture
def anna(window, station) -> None:
    """Anna, an engineer, is logged in."""
    station.people.add("Anna Berg", {Role.ENGINEER, Role.ADMINISTRATOR}, Secret(PIN))
    station.people.log_in("Anna Berg", Secret(PIN))
    window.log_in.follow()


def test_that_marks_are_saved_in_the_name_of_who_drew_them_and_nobody_else_draws(
    anna, window, station, refused, filler, qtbot
) -> None:
    station.people.log_out()
    window.log_in.follow()
    before = refused.canvas.drawing.mask.copy()
    QTest.mouseClick(refused.canvas, Qt.MouseButton.LeftButton)
    assert (refused.canvas.drawing.mask == before).all()
    assert "log in" in refused.said.text()
    filler.unlink()
    qtbot.waitUntil(lambda: mask_of(station) is not None, timeout=SOON_MS)
    ((product, view, _),) = station.datasets.places()
    (item,) = station.datasets.items(product, view)
    assert "Anna Berg" in item.labelled_by


def test_that_leaving_the_page_says_that_marks_are_not_saved_and_they_are_saved_later(
    window, station, refused, filler, qtbot
) -> None:
    keyboard.press(refused.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.page_of("cameras").isVisible(), timeout=SOON_MS)
    qtbot.waitUntil(lambda: "are not saved" in window.answer.words, timeout=SOON_MS)
    assert window.fault_log.entries[0].fault.where == "annotator"
    filler.unlink()
    qtbot.waitUntil(lambda: mask_of(station) is not None, timeout=SOON_MS)
    assert mask_of(station).all()
