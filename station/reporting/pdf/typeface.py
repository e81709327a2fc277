"""The one typeface of all reports, embedded, and how text of any origin is set in it."""

import unicodedata
from functools import cache
from importlib.resources import as_file, files
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from station.domain.formatting import SPACE, shortened

REGULAR = "LinesideSans"
BOLD = "LinesideSans-Bold"

INK = HexColor(0x1B1F24)
MUTED = HexColor(0x5B6570)
RULE = HexColor(0xC9CED4)
PANEL = HexColor(0xF3F5F6)

_LONGEST = 300
"""Characters of one paragraph; even of the widest letters, they fit the narrowest column of one page."""

_FILES = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}


@cache
def load() -> None:
    """Make the typeface known to reportlab, and keep it from naming one that is not in the file."""
    for name, file in _FILES.items():
        with as_file(files("resources") / "fonts" / file) as path:
            pdfmetrics.registerFont(TTFont(name, path))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    rl_config.canvas_basefontname = REGULAR
    STATE_DEFAULTS["fontName"] = REGULAR
    rl_config.useA85 = 0


def style(size: float = 8.5, *, bold: bool = False, colour: Color = INK, align: str = "left") -> ParagraphStyle:
    """How a paragraph is set; sizes in points. Words too long for their column are broken."""
    return ParagraphStyle(
        f"{size}-{bold}-{colour.hexval()}-{align}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.32,
        textColor=colour,
        alignment={"left": 0, "centre": TA_CENTER, "right": TA_RIGHT}[align],
        splitLongWords=1,
    )


def paragraph(text: str, of: ParagraphStyle) -> Paragraph:
    """Text as text: nothing in it is markup, a command or invisible, and it fits on a page."""
    return Paragraph(escape(shortened(printable(text), _LONGEST)), of)


def printable(text: str) -> str:
    """The text with every character that paper cannot show spelt as its code point: "U+202E"."""
    load()
    return "".join(_shown(character) for character in text)


@cache
def _shown(character: str) -> str:
    if character.isspace():
        return character if character == SPACE else " "
    hidden = unicodedata.category(character).startswith("C")
    known = ord(character) in pdfmetrics.getFont(REGULAR).face.charToGlyph
    return character if known and not hidden else f"[U+{ord(character):04X}]"
