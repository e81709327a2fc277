"""The last 300 parts."""

from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage
from PySide6.QtTest import QAbstractItemModelTester

from station.domain.inspection import PartKey
from station.domain.verdict import Verdict
from ui.pages.line import filmstrip
from ui.pages.line.filmstrip import SHORT, Strip
from ui.pages.line.filmstrip_model import KEPT, StripModel
from ui.theme.theme import FAMILY, current_theme


@pytest.fixture
def strip(qtbot):
    made = Strip(StripModel())
    qtbot.addWidget(made)
    made.resize(900, 120)
    made.show()
    yield made
    made.close_clocks()


def _add(strip, part) -> None:
    """Add a part and wait for no others."""
    strip.add(part)
    strip.add_coming()


def test_that_parts_that_come_faster_than_a_person_follows_are_added_together(strip, make_inspection, qtbot) -> None:
    strip.grab()
    added = []
    strip.model().rowsInserted.connect(lambda _root, first, last: added.append(last - first + 1))
    for part in range(1, 31):
        strip.add(make_inspection(part))
    assert added == [1], "the first at once"
    qtbot.waitUntil(lambda: sum(added) == 30)
    assert added == [1, 29]
    assert [strip.model().part(row).key.part for row in range(30)] == list(range(30, 0, -1))


def test_that_a_tile_that_only_moves_is_not_painted_again(strip, make_inspection, monkeypatch) -> None:
    painted = []
    paint = filmstrip._tile
    monkeypatch.setattr(filmstrip, "_tile", lambda *of: painted.append(of) or paint(*of))
    _add(strip, make_inspection(1, Verdict.FAIL))
    strip.grab()
    _add(strip, make_inspection(2, Verdict.FAIL))
    strip.grab()
    assert len(painted) == 1


@pytest.mark.slow
def test_that_the_model_keeps_qts_rules(make_inspection) -> None:
    model = StripModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for part in range(1, KEPT + 3):
        model.add(make_inspection(part))
    assert model.rowCount() == KEPT
    assert model.part(0).key == PartKey(1, KEPT + 2)
    assert model.row_of(PartKey(1, 1)) is None


def test_that_a_part_reported_twice_is_there_once(make_inspection) -> None:
    model = StripModel()
    model.add(make_inspection(2))
    model.fill([make_inspection(2), make_inspection(1)])
    model.add(make_inspection(1))
    assert [model.part(row).key.part for row in range(model.rowCount())] == [2, 1]


def test_that_a_thumbnail_is_asked_for_once_and_when_it_is_painted(strip, make_inspection, qtbot) -> None:
    wanted = []
    strip.model().thumbnail_wanted.connect(wanted.append)
    for part in range(1, 100):
        _add(strip, make_inspection(part))
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
        _add(strip, make_inspection(part))
    strip.grab()
    strip.horizontalScrollBar().setValue(500)
    under = strip.indexAt(strip.viewport().rect().center()).row()
    key = strip.model().part(under).key
    _add(strip, make_inspection(60))
    strip.grab()
    assert strip.model().part(strip.indexAt(strip.viewport().rect().center()).row()).key == key


@pytest.mark.parametrize("width", [300, 511, 730, 888, 900, 1311, 2047])
def test_that_no_part_at_the_edge_is_cut(strip, make_inspection, width: int) -> None:
    strip.resize(width, 120)
    for part in range(1, 60):
        _add(strip, make_inspection(part))
    strip.grab()
    room = strip.viewport().rect()
    tiles = [strip.visualRect(strip.model().index(row)) for row in range(59)]
    shown = [tile for tile in tiles if tile.intersects(room)]
    assert all(room.contains(tile) for tile in shown)
    assert len(shown) == width // current_theme().sizes.tile or len(shown) == (width - 12) // current_theme().sizes.tile
    _add(strip, make_inspection(60))
    strip.grab()
    assert strip.visualRect(strip.model().index(0)).left() == 0


def _beside(strip: Strip) -> int:
    """How many pixels of the chosen tile are outside."""
    room, tile = strip.viewport().rect(), strip.visualRect(strip.currentIndex())
    return tile.width() - tile.intersected(room).width()


def test_that_the_chosen_part_stays_whole_when_the_window_becomes_small(strip, make_inspection, qtbot) -> None:
    for part in range(1, 60):
        _add(strip, make_inspection(part))
    strip.choose(PartKey(1, 52))
    for width in (900, 500, 300):
        strip.resize(width, 120)
        qtbot.waitUntil(lambda: _beside(strip) <= 1)  # Qt scrolls to a point beside it


def test_that_the_keys_go_from_part_to_part(strip, make_inspection) -> None:
    chosen = []
    strip.part_chosen.connect(chosen.append)
    for part in range(1, 5):
        _add(strip, make_inspection(part))
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
        _add(strip, make_inspection(part))
    assert chosen == []


def test_that_a_part_is_described_in_words_too(strip, make_inspection) -> None:
    _add(strip, make_inspection(7, Verdict.FAIL))
    text = strip.model().index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Part 0007: FAIL, mark 700 px2, lower right"


@pytest.fixture
def picture_place(strip):
    """The colours where the newest part's picture is painted."""

    def picture_place() -> set[str]:
        image = strip.grab().toImage()
        place = strip.visualRect(strip.model().index(0)).translated(strip.viewport().pos())
        inner = place.adjusted(12, 12, -12, -place.height() // 2)
        points = product(range(inner.left(), inner.right()), range(inner.top(), inner.bottom()))
        return {image.pixelColor(x, y).name() for x, y in points}

    return picture_place


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.REVIEW, Verdict.FAIL])
def test_that_a_judged_part_is_not_hatched_while_its_picture_comes(
    strip, make_inspection, picture_place, verdict
) -> None:
    _add(strip, make_inspection(1, verdict))
    assert picture_place() == {current_theme().colours.picture_ground.lower()}


def test_that_a_part_that_was_not_inspected_is_hatched_and_says_so(strip, make_inspection, picture_place) -> None:
    _add(strip, make_inspection(1, Verdict.NOT_INSPECTED))
    assert len(picture_place()) > 1
    assert SHORT[Verdict.NOT_INSPECTED] == "not insp."


def test_that_every_verdicts_word_fits_its_tile() -> None:
    font = QFont(FAMILY)
    font.setBold(True)
    font.setPixelSize(current_theme().sizes.small)
    room = current_theme().sizes.tile - 4 - 2.2 * 0.85 * current_theme().sizes.small
    assert all(QFontMetricsF(font).horizontalAdvance(word) < room for word in SHORT.values())
