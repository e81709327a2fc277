"""The audit trail as a table and as syslog: every text is text, and comes out as it went in."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.audit import AuditAction, AuditEntry
from station.domain.audit_chain import GENESIS
from station.domain.errors import BadInputError
from station.domain.names import readable
from station.reporting.audit_export import syslog_lines, values_of, write_audit_csv, write_audit_syslog
from station.reporting.languages import table_form

NOON = datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC)
HOSTILE = (
    "../../x",
    "=cmd|' /C calc'!A0",
    "<b>",
    "\u202egnp.exe",
    "x" * 500,
    "\"'`",
    "a\0b",
    "a\r\nb",
    '\\"]',
    "[x y]",
)
_LINE = re.compile(
    r"<(?P<priority>[1-9]\d{0,2})>1 (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (?P<host>[!-~]{1,255}) "
    r"(?P<app>[!-~]{1,48}) (?P<process>-) (?P<kind>[!-~]{1,32}) "
    r'\[(?P<id>[!-<>-\\^-~]{1,32})(?P<data>(?: [!-<>-\\^-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\] '
    "\ufeff(?P<message>.*)"
)
"""RFC 5424, section 6, for what the station writes."""
_FIELD = re.compile(r' ([^ =]+)="((?:[^"\\\]]|\\["\\\]])*)"')


def entry(text: str = "x", action: str = AuditAction.LIMITS_CHANGED, station: str = "Press 4") -> AuditEntry:
    return AuditEntry(7, NOON, text, station, action, text, text, text, text, GENESIS, "a" * 64)


def parsed(line: str) -> tuple[dict[str, str], dict[str, str]]:
    found = _LINE.fullmatch(line)
    assert found is not None, line
    fields = {name: re.sub(r'\\(["\\\]])', r"\1", value) for name, value in _FIELD.findall(found["data"])}
    return found.groupdict(), fields


@pytest.mark.parametrize("text", HOSTILE)
def test_that_a_hostile_text_is_one_line_of_syslog_with_all_its_letters(text: str) -> None:
    (line,) = syslog_lines([entry(text)])
    _, fields = parsed(line)
    assert fields["reason"] == fields["person"] == readable(text)
    assert len(line.splitlines()) == 1


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(list(AuditAction)))
def test_that_every_line_of_syslog_keeps_the_rules_of_rfc_5424(text: str, station: str, action: AuditAction) -> None:
    (line,) = syslog_lines([entry(text, action, station)])
    head, fields = parsed(line)
    assert fields.get("station", "") == readable(station)
    assert head["at"] == "2026-11-22T12:00:00.000005Z"
    assert (fields["action"], fields["number"], fields["hash"]) == (action, "7", "a" * 64)


@pytest.mark.parametrize(("action", "priority"), [(AuditAction.LIMITS_CHANGED, 109), (AuditAction.REFUSED, 108)])
def test_that_what_was_refused_is_a_warning(action: AuditAction, priority: int) -> None:
    (line,) = syslog_lines([entry("x", action)])
    assert parsed(line)[0]["priority"] == str(priority)


@pytest.mark.parametrize("language", ["", "de"])
@pytest.mark.parametrize("text", HOSTILE)
def test_that_a_hostile_text_is_text_in_the_table(tmp_path: Path, text: str, language: str) -> None:
    form = table_form(language)
    assert write_audit_csv([entry(text)], tmp_path / "audit.csv", form) == 1
    with (tmp_path / "audit.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=form.separator)
    assert row["reason"] in (text, f"'{text}")
    assert not row["reason"].startswith("=")
    assert (row["number"], row["hash"]) == ("7", "a" * 64)


def test_that_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for write in (write_audit_csv, write_audit_syslog):
        with pytest.raises(BadInputError, match="none"):
            write([entry()], tmp_path / "none" / "audit")


def test_that_an_entry_is_values_for_programs() -> None:
    values = values_of(entry())
    assert (values["number"], values["at"], values["action"]) == (7, "2026-11-22T12:00:00.000005Z", "limits changed")
