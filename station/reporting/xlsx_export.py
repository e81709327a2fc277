"""The shift as a workbook: numbers as numbers, times as times, and no text that a spreadsheet would run."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from station.domain.errors import FaultError
from station.domain.formatting import sentence_case, shortened
from station.domain.part_ranges import parts_in_words
from station.domain.scanned_code import shown
from station.domain.shift import ShiftRecords
from station.domain.shift_account import NOTHING_DONE, ShiftAccount
from station.domain.shift_summary import ShiftSummary
from station.domain.verdict import Verdict
from station.reporting.account_tables import account_tables
from station.reporting.csv_export import COLUMNS, ELSEWHERE, Cell, content_sha256, lines_of
from station.reporting.part_lists import part_lists
from station.reporting.wording import offset, remarks, title
from station.settings import StationSettings
from station.workspace import write_for_person

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_ROWS_OF_A_SHEET = 1_048_575
"""Below its heading; more parts go on the next sheet."""

_LONGEST_TEXT = 32_767
_LARGEST_EXACT = 2**53
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME, _PERCENT = "yyyy-mm-dd hh:mm:ss.000", "0.0%"
_LIVES_IN_A_FILE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

Row = Sequence[Cell | datetime]


def write_xlsx(
    records: ShiftRecords,
    summary: ShiftSummary,
    station: StationSettings,
    path: Path,
    account: ShiftAccount = NOTHING_DONE,
) -> None:
    """Write the shift as a workbook: Shift, Parts, Lots if a part has one, Stops, and what was done by whom.

    Times are local, without an offset, as spreadsheets know them; the column `utc_offset` has that of each part. All
    text is text, also if it begins with "=". The same records give the same bytes.

    Raises:
        BadInputError: The file cannot be written.
    """
    write_for_person(path, xlsx_of(records, summary, station, account), ELSEWHERE)


def xlsx_of(
    records: ShiftRecords, summary: ShiftSummary, station: StationSettings, account: ShiftAccount = NOTHING_DONE
) -> bytes:
    """Return the content of the file that `write_xlsx` writes."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only for this file

    content = io.BytesIO()
    with Workbook(content, _LIVES_IN_A_FILE) as workbook:
        workbook.set_properties({"title": _text(title(summary.window)), "created": datetime(2000, 1, 1)})
        sheets = _Sheets(workbook)
        sheets.add("Shift", (), _facts(records, summary, station))
        sheets.add("Parts", (*COLUMNS, "utc_offset"), _parts(records))
        if summary.lots:
            sheets.add("Lots", _LOT_COLUMNS, _lots(summary))
        sheets.add("Stops", _STOP_COLUMNS, _stops(summary))
        for table in account_tables(records, account):
            sheets.add(sentence_case(table.key.replace("_", " ")), table.columns, table.rows)
        sheets.add("Parts behind the numbers", ("list", "of", "count", "parts"), _part_lists(records, summary))
    return content.getvalue()


class _Sheets:
    """Writes row after row: a workbook that keeps no rows in memory loses what comes out of order."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._head = workbook.add_format({"bold": True, "bottom": 1})
        self._time = workbook.add_format({"num_format": _TIME, "align": "left"})
        self._share = workbook.add_format({"num_format": _PERCENT})

    def add(self, name: str, heading: Sequence[str], rows: Iterable[Row]) -> None:
        """Add a sheet, and another one wherever its rows are full."""
        sheet, at, more = self._begin(name, heading), len(heading[:1]), 1
        for row in rows:
            if at > _ROWS_OF_A_SHEET:
                more += 1
                sheet, at = self._begin(f"{name} {more}", heading), len(heading[:1])
            self._write_row(sheet, at, row)
            at += 1

    def _begin(self, name: str, heading: Sequence[str]) -> "Worksheet":
        sheet = self._workbook.add_worksheet(name)
        sheet.set_column(0, max(len(heading), 2) - 1, 18)
        if heading:
            sheet.freeze_panes(1, 0)
            self._write_row(sheet, 0, heading, self._head)
        return sheet

    def _write_row(self, sheet: "Worksheet", at: int, row: Row, form: "Format | None" = None) -> None:
        for column, cell in enumerate(row):
            if cell is not None and self._write(sheet, (at, column), cell, form):
                raise FaultError(f"Row {at + 1} of the workbook could not be written.", "Save the shift as CSV.")

    def _write(self, sheet: "Worksheet", place: tuple[int, int], cell: Cell | datetime, form: "Format | None") -> int:
        """Return 0, or what the writer gives where it left the cell out."""
        if isinstance(cell, datetime):
            return int(sheet.write_datetime(*place, cell.replace(tzinfo=None), self._time))
        if isinstance(cell, float) and 0 <= cell <= 1 and form is None and place[1] == 1 and sheet.name == "Shift":
            return int(sheet.write_number(*place, cell, self._share))
        if isinstance(cell, int | float) and abs(cell) < _LARGEST_EXACT:
            return int(sheet.write_number(*place, cell, form))
        return int(sheet.write_string(*place, _text(str(cell)), form))


def _text(text: str) -> str:
    """Return the text; characters that a workbook cannot hold are written as escapes, as in a Python string."""
    return shortened(_NOT_IN_XML.sub(lambda found: ascii(found[0])[1:-1], text), _LONGEST_TEXT)


def _parts(records: ShiftRecords) -> Iterator[Row]:
    zone, at = ZoneInfo(records.window.time_zone), COLUMNS.index("triggered_at")
    for line in lines_of(records):
        local = datetime.fromisoformat(str(line[at])).astimezone(zone)
        yield (*line[:at], local, *line[at + 1 :], offset(local))


_LOT_COLUMNS = ("lot", "order", "parts", "inspected", *(verdict.word for verdict in Verdict), "first_pass_yield")


def _lots(summary: ShiftSummary) -> Iterator[Row]:
    for lot in summary.lots:
        counts, made = lot.counts, lot.made
        by_verdict = [counts.of(verdict) for verdict in Verdict]
        named = (shown(made.lot), shown(made.order), counts.triggers, counts.inspected)
        yield (*named, *by_verdict, lot.first_pass_yield.value)


def _part_lists(records: ShiftRecords, summary: ShiftSummary) -> Iterator[Row]:
    for each in part_lists(records, summary):
        yield each.name, each.title, len(each.parts), parts_in_words(each.parts)


_STOP_COLUMNS = ("from", "to", "duration_s", "what", "detail", "person")


def _stops(summary: ShiftSummary) -> Iterator[Row]:
    zone = ZoneInfo(summary.window.time_zone)
    for stop in summary.stoppages:
        end = stop.end and stop.end.astimezone(zone)
        length_s = None if stop.duration is None else stop.duration.total_seconds()
        yield stop.start.astimezone(zone), end, length_s, stop.kind.value, stop.sentence, stop.person or "station"


def _facts(records: ShiftRecords, summary: ShiftSummary, station: StationSettings) -> Iterator[Row]:
    window, counts, zone = summary.window, summary.counts, ZoneInfo(summary.window.time_zone)
    yield "Shift", title(window)
    yield from (("Note", remark) for remark in remarks(summary))
    yield from (("Plant", station.plant), ("Line", station.line), ("Station", station.name))
    yield "From", window.start.astimezone(zone)
    yield "To", window.end.astimezone(zone)
    yield "Time zone", window.time_zone
    yield "All parts", counts.triggers
    yield "Inspected", counts.inspected
    yield from ((verdict.word, counts.of(verdict)) for verdict in Verdict)
    yield "First-pass yield", summary.first_pass_yield.value
    yield "Counted at", (summary.as_of or window.end).astimezone(UTC).astimezone(zone) if summary.as_of else None
    yield "Content SHA-256", content_sha256(records)
