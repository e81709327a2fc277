"""The PDF, read back by another library and held against plain SQL."""

import io
import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfa_rules import broken_rules
from pypdf import PdfReader

from station import workspace
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.shift import EventKind, ShiftRecords, StationEvent
from station.domain.verdict import Verdict
from station.reporting.csv_export import content_sha256
from station.reporting.pdf.shift_report import write_pdf
from station.reporting.shift_calendar import find_shift
from station.reporting.statistics import summarise
from station.settings import StationSettings

Make = Callable[..., ShiftRecords]
PRINTED_AT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


@pytest.fixture
def printed(tmp_path: Path, station: StationSettings) -> Callable[..., PdfReader]:
    """Print records and read them back."""

    def make(records: ShiftRecords, pictures: Path = tmp_path, at: datetime = PRINTED_AT) -> PdfReader:
        write_pdf(records, summarise(records), station, pictures, tmp_path / "shift.pdf", at)
        return PdfReader(io.BytesIO((tmp_path / "shift.pdf").read_bytes()))

    return make


def _text(pdf: PdfReader) -> str:
    """All pages, one printed word or number a line."""
    text = "\n".join(page.extract_text() for page in pdf.pages).replace("\N{NO-BREAK SPACE}", " ")
    return "\n".join(line.strip() for line in text.splitlines())


_DECIDING = """
    CREATE TEMP VIEW deciding AS SELECT * FROM (
        SELECT *, row_number() OVER (
            PARTITION BY run_id, number
            ORDER BY verdict = 'FAIL' DESC, verdict = 'NOT_INSPECTED' DESC, verdict = 'REVIEW' DESC,
            coalesce(pred_score, 0) DESC, view
        ) AS order_of_badness FROM part_view
    ) WHERE order_of_badness = 1
"""
_NOT_INSPECTED = """
    SELECT count(*) FROM shift JOIN deciding USING (run_id, number) WHERE cause IS NOT NULL GROUP BY cause
    ORDER BY 1 DESC
"""


def _query(recorded, sql: str) -> list[tuple]:
    """By nothing of the program: plain SQL over the window of the shift."""
    microseconds = [round(edge.timestamp() * 1_000_000) for edge in (recorded.window.start, recorded.window.end)]
    with sqlite3.connect(recorded.database.path) as plain:
        plain.execute(
            f"CREATE TEMP VIEW shift AS SELECT part.*, recipe_name || '@' || recipe_revision AS recipe FROM part "
            f"JOIN run USING (run_id) WHERE triggered_at >= {microseconds[0]} AND triggered_at < {microseconds[1]}"
        )
        plain.execute(_DECIDING)
        rows = plain.execute(sql).fetchall()
    plain.close()
    return rows


def _figure(text: str, label: str) -> int:
    """The number printed under a label of the one-look box."""
    found = re.search(rf"^{label}\n([\d ]+)$", text, re.MULTILINE)
    assert found, f"{label} is not in the report"
    return int(found[1].replace(" ", ""))


def test_that_the_counts_are_those_of_the_tables(recorded, printed) -> None:
    text = _text(printed(recorded.records, recorded.pictures.folder))
    counted = dict(_query(recorded, "SELECT verdict, count(*) FROM shift GROUP BY verdict"))
    assert min(counted.values()) > 0
    assert {verdict: _figure(text, verdict.word) for verdict in Verdict} == counted
    assert _figure(text, "Inspected") == sum(counted.values()) - counted["NOT_INSPECTED"]
    assert f"all parts: {sum(counted.values())}" in text


def test_that_the_yield_is_that_of_the_tables(recorded, printed) -> None:
    ((passed, judged),) = _query(
        recorded, "SELECT sum(verdict = 'PASS'), count(*) FROM shift WHERE verdict <> 'NOT_INSPECTED'"
    )
    text = _text(printed(recorded.records, recorded.pictures.folder))
    assert f"First-pass yield\n{100 * passed / judged:.1f} %\n{passed} of {judged};" in text


def test_that_each_revision_has_the_counts_of_the_tables(recorded, printed) -> None:
    text = _text(printed(recorded.records, recorded.pictures.folder))
    rows = _query(
        recorded,
        "SELECT recipe, sum(verdict <> 'NOT_INSPECTED'), sum(verdict = 'PASS'), sum(verdict = 'REVIEW'),"
        " sum(verdict = 'FAIL'), sum(verdict = 'NOT_INSPECTED') FROM shift GROUP BY recipe",
    )
    assert len(rows) == 2
    for recipe, *figures in rows:
        line = "\n".join(map(str, figures))
        assert re.search(rf"^{recipe}\n((top\n|side\n)?[0-9a-f]{{8}},?\n)+{line}$", text, re.MULTILINE), (
            f"{recipe}: {figures}"
        )


def test_that_each_place_has_the_counts_of_the_tables(recorded, printed) -> None:
    text = _text(printed(recorded.records, recorded.pictures.folder))
    rows = _query(
        recorded,
        "SELECT iif(name = '', '', name || ': ') || place AS whole, sum(shift.verdict = 'FAIL'),"
        " sum(shift.verdict = 'REVIEW'), max(score) FROM shift JOIN deciding USING (run_id, number)"
        " JOIN region USING (run_id, number, view) WHERE rank = 0 GROUP BY whole",
    )
    assert {place.partition(":")[0] for place, *_ in rows} > {"top", "side"}
    for place, failed, review, score in rows:
        pattern = rf"^{place.capitalize()}\n{failed}\n{review}\n.*\n.* px²\n{score:.2f}$"
        assert re.search(pattern, text, re.MULTILINE), f"{place}: {failed}, {review}"


def test_that_disputes_and_causes_are_those_of_the_tables(recorded, printed) -> None:
    text = _text(printed(recorded.records, recorded.pictures.folder))
    ((disputed,),) = _query(recorded, "SELECT count(*) FROM dispute JOIN shift USING (run_id, number)")
    assert text.partition("Verdicts overruled")[0].count("good part\ndust\nAda") == disputed > 0
    causes = _query(recorded, _NOT_INSPECTED)
    section = text.partition("NOT INSPECTED, by cause")[2].partition("What people said of parts")[0]
    assert [int(count) for count in re.findall(r"^(\d+)$", section, re.MULTILINE)] == [count for (count,) in causes]


def test_that_the_times_are_those_of_the_slowest_views_in_the_tables(recorded, printed) -> None:
    ((longest,),) = _query(
        recorded,
        "SELECT max(elapsed_ms) FROM part_view JOIN shift USING (run_id, number)"
        " WHERE shift.verdict <> 'NOT_INSPECTED'",
    )
    assert f"longest {longest:.1f} ms" in _text(printed(recorded.records, recorded.pictures.folder))


def test_that_the_report_carries_the_hash_of_its_content(recorded, printed) -> None:
    pdf = printed(recorded.records, recorded.pictures.folder)
    sha256 = content_sha256(recorded.records)
    assert sha256 in _text(pdf)
    assert sha256 in pdf.metadata.subject


@pytest.mark.slow
def test_that_a_report_printed_again_differs_in_its_foot_alone(recorded, printed) -> None:
    texts = [
        _text(printed(recorded.records, recorded.pictures.folder, at))
        for at in (PRINTED_AT, datetime(2031, 1, 1, tzinfo=UTC))
    ]
    without_foot = [re.sub(r"Printed .* by", "Printed by", text) for text in texts]
    assert texts[0] != texts[1]
    assert without_foot[0] == without_foot[1]


def test_that_every_page_says_which_of_how_many_it_is(recorded, printed) -> None:
    pages = printed(recorded.records, recorded.pictures.folder).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page.extract_text()


def test_that_every_font_is_embedded(recorded, printed) -> None:
    for page in printed(recorded.records, recorded.pictures.folder).pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"].get_object()


def test_that_rejects_are_shown_with_their_pictures(recorded, printed) -> None:
    pdf = printed(recorded.records, recorded.pictures.folder)
    rejects = [p for p in recorded.records.parts if p.inspection.verdict in (Verdict.FAIL, Verdict.REVIEW)]
    assert sum(len(page.images) for page in pdf.pages) == min(15, len(rejects))


@pytest.mark.slow
@pytest.mark.parametrize(("damage", "said"), [(Path.unlink, "missing"), (lambda p: p.write_bytes(b"x"), "changed")])
def test_that_a_picture_that_is_not_the_recorded_one_is_not_shown(
    recorded, printed, tmp_path: Path, damage: Callable[[Path], object], said: str
) -> None:
    shutil.copytree(recorded.pictures.folder, tmp_path / "pictures")
    for thumbnail in (tmp_path / "pictures").rglob("*.jpg"):
        damage(thumbnail)
    pdf = printed(recorded.records, tmp_path / "pictures")
    assert sum(len(page.images) for page in pdf.pages) == 0
    assert f"picture {'is' if said == 'missing' else 'was'} {said}" in _text(pdf)


def test_that_the_head_says_whose_shift_it_is(recorded, printed) -> None:
    text = _text(printed(recorded.records, recorded.pictures.folder))
    for words in ("Early shift, Sunday 22 November 2026", "2026-11-22 06:00 to 14:00 (UTC+01:00)", "Northfield",
                  "Line 2", "Station 3", "Europe/Berlin", "tile@1, tile@2", "replay:parts"):  # fmt: skip
        assert words in text


def test_that_long_names_leave_the_station_and_the_revision_to_be_read(made_up: Make, tmp_path: Path) -> None:
    records = made_up([Verdict.PASS])
    records = replace(records, runs=(replace(records.runs[0], recipe_name="cookie-" * 12, recipe_revision=4711),))
    station = StationSettings(plant="Plant of the north " * 5, line="Line of the long names " * 5, name="Station 3")
    write_pdf(records, summarise(records), station, tmp_path, tmp_path / "shift.pdf", PRINTED_AT)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "shift.pdf").pages]
    for page in pages:
        assert re.search("Plant of the.*Line of the.*Station 3", page), "the head of each page"
    facts = pages[0][: pages[0].index("Parts by hour")]
    assert "@4711" in facts.replace("\n", "")


def test_that_the_head_names_every_camera_of_a_part(made_up: Make, printed) -> None:
    cameras = ", ".join(f"{view}=genicam:The maker's camera {view}-0001234" for view in ("top", "side", "back", "left"))
    records = made_up([Verdict.PASS])
    run = replace(records.runs[0], camera=cameras)
    assert cameras in _text(printed(replace(records, runs=(run,)))).replace("\n", " ")


def test_that_an_empty_shift_prints_as_an_empty_shift(made_up: Make, printed) -> None:
    text = _text(printed(made_up()))
    assert {_figure(text, verdict.word) for verdict in Verdict} == {0}
    assert "No part came in this shift." in text
    assert "First-pass yield\n–\nno parts" in text


def test_that_nought_of_some_gets_an_upper_limit(made_up: Make, printed) -> None:
    assert "FAIL\n0\nat most 27.8 %" in _text(printed(made_up([Verdict.PASS] * 10)))


def test_that_a_night_when_the_clocks_change_shows_both_offsets(made_up: Make, printed, station) -> None:
    text = _text(printed(made_up(window=find_shift("2026-10-24/Night", station))))
    assert "2026-10-24 22:00 (UTC+02:00) to 2026-10-25 06:00 (UTC+01:00), clocks change" in text


hostile = st.sampled_from(
    ["<b>bold</b>", "=cmd|' /C calc'!A0", "\u202egnp.exe", "&amp;<para>", "\0", "中文 ✗", "W" * 5000, "\ud800", ""]
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=hostile | st.text(max_size=400))
def test_that_hostile_text_is_printed_as_text(made_up: Make, tmp_path: Path, text: str) -> None:
    records = _everywhere(made_up([Verdict.FAIL, Verdict.NOT_INSPECTED]), text)
    station = StationSettings(name=text, plant=text, line=text)
    write_pdf(records, summarise(records), station, tmp_path, tmp_path / "hostile.pdf", PRINTED_AT)
    assert _figure(_text(PdfReader(tmp_path / "hostile.pdf")), "FAIL") == 1
    assert broken_rules((tmp_path / "hostile.pdf").read_bytes()) == []


def _everywhere(records: ShiftRecords, text: str) -> ShiftRecords:
    """The text wherever people, files or devices may have put it."""
    first, second = records.parts
    view = first.inspection.deciding
    regions = tuple(replace(region, place=text) for region in view.regions)
    named = replace(view, name=text, reason=text, origin=text, regions=regions)
    first = replace(first, inspection=replace(first.inspection, views=(named,)))
    run = replace(records.runs[0], recipe_name=text, camera=text, person=text, model_sha256=text, program_version=text)
    return replace(
        records,
        window=replace(records.window, name=text),
        runs=(run,),
        parts=(first, second),
        disputes=(OperatorFeedback(first.inspection.key, Disposition.GOOD_PART, text, text, PRINTED_AT),),
        events=(StationEvent(PRINTED_AT, EventKind.STOP, text, person=text),),
    )


def test_that_markup_in_a_name_is_read_as_written(made_up: Make, printed) -> None:
    text = _text(printed(_everywhere(made_up([Verdict.FAIL, Verdict.NOT_INSPECTED]), "<b>x</b>\u202e")))
    assert "<b>x</b>[U+202E]@1" in text


def test_that_a_report_is_whole_or_not_there(made_up: Make, printed, tmp_path: Path, monkeypatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspace, "write_atomically", full)
    with pytest.raises(BadInputError, match=r"shift\.pdf cannot be written: the disk is full"):
        printed(made_up())
    assert list(tmp_path.glob("*.pdf*")) == []
