"""The one-look box: what the shift comes to, read before anything else."""

from reportlab.lib.colors import white
from reportlab.platypus import Paragraph, Table, TableStyle

from station.domain.formatting import interval_at_95, number, share, share_of_total
from station.domain.rates import Rate
from station.domain.shift_summary import ShiftSummary
from station.domain.verdict import Verdict
from station.reporting.part_lists import VERDICTS, list_name
from station.reporting.pdf.page_template import TEXT_WIDTH
from station.reporting.pdf.tables import beside_each_other
from station.reporting.pdf.typeface import INK, MUTED, PANEL, RULE, paragraph, style
from station.reporting.pdf.verdict_colours import PRINT

_LABEL = style(7.5, colour=MUTED)
_NOTE = style(7, colour=MUTED)
_JUDGED = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL)


def summary_box(summary: ShiftSummary) -> Table:
    """Counts by verdict, NOT INSPECTED apart from the judged ones, and the first-pass yield."""
    cells = [
        _cell("Inspected", number(summary.counts.inspected), f"all parts: {number(summary.counts.triggers)}"),
        *(_verdict(summary, verdict, summary.counts.inspected) for verdict in _JUDGED),
        "",
        _verdict(summary, Verdict.NOT_INSPECTED, summary.counts.triggers),
        "",
        _yield(summary),
    ]
    shares = (0.14, 0.135, 0.135, 0.135, 0.02, 0.15, 0.02, 0.265)
    return beside_each_other([cells], [TEXT_WIDTH * width for width in shares], _BOX)


def _cell(label: str, figure: str, note: str, verdict: Verdict | None = None) -> list[Paragraph]:
    colour = INK if verdict is None else PRINT[verdict]
    return [paragraph(label, _LABEL), paragraph(figure, style(17, bold=True, colour=colour)), paragraph(note, _NOTE)]


def _verdict(summary: ShiftSummary, verdict: Verdict, n: int) -> list[Paragraph]:
    count = summary.counts.of(verdict)
    cell = _cell(verdict.word, number(count), share_of_total(Rate(count, n)), verdict)
    return [*cell, paragraph(f"list {list_name(VERDICTS, list(Verdict).index(verdict))}", _NOTE)]


def _yield(summary: ShiftSummary) -> list[Paragraph]:
    first_pass_yield = summary.first_pass_yield
    return _cell("First-pass yield", share(first_pass_yield.value), interval_at_95(first_pass_yield))


_BOX = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (3, 0), PANEL),
        ("BACKGROUND", (5, 0), (5, 0), white),
        ("BOX", (5, 0), (5, 0), 0.8, MUTED, None, (2, 2)),
        ("BACKGROUND", (7, 0), (7, 0), PANEL),
        ("LINEAFTER", (0, 0), (2, 0), 0.5, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
    ]
)
