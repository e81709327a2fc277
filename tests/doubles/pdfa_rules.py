"""The rules of PDF/A-2b (ISO 19005-2) that a file of ours could break, each named by its clause.

veraPDF has more rules; the others speak of things that our files do not have, and those are refused here as a whole:
forms, layers, transparency, encryption, embedded files, scripts.
"""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name, Object, Pdf, Stream
from pikepdf.models.metadata import decode_pdf_date
from PIL import ImageCms

_FILTERS = {"/FlateDecode", "/DCTDecode", "/ASCII85Decode"}
_INFO = {
    "/Title": "dc:title", "/Author": "dc:creator", "/Subject": "dc:description", "/Producer": "pdf:Producer",
    "/Creator": "xmp:CreatorTool", "/Keywords": "pdf:Keywords", "/CreationDate": "xmp:CreateDate",
    "/ModDate": "xmp:ModifyDate",
}  # fmt: skip
_PAINTING = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "Tj", "TJ", "'", '"', "sh", "BI", "INLINE IMAGE"}
_OTHERS = {
    "q", "Q", "cm", "w", "J", "j", "M", "d", "ri", "i", "m", "l", "c", "v", "y", "h", "re", "n", "W", "W*", "BT", "ET",
    "Tc", "Tw", "Tz", "TL", "Tf", "Tr", "Ts", "Td", "TD", "Tm", "T*", "G", "g", "RG", "rg", "BMC", "BDC", "EMC",
}  # fmt: skip

Drawn = list[tuple[str, list[Object]]]
"""What is drawn on a page: operators with their operands."""


def broken_rules(content: bytes) -> list[str]:
    """Return each rule that a file breaks, in a sentence; empty if it is PDF/A-2b, tagged."""
    with pikepdf.open(BytesIO(content)) as pdf:
        drawn = [_drawn(page) for page in pdf.pages]
        checks = (
            _file(content, pdf), _objects(pdf), _catalog(pdf), _colours(pdf), _metadata(pdf), _fonts(pdf, drawn),
            _images(pdf), _annotations(pdf), _pages(pdf, drawn), _structure(pdf, drawn),
        )  # fmt: skip
        return [sentence for check in checks for sentence in check]


def _drawn(page: pikepdf.Page) -> Drawn:
    return [(str(each.operator), list(each.operands)) for each in pikepdf.parse_content_stream(page)]


def _file(content: bytes, pdf: Pdf) -> Iterator[str]:
    if not content.startswith(b"%PDF-1.7\n%") or min(content[10:14]) < 0x80:
        yield "6.1.2: the file does not begin with its version and four bytes over 127"
    if len(pdf.trailer.get("/ID", ())) != 2:
        yield "6.1.3: the trailer has no ID"
    if pdf.is_encrypted:
        yield "6.1.3: the file is encrypted"
    if not content.endswith((b"%%EOF\n", b"%%EOF")):
        yield "6.1.3: something follows the end of the file"


def _objects(pdf: Pdf) -> Iterator[str]:
    for each in pdf.objects:
        if isinstance(each, Stream):
            if "/F" in each or "/FFilter" in each:
                yield "6.1.7.1: a stream is in another file"
            filters = each.get("/Filter", [])
            used = {str(filters)} if isinstance(filters, Name) else {str(name) for name in filters}
            if used - _FILTERS:
                yield f"6.1.7.2: a stream has the filter {used - _FILTERS}"
        yield from _limits(each)


def _limits(each: Object) -> Iterator[str]:
    children: list[Object] = []
    if isinstance(each, (Dictionary, Stream)):
        children = [value for value in each.values() if isinstance(value, Object) and not value.is_indirect]
        if any(len(name) > 128 for name in set(each.keys())):
            yield "6.1.13: a name has more than 127 bytes"
        if "/AA" in each or each.get("/S") in (Name.JavaScript, Name.Launch, Name.SubmitForm):
            yield "6.5: there is an action"
    elif isinstance(each, pikepdf.Array):
        children = [value for value in each if isinstance(value, Object) and not value.is_indirect]
    elif isinstance(each, pikepdf.String) and len(bytes(each)) > 32767:
        yield "6.1.13: a string has more than 32767 bytes"
    for child in children:
        yield from _limits(child)


def _catalog(pdf: Pdf) -> Iterator[str]:
    for key in ("/OpenAction", "/AA", "/OCProperties", "/Requirements", "/Names", "/Collection"):
        if key in pdf.Root:
            yield f"6.5, 6.8, 6.9, 6.10: the catalog has {key}"
    form = pdf.Root.get("/AcroForm", Dictionary())
    if "/XFA" in form or form.get("/NeedAppearances", False):
        yield "6.4.1: the form has XFA or needs appearances"
    permissions = pdf.Root.get("/Perms", Dictionary())
    if set(permissions.keys()) - {"/DocMDP", "/UR3"}:
        yield "6.1.12: the permissions have other keys"
    references = permissions.get("/DocMDP", Dictionary()).get("/Reference", [])
    if any(key in each for each in references for key in ("/DigestLocation", "/DigestMethod", "/DigestValue")):
        yield "6.1.12: a reference of the signature has a digest"


def _colours(pdf: Pdf) -> Iterator[str]:
    intents = [each for each in pdf.Root.get("/OutputIntents", []) if each.S == Name.GTS_PDFA1]
    if len(intents) != 1:
        yield "6.2.3: there is not one output intent"
        return
    profile = intents[0].DestOutputProfile
    read = ImageCms.ImageCmsProfile(BytesIO(profile.read_bytes())).profile
    if (profile.N, read.device_class, read.xcolor_space.strip()) != (3, "mntr", "RGB") or read.version >= 4.4:
        yield "6.2.4.2: the colour profile is not one of RGB that the standard knows"


def _metadata(pdf: Pdf) -> Iterator[str]:
    if "/Filter" in pdf.Root.Metadata or pdf.Root.Metadata.Subtype != Name.XML:
        yield "6.6.2.1: the metadata cannot be read by a program that knows no PDF"
    with pdf.open_metadata() as metadata:
        if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) != ("2", "B"):
            yield "6.6.4: the file does not say that it is PDF/A-2b"
        for key, value in pdf.docinfo.items():
            if _INFO.get(key) is None or _as_text(metadata.get(_INFO[key])) != _as_info(key, value):
                yield f"6.6.3: the metadata say of {key} something else than the document properties"


def _as_text(value: object) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)


def _as_info(key: str, value: Object) -> str:
    return decode_pdf_date(str(value)).isoformat() if key.endswith("Date") else str(value)


def _fonts(pdf: Pdf, drawn: list[Drawn]) -> Iterator[str]:
    for key, (font, codes) in _shown_codes(pdf, drawn).items():
        descriptor = font.get("/FontDescriptor", Dictionary())
        if font.Subtype != Name.TrueType or "/FontFile2" not in descriptor:
            yield f"6.2.11.4.1: the font {key} is not embedded"
            continue
        if "/ToUnicode" not in font:
            yield f"6.2.11.7: the letters of {key} cannot be read out"
        yield from _glyphs(str(key), font, descriptor, codes)


def _glyphs(key: str, font: Object, descriptor: Object, codes: set[int]) -> Iterator[str]:
    embedded = TTFont(BytesIO(descriptor.FontFile2.read_bytes()))
    tables = embedded["cmap"].tables
    if not descriptor.Flags & 4 or descriptor.Flags & 32 or "/Encoding" in font or len(tables) != 1:
        yield f"6.2.11.6: {key} must be a symbolic font with one encoding"
        return
    glyphs, scale = tables[0].cmap, 1000 / embedded["head"].unitsPerEm
    for code in codes:
        name = glyphs.get(code, ".notdef")
        if embedded.getGlyphID(name) == 0:
            yield f"6.2.11.8: the code {code} of {key} has no letter"
        elif abs(embedded["hmtx"][name][0] * scale - float(font.Widths[code - font.FirstChar])) > 1:
            yield f"6.2.11.5: the code {code} of {key} has another width in the font"


def _shown_codes(pdf: Pdf, drawn: list[Drawn]) -> dict[object, tuple[Object, set[int]]]:
    found: dict[object, tuple[Object, set[int]]] = {}
    for page, on_page in zip(pdf.pages, drawn, strict=True):
        fonts, codes = page.Resources.get("/Font", Dictionary()), set[int]()
        for operator, operands in on_page:
            if operator == "Tf":
                font = fonts[str(operands[0])]
                codes = found.setdefault(str(font.get("/BaseFont")), (font, set()))[1]
            elif operator in ("Tj", "'"):
                codes.update(bytes(operands[0]))
            elif operator == "TJ":
                codes.update(
                    code for piece in operands[0] if isinstance(piece, pikepdf.String) for code in bytes(piece)
                )
    return found


def _images(pdf: Pdf) -> Iterator[str]:
    for each in pdf.objects:
        if not isinstance(each, Stream) or each.get("/Type") != Name.XObject:
            continue
        if each.Subtype != Name.Image:
            yield f"6.2.9: there is an XObject {each.Subtype}"
        elif each.get("/Interpolate", False) or "/SMask" in each or "/Mask" in each or "/Alternates" in each:
            yield "6.2.8: a picture is interpolated, masked or has others in its place"
        elif each.ColorSpace not in (Name.DeviceRGB, Name.DeviceGray):
            yield "6.2.4.3: a picture has colours that the output intent does not explain"


def _annotations(pdf: Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for each in page.get("/Annots", []):
            flags = int(each.get("/F", 0))
            if each.Subtype != Name.Widget or not flags & 4 or flags & (1 | 2 | 32 | 256):
                yield "6.3.2: an annotation is not printed, or hidden"
            if "/AP" not in each and any(float(edge) for edge in each.Rect):
                yield "6.3.3: an annotation has no appearance"


def _pages(pdf: Pdf, drawn: list[Drawn]) -> Iterator[str]:
    for page, on_page in zip(pdf.pages, drawn, strict=True):
        if "/Group" in page or "/ExtGState" in page.Resources:
            yield "6.2.10: a page may be transparent"
        depth = deepest = 0
        marks: list[bool] = []
        for name, operands in on_page:
            depth += {"q": 1, "Q": -1}.get(name, 0)
            deepest = max(depth, deepest)
            if name in ("BMC", "BDC"):
                marks.append(bool(operands))
            elif name == "EMC":
                marks.pop()
            elif name in _PAINTING and not marks:
                yield f"tagged: {name} is neither content of an element nor an artifact"
            elif name not in _PAINTING | _OTHERS:
                yield f"6.2.2, 6.2.4.3: the operator {name} is not one of ours"
        if depth or deepest > 28 or marks:
            yield "6.1.13, 6.2.2: q and Q, or marks, are not in pairs"


def _structure(pdf: Pdf, drawn: list[Drawn]) -> Iterator[str]:
    if not pdf.Root.get("/MarkInfo", Dictionary()).get("/Marked", False) or "/StructTreeRoot" not in pdf.Root:
        yield "tagged: the file has no structure"
        return
    preferences = pdf.Root.get("/ViewerPreferences", Dictionary())
    if not str(pdf.Root.get("/Lang", "")) or not preferences.get("/DisplayDocTitle"):
        yield "tagged: the language or the title is not said"
    owners = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    tree = elements(pdf)
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    owned = [(page, piece, element) for element in tree for page, piece in _pieces(element, numbers)]
    for number, (page, on_page) in enumerate(zip(pdf.pages, drawn, strict=True)):
        marked = [int(operands[1].MCID) for operator, operands in on_page if operator == "BDC"]
        here = [(piece, element) for at, piece, element in owned if at == number]
        if sorted(marked) != sorted(piece for piece, _ in here) or marked != list(range(len(marked))):
            yield f"tagged: page {number + 1} has content that belongs to no element, or to two"
        if any(owners[page.StructParents][piece].objgen != element.objgen for piece, element in here):
            yield f"tagged: page {number + 1} names other elements for its content"
    for element in tree:
        if Name.Figure == element.S and not str(element.get("/Alt", "")):
            yield "tagged: a picture has no words"
        if element.S == Name.TH and "/Scope" not in element.get("/A", Dictionary()):
            yield "tagged: the head of a table does not say of what"


def elements(pdf: Pdf) -> list[Object]:
    """Return every element of the structure, in reading order."""
    found, waiting = [], [pdf.Root.StructTreeRoot.K]
    while waiting:
        element = waiting.pop()
        found.append(element)
        waiting += [child for child in reversed(list(element.get("/K", []))) if "/S" in child]
    return found


def _pieces(element: Object, numbers: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    return [(numbers[child.Pg.objgen], int(child.MCID)) for child in element.get("/K", []) if "/MCID" in child]
