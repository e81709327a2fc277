"""From the pages that were drawn to a file that is read the same in thirty years: PDF/A-2b, tagged.

reportlab embeds every font and writes no transparency, but knows neither structure, colour profile nor XMP.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from station.domain.formatting import shortened
from station.reporting.pdf.tags import Content, Element

_PROFILE = "sRGB IEC61966-2.1"
_LONGEST = 2000
"""Letters of a picture in words; a text of a PDF/A has at most 32,767 bytes."""


def archived(content: bytes, document: Element, written_at: datetime) -> bytes:
    """Return a PDF as PDF/A-2b with its structure. The same arguments give the same bytes.

    Args:
        content: The PDF; every piece of its content is marked as one of `document` or as an artifact.
        document: Its structure.
        written_at: Its date, with an offset from UTC.
    """
    archive = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        _add_structure(pdf, document)
        _add_colours(pdf)
        _add_metadata(pdf, written_at)
        pdf.save(
            archive,
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return archive.getvalue()


@cache
def _srgb() -> bytes:
    """Return the colour profile; Pillow's ImageCms made it from the numbers of the standard, without a date."""
    return (files("resources") / "colour" / "sRGB.icc").read_bytes()


def _add_colours(pdf: Pdf) -> None:
    profile = pdf.make_stream(_srgb(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(_PROFILE),
        Info=String(_PROFILE),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([intent])


def _add_metadata(pdf: Pdf, written_at: datetime) -> None:
    """Write the date, and everything that the document properties say as XMP too."""
    stamp = String(pikepdf.models.metadata.encode_pdf_date(written_at))
    pdf.docinfo.CreationDate = pdf.docinfo.ModDate = stamp
    for key in [key for key, value in pdf.docinfo.items() if key == "/Trapped" or not str(value)]:
        del pdf.docinfo[key]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.load_from_docinfo(pdf.docinfo, raise_failure=True)
        metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "B"
        metadata["dc:language"] = {str(pdf.Root.Lang)}
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _add_structure(pdf: Pdf, document: Element) -> None:
    structure = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    writer = _StructureWriter(pdf)
    structure.K = writer.written(document, structure)
    owners = [(page, Array(owners)) for page, owners in enumerate(writer.owners)]
    structure.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(_flat(owners))))
    structure.ParentTreeNextKey = len(pdf.pages)
    for number, page in enumerate(pdf.pages):
        page.StructParents = number
        page.Tabs = Name.S
    pdf.Root.StructTreeRoot = structure
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _flat(owners: Iterable[tuple[int, Array]]) -> Iterator[int | Array]:
    for page, of_page in owners:
        yield from (page, of_page)


class _StructureWriter:
    """Writes elements as objects of a PDF.

    Attributes:
        owners: For each page the elements of its pieces of content, in the order of their numbers.
    """

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._pages = [page.obj for page in pdf.pages]
        self.owners: list[list[Object]] = [[] for _ in self._pages]

    def written(self, element: Element, parent: Object) -> Object:
        """Return the element with all that it has."""
        written = self._pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.tag}"), P=parent))
        if element.alternative:
            written.Alt = String(_legible(element.alternative))
        if attributes := _attributes(element):
            written.A = Array(attributes) if len(attributes) > 1 else attributes[0]
        children = [self._child(child, written) for child in element.children]
        if children:
            written.K = Array(children)
        return written

    def _child(self, child: Element | Content, parent: Object) -> Object:
        if isinstance(child, Element):
            return self.written(child, parent)
        owners = self.owners[child.page]
        owners.extend([Object.parse(b"null")] * (child.number + 1 - len(owners)))
        owners[child.number] = parent
        return Dictionary(Type=Name.MCR, Pg=self._pages[child.page], MCID=child.number)


def _legible(text: str) -> str:
    """Return text without letters that cannot be seen or written, such as one that turns the direction."""
    return "".join(each if each.isprintable() else f"[U+{ord(each):04X}]" for each in shortened(text, _LONGEST))


def _attributes(element: Element) -> Sequence[Dictionary]:
    attributes = []
    if element.scope:
        attributes.append(Dictionary(O=Name.Table, Scope=Name(f"/{element.scope}")))
    if element.box:
        attributes.append(Dictionary(O=Name.Layout, BBox=Array([round(edge, 2) for edge in element.box])))
    return attributes
