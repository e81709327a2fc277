"""Logging in and out at the window: by touch, by keys, by badge; and what happens when somebody walks away."""

from threading import Event

import pytest
from keyboard import press, scan, type_text
from plant import BADGE, PIN
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from waiting import SOON_MS

from station.app import Station
from station.domain.audit import AuditAction, AuditFilter
from station.domain.permissions import Permission, Role
from station.domain.secret import Secret
from station.people.session import NOBODY
from station.settings import ScannerSettings
from ui.shell.log_in_sheets import FirstAccountSheet, LogInSheet, PersonSheet
from ui.widgets.signed_dialog import SignedDialog

HOSTILE = "<b>Eve</b> & \u202e" + "x" * 480


@pytest.fixture
def logged_out(window) -> None:
    window._station.people.log_out()
    window.log_in.follow()


@pytest.fixture
def staffed(window, logged_out):
    """The window of a station with Anna, a supervisor, and Ben, an operator; nobody is logged in."""
    people = window._station.people
    people.add("Anna Berg", {Role.SUPERVISOR}, Secret(PIN), Secret(BADGE))
    people.add("Ben", {Role.OPERATOR}, Secret("58024617"))
    window.log_in.follow()
    return window


def _sheet(window, kind):
    found = [each for each in window.findChildren(kind) if each.isVisible()]
    return found[0] if found else None


def _open(window, qtbot, kind=LogInSheet):
    QTest.mouseClick(window.header.person, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _sheet(window, kind) is not None, timeout=SOON_MS)
    return _sheet(window, kind)


def _log_in(window, qtbot, name: str = "Anna Berg", pin: str = PIN) -> None:
    sheet = _open(window, qtbot)
    sheet.names.setCurrentRow([sheet.names.item(row).text() for row in range(sheet.names.count())].index(name))
    for digit in pin:
        QTest.mouseClick(sheet.pad.keys[digit], Qt.MouseButton.LeftButton)
    QTest.mouseClick(sheet.do, Qt.MouseButton.LeftButton)


def test_that_a_name_and_a_pin_log_in_by_touch_and_a_touch_logs_out(staffed, qtbot) -> None:
    assert staffed.header.person.text() == "Operator"
    _log_in(staffed, qtbot)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Anna Berg, supervisor", timeout=SOON_MS)
    assert staffed.authority.allows(Permission.EXPORT_REPORT)
    person = _open(staffed, qtbot, PersonSheet)
    QTest.mouseClick(person.out, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Operator", timeout=SOON_MS)
    assert staffed._station.people.session.person == NOBODY


def test_that_a_person_logs_in_by_keys_alone(staffed, qtbot) -> None:
    staffed.action_table["log in"].trigger()
    qtbot.waitUntil(lambda: _sheet(staffed, LogInSheet) is not None, timeout=SOON_MS)
    sheet = _sheet(staffed, LogInSheet)
    press(sheet.names, Qt.Key.Key_Down)
    press(sheet.names, Qt.Key.Key_Return)
    assert sheet.pad.hasFocus()
    type_text(sheet.pad, "5802461")
    press(sheet.pad, Qt.Key.Key_8)
    press(sheet.pad, Qt.Key.Key_Backspace)
    type_text(sheet.pad, "7")
    press(sheet.pad, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Ben, operator", timeout=SOON_MS)


def test_that_a_wrong_pin_is_said_on_the_sheet_and_the_next_try_waits(staffed, qtbot) -> None:
    _log_in(staffed, qtbot, pin="58024617")
    sheet = _sheet(staffed, LogInSheet)
    qtbot.waitUntil(lambda: sheet.message.text().startswith("Name or PIN is wrong."), timeout=SOON_MS)
    for _ in range(3):
        type_text(sheet.pad, "58024617")
        press(sheet.pad, Qt.Key.Key_Return)
        qtbot.waitUntil(sheet.pad.isEnabled, timeout=SOON_MS)
    assert "Wait" in sheet.message.text()
    assert sheet.pad.digits == 0
    sheet.reject()


def test_that_a_badge_logs_in_on_any_page_and_its_code_is_shown_nowhere(staffed, qtbot) -> None:
    scan(staffed, BADGE)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Anna Berg, supervisor", timeout=SOON_MS)
    assert BADGE not in staffed.scan_notice.text


def test_that_a_serial_at_an_open_sheet_does_not_count_as_a_try(staffed, qtbot) -> None:
    station = staffed._station
    staffed.log_in._scanner._settings = ScannerSettings(serial_prefix="SN-")
    sheet = _open(staffed, qtbot)
    tries = AuditFilter(action=AuditAction.LOG_IN_FAILED)
    for code in ("SN-0001234", "12345"):
        assert not staffed.log_in.is_badge(code)
        scan(sheet, code)
    scan(sheet, "LSB-9999-9999")
    qtbot.waitUntil(lambda: station.audit.count(tries) == 1, timeout=SOON_MS)
    scan(sheet, BADGE)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Anna Berg, supervisor", timeout=SOON_MS)


def test_that_whoever_left_is_logged_out_at_once_while_work_goes_on_and_the_disk_is_slow(staffed, qtbot) -> None:
    _log_in(staffed, qtbot)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Anna Berg, supervisor", timeout=SOON_MS)
    may_end = Event()
    staffed._tasks.ask(lambda: may_end.wait(SOON_MS / 1000), lambda _: None, lambda _: None)
    before = staffed._station.audit.count()
    staffed.log_in._engineer_left._over()
    assert staffed.header.person.text() == "Operator"
    assert staffed._station.audit.count() == before
    may_end.set()
    qtbot.waitUntil(lambda: staffed._station.audit.count() == before + 1, timeout=SOON_MS)
    (entry,) = staffed._station.audit.entries(limit=1)
    assert (entry.action, entry.person, entry.reason) == ("logged out", "Anna Berg", "not touched for a while")


def test_that_a_text_field_takes_no_badge(staffed, qtbot) -> None:
    dialog = SignedDialog(staffed, "Sign", "Do")
    dialog.add_form((("Reason", dialog.reason),))
    dialog.show()
    dialog.reason.setFocus()
    scan(dialog.reason, BADGE)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Anna Berg, supervisor", timeout=SOON_MS)
    assert dialog.reason.text() == ""
    dialog.reject()


def test_that_the_window_returns_to_the_operator_while_the_line_goes_on(staffed, qtbot) -> None:
    _log_in(staffed, qtbot)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Anna Berg, supervisor", timeout=SOON_MS)
    staffed.show_page("shift_report")
    dialog = SignedDialog(staffed, "Sign", "Do")
    dialog.open()
    state = staffed._station.line.state
    staffed.log_in._engineer_left._over()
    assert staffed.header.person.text() == "Operator"
    assert staffed.page_of("line").isVisible()
    assert not dialog.isVisible()
    assert staffed._station.line.state is state


def test_that_a_person_whom_another_program_disabled_leaves_the_window(staffed, qtbot) -> None:
    _log_in(staffed, qtbot)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Anna Berg, supervisor", timeout=SOON_MS)
    staffed.show_page("shift_report")
    with Station.open(staffed._station.workspace.root) as elsewhere:
        elsewhere.people.add("Cleo", {Role.SUPERVISOR}, None, Secret("LSB-0042-7720"))
        elsewhere.people.disable("Anna Berg", "left the company")
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Operator", timeout=2 * SOON_MS)
    assert staffed.page_of("line").isVisible()
    assert "Anna Berg is logged out" in staffed.answer.words


def test_that_who_is_logged_in_cannot_sign_as_somebody_else(staffed, qtbot) -> None:
    _log_in(staffed, qtbot)
    qtbot.waitUntil(lambda: staffed.header.person.text() == "Anna Berg, supervisor", timeout=SOON_MS)
    dialog = SignedDialog(staffed, "Sign", "Do")
    dialog.sign_as(staffed.authority.person)
    dialog.add_form((("Your name", dialog.person), ("Reason", dialog.reason)))
    dialog.show()
    dialog.person.setFocus()
    type_text(dialog.person, "Ben")
    assert dialog.person.text() == "Anna Berg"
    dialog.reject()


def test_that_the_first_start_makes_the_first_supervisor(window, logged_out, qtbot) -> None:
    assert window.header.person.text() == "Operator, no accounts"
    window.log_in.offer_first_account()
    card = _sheet(window, FirstAccountSheet)
    assert not card.do.isEnabled()
    card.name.setText("Ada")
    for typed in (PIN, "58024617", PIN, PIN):  # the second is not the first: begin again
        type_text(card.pad, typed)
        press(card.pad, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _sheet(window, LogInSheet) is not None, timeout=SOON_MS)
    sheet = _sheet(window, LogInSheet)
    type_text(sheet.pad, PIN)
    press(sheet.pad, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.header.person.text() == "Ada, engineer, supervisor", timeout=SOON_MS)


def test_that_a_hostile_name_is_shown_as_text(staffed, qtbot) -> None:
    width = staffed.header.minimumSizeHint().width()
    staffed._station.people.add(HOSTILE, {Role.ENGINEER}, Secret("482915"))
    sheet = _open(staffed, qtbot)
    assert any(sheet.names.item(row).text().startswith("<b>Eve</b> & \\u202e") for row in range(sheet.names.count()))
    assert sheet.width() <= staffed.width()
    sheet.reject()
    staffed._station.people.log_in(HOSTILE, Secret("482915"))
    staffed.log_in.follow()
    assert staffed.header.person.text().startswith("<b>Eve</b> && \\u202e")
    assert staffed.header.minimumSizeHint().width() < width + 300


def test_that_a_closed_sheet_keeps_no_digit(staffed, qtbot) -> None:
    sheet = _open(staffed, qtbot)
    type_text(sheet.pad, "5802")
    pad = sheet.pad
    sheet.hide()
    assert pad.digits == 0
    sheet.reject()
    assert not staffed.findChildren(QLineEdit, "pin")
