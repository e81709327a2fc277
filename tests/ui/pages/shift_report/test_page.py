"""The shift in numbers, and who said what."""

from datetime import UTC, date, datetime

import pytest
from keyboard import press
from PySide6.QtCore import Qt

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Counts, PartKey
from station.domain.rates import Rate
from station.domain.shift import ShiftWindow
from station.domain.shift_summary import ShiftSummary
from ui.widgets.table import Rows

WINDOW = ShiftWindow(
    "Early",
    date(2026, 11, 22),
    datetime(2026, 11, 22, 5, tzinfo=UTC),
    datetime(2026, 11, 22, 13, tzinfo=UTC),
    "Europe/Berlin",
)
EMPTY = ShiftSummary(WINDOW, Counts(), Rate(0, 0), (), (), (), (), {}, (), None)


@pytest.fixture
def page(window, qtbot):
    window.show_page("shift_report")
    qtbot.waitUntil(lambda: "No part" in window.page_of("shift_report").said.text(), timeout=10_000)
    return window.page_of("shift_report")


def test_that_the_window_keeps_the_keyboard_when_the_page_is_built(window, page) -> None:
    assert window.isActiveWindow()
    press(window, Qt.Key.Key_F2)
    assert window.page_of("line").isVisible()


def test_that_what_was_said_of_a_part_names_the_part_and_who_said_it(page) -> None:
    at = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
    words = [
        (Disposition.GOOD_PART, "dust", "Ada"),
        (Disposition.REVIEW_TIMED_OUT, "", ""),
        (Disposition.CONFIRMED, "", ""),
    ]
    page.show_shift(EMPTY, [OperatorFeedback(PartKey(1, 26), *word, at) for word in words])
    rows = page.disputes.rows
    assert [[rows.data(rows.index(row, column)) for column in range(4)] for row in range(3)] == [
        ["10:41:00", "0026", "Ada", "good part, dust"],
        ["10:41:00", "0026", "station", "review timed out"],
        ["10:41:00", "0026", "not named", "confirmed"],
    ]


def test_that_a_heading_is_aligned_like_its_column() -> None:
    rows = Rows(("Recipe", "Parts", "Yield"), ("Parts", "Yield"))
    rows.show([("123", "1\N{NO-BREAK SPACE}284", "98.0\N{NO-BREAK SPACE}%")])
    role = Qt.ItemDataRole.TextAlignmentRole
    alignments = [rows.data(rows.index(0, column), role) for column in range(3)]
    assert [rows.headerData(column, Qt.Orientation.Horizontal, role) for column in range(3)] == alignments
    assert [bool(alignment & Qt.AlignmentFlag.AlignRight.value) for alignment in alignments] == [False, True, True]
