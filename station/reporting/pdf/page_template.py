"""The paper: A4, a line above and below the text, and "page x of y"."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from station.domain.formatting import shortened
from station.reporting.pdf.archive import archived
from station.reporting.pdf.tags import Tags
from station.reporting.pdf.typeface import MUTED, REGULAR, RULE, load, paragraph, printable, style

MARGIN = 16 * mm
TEXT_WIDTH = A4[0] - 2 * MARGIN
MOST_IN_A_HEAD = 60
"""Letters on each side of the head of a page."""


_HEAD, _FOOT = A4[1] - 12 * mm, 10 * mm
_PADDING = 0
_SIZE = 7.5


@dataclass(frozen=True, slots=True)
class Paper:
    """The texts on every page, and in the document properties.

    Attributes:
        title: Above the text, on the left; the file's title.
        owner: Above the text, on the right: plant, line, station.
        foot: Below the text, on the left.
        subject: In the document properties only.
        program: The program that made the file.
        printed_at: With an offset from UTC.
        keywords: In the document properties only.
    """

    title: str
    owner: str
    foot: str
    subject: str
    program: str
    printed_at: datetime
    keywords: str = ""


def pdf_of(story: list[Flowable], paper: Paper) -> bytes:
    """The pages as PDF/A-2b: fonts embedded, tagged. The same pages on the same paper give the same bytes."""
    load()
    content, tags = BytesIO(), Tags()
    document = BaseDocTemplate(
        content,
        pagesize=A4,
        title=printable(paper.title),
        author=printable(paper.owner),
        subject=printable(paper.subject),
        creator=paper.program,
        producer="",  # whoever signs the file writes its own name there, and here it would not be that in the XMP
        keywords=paper.keywords,
        lang="en-GB",
        initialFontName=REGULAR,
        invariant=1,
    )
    text = Frame(MARGIN, 18 * mm, TEXT_WIDTH, A4[1] - 34 * mm, _PADDING, _PADDING, _PADDING, _PADDING)
    document.addPageTemplates(PageTemplate(frames=[text]))
    document.build(story, canvasmaker=_numbered(paper, tags))
    return archived(content.getvalue(), tags.document, paper.printed_at)


def _numbered(paper: Paper, tags: Tags) -> type[Canvas]:
    """A canvas that keeps its pages until their number is known."""

    class NumberedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  reportlab's own
            super().__init__(*args, **{**options, "initialFontName": REGULAR})
            self.tags = tags
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page, state in enumerate(self._pages, 1):
                self.__dict__.update(state)
                with tags.artifact(self):
                    _frame(self, paper, f"page {page} of {len(self._pages)}")
                super().showPage()
            super().save()

    return NumberedCanvas


def _frame(canvas: Canvas, paper: Paper, page: str) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, _HEAD - 5, A4[0] - MARGIN, _HEAD - 5)
    canvas.line(MARGIN, _FOOT + 10, A4[0] - MARGIN, _FOOT + 10)
    _write(canvas, shortened(paper.title, MOST_IN_A_HEAD), _HEAD, style(_SIZE, bold=True, colour=MUTED))
    _write(canvas, shortened(paper.owner, MOST_IN_A_HEAD), _HEAD, style(_SIZE, colour=MUTED, align="right"))
    _write(canvas, paper.foot, _FOOT, style(_SIZE, colour=MUTED))
    _write(canvas, page, _FOOT, style(_SIZE, colour=MUTED, align="right"))


def _write(canvas: Canvas, text: str, baseline: float, of: ParagraphStyle) -> None:
    """Write one line over the width of the text."""
    line = paragraph(text, of)
    line.wrapOn(canvas, TEXT_WIDTH, A4[1])
    line.drawOn(canvas, MARGIN, baseline + of.fontSize - line.height)
