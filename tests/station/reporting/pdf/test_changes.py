"""The section of the report that says what was changed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from station.domain.audit import GENESIS, AuditEntry
from station.domain.shift import ShiftRecords, ShiftWindow
from station.reporting.pdf.shift_report import write_pdf
from station.reporting.statistics import summarise
from station.settings import StationSettings

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WINDOW = ShiftWindow("Early", NOON.date(), NOON - timedelta(hours=6), NOON + timedelta(hours=2), "UTC")


def entry(number: int, reason: str = "less overkill") -> AuditEntry:
    change = ("limits changed", f"tile@{number}", "0.5", "0.62", reason)
    return AuditEntry(number, NOON + timedelta(seconds=number), "Ada", "Press 4", *change, GENESIS, "a" * 64)


def text_of(path: Path, changes: list[AuditEntry]) -> str:
    records = ShiftRecords(WINDOW, (), (), (), ())
    write_pdf(records, summarise(records), StationSettings(), path.parent, path, NOON, changes)
    return " ".join("\n".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_that_each_change_is_printed_with_old_new_reason_and_person(tmp_path: Path) -> None:
    text = text_of(tmp_path / "shift.pdf", [entry(3)])
    assert "Changes At What Of From To Why By 12:00:03 limits changed tile@3 0.5 0.62 less overkill Ada" in text


def test_that_a_shift_without_a_change_says_so(tmp_path: Path) -> None:
    assert "Nothing was changed in this shift." in text_of(tmp_path / "shift.pdf", [])


@pytest.mark.parametrize("reason", ["<b>bold", "=cmd|' /C calc'!A0", "x" * 500, "a\0b", "\u202egnp.exe", "&amp; <para"])
def test_that_a_hostile_reason_is_printed_as_text(tmp_path: Path, reason: str) -> None:
    assert "tile@3" in text_of(tmp_path / "shift.pdf", [entry(3, reason)])


def test_that_of_very_many_changes_the_newest_are_printed_and_the_others_counted(tmp_path: Path) -> None:
    text = text_of(tmp_path / "shift.pdf", [entry(number) for number in range(1, 100)])
    assert "tile@99" in text
    assert "39 earlier changes of this shift are in the audit trail." in text
