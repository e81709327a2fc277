"""The last 300 parts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester

from station.domain.inspection import PartKey
from station.domain.verdict import Verdict
from ui.operator.strip import Strip
from ui.operator.strip_model import KEPT, StripModel


@pytest.fixture
def strip(qtbot):
    made = Strip(StripModel())
    qtbot.addWidget(made)
    made.resize(900, 120)
    made.show()
    return made


def test_that_the_model_keeps_qts_rules(make_inspection) -> None:
    model = StripModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for part in range(1, KEPT + 3):
        model.add(make_inspection(part))
    assert model.rowCount() == KEPT
    assert model.part(0).key == PartKey(1, KEPT + 2)
    assert model.row_of(PartKey(1, 1)) is None


def test_that_a_part_told_twice_is_there_once(make_inspection) -> None:
    model = StripModel()
    model.add(make_inspection(2))
    model.fill([make_inspection(2), make_inspection(1)])
    model.add(make_inspection(1))
    assert [model.part(row).key.part for row in range(model.rowCount())] == [2, 1]


def test_that_a_thumbnail_is_asked_for_once_and_when_it_is_painted(strip, make_inspection, qtbot) -> None:
    wanted = []
    strip.model().thumbnail_wanted.connect(wanted.append)
    for part in range(1, 100):
        strip.add(make_inspection(part))
    assert wanted == []
    strip.grab()
    strip.grab()
    assert PartKey(1, 99) in wanted
    assert PartKey(1, 1) not in wanted
    assert len(wanted) == len(set(wanted))
    strip.model().set_thumbnail(PartKey(1, 99), QImage(4, 4, QImage.Format.Format_RGB888))
    assert strip.model().index(0).data(Qt.ItemDataRole.DecorationRole) is not None


def test_that_a_part_stays_under_the_finger_while_others_come(strip, make_inspection) -> None:
    for part in range(1, 60):
        strip.add(make_inspection(part))
    strip.grab()
    strip.horizontalScrollBar().setValue(500)
    under = strip.indexAt(strip.viewport().rect().center()).row()
    key = strip.model().part(under).key
    strip.add(make_inspection(60))
    strip.grab()
    assert strip.model().part(strip.indexAt(strip.viewport().rect().center()).row()).key == key


def test_that_the_keys_go_from_part_to_part(strip, make_inspection) -> None:
    chosen = []
    strip.part_chosen.connect(chosen.append)
    for part in range(1, 5):
        strip.add(make_inspection(part))
    strip.step(1)
    strip.step(1)
    strip.step(-1)
    assert [key.part for key in chosen] == [4, 3, 4]
    strip.let_go()
    assert not strip.currentIndex().isValid()
    assert len(chosen) == 3


def test_that_a_new_part_chooses_nothing(strip, make_inspection) -> None:
    chosen = []
    strip.part_chosen.connect(chosen.append)
    for part in range(1, KEPT + 20):
        strip.add(make_inspection(part))
    assert chosen == []


def test_that_a_part_is_told_in_words_too(strip, make_inspection) -> None:
    strip.add(make_inspection(7, Verdict.FAIL))
    text = strip.model().index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Part 0007: FAIL, mark 700 px2, lower right"
