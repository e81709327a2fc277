"""What a printed page means to a program that reads it aloud: headings, tables with their heads, pictures in words.

Whatever is drawn is either content, which belongs to an element of the document, or an artifact: a rule, a background,
the head of a page that repeats. The elements are collected while the pages are drawn, in reading order.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Table

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Content:
    """A piece of a page that belongs to an element.

    Attributes:
        page: Counts from 0.
        number: Its number on the page (MCID), from 0.
    """

    page: int
    number: int


@dataclass(slots=True)
class Element:
    """A piece of the document's structure.

    Attributes:
        tag: Its role, one of the standard structure types of PDF 1.7: "H2", "Table", "Figure".
        children: In reading order.
        alternative: A picture in words; "" for anything else.
        scope: What a head of a table is the head of: "Column" or "Row"; "" for anything else.
        box: Where a picture is on its page, points: left, bottom, right, top.
    """

    tag: str
    children: list["Element | Content"] = field(default_factory=list)
    alternative: str = ""
    scope: str = ""
    box: Box | None = None


class Tags:
    """The structure of a document, as far as it is drawn."""

    def __init__(self) -> None:
        self.document = Element("Document")
        self._open = [self.document]
        self._contents: Counter[int] = Counter()
        self._inside_marks = False

    @contextmanager
    def group(self, element: Element, *, known: bool = False) -> Iterator[None]:
        """Everything that is drawn meanwhile is a part of the element.

        Args:
            element: The element.
            known: It already has its place in the document: it goes on here, on the next page.
        """
        if self._inside_marks:
            yield
            return
        if not known:
            self._open[-1].children.append(element)
        self._open.append(element)
        yield
        self._open.pop()

    @contextmanager
    def content(self, canvas: Canvas, element: Element) -> Iterator[None]:
        """Everything that is drawn meanwhile is the content of the element."""
        if self._inside_marks:
            yield
            return
        page = canvas.getPageNumber() - 1
        piece = Content(page, self._contents[page])
        self._contents[page] += 1
        element.children.append(piece)
        with self.group(element), self._marked(canvas, f"/{element.tag} <</MCID {piece.number}>> BDC"):
            yield

    @contextmanager
    def artifact(self, canvas: Canvas) -> Iterator[None]:
        """Nothing that is drawn meanwhile means anything."""
        if self._inside_marks:
            yield
            return
        with self._marked(canvas, "/Artifact BMC"):
            yield

    @contextmanager
    def _marked(self, canvas: Canvas, begin: str) -> Iterator[None]:
        self._inside_marks = True
        canvas.addLiteral(begin)
        yield
        canvas.addLiteral("EMC")
        self._inside_marks = False


class TaggedParagraph(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """A paragraph that is an element of the document; its style says which: "P" or a heading."""

    def draw(self) -> None:
        """Draw the text."""
        with self.canv.tags.content(self.canv, Element(getattr(self.style, "tag", "P"))):
            super().draw()


class Pictured(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A picture or chart, with the words for whoever cannot see it."""

    def __init__(self, picture: Flowable, alternative: str) -> None:
        super().__init__()
        self._picture, self._alternative = picture, alternative

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Return the size of the picture."""
        self.width, self.height = self._picture.wrap(available_width, available_height)
        return self.width, self.height

    def draw(self) -> None:
        """Draw the picture."""
        left, bottom = self.canv.absolutePosition(0, 0)
        figure = Element(
            "Figure", alternative=self._alternative, box=(left, bottom, left + self.width, bottom + self.height)
        )
        with self.canv.tags.content(self.canv, figure):
            self._picture.drawOn(self.canv, 0, 0)


class TableTags:
    """Called by one table, and by what it is split into, while it is drawn (reportlab's `renderCB`)."""

    def __init__(self, *, heads: int = 0, names: tuple[int, ...] = (), is_table: bool = True) -> None:
        """Keep what its cells are.

        Args:
            heads: The first rows that are heads of columns; on the next pages they are repeated.
            names: The columns whose cells are the heads of what follows in their row.
            is_table: Whether it is one; else its rows and columns only lay other things beside each other.
        """
        self._heads, self._names, self._is_table = heads, names, is_table
        self._table = Element("Table")
        self._parts = 0
        self._is_head = False
        self._begun: list[AbstractContextManager[None]] = []

    def __call__(self, table: Table, event: str, *where: Any) -> None:  # noqa: ANN401  reportlab's own
        """Follow the table: an event begins or ends something."""
        if event.startswith("end"):
            self._begun.pop().__exit__(None, None, None)
            return
        beginning = self._begin(event, table.canv, *where)
        beginning.__enter__()
        self._begun.append(beginning)

    def _begin(self, event: str, canvas: Canvas, *where: Any) -> AbstractContextManager[None]:  # noqa: ANN401
        if event == "startTable":
            self._parts += 1
            return self._group(canvas, self._table, known=self._parts > 1)
        if event == "startRow":
            return self._begin_row(canvas, *where)
        if event == "startCell":
            return self._begin_cell(canvas, *where)
        return _artifact(canvas)  # the background or the rules

    def _begin_row(self, canvas: Canvas, row: int) -> AbstractContextManager[None]:
        self._is_head = row < self._heads
        return _artifact(canvas) if self._is_head and self._parts > 1 else self._group(canvas, Element("TR"))

    def _begin_cell(
        self, canvas: Canvas, _row: int, column: int, value: object, *_: object
    ) -> AbstractContextManager[None]:
        if value == "":
            return _artifact(canvas)
        if self._is_head or column in self._names:
            return self._group(canvas, Element("TH", scope="Column" if self._is_head else "Row"))
        return self._group(canvas, Element("TD"))

    def _group(self, canvas: Canvas, element: Element, *, known: bool = False) -> AbstractContextManager[None]:
        tags: Tags = canvas.tags
        return tags.group(element, known=known) if self._is_table else nullcontext()


def _artifact(canvas: Canvas) -> AbstractContextManager[None]:
    tags: Tags = canvas.tags
    return tags.artifact(canvas)
