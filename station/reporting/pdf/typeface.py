"""The one typeface of all reports, embedded, and how text of any origin is set in it.

Letters that it lacks are set in a font of the system, if there is one: a report is set once to learn which letters
those are, then `find_fonts` looks for them, and the report is set again.
"""

import io
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
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

from station.domain.formatting import SPACE, shortened
from station.reporting.pdf.scripts import Script, script_of, visual_words
from station.reporting.pdf.system_fonts import font_with
from station.reporting.pdf.tags import TaggedParagraph as Paragraph

REGULAR = "LinesideSans"
BOLD = "LinesideSans-Bold"

INK = HexColor(0x1B1F24)
MUTED = HexColor(0x5B6570)
RULE = HexColor(0xC9CED4)
PANEL = HexColor(0xF3F5F6)

_LONGEST = 300
"""Characters of one paragraph; even of the widest letters, they fit the narrowest column of one page."""

_FILES = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}


_fonts: dict[str, str] = {}
"""The font of the system for each character that one was found for."""

_missing: set[str] = set()
"""Characters that no font has."""

_wanted: set[str] = set()
"""Characters that were to be printed and for which no font has been looked for yet."""

_printing = threading.RLock()
_JOINERS = "\u200c\u200d"
"""They say how the letters beside them are joined; a name in Persian or Hindi is spelt with them."""


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


def style(
    size: float = 8.5, *, bold: bool = False, colour: Color = INK, align: str = "left", tag: str = "P"
) -> ParagraphStyle:
    """How a paragraph is set; sizes in points. Words too long for their column are broken.

    Args:
        size: Of the letters.
        bold: Whether they are bold.
        colour: Of the letters.
        align: "left", "centre" or "right".
        tag: What a paragraph is for a program that reads aloud: "H1" is the document's title, "H2" a section's.
    """
    return ParagraphStyle(
        f"{size}-{bold}-{colour.hexval()}-{align}-{tag}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.32,
        textColor=colour,
        alignment={"left": 0, "centre": TA_CENTER, "right": TA_RIGHT}[align],
        splitLongWords=1,
        tag=tag,
    )


@contextmanager
def one_report() -> Iterator[None]:
    """Print one report at a time: the fonts that were found are shared."""
    with _printing:
        load()
        _wanted.clear()
        yield


def find_fonts() -> tuple[tuple[Script, ...], bool]:
    """Look for fonts with the letters that were missing so far.

    Returns:
        The scripts of letters that no font has, and whether the report must be set again.
    """
    asked = set(_wanted)
    by_script: dict[Script, set[str]] = defaultdict(set)
    for character in _wanted - _missing:
        by_script[script_of(character)].add(character)
    for script, characters in by_script.items():
        _add_font(script, characters)
    _wanted.clear()
    unknown = sorted(asked & _missing)
    return tuple(dict.fromkeys(map(script_of, unknown))), bool(asked)


def _add_font(script: Script, characters: set[str]) -> None:
    content = font_with(sorted(characters), script)
    if content is not None:
        font = TTFont(f"LinesideSystem{len(pdfmetrics.getRegisteredFontNames())}", io.BytesIO(content))
        pdfmetrics.registerFont(font)
        _fonts.update({each: font.fontName for each in characters if ord(each) in font.face.charToGlyph})
    _missing.update(characters - _fonts.keys())


def paragraph(text: str, of: ParagraphStyle) -> Paragraph:
    """Text as text: nothing in it is markup, a command or invisible, and it fits on a page."""
    shown = shortened(printable(text), _LONGEST)
    if _fonts.keys().isdisjoint(shown):
        return Paragraph(escape(shown), of)
    joined = any(character in _fonts and script_of(character).joined for character in shown)
    return Paragraph(_in_several_fonts(shown, apart=joined), _joining(of) if joined else of)


@cache
def _joining(of: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle(f"{of.name}-joined", parent=of, shaping=1)


def _in_several_fonts(text: str, *, apart: bool) -> str:
    """Return the text as markup, each stretch in its font; `apart` keeps fonts from meeting inside a word.

    A word is joined by the rules of one font, that of its first letter.
    """
    stretches: list[tuple[str, str]] = []
    for character in visual_words(text):
        last, words = stretches[-1] if stretches else ("", "")
        font = last if last and character in _JOINERS else _fonts.get(character, REGULAR)
        if font == last:
            stretches[-1] = font, words + character
        else:
            stretches.append((font, character))
    return (" " if apart else "").join(_marked(font, words) for font, words in stretches)


def _marked(font: str, words: str) -> str:
    return escape(words) if font == REGULAR else f'<font name="{font}">{escape(words)}</font>'


def printable(text: str) -> str:
    """The text with every character that paper cannot show spelt as its code point: "U+202E"."""
    load()
    return "".join(_shown(character, before) for before, character in zip(f" {text}", text, strict=False))


def _shown(character: str, before: str) -> str:
    if character in _fonts or _in_typeface(character):
        return character
    if character.isspace():
        return " "
    if character in _JOINERS and before in _fonts:
        return character
    if not unicodedata.category(character).startswith("C"):
        _wanted.add(character)
    return f"[U+{ord(character):04X}]"


@cache
def _in_typeface(character: str) -> bool:
    hidden = character.isspace() or unicodedata.category(character).startswith("C")
    return character == SPACE or (not hidden and ord(character) in pdfmetrics.getFont(REGULAR).face.charToGlyph)
