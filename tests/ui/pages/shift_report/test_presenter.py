"""The supervisor's work and the operator's do not wait for each other."""

import threading

import pytest

from station.commands.records import RecordCommands
from station.commands.review import ReviewCommands
from station.domain.feedback import Disposition
from station.domain.verdict import Verdict
from ui.pages.line.actions import LineAct
from ui.pages.shift_report.actions import ShiftReportAct


@pytest.fixture
def endless_report(station, monkeypatch):
    """A report that is written until the test lets it end."""
    begun, end = threading.Event(), threading.Event()

    def write_pdf(_self, _window, **_options):
        begun.set()
        assert end.wait(60)
        return station.workspace.reports / "shift.pdf"

    monkeypatch.setattr(RecordCommands, "write_pdf", write_pdf)
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
