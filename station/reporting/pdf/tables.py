"""Tables as the reports set them: calm rules, numbers to the right, the heading repeated on every page."""

import math
from collections.abc import Sequence
from typing import TypeAlias

from reportlab.platypus import LongTable, Paragraph, Table, TableStyle

from station.reporting.pdf.page_template import TEXT_WIDTH
from station.reporting.pdf.tags import TableTags
from station.reporting.pdf.typeface import MUTED, REGULAR, RULE, paragraph, style

_CELL = style()
_NUMBER = style(align="right")
_HEADING = style(7.5, colour=MUTED)
_NUMBER_HEADING = style(7.5, colour=MUTED, align="right")

Cell: TypeAlias = str | Paragraph


def listing(heading: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float], numbers: str) -> LongTable:
    """A table with a heading.

    Args:
        heading: One word or two for each column.
        rows: Cells; a string is set as plain text.
        widths: Shares of the text's width.
        numbers: One letter for each column, "n" where it holds numbers.
    """
    head = [
        paragraph(text, _NUMBER_HEADING if kind == "n" else _HEADING)
        for text, kind in zip(heading, numbers, strict=True)
    ]
    body = [[_set(cell, kind) for cell, kind in zip(row, numbers, strict=True)] for row in rows]
    columns = [TEXT_WIDTH * width / sum(widths) for width in widths]
    return LongTable([head, *body], columns, repeatRows=1, style=_RULED, renderCB=TableTags(heads=1))


def facts(pairs: Sequence[tuple[str, str]]) -> Table:
    """Names and values, two pairs beside each other."""
    cells = [[paragraph(name, _HEADING), paragraph(value, _CELL)] for name, value in pairs]
    half = math.ceil(len(cells) / 2)
    right = cells[half:] + [["", ""]] * (2 * half - len(cells))
    rows = [first + second for first, second in zip(cells[:half], right, strict=True)]
    columns = [TEXT_WIDTH * share for share in (0.13, 0.37, 0.13, 0.37)]
    return Table(rows, columns, style=_PLAIN, renderCB=TableTags(names=(0, 2)))


def beside_each_other(
    rows: Sequence[Sequence[object]],
    columns: Sequence[float],
    look: TableStyle,
    heights: Sequence[float | None] | None = None,
) -> Table:
    """Things that are only laid out in rows and columns; a program that reads aloud finds no table in them.

    Args:
        rows: Flowables, lists of them, or "".
        columns: Their widths, points.
        look: Rules and distances.
        heights: Of the rows, points; None for what its cells need.
    """
    cells = [list(row) for row in rows]
    # reportlab sets the font of every cell, also of one that has none of its own text.
    look = TableStyle([("FONTNAME", (0, 0), (-1, -1), REGULAR)], parent=look)
    return Table(cells, columns, heights, style=look, renderCB=TableTags(is_table=False))


def _set(cell: Cell, kind: str) -> Paragraph:
    if isinstance(cell, Paragraph):
        return cell
    return paragraph(cell, _NUMBER if kind == "n" else _CELL)


_PLAIN = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
    ]
)
_RULED = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("LEFTPADDING", (1, 0), (-1, -1), 7),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, MUTED),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
    ]
)
