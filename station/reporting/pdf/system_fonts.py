"""Fonts of the system for letters that our own typeface lacks, cut down to the letters that are printed.

A font for Chinese has 20 MB and often outlines of PostScript, which reportlab cannot embed. So the few glyphs are taken
out of the file first, and their outlines are converted; that takes a fraction of a second.
"""

import io
import logging
import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from station.domain.digest import sha256_hex
from station.reporting.pdf.scripts import Script

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_log = logging.getLogger(__name__)
_ENDINGS = (".ttf", ".ttc", ".otf", ".otc")
_SECOND_CHOICE = ("bold", "italic", "oblique", "light", "thin", "black", "mono", "serif", "condensed")
_FINENESS = 1.0
"""Largest distance of a converted outline from the original, in the font's own units: a thousandth of its height."""

_REGULAR = 400
_POSTSCRIPT_NAME = 6
_JOINED_FORMS = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
"""Arabic letters as they look when joined. With them a reader can search the printed names."""


def folders() -> tuple[Path, ...]:
    """Return where this system keeps its fonts."""
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", "")) / "Microsoft" / "Windows" / "Fonts"
        return Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", local
    home, data = Path.home(), Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    linux = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), data / "fonts", home / ".fonts")
    return (*linux, Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")


def font_with(characters: Collection[str], script: Script) -> bytes | None:
    """Return a TrueType font with the glyphs of these characters, or of most of them; None if no font has one.

    A font whose maker forbids embedding, or whose file is damaged, is passed over.
    """
    best, most = None, 0
    for path in _candidates(script):
        for number in _fonts_in(path):
            found = _has(path, number, characters)
            if found > most and (content := _cut(path, number, characters)) is not None:
                best, most = content, found
            if most == len(characters):
                return best
    return best


def _candidates(script: Script) -> list[Path]:
    files = {path for folder in folders() for path in _files_below(folder)}
    return sorted(files, key=lambda path: _rank(path, script))


def _files_below(folder: Path) -> Iterator[Path]:
    for at, _, names in os.walk(folder):
        yield from (Path(at) / name for name in names if name.lower().endswith(_ENDINGS))


def _rank(path: Path, script: Script) -> tuple[int, int, str]:
    name = path.name.lower()
    place = next((i for i, beginning in enumerate(script.fonts) if name.startswith(beginning)), len(script.fonts))
    return place, sum(word in name for word in _SECOND_CHOICE), str(path)


def _fonts_in(path: Path) -> range:
    """Return the numbers of the fonts in the file: one, or those of a collection."""
    from fontTools.ttLib import TTCollection  # noqa: PLC0415 - only where letters are missing

    if path.suffix.lower() not in (".ttc", ".otc"):
        return range(1)
    try:
        with path.open("rb") as file:
            return range(len(TTCollection(file, lazy=True).fonts))
    except Exception as error:  # noqa: BLE001 - a damaged font of the system must not keep a report from being printed
        _log.warning("font %s cannot be used: %s", path, error)
        return range(0)


def _has(path: Path, number: int, characters: Collection[str]) -> int:
    """Return how many of the characters the font has."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    try:
        with TTFont(path, fontNumber=number, lazy=True) as font:
            known = font.getBestCmap() or {}
            return sum(ord(character) in known for character in characters)
    except Exception as error:  # noqa: BLE001 - as above
        _log.warning("font %s cannot be used: %s", path, error)
        return 0


def _cut(path: Path, number: int, characters: Collection[str]) -> bytes | None:
    """Return the glyphs of these characters as a TrueType font of their own; None if it cannot be embedded."""
    from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont  # noqa: PLC0415

    try:
        content = _truetype_of(path, number, characters)
        EmbeddedFont("Lineside-probe", io.BytesIO(content))
    except Exception as error:  # noqa: BLE001 - as above
        _log.warning("font %s cannot be embedded: %s", path, error)
        return None
    return content


def _truetype_of(path: Path, number: int, characters: Collection[str]) -> bytes:
    from fontTools import subset  # noqa: PLC0415
    from fontTools.varLib import instancer  # noqa: PLC0415

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it warns of every table that it leaves out
    options = subset.Options(
        font_number=number, layout_features=["*"], hinting=False, desubroutinize=True, notdef_outline=True
    )
    options.recalc_bounds = True
    with subset.load_font(str(path), options, lazy=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(" "), *map(ord, characters), *_JOINED_FORMS])
        cutter.subset(font)
        if "fvar" in font:
            places = {axis.axisTag: _at(axis) for axis in font["fvar"].axes}
            instancer.instantiateVariableFont(font, places, inplace=True)
        _simplify_outlines(font)
        _rename(font, f"Lineside{sha256_hex(f'{path} {number} {characters}'.encode())[:12]}")
        content = io.BytesIO()
        font.save(content)
    return content.getvalue()


def _rename(font: "TTFont", name: str) -> None:
    """Give it a name of its own: of two fonts with one PostScript name, reportlab embeds only the one drawn last."""
    for record in font["name"].names:
        if record.nameID == _POSTSCRIPT_NAME:
            record.string = name


def _at(axis: Any) -> float:  # noqa: ANN401  fontTools' own
    """Return where on an axis of a variable font we are: the weight of plain text, and else what the font begins at."""
    wanted = _REGULAR if axis.axisTag == "wght" else axis.defaultValue
    return float(min(max(wanted, axis.minValue), axis.maxValue))


def _simplify_outlines(font: "TTFont") -> None:
    """Draw every glyph again, without parts shared with others; outlines of PostScript become those of TrueType."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
    from fontTools.pens.recordingPen import DecomposingRecordingPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415
    from fontTools.ttLib import newTable  # noqa: PLC0415

    order, drawn, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
    postscript = "glyf" not in font
    for name in order:
        outline, pen = DecomposingRecordingPen(drawn), TTGlyphPen(None)
        drawn[name].draw(outline)
        outline.replay(Cu2QuPen(pen, _FINENESS, reverse_direction=True) if postscript else pen)
        glyphs[name] = pen.glyph()
    for table in ("CFF ", "CFF2", "VORG"):
        if table in font:
            del font[table]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    font["head"].glyphDataFormat = 0
    _describe_outlines(font, glyphs)
    font.sfntVersion = "\000\001\000\000"


def _describe_outlines(font: "TTFont", glyphs: dict[str, Any]) -> None:
    """Bring the tables that speak of the outlines up to date."""
    from fontTools.ttLib import newTable  # noqa: PLC0415

    font["glyf"].compile(font)
    for name, glyph in glyphs.items():
        font["hmtx"][name] = font["hmtx"][name][0], getattr(glyph, "xMin", 0)
    maxp = font["maxp"] = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs, maxp.maxZones = 0x00010000, len(glyphs), 1
    for unused in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
                   "maxSizeOfInstructions", "maxComponentElements"):  # fmt: skip
        setattr(maxp, unused, 0)
    maxp.compile(font)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 2.0, [], {}
    font["post"].glyphOrder = list(glyphs)
