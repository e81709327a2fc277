"""The shift in numbers, and who said what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from keyboard import press
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QLabel
from waiting import SOON_MS

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Counts, PartKey, PictureOrigin, RunKind
from station.domain.lot_order import LotOrder
from station.domain.rates import Rate
from station.domain.shift import EventKind, ShiftWindow
from station.domain.shift_summary import LotSummary, ShiftSummary, Span, Stoppage
from ui.pages.shift_report.actions import ShiftReportAct
from ui.pages.shift_report.hour_bars import AXIS_DIGITS
from ui.theme.theme import current_theme
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


def test_that_a_stop_is_said_whole_in_a_narrow_window(window, page, qtbot) -> None:
    window.resize(960, 500)
    window.fit_sizes()
    why = "stopped by the operator, because the oven needs to be cleaned before the next product can be started"
    stops = tuple(
        Stoppage(kind, WINDOW.start, WINDOW.end, WINDOW.end - WINDOW.start, sentence, "Ada")
        for kind, sentence in ((EventKind.STOP, why), (EventKind.CAMERA_LOST, "camera lost"), (EventKind.FAULT, "why"))
    )
    page.show_shift(replace(EMPTY, stoppages=stops), [])
    table = page.stops
    shown = [table.rows.data(table.rows.index(row, 2)) for row in range(3)]
    assert shown == [f"stop: {why}", "camera lost: camera lost", "fault: why"]

    def whole() -> None:
        cell = table.visualRect(table.rows.index(0, 2)).adjusted(8, 4, -8, -4)
        needed = table.fontMetrics().boundingRect(cell, int(Qt.TextFlag.TextWordWrap), shown[0])
        assert needed.height() <= cell.height()
        assert needed.width() <= cell.width()
        assert table.viewport().height() >= sum(table.rowHeight(row) for row in range(3))

    qtbot.waitUntil(whole, timeout=5_000)


def test_that_a_heading_is_aligned_like_its_column() -> None:
    rows = Rows(("Recipe", "Parts", "Yield"), ("Parts", "Yield"))
    rows.show([("123", "1\N{NO-BREAK SPACE}284", "98.0\N{NO-BREAK SPACE}%")])
    role = Qt.ItemDataRole.TextAlignmentRole
    alignments = [rows.data(rows.index(0, column), role) for column in range(3)]
    assert [rows.headerData(column, Qt.Orientation.Horizontal, role) for column in range(3)] == alignments
    assert [bool(alignment & Qt.AlignmentFlag.AlignRight.value) for alignment in alignments] == [False, True, True]


def test_that_shifts_without_parts_can_be_picked_and_say_so(page, station) -> None:
    offered = [page.shifts.itemText(row) for row in range(page.shifts.count())]
    assert len(offered) > 20
    assert all(text.endswith(", no parts") for text in offered)
    assert page.shifts.itemData(0) == station.records.shift_of(datetime.now(UTC))


def test_that_the_shifts_of_an_earlier_day_are_offered(page, qtbot) -> None:
    page.day.setDate(QDate(2026, 3, 1))
    qtbot.waitUntil(lambda: page.shifts.itemData(0).day == date(2026, 3, 1), timeout=10_000)
    qtbot.waitUntil(lambda: "No part came" in page.said.text(), timeout=10_000)


def test_that_a_reader_is_warned_of_simulated_pictures_trials_and_an_unfinished_shift(page) -> None:
    assert page.remarks.isVisible(), "the present shift has not ended"
    page.show_shift(EMPTY, [])
    assert not page.remarks.isVisible()
    counts = Counts(passed=3)
    warned = replace(
        EMPTY, counts=counts, not_counted={RunKind.TRIAL: 1}, origins={PictureOrigin.SIMULATED: 3}, as_of=WINDOW.start
    )
    page.show_shift(warned, [])
    assert page.remarks.text() == (
        "Interim, as of 06:00 on 2026-11-22: the shift has not ended. "
        "SIMULATED PICTURES: 3 of 3 parts were drawn by the program, not seen by a camera. "
        "1 trial part is not counted."
    )


def test_that_the_lane_of_stops_is_hatched_where_nothing_is_known(page) -> None:
    hour = timedelta(hours=1)
    stop = Stoppage(EventKind.STOP, WINDOW.start + hour, None, hour, "touched", "")
    shift = replace(
        EMPTY,
        stoppages=(stop,),
        as_of=WINDOW.start + 2 * hour,
        unknown=(Span(WINDOW.start + 2 * hour, WINDOW.end),),
    )
    page.show_shift(shift, [])
    assert page.hours.stops.stopped == [(1 / 8, 2 / 8)]
    assert page.hours.stops.unknown == [(2 / 8, 1)]
    picture = page.hours.stops.grab().toImage()
    axis = current_theme().sizes.small * AXIS_DIGITS
    middle = axis + (picture.width() - axis) * 1.5 / 8
    assert picture.pixelColor(round(middle), picture.height() // 2).name() == current_theme().colours.strong.lower()


def test_that_the_keys_of_the_saved_file_wait_for_a_file(window, page) -> None:
    acts = (ShiftReportAct.OPEN_FILE, ShiftReportAct.PRINT_FILE, ShiftReportAct.COPY_FILE)
    assert [window.action_table[act].isEnabled() for act in acts] == [False] * 3


def test_that_reasons_are_those_that_people_gave(page) -> None:
    said = [OperatorFeedback(PartKey(1, n), Disposition.GOOD_PART, reason, "Ada", WINDOW.start)
            for n, reason in enumerate(("dust", "print", "dust"))]  # fmt: skip
    page.show_shift(EMPTY, said)
    texts = [each.text() for each in page.places.findChildren(QLabel)]
    assert "Reasons that people gave: dust 2, print 1" in texts


def test_that_lots_are_listed_with_their_figures_and_only_if_there_are_any(page) -> None:
    page.show_shift(EMPTY, ())
    assert not page._made.isVisible()
    lots = (
        LotSummary(LotOrder("L-1", "O-7"), Counts(8, 0, 2), Rate(8, 10)),
        LotSummary(LotOrder(), Counts(1), Rate(1, 1)),
    )
    page.show_shift(replace(EMPTY, lots=lots), ())
    assert page._made.isVisible()
    assert page.lots.model().words(0)[:4] == ("L-1", "O-7", "10", "8")


def test_that_a_key_that_saves_is_offered_once_there_is_a_shift_to_save(window, qtbot) -> None:
    window.show_page("shift_report")
    presenter, save = window.presenter_of("shift_report"), window.action_table[ShiftReportAct.SAVE_PDF]
    qtbot.waitUntil(save.isEnabled, timeout=SOON_MS)
    presenter._show_day(date(2001, 1, 1))
    assert not save.isEnabled()
