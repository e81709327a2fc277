"""Query and report of a shift of 30,000 parts among 10,000,000 rows, over the same among 100,000; in turns.

With `--quick` the large workspace has 1,000,000 parts. The report is also measured over a bare reportlab canvas that
draws the same pages: every text at its place and size, in the same typeface.
"""

import io
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from figure import Figure, Setting, of_pairs
from many_parts import last_parts, workspace_with
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from station.app import Station
from station.cli.in_turn import in_turn, milliseconds
from station.domain.shift import ShiftWindow
from station.reporting.pdf import typeface
from station.reporting.pdf.shift_report import write_pdf

NAME = "shift query and report at size"
MOST_OF_SIZE, MOST_OF_CANVAS = 1.2, 1.5
PARTS_OF_A_SHIFT = 30_000
SMALL = 100_000


@dataclass(frozen=True, slots=True)
class Shift:
    """The same shift in a workspace of some size."""

    station: Station
    window: ShiftWindow

    def query_ms(self) -> float:
        """Return the milliseconds of reading and counting the shift."""
        return milliseconds(lambda: self.station.records.shift(self.window))

    def report_ms(self, path: Path) -> float:
        """Return the milliseconds of the whole report."""
        return milliseconds(lambda: self.station.records.write_pdf(self.window, path))


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figures of query, report, and report over a bare canvas."""
    rows = 1_000_000 if setting.quick else 10_000_000
    pairs = setting.pairs(20)
    with ExitStack() as opened:
        large, small = (_shift(opened, setting.folder, count) for count in (rows, SMALL))
        pdf = setting.folder / "shift.pdf"
        queries = in_turn({"large": lambda _: large.query_ms(), "small": lambda _: small.query_ms()}, pairs, 1)
        reports = in_turn({"large": lambda _: large.report_ms(pdf), "small": lambda _: small.report_ms(pdf)}, pairs, 1)
        drawn = _beside_a_canvas(small, pdf, pairs)
    note, peer = f"{rows:,} rows over {SMALL:,}", ("large", "small")
    return (
        of_pairs("shift query, 30,000 parts", *(queries[name] for name in peer), "ms", MOST_OF_SIZE, note),
        of_pairs("shift report, 30,000 parts", *(reports[name] for name in peer), "ms", MOST_OF_SIZE, note),
        of_pairs("report over a bare canvas", *drawn, "ms", MOST_OF_CANVAS, "the same pages, records already read"),
    )


def _shift(opened: ExitStack, folder: Path, rows: int) -> Shift:
    workspace, end = workspace_with(folder, rows)
    station = opened.enter_context(Station.open(workspace))
    window = last_parts(station, PARTS_OF_A_SHIFT, end)
    records, _ = station.records.shift(window)
    assert len(records.parts) == PARTS_OF_A_SHIFT, len(records.parts)
    return Shift(station, window)


def _beside_a_canvas(shift: Shift, pdf: Path, pairs: int) -> tuple[list[float], list[float]]:
    records, summary = shift.station.records.shift(shift.window)
    station, pictures = shift.station.settings.station, shift.station.workspace.pictures
    printed = datetime.now().astimezone()

    def ours() -> None:
        write_pdf(records, summary, station, pictures, pdf, printed)

    ours()
    pages = _pages(pdf)
    ways = {"ours": lambda _: milliseconds(ours), "canvas": lambda _: milliseconds(lambda: _draw(pages))}
    taken = in_turn(ways, pairs, 1)
    return taken["ours"], taken["canvas"]


Text = tuple[float, float, float, str]


def _pages(pdf: Path) -> list[list[Text]]:
    """Return place, size and words of every text of every page."""
    pages = []
    for page in PdfReader(pdf).pages:
        texts: list[Text] = []

        def note(text: str, at: Any, within: Any, _font: Any, size: float, texts: list[Text] = texts) -> None:
            if text.strip():
                texts.append((within[4] + at[4], within[5] + at[5], size, text.strip("\n")))

        page.extract_text(visitor_text=note)
        pages.append(texts)
    return pages


def _draw(pages: list[list[Text]]) -> bytes:
    typeface.load()
    file = io.BytesIO()
    canvas = Canvas(file)
    for texts in pages:
        for x, y, size, text in texts:
            canvas.setFont(typeface.REGULAR, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
