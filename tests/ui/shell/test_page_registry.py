"""One registration adds a page: its key, its place in the navigation, its keys on F1 and its permissions."""

from dataclasses import replace

import pytest
from keyboard import CTRL, press, settle
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from waiting import SOON_MS

from station.domain.permissions import Permission, Role
from station.domain.person import KnownBy, Person
from ui.actions.action import ActionRow, SharedAct
from ui.actions.page_spec import Group, PageSpec
from ui.shell.keys_page import KeysPage
from ui.shell.main_window import MainWindow
from ui.shell.navigation_rail import NavigationRail
from ui.shell.page_registry import PAGES, require_distinct_keys
from ui.widgets.key_button import KeyButton
from ui.widgets.message_dialog import MessageDialog


class AuditPresenter:
    """Writes down what the window asks of it."""

    def __init__(self, _page, context) -> None:
        self.calls = []
        context.actions.on("verify", lambda: self.calls.append("verified"))
        context.actions.on("teach here", lambda: self.calls.append("taught"))

    def open(self) -> None:
        self.calls.append("open")

    def show_subject(self, subject: object) -> None:
        self.calls.append(subject)

    def leave(self) -> None:
        self.calls.append("leave")

    def closing_steps(self):
        return ()

    def close(self) -> None:
        self.calls.append("close")


AUDIT = PageSpec(
    name="sample",
    title="Audit trail",
    role=Role.SUPERVISOR,
    key="Ctrl+F12",
    actions=(
        ActionRow("verify", "Verify", "Ctrl+Y", "verify the records", Permission.VERIFY_RECORDS),
        ActionRow("teach here", "Teach", "Ctrl+K", "teach a product", Permission.TEACH),
    ),
    load=lambda: (lambda _actions: QLabel("who did what"), AuditPresenter),
    group=Group.PROVE,
)


@pytest.fixture
def audited(station, qtbot):
    """The window with one page more."""
    station.people.session.begin(Person("Ada", frozenset({Role.OPERATOR, Role.SUPERVISOR}), KnownBy.PIN))
    shown = MainWindow(station, (*PAGES, AUDIT))
    shown.show()
    qtbot.waitUntil(shown.isActiveWindow, timeout=SOON_MS)
    yield shown
    shown.shut_down()
    shown.deleteLater()


def rail_keys(window) -> dict[str, KeyButton]:
    return {key.accessibleName(): key for key in window.findChild(NavigationRail).findChildren(KeyButton)}


def open_group(window, group: Group) -> None:
    """Touch the heading of a group, if its pages are not shown."""
    headings = [key for key in window.findChild(NavigationRail).findChildren(QPushButton) if key.text()]
    for heading in headings:
        if heading.text().startswith(group.value) and heading.isEnabled():
            QTest.mouseClick(heading, Qt.MouseButton.LeftButton)


def test_that_a_registered_page_is_opened_by_its_key(audited) -> None:
    press(audited, Qt.Key.Key_F12, CTRL)
    assert audited.page_of("sample").isVisible()
    assert audited.page_of("sample").text() == "who did what"
    assert audited.header.across.text().startswith("Line")


@pytest.mark.slow
def test_that_a_registered_page_has_a_key_in_the_navigation(audited) -> None:
    audited.show_page("cameras")
    open_group(audited, Group.PROVE)
    key = rail_keys(audited)["Audit trail"]
    QTest.mouseClick(key, Qt.MouseButton.LeftButton)
    assert audited.page_of("sample").isVisible()
    assert key.isChecked()
    assert [name for name, each in rail_keys(audited).items() if each.isChecked()] == ["Audit trail"]


def test_that_a_registered_page_is_on_the_keys_page(audited) -> None:
    keys = KeysPage(audited, (*PAGES, AUDIT))
    words = [each.text() for each in keys.findChildren(QLabel)]
    keys.deleteLater()
    assert {"Audit trail", "Ctrl+F12", "go to the audit trail", "Ctrl+Y", "verify the records"} <= set(words)


def test_that_the_permission_of_a_registered_page_is_asked(audited) -> None:
    audited.show_page("sample")
    calls = audited.presenter_of("sample").calls
    audited.action_table["verify"].trigger()
    audited.action_table["teach here"].trigger()
    assert "verified" in calls
    assert "taught" not in calls
    refusal = audited.findChild(MessageDialog)
    assert (
        refusal.words.text()
        == "Only a person with the role engineer may teach a product. Touch the name at the top to log in."
    )
    refusal.accept()


def test_that_a_page_is_built_when_it_is_first_seen_and_hears_when_it_is_hidden(audited) -> None:
    with pytest.raises(KeyError):
        audited.page_of("sample")
    audited.show_page("sample")
    page, calls = audited.page_of("sample"), audited.presenter_of("sample").calls
    audited.show_page("line")
    audited.show_page("sample")
    audited.shut_down()
    assert audited.page_of("sample") is page
    assert calls == ["open", "leave", "open", "leave", "close"]


def test_that_a_page_is_given_what_it_is_opened_for(audited) -> None:
    audited.open_page("sample", (3, 4))
    audited.open_page("sample", (5,))
    assert audited.page_of("sample").isVisible()
    assert audited.presenter_of("sample").calls == ["open", (3, 4), "open", (5,)]


def test_that_a_page_without_a_subject_refuses_one(audited) -> None:
    with pytest.raises(TypeError, match="cameras"):
        audited.open_page("cameras", (3, 4))


def test_that_a_key_with_two_meanings_on_one_page_is_refused() -> None:
    with pytest.raises(ValueError, match="F5"):
        require_distinct_keys((*PAGES, replace(AUDIT, key="F5")))
    twice = replace(AUDIT, actions=(AUDIT.actions[0], replace(AUDIT.actions[1], shortcut="Ctrl+Y")))
    with pytest.raises(ValueError, match=r"Ctrl\+Y"):
        require_distinct_keys((*PAGES, twice))


def test_that_every_page_but_the_line_keeps_its_keys_behind_ctrl() -> None:
    shortcuts = [row.shortcut for page in PAGES[1:] for row in page.actions]
    assert [each for each in shortcuts if not each.startswith("Ctrl+")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_that_f5_f6_and_f7_mean_the_line_on_every_page(window, page, qtbot) -> None:
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    window.show_page(page.name)
    asked = []
    for act in (SharedAct.START, SharedAct.STOP, SharedAct.PAUSE):
        action = window.action_table[act]
        action.setEnabled(True)
        action.triggered.disconnect()
        action.triggered.connect(lambda _checked=False, act=act: asked.append(act))
    for key in (Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F7):
        press(window, key)
    assert asked == [SharedAct.START, SharedAct.STOP, SharedAct.PAUSE]


def test_that_the_line_page_has_neither_navigation_nor_strip(window) -> None:
    assert not window.findChild(NavigationRail).isVisible()
    assert not window.live_strip.isVisible()
    for page in PAGES[1:]:
        window.show_page(page.name)
        assert window.findChild(NavigationRail).isVisible()
        assert window.live_strip.isVisible()
    window.show_home()
    assert not window.live_strip.isVisible()


def test_that_names_for_a_screen_reader_follow_from_the_registration(window) -> None:
    assert window.findChild(NavigationRail).accessibleName() == "Pages"
    assert set(rail_keys(window)) == {page.title for page in PAGES if page.group is not None}
    assert all(key.accessibleName() for key in window.findChild(NavigationRail).findChildren(QPushButton))


def test_that_the_key_of_the_page_is_in_view_on_a_low_screen(window, qtbot) -> None:
    window.resize(960, 500)
    window.fit_sizes()
    for page in PAGES[1:]:
        window.show_page(page.name)
        key = rail_keys(window).get(page.title)
        if key is not None:
            qtbot.waitUntil(lambda key=key: key.visibleRegion().boundingRect().height() == key.height())


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 640), (1920, 1080)])
def test_that_the_navigation_shows_each_group_without_scrolling(window, width: int, height: int) -> None:
    window.resize(width, height)
    window.fit_sizes()
    rail = window.findChild(NavigationRail)
    for page in (each for each in PAGES if each.group is not None):
        window.show_page(page.name)
        settle()
        assert rail.verticalScrollBar().maximum() == 0, page.title
    for group in Group:
        open_group(window, group)
        settle()
        of_group = {page.title for page in PAGES if page.group is group}
        shown = {name for name, key in rail_keys(window).items() if key.isVisible()}
        assert shown >= of_group
        assert rail.verticalScrollBar().maximum() == 0


def test_that_a_high_screen_shows_all_groups_at_once(window) -> None:
    window.resize(1080, 1920)
    window.fit_sizes()
    window.show_page("people")
    settle()
    assert all(key.isVisible() for key in rail_keys(window).values())
