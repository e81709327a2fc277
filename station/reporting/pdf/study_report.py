"""An attribute study on paper: how it was made, the figures, and the parts that were judged wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from station import __version__
from station.domain.clock import utc_now
from station.domain.formatting import shortened
from station.domain.study.figures import JudgedPart, StudyFigures
from station.domain.study.study import StudyAnswer, study_sha256
from station.reporting import study_wording as words
from station.reporting.csv_export import ELSEWHERE
from station.reporting.pdf.content_proof import proven
from station.reporting.pdf.evaluation_report import MistakePicture
from station.reporting.pdf.page_template import TEXT_WIDTH, Paper, pdf_of
from station.reporting.pdf.sections import heading, note, signatures
from station.reporting.pdf.tables import beside_each_other, facts, listing
from station.reporting.pdf.tags import Pictured
from station.reporting.pdf.typeface import MUTED, find_fonts, one_report, paragraph, style
from station.settings import StationSettings
from station.workspace import write_for_person

MOST_PICTURES = 12
_IN_A_ROW = 4
_WIDTH, _HEIGHT = TEXT_WIDTH / _IN_A_ROW - 3 * mm, 30 * mm
_ROW = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])


def write_study_pdf(
    figures: StudyFigures,
    answers: Sequence[StudyAnswer],
    pictures: Mapping[int, bytes],
    station: StationSettings,
    path: Path,
    printed_at: datetime | None = None,
) -> None:
    """Print a study. The same study has the same content hash, whenever and wherever it is printed.

    Args:
        figures: The result.
        answers: Every answer; with the study they make the content hash.
        pictures: JPEG of parts that were judged wrong, by the part's number; one that is missing is said to be.
        station: Names for the head.
        path: The PDF; there is a whole one, or none.
        printed_at: Now, where not given. Nothing but the foot of the pages depends on it.

    Raises:
        BadInputError: The file cannot be written there.
    """
    at, sha256 = printed_at or utc_now(), study_sha256(figures.study, answers)
    with one_report():
        content = _pdf(figures, pictures, station, at, sha256)
        _, again = find_fonts()
        if again:
            content = _pdf(figures, pictures, station, at, sha256)
    write_for_person(path, content, ELSEWHERE)


def _pdf(
    figures: StudyFigures, pictures: Mapping[int, bytes], station: StationSettings, at: datetime, sha256: str
) -> bytes:
    title = words.title(figures)
    named = [
        paragraph("Attribute study", style(9, bold=True, colour=MUTED)),
        paragraph(title, style(17, bold=True, tag="H1")),
        paragraph(words.setup_words(figures), style(9.5, colour=MUTED)),
    ]
    story: list[Flowable] = [
        proven(named, sha256),
        Spacer(0, 3 * mm),
        _head(figures, station),
        *heading("Result"),
        *(paragraph(sentence, style(9.5)) for sentence in words.sentences(figures)),
        *heading("Each appraiser against the reference (95 % intervals)"),
        listing(words.HEADINGS, words.rows(figures), (14, 16, 16, 16, 16, 14, 12), "ttttttt"),
        *_pairs(figures),
        *heading("Limits (AIAG, Measurement Systems Analysis, 4th edition)"),
        listing(words.LIMIT_HEADINGS, words.limit_rows(), (25, 25, 25, 25), "tttt"),
        Spacer(0, 2 * mm),
        *(note(each) for each in words.NOTES),
        *_disagreements(figures, pictures),
        signatures(sha256, "every part, reference and answer of this study"),
    ]
    return pdf_of(story, _paper(title, station, at, sha256))


def _head(figures: StudyFigures, station: StationSettings) -> Table:
    study = figures.study
    said_by = sorted({part.reference_by for part in study.parts})
    return facts(
        [
            ("Set up", f"{study.created_at:%Y-%m-%d %H:%M} UTC by {study.created_by}"),
            ("References", shortened("; ".join(said_by), 120)),
            ("Station", station.name),
            ("Order", f"at random for each appraiser and trial, seed {study.seed}"),
        ]
    )


def _pairs(figures: StudyFigures) -> list[Flowable]:
    rows = words.pair_rows(figures)
    if not rows:
        return []
    return [*heading("Between appraisers"), listing(words.PAIR_HEADINGS, rows, (40, 35, 25), "ttt")]


def _disagreements(figures: StudyFigures, pictures: Mapping[int, bytes]) -> list[Flowable]:
    wrong = figures.disagreements
    if not wrong:
        return [*heading("Parts that were judged wrong"), note("None.")]
    cells = [_captioned(each, figures, pictures) for each in wrong[:MOST_PICTURES]]
    rows = [cells[start : start + _IN_A_ROW] for start in range(0, len(cells), _IN_A_ROW)]
    tables = [_row([*row, *[""] * (_IN_A_ROW - len(row))]) for row in rows]
    first = KeepTogether([*heading("Parts that were judged wrong, the worst first"), tables[0]])
    others = [note(words.disagreement_words(each, figures)) for each in wrong[MOST_PICTURES:]]
    return [first, *tables[1:], *others]


def _captioned(each: JudgedPart, figures: StudyFigures, pictures: Mapping[int, bytes]) -> list[Flowable]:
    picture = MistakePicture(pictures.get(each.part.number), _WIDTH, _HEIGHT)
    said = words.disagreement_words(each, figures)
    return [Pictured(picture, f"Picture of {said}"), note(said)]


def _row(cells: Sequence[object]) -> Table:
    return beside_each_other([cells], [TEXT_WIDTH / _IN_A_ROW] * _IN_A_ROW, _ROW)


def _paper(title: str, station: StationSettings, at: datetime, sha256: str) -> Paper:
    program = f"Lineside {__version__}"
    return Paper(
        title=title,
        owner=shortened(" · ".join(filter(None, (station.plant, station.line, station.name))), 60),
        foot=f"Printed {at:%Y-%m-%d %H:%M} UTC by {program}   ·   content {sha256[:16]}",
        subject=f"Content SHA-256 {sha256}",
        program=program,
        printed_at=at,
    )
