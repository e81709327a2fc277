"""The page, the paper and the table for other programs say the same of a shift, each with the real parts.

The table for other programs (CSV) has exact figures, no strings like "97.4 %": it agrees if the figures counted from
its lines, written by the one rule of `station.domain.formatting`, are the strings of the page.
"""

import csv
import io
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel

from station.domain.formatting import count_of, interval_at_95, number, sentence_case, share
from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import Counts, Inspection, PartKey, Run, ViewInspection
from station.domain.rates import Rate
from station.domain.shift import EventKind, PartRecord, ShiftRecords, ShiftWindow, StationEvent, ViewPictures
from station.domain.shift_summary import (
    CauseSummary,
    CycleTimes,
    HourSummary,
    PlaceSummary,
    RevisionSummary,
    ShiftSummary,
    Stoppage,
)
from station.domain.verdict import Verdict
from station.reporting.csv_export import csv_of
from station.reporting.pdf.shift_report import write_pdf
from station.reporting.shift_json import shift_values
from station.reporting.statistics import summarise
from station.reporting.wording import end_of
from station.settings import StationSettings

START = datetime(2026, 11, 22, 5, tzinfo=UTC)
PLACES = ("upper left", "centre", "side: lower right", "TopCam: left")
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def window_of(hours: int) -> ShiftWindow:
    return ShiftWindow("Early", date(2026, 11, 22), START, START + timedelta(hours=hours), "Europe/Berlin")


def part(number_: int, verdict: Verdict, place: str = "centre", area_px: int = 100) -> PartRecord:
    judged, rejected = verdict is not Verdict.NOT_INSPECTED, verdict in (Verdict.FAIL, Verdict.REVIEW)
    view, _, spot = place.rpartition(": ")
    seen = ViewInspection(
        verdict=verdict,
        reason="mark" if rejected else "",
        origin=f"{number_}.png",
        elapsed_ms=9.0,
        name=view,
        cause=None if judged else list(NotInspectedCause)[number_ % 3],
        pred_score=0.6 if judged else None,
        raw_score=60.0 if judged else None,
        image_threshold=0.5 if judged else None,
        regions=(Region(4, 5, 12, 9, area_px, 0.6, spot),) if rejected else (),
    )
    at = START + timedelta(seconds=20 * number_)
    return PartRecord(Inspection(PartKey(1, number_), at, (seen,)), (ViewPictures(),))


# ---- any summary

numbers = st.integers(0, 3_000_000) | st.integers(0, 12)
counts = st.builds(Counts, numbers, numbers, numbers, numbers, st.integers(0, 9))
rates = st.tuples(numbers, numbers).map(lambda pair: Rate(min(pair), max(pair)))
moments = st.timedeltas(timedelta(0), timedelta(hours=8)).map(lambda after: START + after)
lengths = st.timedeltas(timedelta(0), timedelta(seconds=200)) | st.timedeltas(timedelta(0), timedelta(hours=30))
runs = st.integers(1, 40).map(
    lambda revision: Run(revision, START, "tile", revision, "a" * 64, "b" * 64, "v1", "cam", "f32", "0.1", "Ada")
)


def one_revision(run: Run, counted: Counts) -> RevisionSummary:
    return RevisionSummary(run, counted, Rate(counted.passed, counted.inspected))


@st.composite
def stoppages(draw: st.DrawFn) -> Stoppage:
    start, length = draw(moments), draw(st.none() | lengths)
    end = start + (length or timedelta(seconds=1)) if draw(st.booleans()) or length else None
    return Stoppage(draw(st.sampled_from(EventKind)), start, end, length, "touched", "Ada")


@st.composite
def places(draw: st.DrawFn) -> tuple[PlaceSummary, ...]:
    named = draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=4))
    return tuple(
        PlaceSummary(
            place,
            draw(numbers),
            draw(numbers),
            draw(rates.filter(lambda rate: rate.n > 0)),
            draw(st.none() | st.floats(1, 1e7)),
            (part(i, Verdict.FAIL, place),),
        )
        for i, place in enumerate(named, 1)
    )


@st.composite
def summaries(draw: st.DrawFn) -> ShiftSummary:
    """Any shift of eight hours or of three days; its figures need not come from any records."""
    window = window_of(draw(st.sampled_from([8, 72])))
    counted = draw(counts)
    half = window.start + (window.end - window.start) / 2
    causes = draw(st.dictionaries(st.sampled_from(NotInspectedCause), rates, max_size=3))
    return ShiftSummary(
        window=window,
        counts=counted,
        first_pass_yield=Rate(counted.passed, counted.inspected),
        revisions=tuple(draw(st.lists(st.builds(one_revision, runs, counts), max_size=3))),
        hours=(HourSummary(window.start, half, draw(counts)), HourSummary(half, window.end, draw(counts))),
        places=draw(places()),
        causes=tuple(CauseSummary(cause, rate) for cause, rate in causes.items()),
        disputed={},
        stoppages=tuple(draw(st.lists(stoppages(), max_size=3))),
        cycle_times=draw(st.none() | st.just(CycleTimes(9.0, 12.0, 30.0))),
    )


# ---- reading what is shown and printed


@pytest.fixture
def page(window, qtbot):
    window.show_page("shift_report")
    shown = window.page_of("shift_report")
    qtbot.waitUntil(lambda: "No part" in shown.said.text(), timeout=10_000)
    shown.places.blockSignals(True)
    return shown


def rows_of(table) -> list[list[str]]:
    model = table.rows
    return [[model.data(model.index(row, column)) for column in range(model.columnCount())]
            for row in range(model.rowCount())]  # fmt: skip


def show(page, summary: ShiftSummary) -> None:
    page.show_shift(summary, ())
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def places_shown(page) -> list[str]:
    return [label.text() for label in page.places.findChildren(QLabel)]


def squeezed(text: str) -> str:
    """Without any space: where a cell of the paper is narrow, its text is set in several lines."""
    return "".join(text.split())


def printed(records: ShiftRecords, summary: ShiftSummary, folder: Path) -> str:
    write_pdf(records, summary, StationSettings(), folder, folder / "shift.pdf", START)
    return squeezed("".join(each.extract_text() for each in PdfReader(folder / "shift.pdf").pages))


def assert_page_and_paper_agree(page, summary: ShiftSummary, paper: str) -> None:
    box = page.summary
    assert squeezed(f"allparts:{box.text_of('All parts')}") in paper
    for verdict in Verdict:
        assert squeezed(f"{verdict.word}{box.text_of(verdict.word.capitalize())}") in paper
    share_shown, interval_shown = box.yield_text.split(" (", 1)
    assert squeezed(f"First-passyield{share_shown}{interval_shown[:-1]}") in paper
    assert squeezed(page.hours.title.text()) in paper
    for revision, (name, parts, *by_verdict, share_, interval_) in zip(
        summary.revisions, rows_of(page.recipes), strict=True
    ):
        counted = revision.counts
        known = f"{share_} ({interval_})" if revision.first_pass_yield.n else interval_
        line = f"{name}{'b' * 8}{number(counted.inspected)}{''.join(by_verdict)}{known}"
        assert squeezed(line) in paper
        assert parts == number(counted.triggers)
    for stop, (start, lasted, what) in zip(summary.stoppages, rows_of(page.stops), strict=True):
        kind, _, sentence = what.partition(": ")
        assert squeezed(f"{start}{end_of(stop, summary.window)}{lasted}{kind}{sentence}") in paper
    shown = places_shown(page)
    for place in summary.places:
        name, figures = sentence_case(place.place), shown[shown.index(sentence_case(place.place)) + 1]
        of_all, _, median = figures.partition(", median ")
        counted, _, share_ = of_all.removesuffix(")").partition(" rejects (")
        assert squeezed(f"{name}{number(place.failed)}{number(place.review)}{share_}({counted};") in paper
        assert squeezed(f"){median or '–'}0.60") in paper
    for cause in summary.causes:
        count, _, words = next(t for t in shown if t.endswith(cause.cause.sentence)).partition(" not inspected: ")
        assert squeezed(f"{sentence_case(words)}{count}{share(cause.share.value)}") in paper


UNEVEN = Counts(passed=2499, failed=1)
SHORT_STOP = Stoppage(EventKind.STOP, START, START + timedelta(seconds=83), timedelta(seconds=83), "touched", "")
WHOLE_SHIFT = HourSummary(START, START + timedelta(hours=8), UNEVEN)
NEARLY_ALL = ShiftSummary(
    window_of(8), UNEVEN, Rate(2499, 2500), (), (WHOLE_SHIFT,), (), (), {}, (SHORT_STOP,), None
)  # fmt: skip


@SLOW
@given(summary=summaries())
@example(summary=NEARLY_ALL)
def test_that_the_page_and_the_paper_say_the_same_of_any_summary(page, tmp_path: Path, summary: ShiftSummary) -> None:
    show(page, summary)
    records = ShiftRecords(summary.window, (), (), (), ())
    assert_page_and_paper_agree(page, summary, printed(records, summary, tmp_path))


def test_that_a_rare_fail_and_a_short_stop_are_written_alike(page, tmp_path: Path) -> None:
    show(page, NEARLY_ALL)
    paper = printed(ShiftRecords(NEARLY_ALL.window, (), (), (), ()), NEARLY_ALL, tmp_path)
    assert page.summary.yield_text.replace("\N{NO-BREAK SPACE}", " ").startswith("99.96 % (2 499 of 2 500; ")
    assert squeezed("FAIL 1 0.04 % of 2 500") in paper
    assert squeezed(rows_of(page.stops)[0][1]) == "1min23s"
    assert "1min23sstop" in paper


# ---- any records

verdicts = st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from(PLACES), st.integers(1, 9999)), max_size=40)
events = st.lists(st.tuples(st.sampled_from(EventKind), moments), max_size=4)


def recorded(parts: list[tuple[Verdict, str, int]], happened: list[tuple[EventKind, datetime]]) -> ShiftRecords:
    run = Run(1, START, "tile", 1, "a" * 64, "b" * 64, "v1", "cam", "f32", "0.1", "Ada")
    ordered = sorted(happened, key=lambda event: event[1])
    return ShiftRecords(
        window_of(8),
        (run,) if parts else (),
        tuple(part(i, *each) for i, each in enumerate(parts, 1)),
        (),
        tuple(StationEvent(at, kind, "touched", person="Ada") for kind, at in ordered),
    )


@SLOW
@given(parts=verdicts, happened=events)
def test_that_page_paper_and_csv_say_the_same_of_any_records(page, tmp_path: Path, parts, happened) -> None:
    records = recorded(parts, happened)
    summary = summarise(records)
    show(page, summary)
    lines = list(csv.DictReader(io.StringIO(csv_of(records).decode("utf-8-sig"))))
    assert_page_and_paper_agree(page, summary, printed(records, summary, tmp_path))
    assert_page_and_csv_agree(page, lines)
    assert_page_and_json_agree(page, shift_values(records, summary))
    assert [bar.triggers for _name, bar in page.hours.bars.shown] == _by_hour(lines)


def assert_page_and_json_agree(page, values: dict[str, object]) -> None:
    assert page.summary.text_of("All parts") == number(values["parts"])
    for verdict in Verdict:
        assert page.summary.text_of(verdict.word.capitalize()) == number(values[verdict.value])
    assert page.summary.yield_text.startswith(share(values["first_pass_yield"]["value"]))
    assert [what.partition(": ")[0] for _, _, what in rows_of(page.stops)] == [
        stop["kind"] for stop in values["stoppages"]
    ]
    json.dumps(values, allow_nan=False)


def _by_hour(lines: list[dict[str, str]]) -> list[int]:
    hours = Counter(int((datetime.fromisoformat(line["triggered_at"]) - START) / timedelta(hours=1)) for line in lines)
    return [hours[hour] for hour in range(8)]


def assert_page_and_csv_agree(page, lines: list[dict[str, str]]) -> None:
    by_verdict = Counter(line["verdict"] for line in lines)
    inspected = len(lines) - by_verdict["NOT_INSPECTED"]
    first_pass_yield = Rate(by_verdict["PASS"], inspected)
    box = page.summary
    assert box.text_of("All parts") == number(len(lines))
    assert {verdict: box.text_of(verdict.word.capitalize()) for verdict in Verdict} == {
        verdict: number(by_verdict[verdict]) for verdict in Verdict
    }
    assert box.yield_text == f"{share(first_pass_yield.value)} ({interval_at_95(first_pass_yield)})"
    shown = places_shown(page)
    rejects = [line for line in lines if line["verdict"] in ("FAIL", "REVIEW")]
    for (view, place), count in Counter((line["view"], line["place"]) for line in rejects).items():
        name = sentence_case(f"{view}: {place}" if view else place)
        rate = Rate(count, len(rejects))
        assert shown[shown.index(name) + 1].startswith(f"{count_of(rate)} rejects ({share(rate.value)})")
    for cause, count in Counter(line["cause"] for line in lines if line["cause"]).items():
        assert f"{number(count)} not inspected: {NotInspectedCause(cause).sentence}" in shown
