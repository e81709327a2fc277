"""The supervisor's work and the operator's do not wait for each other."""

import threading
import time

import pytest

from station.commands.records import RecordCommands
from station.commands.review import ReviewCommands
from station.domain.errors import GivenUpError
from station.domain.feedback import Disposition
from station.domain.verdict import Verdict
from ui.pages.line.actions import LineAct
from ui.pages.shift_report.actions import ShiftReportAct


@pytest.fixture
def endless_report(station, monkeypatch):
    """A report that is written until the test lets it end."""
    begun, end = threading.Event(), threading.Event()

    def write_beside(_self, _form, _window, _remark, _stop):
        begun.set()
        assert end.wait(60)
        return station.workspace.reports / "shift.pdf"

    monkeypatch.setattr(RecordCommands, "write_beside", write_beside)
    yield begun
    end.set()


def test_that_a_long_report_holds_up_neither_a_touch_on_the_strip_nor_a_dispute(
    window, endless_report, make_inspection, make_live, make_past, monkeypatch, qtbot
) -> None:
    part = make_inspection(1, Verdict.FAIL)
    said = []
    past = make_past(make_live(part))
    monkeypatch.setattr(RecordCommands, "part", lambda _self, _key: past)
    monkeypatch.setattr(ReviewCommands, "feedback_on", lambda _self, _key: ())
    monkeypatch.setattr(ReviewCommands, "give_feedback", lambda _self, *word: said.append(word))
    window.show_page("shift_report")
    qtbot.waitUntil(lambda: "No part" in window.page_of("shift_report").said.text(), timeout=10_000)
    window.action_table[ShiftReportAct.SAVE_PDF].trigger()
    qtbot.waitUntil(endless_report.is_set, timeout=10_000)
    window.show_page("line")
    window.presenter_of("line").show_part(part.key)
    qtbot.waitUntil(lambda: window.presenter_of("line").displayed_part.past is not None, timeout=10_000)
    window.action_table[LineAct.CONFIRM].trigger()
    qtbot.waitUntil(lambda: said == [(part.key, Disposition.CONFIRMED, "")], timeout=10_000)
    assert window.page_of("shift_report").said.text().startswith("Saving")


def test_that_a_report_that_takes_too_long_is_given_up_when_the_window_closes(window, monkeypatch, qtbot) -> None:
    begun, given_up = threading.Event(), []

    def write_beside(_self, _form, _window, _remark, stop):
        begun.set()
        given_up.append(_comes_true(stop))
        raise GivenUpError("The PDF file was given up.")

    monkeypatch.setattr(RecordCommands, "write_beside", write_beside)
    monkeypatch.setattr("ui.pages.shift_report.presenter._FINISHED_WITHIN_S", 0.1)
    window.show_page("shift_report")
    save = window.action_table[ShiftReportAct.SAVE_PDF]
    qtbot.waitUntil(save.isEnabled, timeout=10_000)
    save.trigger()
    qtbot.waitUntil(begun.is_set, timeout=10_000)
    window.presenter_of("shift_report").close()
    assert given_up == [True]


def _comes_true(condition) -> bool:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    return condition()
