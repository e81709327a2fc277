"""Each number on the page leads to the parts that it was counted from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QAction

from station.domain.inspection import Run
from station.domain.shift import PartRecord, ShiftRecords, ShiftWindow, ViewPictures
from station.domain.verdict import Verdict
from station.reporting.statistics import summarise
from ui.pages.shift_report.actions import ShiftReportAct
from ui.pages.shift_report.counted_parts import NumberChooser, counted_parts
from ui.pages.shift_report.found_parts import FoundPartsDialog
from ui.widgets.key_button import KeyButton


@pytest.fixture
def records_of(make_inspection) -> Callable[[list[Verdict]], ShiftRecords]:
    start = datetime(2026, 11, 22, 5, tzinfo=UTC)
    window = ShiftWindow("Early", start.date(), start, start + timedelta(hours=8), "UTC")

    def make(verdicts: list[Verdict]) -> ShiftRecords:
        parts = [make_inspection(number, verdict) for number, verdict in enumerate(verdicts, 1)]
        parts = [replace(part, triggered_at=start + timedelta(minutes=1)) for part in parts]
        numbers = {part.key.run_id for part in parts}
        runs = [Run(n, start, "tile", 1, "a" * 64, "b" * 64, "v1", "cam", "f32", "0.1", "Ada") for n in numbers]
        return ShiftRecords(window, tuple(runs), tuple(PartRecord(part, (ViewPictures(),)) for part in parts), (), ())

    return make


@pytest.fixture
def chooser(qtbot) -> NumberChooser:
    made = NumberChooser(KeyButton(QAction("Show parts")))
    qtbot.addWidget(made)
    return made


def test_that_every_number_is_offered_with_its_newest_parts(chooser, records_of) -> None:
    records = records_of([Verdict.PASS] * 80 + [Verdict.FAIL] * 2)
    chooser.show_numbers(counted_parts(records, summarise(records)))
    assert [chooser.list.itemText(place) for place in range(3)] == ["PASS: 80", "FAIL: 2", "Recipe tile@1: 82"]
    assert chooser.chosen.words == "PASS, the newest 50 of 80"
    assert [part.key.part for part in chooser.chosen.newest] == list(range(80, 30, -1))


def test_that_the_chosen_number_stays_chosen_while_parts_come(chooser, records_of) -> None:
    for parts in ([Verdict.FAIL], [Verdict.PASS, Verdict.FAIL]):
        records = records_of(parts)
        chooser.show_numbers(counted_parts(records, summarise(records)))
        if len(parts) == 1:
            assert chooser.chosen.title == "FAIL"
    assert (chooser.chosen.title, chooser.list.currentIndex()) == ("FAIL", 1)


def test_that_an_empty_shift_has_no_number_to_choose(chooser, records_of) -> None:
    records = records_of([])
    chooser.show_numbers(counted_parts(records, summarise(records)))
    assert chooser.chosen is None


def test_that_the_key_shows_the_parts_of_the_chosen_number(window, station, qtbot) -> None:
    station.line.load_recipe("plate")
    station.line.start(count=6)
    qtbot.waitUntil(lambda: station.line.counts().triggers == 6 and station.line.state.at_rest, timeout=30_000)
    window.show_page("shift_report")
    page = window.page_of("shift_report")
    qtbot.waitUntil(lambda: page.numbers.chosen is not None, timeout=10_000)
    place = next(i for i in range(page.numbers.list.count()) if page.numbers.list.itemText(i).startswith("FAIL"))
    page.numbers.list.setCurrentIndex(place)
    window.action_table[ShiftReportAct.SHOW_PARTS].trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(FoundPartsDialog)), timeout=10_000)
    (dialog,) = window.findChildren(FoundPartsDialog)
    assert {part.verdict for part in dialog.parts} == {Verdict.FAIL}
    assert [part.key.part for part in dialog.parts] == [5, 2]
    dialog.reject()
