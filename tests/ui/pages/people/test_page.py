"""The people page: who may change people, by keys alone, and what it says if there is nobody."""

import pytest
from keyboard import press, scan, type_text
from plant import BADGE, PIN
from PySide6.QtCore import Qt
from waiting import SOON_MS

from station.domain.permissions import Role
from station.domain.secret import Secret
from ui.pages.people.actions import PeopleAct
from ui.pages.people.sheets import AccountSheet

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def managed(window, qtbot):
    """The page as Anna sees it, who is a supervisor; Ben is an engineer."""
    people = window._station.people
    people.add("Anna Berg", {Role.SUPERVISOR}, Secret(PIN))
    people.add("Ben <b>", {Role.ENGINEER}, Secret("58024617"))
    people.log_in("Anna Berg", Secret(PIN))
    window.log_in.follow()
    window.show_page("people")
    qtbot.waitUntil(lambda: _names(window) == ["Anna Berg", "Ben <b>"], timeout=SOON_MS)
    return window


def _page(window):
    return window.page_of("people")


def _names(window) -> list[str]:
    model = _page(window).table.model()
    return [model.words(row)[0] for row in range(model.rowCount())]


def _row(window, row: int) -> tuple[str, ...]:
    return _page(window).table.model().words(row)


def _sheet(window, qtbot) -> AccountSheet:
    shown = lambda: [each for each in window.findChildren(AccountSheet) if each.isVisible()]  # noqa: E731
    qtbot.waitUntil(lambda: bool(shown()), timeout=SOON_MS)
    return shown()[0]


def test_that_a_person_is_added_by_keys_alone(managed, qtbot) -> None:
    press(managed, Qt.Key.Key_N, CTRL)
    sheet = _sheet(managed, qtbot)
    qtbot.waitUntil(sheet.name.hasFocus, timeout=SOON_MS)
    type_text(sheet.name, "Cleo")
    sheet.roles[Role.SUPERVISOR].setFocus()
    press(sheet.roles[Role.SUPERVISOR], Qt.Key.Key_Space)
    sheet.reason.setFocus()
    type_text(sheet.reason, "new")
    sheet.pad.setFocus()
    type_text(sheet.pad, "482915")
    press(sheet.pad, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Cleo" in _names(managed), timeout=SOON_MS)
    assert _row(managed, 2)[:3] == ("Cleo", "supervisor", "PIN")
    steps = managed._station._core.accounts.steps(3)
    assert [(change.person, change.reason) for _, change in steps] == [("Anna Berg", "new")]


def test_that_a_person_is_disabled_and_enabled_with_a_reason(managed, qtbot) -> None:
    for state in ("disabled", ""):
        _page(managed).mark(1)
        press(managed, Qt.Key.Key_D, CTRL)
        sheet = _sheet(managed, qtbot)
        assert not sheet.do.isEnabled()
        type_text(sheet.reason, "left, or is back")
        press(sheet.reason, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda state=state: _row(managed, 1)[3] == state, timeout=SOON_MS)
    assert _page(managed).keys[PeopleAct.DISABLE].text() == "Disable"


def test_that_a_badge_is_given_by_scanning_it_and_logs_in(managed, qtbot) -> None:
    _page(managed).mark(1)
    press(managed, Qt.Key.Key_B, CTRL)
    sheet = _sheet(managed, qtbot)
    type_text(sheet.reason, "new badge")
    scan(sheet.reason, BADGE)
    qtbot.waitUntil(lambda: _row(managed, 1)[2] == "PIN and badge", timeout=SOON_MS)
    assert managed.authority.person.name == "Anna Berg"
    scan(managed, BADGE)
    qtbot.waitUntil(lambda: managed.authority.person.name == "Ben <b>", timeout=SOON_MS)


def test_that_a_new_pin_and_other_roles_are_given(managed, qtbot) -> None:
    _page(managed).mark(1)
    press(managed, Qt.Key.Key_P, CTRL)
    sheet = _sheet(managed, qtbot)
    type_text(sheet.reason, "PIN lost")
    sheet.pad.setFocus()
    type_text(sheet.pad, "730184")
    press(sheet.pad, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _page(managed).said.text() == "Ben <b> has a new PIN.", timeout=SOON_MS)
    press(managed, Qt.Key.Key_R, CTRL)
    sheet = _sheet(managed, qtbot)
    assert [role for role, box in sheet.roles.items() if box.isChecked()] == [Role.ENGINEER]
    sheet.roles[Role.ENGINEER].setChecked(False)
    type_text(sheet.reason, "new task")
    press(sheet.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _row(managed, 1)[1] == "operator", timeout=SOON_MS)
    assert managed._station.people.log_in("Ben <b>", Secret("730184")).roles == {Role.OPERATOR}


def test_that_the_last_supervisor_stays_and_the_page_says_why(managed, qtbot) -> None:
    _page(managed).mark(0)
    press(managed, Qt.Key.Key_D, CTRL)
    sheet = _sheet(managed, qtbot)
    type_text(sheet.reason, "left")
    press(sheet.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "nobody could change the people" in _page(managed).said.text(), timeout=SOON_MS)
    assert _row(managed, 0)[3] == ""


def test_that_an_engineer_reads_and_changes_nothing(managed, qtbot) -> None:
    managed._station.people.log_in("Ben <b>", Secret("58024617"))
    managed.log_in.follow()
    qtbot.waitUntil(lambda: not _page(managed).keys[PeopleAct.ADD].isEnabled(), timeout=SOON_MS)
    assert "A supervisor or an administrator changes people" in _page(managed).hint.text()
    _page(managed).mark(1)
    assert not any(key.isEnabled() for key in _page(managed).keys.values())


def test_that_a_page_without_people_says_what_to_do(window, qtbot) -> None:
    window.show_page("people")
    qtbot.waitUntil(lambda: _page(window).hint.text().startswith("There are no accounts."), timeout=SOON_MS)
