"""Tables as lines for people."""

from collections.abc import Sequence

from station.domain.method_comparison import MethodComparison
from station.reporting.comparison_table import COMPARED_HEADINGS, compared_rows, remarks


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows of a table as lines, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def comparison_lines(comparison: MethodComparison) -> list[str]:
    """Return the table of a comparison, and what must be said besides."""
    return [*aligned((COMPARED_HEADINGS, *compared_rows(comparison))), *remarks(comparison)]
