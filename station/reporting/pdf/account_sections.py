"""The sections of the shift report that say who did what, and where the parts behind each number are named."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from reportlab.platypus import Flowable

from station.domain.formatting import number, shortened
from station.domain.part_ranges import parts_in_words
from station.reporting.account_tables import AccountTable
from station.reporting.part_lists import PartList
from station.reporting.pdf.sections import heading, note
from station.reporting.pdf.tables import listing
from station.reporting.pdf.typeface import paragraph, style

_MOST_ROWS, _MOST_LETTERS = 60, 240
_LINE, _MOST_LINES = 280, 40
_WHERE = "The mark of a number on the pages before, such as P1, is the name of its list."


def account_section(table: AccountTable) -> list[Flowable]:
    """Return a table, or the sentence in its place; of very many rows the newest ones."""
    notes = [note(text) for text in table.notes]
    if not table.rows:
        return [*heading(table.title), paragraph(table.none, style()), *notes]
    rows = [tuple(shortened(cell, _MOST_LETTERS) for cell in row) for row in table.rows[-_MOST_ROWS:]]
    left = len(table.rows) - len(rows)
    if left:
        notes.append(note(f"{number(left)} earlier ones are in the workbook (XLSX) and in 'report --json'."))
    return [*heading(table.title), listing(table.headings, rows, table.widths, table.kinds), *notes]


def annex(lists: Sequence[PartList]) -> list[Flowable]:
    """Return the parts behind each number; very long lists end with where the rest of them is."""
    rows = [row for each in lists if each.parts for row in _rows(each)]
    if not rows:
        return []
    table = listing(("List", "Of", "Count", "Parts"), rows, (8, 30, 10, 90), "ttnt")
    return [*heading("Parts behind the numbers"), note(_WHERE), table]


def _rows(each: PartList) -> Iterator[tuple[str, str, str, str]]:
    """Yield the list in pieces, because a row fits on one page; the first one has its name."""
    lines = wrap(parts_in_words(each.parts), _LINE, break_long_words=False) or [""]
    left = len(lines) - _MOST_LINES
    if left > 0:
        lines = [*lines[:_MOST_LINES], "and more: all parts are in the CSV and in 'report --json'."]
    yield each.name, shortened(each.title, _MOST_LETTERS), number(len(each.parts)), lines[0]
    yield from (("", "", "", line) for line in lines[1:])
