"""The lot in the header: touched, typed, scanned."""

import pytest
from keyboard import press, scan, type_text
from PySide6.QtCore import Qt

from station.domain.lot_order import LotOrder
from ui.shell.header import Header
from ui.shell.lot import LotSheet

SOON_MS = 10_000


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (LotOrder(), "No lot"),
        (LotOrder("2611-0342", "4711"), "Lot 2611-0342"),
        (LotOrder(order="47&11"), "Order 47&&11"),
        (LotOrder("L" * 80), f"Lot {'L' * 17}\u2026"),
        (LotOrder("a\x1db"), "Lot a<GS>b"),
    ],
)
def test_that_the_header_says_the_lot_or_the_order(qtbot, made: LotOrder, said: str) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.show_lot(made)
    assert header.lot.text() == said


def test_that_a_refused_lot_stays_in_its_sheet_with_the_reason(qtbot) -> None:
    header = Header()
    qtbot.addWidget(header)
    sheet = LotSheet(header, LotOrder("L-1"))
    sheet.lot.setText("L-2")
    sheet.refuse("The disk is full.")
    assert (sheet.lot.text(), sheet.message.text()) == ("L-2", "The disk is full.")
    sheet.reject()


def test_that_a_sheet_sets_only_what_was_changed_in_it(qtbot) -> None:
    header = Header()
    qtbot.addWidget(header)
    sheet = LotSheet(header, LotOrder("L-1", "O-1"))
    wanted = []
    sheet.wanted.connect(lambda lot, order: wanted.append((lot, order)))
    sheet.do.click()
    type_text(sheet.order, "O-2")
    sheet.do.click()
    sheet.lot.setText("")
    sheet.do.click()
    assert wanted == [(None, None), (None, "O-2"), ("", "O-2")]
    sheet.reject()


def _sheet(window, qtbot) -> LotSheet:
    qtbot.waitUntil(lambda: window.findChild(LotSheet) is not None, timeout=SOON_MS)
    sheet = window.findChild(LotSheet)
    qtbot.waitUntil(sheet.isVisible, timeout=SOON_MS)
    return sheet


def test_that_a_lot_is_typed_by_keys_alone_and_the_header_shows_it(window, station, qtbot) -> None:
    press(window, Qt.Key.Key_F12)
    sheet = _sheet(window, qtbot)
    type_text(sheet.lot, "L-1")
    press(sheet.lot, Qt.Key.Key_Tab)
    type_text(sheet.order, "O-7")
    press(sheet.order, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.header.lot.text() == "Lot L-1", timeout=SOON_MS)
    assert station.lots.now == LotOrder("L-1", "O-7")
    qtbot.waitUntil(lambda: window.findChild(LotSheet) is None, timeout=SOON_MS)


def test_that_a_scan_goes_into_the_marked_field_of_the_sheet(window, station, qtbot) -> None:
    window.header.lot.click()
    sheet = _sheet(window, qtbot)
    sheet.order.setFocus()
    scan(sheet.order, "4711")
    qtbot.waitUntil(lambda: sheet.order.text() == "4711", timeout=SOON_MS)
    assert sheet.isVisible(), "the Enter of the scanner must not press a key"
    sheet.do.click()
    qtbot.waitUntil(lambda: station.lots.now == LotOrder(order="4711"), timeout=SOON_MS)


def test_that_a_lot_set_by_another_program_comes_into_the_header_of_a_line_at_rest(window, station, qtbot) -> None:
    station._core.lot._lots.set(LotOrder("L-9"), "Ada", station.records.shifts()[0].start)
    qtbot.waitUntil(lambda: window.header.lot.text() == "Lot L-9", timeout=SOON_MS)
