"""Evaluations on paper: one, or several side by side, with the worst mistakes to look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from station import __version__
from station.domain.clock import utc_now
from station.domain.evaluation import Evaluation, JudgedPicture, worst_first
from station.domain.formatting import UNKNOWN, shortened
from station.reporting.csv_export import ELSEWHERE
from station.reporting.evaluation_wording import caution, kind_rows, mistake_words, side_by_side
from station.reporting.pdf.page_template import TEXT_WIDTH, Paper, pdf_of
from station.reporting.pdf.sections import heading, note
from station.reporting.pdf.tables import beside_each_other, facts, listing
from station.reporting.pdf.tags import Pictured
from station.reporting.pdf.typeface import MUTED, PANEL, find_fonts, one_report, paragraph, style
from station.settings import StationSettings
from station.workspace import write_for_person

MOST_PICTURES = 12
_IN_A_ROW = 4
_WIDTH, _HEIGHT = TEXT_WIDTH / _IN_A_ROW - 3 * mm, 34 * mm

Pictures = Mapping[tuple[str, str], bytes]
"""JPEG by the label of the recipe and the name of the picture; one that is missing is named instead."""


def write_evaluation_pdf(
    evaluations: Sequence[Evaluation],
    pictures: Pictures,
    station: StationSettings,
    path: Path,
    printed_at: datetime | None = None,
) -> None:
    """Print evaluations; several are set side by side.

    Args:
        evaluations: At least one, all on the same dataset version.
        pictures: Of the worst mistakes, with their maps.
        station: Names for the head.
        path: The PDF; there is a whole one, or none.
        printed_at: Now, where not given.

    Raises:
        BadInputError: The file cannot be written there.
    """
    at = printed_at or utc_now()
    with one_report():
        content = _pdf(evaluations, pictures, station, at)
        _, again = find_fonts()
        if again:
            content = _pdf(evaluations, pictures, station, at)
    write_for_person(path, content, ELSEWHERE)


def _pdf(evaluations: Sequence[Evaluation], pictures: Pictures, station: StationSettings, at: datetime) -> bytes:
    labels = [each.label for each in evaluations]
    story: list[Flowable] = [
        paragraph("Evaluation", style(9, bold=True, colour=MUTED)),
        paragraph(" beside ".join(labels), style(17, bold=True, tag="H1")),
        Spacer(0, 4 * mm),
        _head(evaluations[0], station),
        *heading("Figures (95 % intervals)"),
        listing(
            ("", *labels), side_by_side(evaluations), (24, *[76 / len(labels)] * len(labels)), "t" * (len(labels) + 1)
        ),
    ]
    for each in evaluations:
        story += _of_one(each, pictures)
    return pdf_of(story, _paper(labels, station, at))


def _head(evaluation: Evaluation, station: StationSettings) -> Table:
    return facts(
        [
            ("Pictures", f"dataset version {evaluation.dataset_version}"),
            ("View", evaluation.view or UNKNOWN),
            ("Measured", f"{evaluation.measured_at:%Y-%m-%d %H:%M} UTC"),
            ("Station", station.name),
        ]
    )


def _of_one(evaluation: Evaluation, pictures: Pictures) -> list[Flowable]:
    titles = ("Kind", "PASS", "REVIEW", "FAIL", "Wrong (95 %)", "AUROC")
    rows = kind_rows(evaluation)
    table = listing(titles, rows, (20, 8, 9, 8, 40, 25), "tnnntt") if rows else note("No picture was measured.")
    said = [note(line) for line in filter(None, (caution(evaluation), *evaluation.remarks))]
    return [*heading(f"{evaluation.label}: verdicts by kind"), table, *said, *_mistakes(evaluation, pictures)]


def _mistakes(evaluation: Evaluation, pictures: Pictures) -> list[Flowable]:
    worst = worst_first(evaluation.judged, evaluation.image_threshold)[:MOST_PICTURES]
    if not worst:
        return []
    cells = [_captioned(each, evaluation, pictures) for each in worst]
    rows = [cells[start : start + _IN_A_ROW] for start in range(0, len(cells), _IN_A_ROW)]
    tables = [_row([*row, *[""] * (_IN_A_ROW - len(row))]) for row in rows]
    first = KeepTogether([*heading(f"{evaluation.label}: worst mistakes first"), tables[0]])
    return [first, *tables[1:]]


def _row(cells: Sequence[object]) -> Table:
    return beside_each_other([cells], [TEXT_WIDTH / _IN_A_ROW] * _IN_A_ROW, _GALLERY)


def _captioned(picture: JudgedPicture, evaluation: Evaluation, pictures: Pictures) -> list[Flowable]:
    jpeg = pictures.get((evaluation.label, picture.name))
    words = mistake_words(picture)
    shown = Pictured(MistakePicture(jpeg, _WIDTH, _HEIGHT), f"Picture of {words}")
    return [shown, note(words), note(shortened(picture.name, 40))]


class MistakePicture(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A picture with its map, fitted into a box; a word if there is none."""

    def __init__(self, jpeg: bytes | None, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self._jpeg = jpeg

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        """The box it takes."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the picture as large as the box allows."""
        canvas: Canvas = self.canv
        canvas.setFillColor(PANEL)
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        if self._jpeg is None:
            line = note("picture is missing")
            line.wrapOn(canvas, self.width, self.height)
            line.drawOn(canvas, 2 * mm, self.height / 2)
            return
        picture = ImageReader(BytesIO(self._jpeg))
        wide, high = picture.getSize()
        scale = min(self.width / wide, self.height / high)
        left, bottom = (self.width - wide * scale) / 2, (self.height - high * scale) / 2
        canvas.drawImage(picture, left, bottom, wide * scale, high * scale)


def _paper(labels: Sequence[str], station: StationSettings, at: datetime) -> Paper:
    program = f"Lineside {__version__}"
    title = f"Evaluation of {', '.join(labels)}"
    return Paper(
        title=title,
        owner=shortened(" · ".join(filter(None, (station.plant, station.line, station.name))), 60),
        foot=f"Printed {at:%Y-%m-%d %H:%M} UTC by {program}",
        subject=title,
        program=program,
        printed_at=at,
    )


_GALLERY = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
