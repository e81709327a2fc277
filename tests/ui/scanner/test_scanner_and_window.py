"""A scanner at the real window: in every state of every page its codes arrive whole, and decide nothing."""

import random
import string
import time
from collections.abc import Callable
from functools import partial

import pytest
from keyboard import CTRL, press, send, settle, type_text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu

from station.domain.feedback import Disposition
from station.domain.messages import LineState, LineStateChanged, PartJudged
from station.domain.scanned_code import CodeUse, ScannedCode
from station.domain.verdict import Verdict
from station.review.pending_feedback import PendingFeedback
from ui.actions.action import SharedAct
from ui.pages.cameras.recipe_dialog import RecipeDialog
from ui.pages.cameras.recipe_offers import RecipeOffer
from ui.pages.line.actions import LineAct
from ui.pages.line.recipe_chooser import RecipeChooser
from ui.shell.keys_page import KeysPage
from ui.widgets.confirm_dialog import ConfirmDialog

SOON_MS = 10_000
NONE = Qt.KeyboardModifier.NoModifier
OTHER_KEYBOARDS = "àç&é\"'(-è_ß§äöÄÖÜ"


class Inbox:
    """Follows what the station receives and what anybody asks for."""

    def __init__(self, window, station, monkeypatch) -> None:
        self.window, self.station = window, station
        self.codes: list[ScannedCode] = []
        self.said: list[object] = []
        self.acts: list[str] = []
        window.bridge.code_scanned.connect(lambda message: self.codes.append(message.code))
        monkeypatch.setattr(PendingFeedback, "add", lambda _self, said: self.said.append(said))
        monkeypatch.setattr(PendingFeedback, "of", lambda _self, _key: ())
        for name, action in window.action_table._actions.items():
            action.triggered.connect(lambda _checked=False, name=name: self.acts.append(name))

    def texts(self) -> list[str]:
        self.window.bridge.fetch()
        return [code.text for code in self.codes]


@pytest.fixture
def inbox(window, station, monkeypatch) -> Inbox:
    return Inbox(window, station, monkeypatch)


@pytest.fixture
def judge(window, station, make_inspection) -> Callable[..., None]:
    """Lets a part come, as the line does."""
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))

    def judge(part: int, verdict: Verdict) -> None:
        inspection = make_inspection(part, verdict)
        window.bridge.part_judged.emit(PartJudged(inspection))
        station.review._reviews.open_review(inspection)
        window.bridge.fetch()

    return judge


def scan(text: str, chance: random.Random, end: str = "\r") -> None:
    """Type as a scanner does, 1 to 30 ms a key: Shift for capitals, press and release, into what has the keyboard."""
    for character in [*text, *end]:
        if character.isupper():
            send(True, Qt.Key.Key_Shift, NONE, "")
        key, modifiers = key_of(character)
        send(True, key, modifiers, character)
        send(False, key, modifiers, character)
        if character.isupper():
            send(False, Qt.Key.Key_Shift, NONE, "")
        QTest.qWait(chance.randint(1, 30))


def key_of(character: str) -> tuple[int, Qt.KeyboardModifier]:
    if character in "\r\n":
        return Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier
    if character == "\t":
        return Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier
    if character < " ":
        return ord(character) + 0x40, CTRL
    shift = Qt.KeyboardModifier.ShiftModifier if character.isupper() else Qt.KeyboardModifier.NoModifier
    return ord(character.upper()[0]), shift


def random_code(chance: random.Random) -> tuple[str, str]:
    """A code and its end: words of labels, digits only, lower case, other keyboards' letters, prefixes, no end."""
    letters = chance.choice(
        [string.digits, "120", string.ascii_uppercase + string.digits, string.printable[:95], OTHER_KEYBOARDS + "M4711"]
    )
    prefix = chance.choice(["", "", "LG", "P", "]C1", "\x02", "ORDER-4711 ", "\x1d", "y", " "])
    body = "".join(chance.choice(letters) for _ in range(chance.randint(3, 12)))
    return prefix + body, chance.choice(["\r", "\r", "\t", "\r\n", ""])


def line_at_rest(inbox: Inbox, _judge) -> None:
    inbox.station.line.load_recipe("plate")


def line_runs(inbox: Inbox, _judge) -> None:
    inbox.station.line.load_recipe("plate")
    inbox.station.line.start()
    displayed = inbox.window.presenter_of("line").displayed_part
    wait_for(lambda: displayed.reject is not None)


def line_runs_behind_the_shift_page(inbox: Inbox, judge) -> None:
    line_runs(inbox, judge)
    shifts_have_the_keyboard(inbox, judge)
    numbers = inbox.window.page_of("shift_report").numbers
    wait_for(lambda: numbers.chosen is not None)  # the first parts are counted


def review_asks(_inbox: Inbox, judge) -> None:
    judge(1, Verdict.REVIEW)


def fail_on_the_card(_inbox: Inbox, judge) -> None:
    judge(1, Verdict.FAIL)


def reason_is_asked(inbox: Inbox, judge) -> None:
    judge(1, Verdict.FAIL)
    inbox.window.action_table[LineAct.GOOD_PART].trigger()


def defect_is_asked(inbox: Inbox, judge) -> None:
    judge(1, Verdict.PASS)
    inbox.window.action_table[LineAct.MISSED_DEFECT].trigger()


def focus_on_pause(inbox: Inbox, judge) -> None:
    line_runs(inbox, judge)
    inbox.window.page_of("line").line_keys.pause.setFocus(Qt.FocusReason.TabFocusReason)


def focus_on_confirm(inbox: Inbox, judge) -> None:
    judge(1, Verdict.FAIL)
    keys = inbox.window.page_of("line").disputes.keys
    keys[Disposition.CONFIRMED].setFocus(Qt.FocusReason.TabFocusReason)


def focus_on_the_strip(inbox: Inbox, judge) -> None:
    for part in range(1, 5):
        judge(part, Verdict.FAIL)
    inbox.window.page_of("line").strip.setFocus()


def question_to_stop(inbox: Inbox, judge) -> None:
    line_runs(inbox, judge)
    inbox.window.action_table[SharedAct.STOP].trigger()
    wait_for(lambda: isinstance(QApplication.activeWindow(), ConfirmDialog))


def products_are_offered(inbox: Inbox, _judge) -> None:
    inbox.window.action_table[SharedAct.CHOOSE_PRODUCT].trigger()
    wait_for(lambda: inbox.window.page_of("line").findChild(RecipeChooser) is not None)
    wait_for(lambda: isinstance(QApplication.activeWindow(), RecipeChooser))


def keys_are_shown(inbox: Inbox, _judge) -> None:
    inbox.window.action_table[SharedAct.KEYS].trigger()
    wait_for(lambda: isinstance(QApplication.activeWindow(), KeysPage))


def name_is_asked(inbox: Inbox, _judge) -> None:
    recipe = inbox.station.line.load_recipe("plate")
    inbox.window.show_page("cameras")
    dialog = RecipeDialog(inbox.window, [RecipeOffer(recipe, True, "ExposureTime", True)])
    dialog.wanted.connect(lambda *said: inbox.said.append(said))
    dialog.open()
    dialog.person.setText("Ada")
    dialog.reason.setText("why")
    wait_for(dialog.isActiveWindow)


def shifts_have_the_keyboard(inbox: Inbox, _judge) -> None:
    inbox.window.show_page("shift_report")
    shifts = inbox.window.page_of("shift_report").shifts
    wait_for(lambda: shifts.count() > 0)
    shifts.setFocus()


def menu_is_open(inbox: Inbox, _judge) -> None:
    menu = QMenu(inbox.window)
    for text in ("&1 One", "&P Pause", "L"):
        menu.addAction(text).triggered.connect(partial(inbox.said.append, text))
    menu.popup(inbox.window.mapToGlobal(QPoint(10, 10)))


def cameras_page(inbox: Inbox, _judge) -> None:
    inbox.window.show_page("cameras")
    inbox.window.page_of("cameras").features.visibility.setFocus()


STATES = (
    line_at_rest, line_runs, line_runs_behind_the_shift_page, review_asks, fail_on_the_card, reason_is_asked,
    defect_is_asked, focus_on_pause, focus_on_confirm, focus_on_the_strip, question_to_stop, products_are_offered,
    keys_are_shown, shifts_have_the_keyboard, menu_is_open, cameras_page,
)  # fmt: skip
CODES_EACH = 13
assert CODES_EACH * len(STATES) >= 200


def wait_for(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + SOON_MS / 1000
    while not condition():
        assert time.monotonic() < deadline_s
        QTest.qWait(10)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.replace("_", " "))
def test_that_random_codes_arrive_whole_and_change_nothing(window, station, inbox, judge, qtbot, state) -> None:
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    state(inbox, judge)
    settle()
    chance = random.Random(state.__name__)
    before = snapshot(window, station)
    inbox.acts.clear()
    sent = []
    for _ in range(CODES_EACH):
        code, end = random_code(chance)
        scan(code, chance, end)
        settle()
        sent.append(code)
    assert inbox.texts() == sent
    assert {code.use for code in inbox.codes} == {CodeUse.NOT_USED}
    assert inbox.acts == []
    assert [said for said in inbox.said if getattr(said, "claim", None) is not Disposition.REVIEW_TIMED_OUT] == []
    assert snapshot(window, station) == before


def snapshot(window, station) -> dict[str, object]:
    """What a key could have changed: page, line, dialogs, tasks, values, marks, the element with the keyboard."""
    page, running = window.page_of("line"), station.line.state.running
    return {
        "page": window._pages.current.name,
        "line": (running, station.line.state in (LineState.PAUSED,), station.line.recipe),
        "dialog": type(QApplication.activeModalWidget()),
        "popup": type(QApplication.activePopupWidget()),
        "task": page.tasks.currentWidget(),
        "question": page.reasons.question,
        "marks": (page.pictures.marks, page.pictures.opacity, page.pictures.enlarged),
        "past": window.presenter_of("line").displayed_part.past is not None,
        "focus": QApplication.focusWidget(),
        "full screen": window.isFullScreen(),
        "choices": [box.currentIndex() for box in window.findChildren(QComboBox)],
        "fields": [field.text() for field in window.findChildren(QLineEdit)],
        "reviews": [review.key for review in station.review.open_reviews],
    }


def field_of(inbox: Inbox, judge) -> RecipeDialog:
    name_is_asked(inbox, judge)
    dialog = inbox.window.findChild(RecipeDialog)
    dialog.reason.clear()
    dialog.reason.setFocus()
    return dialog


def test_that_a_text_field_takes_the_code_and_its_end_presses_no_key(window, inbox, judge) -> None:
    dialog, chance = field_of(inbox, judge), random.Random(5)
    scan("Order-4711 a", chance)
    settle()
    assert dialog.reason.text() == "Order-4711 a"
    assert dialog.isVisible()
    assert inbox.texts() == ["Order-4711 a"]
    assert inbox.codes[0].use is CodeUse.IN_A_FIELD
    assert inbox.said == []


def test_that_what_a_person_types_into_a_field_arrives_key_by_key(window, inbox, judge) -> None:
    dialog = field_of(inbox, judge)
    type_text(dialog.reason, "new lens")
    press(dialog.reason, Qt.Key.Key_Backspace)
    assert dialog.reason.text() == "new len"
    assert inbox.texts() == []
    press(dialog.reason, Qt.Key.Key_Return)
    assert [said[-1] for said in inbox.said] == ["new len"]


def test_that_a_scan_into_the_search_looks_for_it(window, inbox, judge) -> None:
    window.show_page("shift_report")
    page = window.page_of("shift_report")
    wanted = []
    page.part_wanted.connect(wanted.append)
    page.search.setText("0013")
    page.search.setFocus()
    scan("SN4711", random.Random(12))
    settle()
    assert wanted == ["SN4711"]


def test_that_a_code_does_not_become_the_value_of_a_feature(window, inbox, judge) -> None:
    window.show_page("cameras")
    entry = window.page_of("cameras").editor.entry
    entry.setText("1234")
    entry.setFocus()
    scan("900000", random.Random(6), "")
    settle()
    assert entry.text() == "1234"
    assert inbox.texts() == ["900000"]


def test_that_a_key_that_is_held_down_is_not_a_scan(window, inbox, judge) -> None:
    for part in range(1, 9):
        judge(part, Verdict.FAIL)
    press(window, Qt.Key.Key_PageDown)
    for _ in range(3):
        send(True, Qt.Key.Key_PageDown, NONE, "", repeats=True)
    assert inbox.acts == [LineAct.OLDER_PART] * 4
    assert inbox.texts() == []


def test_that_single_keys_still_act(window, inbox, judge) -> None:
    press(window, Qt.Key.Key_2)
    assert inbox.acts == [LineAct.OUTLINE]
    press(window, Qt.Key.Key_F9)
    assert inbox.acts == [LineAct.OUTLINE, SharedAct.THEME]


def test_that_blank_presses_the_marked_key_and_a_code_with_a_blank_does_not(window, inbox, judge) -> None:
    judge(1, Verdict.FAIL)
    key = window.page_of("line").disputes.keys[Disposition.CONFIRMED]
    key.setFocus(Qt.FocusReason.TabFocusReason)
    scan("ORDER-4711 A", random.Random(7))
    settle()
    assert inbox.acts == []
    press(key, Qt.Key.Key_Space)
    assert inbox.acts == [LineAct.CONFIRM]


@pytest.mark.parametrize("first", [Qt.Key.Key_F5, Qt.Key.Key_F7, Qt.Key.Key_F8, Qt.Key.Key_Escape], ids=str)
def test_that_a_key_in_front_of_a_code_is_part_of_the_scan(inbox, judge, first) -> None:
    judge(1, Verdict.REVIEW)
    send(True, first, NONE, "")
    send(False, first, NONE, "")
    scan("P4711", random.Random(8))
    settle()
    assert inbox.texts() == ["P4711"]
    assert inbox.acts == []


def test_that_characters_typed_by_their_number_arrive(window, inbox, judge) -> None:
    alt, keypad = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.KeypadModifier
    for number in ("076", "0071", "50"):
        send(True, Qt.Key.Key_Alt, alt, "")
        for digit in number:
            send(True, ord(digit), alt | keypad, digit)
            send(False, ord(digit), alt | keypad, digit)
        send(False, Qt.Key.Key_Alt, NONE, "")
    scan("", random.Random(9))
    settle()
    assert inbox.texts() == ["LG2"]
    assert inbox.acts == []


def test_that_two_codes_one_after_the_other_are_two(window, inbox, judge) -> None:
    chance = random.Random(10)
    scan("LG20815", chance, "\r\n")
    scan("LG20816", chance, "\r\n")
    settle()
    assert inbox.texts() == ["LG20815", "LG20816"]
    assert inbox.acts == []


def test_that_the_code_is_shown_whole_with_its_control_characters_by_name(window, inbox, judge) -> None:
    scan("]C1010401\x1d21AB", random.Random(11))
    settle()
    assert inbox.texts() == ["]C1010401\x1d21AB"]
    assert window.scan_notice.text == "Scanned: ]C1010401<GS>21AB, not used here."
    assert window.scan_notice.isVisible()


def test_that_a_touch_acts_at_once(window, inbox, judge) -> None:
    judge(1, Verdict.FAIL)
    window.page_of("line").disputes.keys[Disposition.CONFIRMED].click()
    assert inbox.acts == [LineAct.CONFIRM]
