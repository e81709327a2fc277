"""The audit trail for other programs: as a table, and as lines of RFC 5424 (syslog)."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path

from station.domain.audit import AuditAction, AuditEntry
from station.domain.names import readable
from station.reporting.csv_export import ELSEWHERE, Cell, table_of
from station.reporting.languages import PLAIN, TableForm
from station.reporting.wording import audit_in_words
from station.workspace import write_for_person

COLUMNS = (
    "number", "at", "person", "station", "action", "subject", "old", "new", "reason", "previous_hash", "hash",
)  # fmt: skip
_SD_ID = "lineside@32473"
"""32473 is the number that RFC 5612 keeps for those who have none of their own."""
_BOM = "\ufeff"
_AUDIT, _WARNING, _NOTICE = 13, 4, 5
"""Facility "log audit" and severities of RFC 5424."""
_WARNINGS = frozenset(
    {
        AuditAction.REFUSED,
        AuditAction.LOG_IN_FAILED,
        AuditAction.LOCKED_OUT,
        AuditAction.FAULT,
        AuditAction.CAMERA_LOST,
        AuditAction.CLOCK_STEPPED,
        AuditAction.CHAIN_BROKEN,
    }
)
_NOT_IN_A_HEADER = re.compile(r"[^!-~]+")
_ESCAPED = re.compile(r'([\\"\]])')
_LONGEST_HOST, _LONGEST_ID = 255, 32


def write_audit_csv(entries: Iterable[AuditEntry], path: Path, form: TableForm = PLAIN) -> int:
    """Write one line for each entry, UTF-8 with a byte order mark for spreadsheets; return the number of entries.

    Times are UTC. Text that a spreadsheet would run as a formula gets an apostrophe in front.

    Raises:
        BadInputError: The file cannot be written.
    """
    lines = [_cells(entry) for entry in entries]
    write_for_person(path, table_of(COLUMNS, lines, form), ELSEWHERE)
    return len(lines)


def write_audit_syslog(entries: Iterable[AuditEntry], path: Path) -> int:
    """Write one line of RFC 5424 for each entry, UTF-8; return the number of entries.

    Raises:
        BadInputError: The file cannot be written.
    """
    lines = list(syslog_lines(entries))
    write_for_person(path, "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"), ELSEWHERE)
    return len(lines)


def syslog_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    r"""Yield each entry as a line of RFC 5424: every field as structured data, and a sentence for people.

    A line break or another control character in a text is spelt out, so one entry is one line: "a\x0ab".
    """
    return (_syslog(entry) for entry in entries)


def values_of(entry: AuditEntry) -> dict[str, Cell]:
    """Return an entry for programs, by the headings of the table."""
    return dict(zip(COLUMNS, _cells(entry), strict=True))


def _cells(entry: AuditEntry) -> tuple[Cell, ...]:
    return (
        entry.number, _at(entry), entry.person, entry.station, entry.action, entry.subject, entry.old, entry.new,
        entry.reason, entry.previous_hash, entry.hash,
    )  # fmt: skip


def _at(entry: AuditEntry) -> str:
    return entry.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _syslog(entry: AuditEntry) -> str:
    priority = 8 * _AUDIT + (_WARNING if entry.action in _WARNINGS else _NOTICE)
    host = _header(entry.station, _LONGEST_HOST)
    kind = _header(entry.action, _LONGEST_ID)
    fields = values_of(entry)
    del fields["at"]
    data = " ".join(f'{name}="{_value(str(value))}"' for name, value in fields.items() if value != "")
    return (
        f"<{priority}>1 {_at(entry)} {host} lineside - {kind} [{_SD_ID} {data}] {_BOM}{readable(audit_in_words(entry))}"
    )


def _header(text: str, longest: int) -> str:
    """Return the text for a field of the header: printable ASCII without spaces; "-" if nothing is left."""
    return _NOT_IN_A_HEADER.sub("-", text).strip("-")[:longest] or "-"


def _value(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", readable(text))
