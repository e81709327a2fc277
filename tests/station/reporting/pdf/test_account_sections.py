"""The sections of the report that say who did what, and the lists of the parts behind its numbers."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from station.domain.audit import AuditEntry
from station.domain.audit_chain import GENESIS
from station.domain.shift import ShiftRecords, ShiftWindow
from station.domain.shift_account import ShiftAccount
from station.domain.verdict import Verdict
from station.reporting.account_tables import account_tables
from station.reporting.part_lists import part_lists
from station.reporting.pdf.shift_report import write_pdf
from station.reporting.statistics import summarise
from station.settings import StationSettings

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WINDOW = ShiftWindow("Early", NOON.date(), NOON - timedelta(hours=6), NOON + timedelta(hours=2), "UTC")


def entry(number: int, reason: str = "less overkill") -> AuditEntry:
    change = ("limits changed", f"tile@{number}", "0.5", "0.62", reason)
    return AuditEntry(number, NOON + timedelta(seconds=number), "Ada", "Press 4", *change, GENESIS, "a" * 64)


def text_of(path: Path, changes: list[AuditEntry]) -> str:
    records, account = ShiftRecords(WINDOW, (), (), (), ()), ShiftAccount(changes=tuple(changes))
    write_pdf(records, summarise(records), StationSettings(), path.parent, path, NOON, account)
    return " ".join("\n".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_that_each_change_is_printed_with_old_new_reason_and_person(tmp_path: Path) -> None:
    text = text_of(tmp_path / "shift.pdf", [entry(3)])
    assert "Changes At What Of From To Why By 12:00:03 limits changed tile@3 0.5 0.62 less overkill Ada" in text


def test_that_a_shift_without_a_change_says_so(tmp_path: Path) -> None:
    assert "Nothing was changed in this shift." in text_of(tmp_path / "shift.pdf", [])


@pytest.mark.slow
@pytest.mark.parametrize("reason", ["<b>bold", "=cmd|' /C calc'!A0", "x" * 500, "a\0b", "\u202egnp.exe", "&amp; <para"])
def test_that_a_hostile_reason_is_printed_as_text(tmp_path: Path, reason: str) -> None:
    assert "tile@3" in text_of(tmp_path / "shift.pdf", [entry(3, reason)])


def test_that_of_very_many_changes_the_newest_are_printed_and_the_others_counted(tmp_path: Path) -> None:
    text = text_of(tmp_path / "shift.pdf", [entry(number) for number in range(1, 100)])
    assert "tile@99" in text
    assert "39 earlier ones are in the workbook (XLSX) and in 'report --json'." in text


def test_that_every_section_of_an_empty_shift_says_so_in_one_line(tmp_path: Path) -> None:
    text = text_of(tmp_path / "shift.pdf", [])
    for table in account_tables(ShiftRecords(WINDOW, (), (), (), ()), ShiftAccount()):
        assert f"{table.title} {table.none}" in text
    assert "Parts behind the numbers" not in text


@pytest.mark.slow
def test_that_the_mark_beside_a_number_leads_to_its_parts(recorded, station, tmp_path: Path) -> None:
    records = recorded.records
    summary = summarise(records)
    write_pdf(records, summary, station, recorded.pictures.folder, tmp_path / "shift.pdf", NOON)
    lines = [line for page in PdfReader(tmp_path / "shift.pdf").pages for line in page.extract_text().splitlines()]
    begin = lines.index("Parts behind the numbers")
    text, annex = (" ".join(" ".join(some).split()) for some in (lines[:begin], lines[begin:]))
    for each in part_lists(records, summary):
        if each.parts and each.name[0] != "H":
            assert re.search(rf"\b{each.name}\b", text), f"{each.name} is not beside its number"
        assert (f"{each.name} {each.title} {len(each.parts)} " in annex) is bool(each.parts)
    assert "V3 FAIL 10 run 1: 0011, 0022, 0033, 0044, 0055; run 2: 0011" in annex


@pytest.mark.slow
def test_that_a_list_too_long_for_paper_says_where_the_rest_is(made_up, station, tmp_path: Path) -> None:
    records = made_up([Verdict.FAIL if number % 2 else Verdict.PASS for number in range(4000)])
    records = replace(records, window=replace(WINDOW, end=records.window.start + timedelta(days=4)))
    write_pdf(records, summarise(records), station, tmp_path, tmp_path / "shift.pdf", NOON)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "shift.pdf").pages)
    assert "V3 FAIL 2 000 run 1: 0002, 0004, 0006" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "and more: all parts are in the CSV and in 'report --json'." in text
