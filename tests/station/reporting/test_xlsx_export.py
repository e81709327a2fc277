"""The workbook, read back by another library: numbers are numbers, times are times, text is text."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from station.domain.errors import BadInputError
from station.domain.inspection import Inspection, PictureOrigin, RunKind
from station.domain.shift import EventKind, PartRecord, ShiftRecords, StationEvent
from station.domain.verdict import Verdict
from station.reporting import xlsx_export
from station.reporting.csv_export import content_sha256
from station.reporting.statistics import summarise
from station.reporting.xlsx_export import write_xlsx, xlsx_of
from station.settings import StationSettings

Make = Callable[..., ShiftRecords]


@pytest.fixture
def read(station: StationSettings) -> Callable[[ShiftRecords], dict[str, Worksheet]]:
    """Writes records and reads the sheets back."""

    def make(records: ShiftRecords) -> dict[str, Worksheet]:
        book = load_workbook(io.BytesIO(xlsx_of(records, summarise(records), station)))
        return {sheet.title: sheet for sheet in book.worksheets}

    return make


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    heading, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, heading), line, strict=True)) for line in lines]


def facts(sheet: Worksheet) -> dict[object, object]:
    return dict(line[:2] for line in sheet.iter_rows(values_only=True))


def test_that_every_part_is_a_row_with_numbers_and_local_times(recorded, read) -> None:
    found, zone = rows(read(recorded.records)["Parts"]), ZoneInfo("Europe/Berlin")
    assert len(found) == len(recorded.records.parts)
    for row, part in zip(found, recorded.records.parts, strict=True):
        i = part.inspection
        assert (row["run"], row["part"], row["verdict"]) == (i.key.run_id, i.key.part, i.verdict)
        assert row["pred_score"] == pytest.approx(i.deciding.pred_score, abs=1e-15)
        at = i.triggered_at.astimezone(zone).replace(tzinfo=None)
        assert isinstance(row["triggered_at"], datetime)
        assert abs(row["triggered_at"] - at) < timedelta(milliseconds=1)
        assert row["utc_offset"] == "UTC+01:00"


def test_that_the_figures_of_the_shift_are_numbers(recorded, read) -> None:
    summary, found = summarise(recorded.records), facts(read(recorded.records)["Shift"])
    assert found["All parts"] == summary.counts.triggers
    assert {verdict: found[verdict.word] for verdict in Verdict} == {v: summary.counts.of(v) for v in Verdict}
    assert found["First-pass yield"] == pytest.approx(summary.first_pass_yield.value)
    assert found["From"] == datetime(2026, 11, 22, 6)
    assert found["Station"] == "Station 3"
    assert found["Content SHA-256"] == content_sha256(recorded.records)


def test_that_a_stop_has_its_times_and_its_length_in_seconds(made_up: Make, read) -> None:
    start = made_up().window.start
    events = [
        StationEvent(start + timedelta(hours=hour), kind, "touched")
        for hour, kind in ((0, EventKind.START), (1, EventKind.STOP), (2, EventKind.START))
    ]
    (stop,) = rows(read(made_up(events=events))["Stops"])
    assert (stop["from"], stop["to"]) == (datetime(2026, 11, 22, 7), datetime(2026, 11, 22, 8))
    assert (stop["duration_s"], stop["what"]) == (3600, "stop")


def test_that_trials_and_simulated_pictures_are_noted(made_up: Make, read) -> None:
    records = made_up([Verdict.PASS] * 3)
    run = replace(records.runs[0], pictures=PictureOrigin.SIMULATED)
    sheet = read(replace(records, runs=(run,), not_counted={RunKind.TRIAL: 64}))["Shift"]
    notes = [line[1] for line in sheet.iter_rows(values_only=True) if line[0] == "Note"]
    assert notes[0].startswith("SIMULATED PICTURES: 3 of 3 parts")
    assert notes[1] == "64 trial parts are not counted."


HOSTILE = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "http://a.b", "internal:Parts!A1", "mailto:a@b", "_x0041_", "007",
     "1e5", "2026-11-22", " ", "\t=1", "\x1b[0m", "\udcff", "\ufffe", "a\r\nb", "x" * 40_000, "'=1"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=HOSTILE | st.text(max_size=30))
def test_that_any_text_is_a_text_and_never_a_formula_a_link_or_a_number(made_up: Make, read, text: str) -> None:
    records = made_up([Verdict.FAIL])
    run = replace(records.runs[0], person=text, camera=text, recipe_name=text)
    sheets = read(replace(records, runs=(run,)))
    (heading, line) = sheets["Parts"].iter_rows()
    for name in ("person", "camera", "recipe"):
        cell = line[[each.value for each in heading].index(name)]
        assert cell.data_type in ("s", "inlineStr", "n") or cell.value is None
        assert not isinstance(cell.value, int | float | datetime)
        assert cell.hyperlink is None


def test_that_a_number_too_long_for_a_spreadsheet_is_written_as_text(made_up: Make, read) -> None:
    """1759708800123456789 would become 1.759708800123457E+18."""
    records = made_up([Verdict.PASS])
    (part,) = records.parts
    view = replace(part.inspection.views[0], camera_timestamp_ns=1759708800123456789)
    inspection = Inspection(part.inspection.key, part.inspection.triggered_at, (view,))
    (row,) = rows(read(replace(records, parts=(PartRecord(inspection, part.views),)))["Parts"])
    assert row["camera_timestamp_ns"] == "1759708800123456789"


def test_that_more_parts_than_a_sheet_holds_go_on_the_next(made_up: Make, read, monkeypatch) -> None:
    monkeypatch.setattr(xlsx_export, "_ROWS_OF_A_SHEET", 40)
    sheets = read(made_up([Verdict.PASS] * 100))
    found = [row["part"] for name in ("Parts", "Parts 2", "Parts 3") for row in rows(sheets[name])]
    assert found == list(range(1, 101))


def test_that_the_same_shift_gives_the_same_bytes_and_an_empty_one_a_workbook(
    made_up: Make, read, station: StationSettings, tmp_path: Path
) -> None:
    records = made_up([Verdict.PASS, Verdict.NOT_INSPECTED])
    first, second = (xlsx_of(records, summarise(records), station) for _ in range(2))
    assert first == second
    assert facts(read(made_up())["Shift"])["First-pass yield"] is None
    write_xlsx(records, summarise(records), station, tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == first
    with pytest.raises(BadInputError, match="cannot be written"):
        write_xlsx(records, summarise(records), station, tmp_path / "none" / "a.xlsx")
