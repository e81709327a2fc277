"""A look at drawn defects from the models page, by keys alone."""

import threading
from collections.abc import Callable

import pytest
from keyboard import CTRL, press
from PySide6.QtCore import Qt

from station.commands.synthetic import SyntheticCommands
from station.domain.errors import BadInputError
from station.domain.synthetic import DrawnLook, DrawnSize, LookOrder, SyntheticKind
from station.learning.progress import Progress
from station.reporting.drawn_wording import NOT_REAL, drawn_rows
from ui.pages.models.drawn_sheet import DrawnSheet

LOOK = DrawnLook(
    18,
    2,
    True,
    18,
    (
        DrawnSize(SyntheticKind.SCRATCH, 8, 5, 2, 1, 0),
        DrawnSize(SyntheticKind.SCRATCH, 16, 5, 5, 5, 0),
        DrawnSize(SyntheticKind.STAIN, 8, 5, 0, 0, 1),
        DrawnSize(SyntheticKind.STAIN, 16, 5, 4, 4, 0),
    ),
)


@pytest.fixture
def models(window, qtbot):
    window.show_page("models")
    page = window.page_of("models")
    qtbot.waitUntil(lambda: page.first.currentData() is not None, timeout=10_000)
    return page


def _sheet(window, qtbot) -> DrawnSheet:
    press(window, Qt.Key.Key_Y, CTRL)
    qtbot.waitUntil(lambda: window.findChild(DrawnSheet) is not None, timeout=10_000)
    return window.findChild(DrawnSheet)


def test_that_a_look_is_shown_as_drawn_and_of_the_chosen_revision(
    window, models, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    asked = []

    def look(_self, name: str, order: LookOrder, revision: int, **_: object) -> DrawnLook:
        asked.append((name, revision, order.kinds))
        return LOOK

    monkeypatch.setattr(SyntheticCommands, "look", look)
    sheet = _sheet(window, qtbot)
    qtbot.waitUntil(lambda: sheet.table is not None, timeout=10_000)
    assert asked == [("plate", 1, tuple(SyntheticKind))]
    assert sheet.warning.text() == f"plate@1: {NOT_REAL}"
    assert sheet.table.rows.words(0) == drawn_rows(LOOK)[0]
    press(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(DrawnSheet) is None, timeout=10_000)


def test_that_closing_the_sheet_gives_up_the_look(window, models, monkeypatch: pytest.MonkeyPatch, qtbot) -> None:
    given_up = threading.Event()

    def look(
        _self,
        *_names: object,
        progress: Callable[[Progress], None],
        wanted: Callable[[], bool],
        **_: object,
    ) -> DrawnLook:
        while wanted():
            progress(Progress("Judging drawn defects", 7, 150))
            given_up.wait(0.01)
        given_up.set()
        return LOOK

    monkeypatch.setattr(SyntheticCommands, "look", look)
    sheet = _sheet(window, qtbot)
    qtbot.waitUntil(lambda: sheet.said.text().startswith("Judging drawn defects: 7 of 150"), timeout=10_000)
    press(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(given_up.is_set, timeout=10_000)


def test_that_a_look_that_is_not_possible_says_why(window, models, monkeypatch: pytest.MonkeyPatch, qtbot) -> None:
    def look(_self, *_names: object, **_: object) -> DrawnLook:
        raise BadInputError("None of 20 good pictures passes.", "Set its limits first.")

    monkeypatch.setattr(SyntheticCommands, "look", look)
    sheet = _sheet(window, qtbot)
    qtbot.waitUntil(lambda: sheet.said.text().startswith("None of 20"), timeout=10_000)
    assert sheet.said.text() == "None of 20 good pictures passes. Set its limits first."
    press(sheet, Qt.Key.Key_Escape)
