"""The review page: a fast queue by keys; the verdict stays, and no picture is shown for another part's."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyboard import CTRL, press, type_text
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget
from waiting import SOON_MS

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.formatting import plain
from station.domain.hold import Hold
from station.domain.inspection import PartKey
from station.domain.shift_review import PartHistory
from station.domain.verdict import Verdict
from ui.background.tasks import BackgroundTasks
from ui.pages.review.actions import ReviewAct
from ui.pages.review.hold_sheet import HoldSheet, Scope
from ui.pages.review.pictures_ahead import PicturesAhead
from ui.pages.review.reason_sheet import ReasonSheet
from ui.pages.review.shift_parts import Filter, ShiftParts
from ui.pages.review.shown_review import Known, resolve
from ui.widgets.canvas.image_canvas import Marks

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def part(number: int, verdict: Verdict = Verdict.FAIL, *said: tuple[Disposition, bool]) -> PartHistory:
    key = PartKey(1, number)
    words = tuple(OperatorFeedback(key, claim, "dust", "Ada", NOON, review) for claim, review in said)
    return PartHistory(key, NOON + timedelta(seconds=number), verdict, words)


def known(*parts: PartHistory, **changes: object) -> Known:
    return replace(Known(ShiftParts(parts)), **changes)  # type: ignore[arg-type]


REVIEWED = (Disposition.CONFIRMED, True)


def test_that_an_empty_page_says_what_to_do_next() -> None:
    view = resolve(known(part(1, Verdict.PASS, (Disposition.GOOD_PART, False))))
    assert (view.progress, view.verdict, view.may) == ("Nothing to review", None, {ReviewAct.READ_AGAIN})
    assert view.without_picture.startswith("Nothing to review: every part of this shift passed")
    done = resolve(known(part(1, Verdict.FAIL, REVIEWED)))
    assert done.without_picture.startswith("Every part of this shift is reviewed.")


def test_that_a_part_is_shown_with_what_was_said_before_and_how_it_ended(make_inspection) -> None:
    timed_out, good = (Disposition.REVIEW_TIMED_OUT, False), (Disposition.GOOD_PART, True)
    parts = part(1, Verdict.FAIL, REVIEWED), part(2, Verdict.REVIEW, timed_out, good), part(3, Verdict.REVIEW)
    hold = Hold(PartKey(1, 2), "complaint 4711", "Sue", NOON)
    shown = known(*parts, current=PartKey(1, 2), filter=Filter.ALL, holds={hold.key: hold})
    reading = resolve(shown)
    assert reading.without_picture
    assert not reading.may & {ReviewAct.CONFIRM, ReviewAct.OVERRULE}  # nobody confirms a part that is not visible yet
    view = resolve(replace(shown, inspection=make_inspection(2, Verdict.REVIEW)))
    assert (view.progress, view.place) == ("2 of 3 reviewed, 1 still at the line", "Part 2 of 2")
    assert plain(view.reason).endswith("Ended as FAIL")
    assert (view.hold, view.hold_key) == ("ON HOLD: complaint 4711 (Sue)", "Release \u2026")
    assert [row.split(", ", 1)[1] for (row,) in view.said] == [
        "Ada: in review: good part, dust",
        "station: review timed out, dust",
    ]
    assert {ReviewAct.CONFIRM, ReviewAct.OVERRULE, ReviewAct.PREVIOUS} <= view.may
    assert [plain(row) for (row,) in view.agreement] == [
        "All parts: 50.0 % (1 of 2; 9.5 to 90.5 %)",
        "FAIL: 100.0 % (1 of 1; at least 20.7 %)",
        "REVIEW: 0.0 % (0 of 1; at most 79.3 %)",
        "Ada: 50.0 % (1 of 2; 9.5 to 90.5 %)",
    ]
    assert resolve(replace(shown, busy=True)).may == frozenset()


@given(st.lists(st.booleans(), max_size=8), st.integers(1, 9), st.sampled_from(Filter))
def test_that_next_and_previous_pass_every_part_of_the_queue_once(done: list[bool], at: int, chosen: Filter) -> None:
    parts = [part(2 * place + 1, Verdict.FAIL, *([REVIEWED] if each else [])) for place, each in enumerate(done)]
    shown = known(*parts, filter=chosen, current=PartKey(1, at))
    passed = []
    for by in (-1, 1):
        walk = shown
        while (key := walk.step(by)) is not None:
            passed.append(key)
            walk = replace(walk, current=key)
    assert sorted({*passed, *({PartKey(1, at)} & set(shown.queue.keys))}) == list(shown.queue.keys)
    assert len(passed) == len(set(passed))


def test_that_what_nobody_wants_any_more_is_not_read(qtbot) -> None:
    owner, read, go_on = QObject(), [], threading.Event()
    tasks = BackgroundTasks(owner)
    ahead = PicturesAhead(tasks, lambda key: read.append(key.part) or key.part, lambda *_: None, lambda *_: None)
    tasks.ask(go_on.wait, lambda _: None, lambda _: None)
    ahead.want([PartKey(1, 1), PartKey(1, 2)])
    ahead.want([PartKey(1, 9), PartKey(1, 2)])
    go_on.set()
    qtbot.waitUntil(lambda: ahead.has(PartKey(1, 9)), timeout=SOON_MS)
    assert read == [2, 9]
    assert (ahead.find(PartKey(1, 2)), ahead.has(PartKey(1, 1))) == (2, False)
    tasks.close()


@pytest.fixture
def shift(station):
    """Parts 2 and 5 failed; part 1 passed and was called a missed defect."""
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    passed = next(each.key for each in station.records.recent() if each.key.part == 1)
    station.review.give_feedback(passed, Disposition.MISSED_DEFECT, "scratch", "Eve")
    return station.records.shifts()[0]


def shows(window, qtbot, number: int) -> None:
    page = window.page_of("review")

    def there() -> bool:
        drawn = page.picture.rendered
        return page.verdict.name.startswith(f"{number:04d},") and drawn is not None and bool(drawn.levels)

    qtbot.waitUntil(there, timeout=SOON_MS)
    qtbot.waitUntil(window.action_table[ReviewAct.CONFIRM].isEnabled, timeout=SOON_MS)


def test_that_a_shift_is_reviewed_by_keys_alone(station, shift, window, qtbot) -> None:
    press(window, Qt.Key.Key_F7, CTRL)
    page = window.page_of("review")
    shows(window, qtbot, 1)
    assert plain(page.progress.text()) == "0 of 3 reviewed"
    press(window, Qt.Key.Key_PageDown, CTRL)
    shows(window, qtbot, 2)
    qtbot.waitUntil(lambda: page.good.rendered is not None, timeout=SOON_MS)
    assert page.good.rendered.inspection.verdict is Verdict.PASS
    press(window, Qt.Key.Key_H, CTRL)
    assert page.picture.marks is Marks.HIDDEN
    press(window, Qt.Key.Key_PageUp, CTRL)
    shows(window, qtbot, 1)

    press(window, Qt.Key.Key_Return, CTRL)  # the part was passed rightly
    shows(window, qtbot, 2)
    press(window, Qt.Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: window.findChild(ReasonSheet) is not None, timeout=SOON_MS)
    type_text(window.findChild(ReasonSheet).words, "only a hair")
    press(window.findChild(ReasonSheet), Qt.Key.Key_1, CTRL)
    shows(window, qtbot, 5)
    press(window, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: plain(page.progress.text()) == "3 of 3 reviewed", timeout=SOON_MS)
    said = [(each.key.part, each.review.claim, each.review.reason) for each in station.shift_review.parts(shift)]
    assert said == [
        (1, Disposition.GOOD_PART, ""),
        (2, Disposition.GOOD_PART, "dust; only a hair"),
        (5, Disposition.CONFIRMED, ""),
    ]
    assert page.picture.rendered is None

    page.agreement.selectRow(0)  # each number leads to its parts, the overruled ones first
    shows(window, qtbot, 2)
    assert page.place.text() == "Part 1 of 3"


def test_that_the_small_picture_is_there_until_the_whole_one_comes_and_nothing_is_confirmed_by_it(
    station, shift, window, qtbot, monkeypatch
) -> None:
    read, go_on = station.records.part, threading.Event()

    def slow(_records, key: PartKey):
        go_on.wait(30)
        return read(key)

    monkeypatch.setattr(type(station.records), "part", slow)
    window.show_page("review")
    page = window.page_of("review")
    qtbot.waitUntil(lambda: bool(page.picture._levels), timeout=SOON_MS)
    assert page.picture.rendered is None
    assert page.verdict.name.startswith("0001,")
    assert not window.action_table[ReviewAct.CONFIRM].isEnabled()
    press(window, Qt.Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: bool(page.picture._levels), timeout=SOON_MS)
    assert page.verdict.name.startswith("0002,")
    go_on.set()
    shows(window, qtbot, 2)


def test_that_a_range_of_parts_is_put_on_hold_and_released(station, shift, window, qtbot) -> None:
    window.open_page("review", PartKey(1, 5))
    shows(window, qtbot, 5)
    page = window.page_of("review")
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: window.findChild(HoldSheet) is not None, timeout=SOON_MS)
    sheet = window.findChild(HoldSheet)
    assert sheet.which.isHidden()  # no lot was set, and nothing is suspect
    sheet.first.setText("4")
    sheet.last.setText("3")
    sheet.words.setText("complaint 4711")
    assert not sheet.do.isEnabled()
    sheet.last.setText("5")
    press(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.hold.text().startswith("ON HOLD: complaint 4711"), timeout=SOON_MS)
    assert [key.part for key in station.holds.all()] == [4, 5]
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: window.findChild(HoldSheet) is not None, timeout=SOON_MS)
    window.findChild(HoldSheet).words.setText("solved")
    window.findChild(HoldSheet).do.click()
    qtbot.waitUntil(lambda: not page.hold.text(), timeout=SOON_MS)
    assert [key.part for key in station.holds.all()] == [4]


def test_that_a_whole_lot_is_put_on_hold(qtbot) -> None:
    over, wanted = QWidget(), []
    qtbot.addWidget(over)
    lot = Scope("Lot L7, 2 parts", (PartKey(1, 2), PartKey(3, 4)))
    sheet = HoldSheet(over, 12, [lot], release=False)
    sheet.scope_wanted.connect(lambda *words: wanted.append(words))
    sheet.first.setText("99")
    assert not sheet.keys[0].isEnabled()
    sheet.which.setCurrentIndex(1)
    sheet.keys[0].click()
    assert wanted == [(lot, "complaint")]
