"""Names in letters that our typeface lacks are printed with a font of the system, or the paper says what to install.

The fonts are drawn here, one square for each letter, in the formats that systems have. Every test has letters of its
own: a font that was found once is kept as long as the program runs.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from station.domain.shift import ShiftRecords
from station.domain.verdict import Verdict
from station.reporting.pdf import system_fonts
from station.reporting.pdf.scripts import script_of, visual_words
from station.reporting.pdf.shift_report import write_pdf
from station.reporting.statistics import summarise
from station.settings import StationSettings

Print = Callable[..., tuple[str, str]]
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")


def draw(letters: str, *, postscript: bool = False, embeddable: bool = True, name: str = "Drawn") -> FontBuilder:
    """A font with a square of another size for each letter."""
    names = {ord(letter): f"u{ord(letter):05X}" for letter in (" ", *letters)}
    font = FontBuilder(1000, isTTF=not postscript)
    font.setupGlyphOrder([".notdef", *names.values()])
    font.setupCharacterMap(names)
    drawn = {}
    for place, glyph in enumerate([".notdef", *names.values()]):
        pen = T2CharStringPen(1000, None) if postscript else TTGlyphPen(None)
        pen.moveTo((0, 0))
        for point in ((0, 600 + place), (800, 600 + place), (800, 0)):
            pen.lineTo(point)
        pen.closePath()
        drawn[glyph] = pen.getCharString() if postscript else pen.glyph()
    if postscript:
        font.setupCFF(name, {"FullName": name}, drawn, {})
    else:
        font.setupGlyf(drawn)
    font.setupHorizontalMetrics(dict.fromkeys(drawn, (1000, 0)))
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    font.setupOS2(fsType=0 if embeddable else 2)
    font.setupPost(keepGlyphNames=True)
    return font


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of fonts that this system has."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    monkeypatch.setattr(system_fonts, "folders", lambda: (folder, tmp_path / "missing"))
    return folder


@pytest.fixture
def printed(made_up: Callable[..., ShiftRecords], tmp_path: Path) -> Print:
    """Prints a shift of this plant and person; returns what the paper says, and the remark."""

    def make(plant: str, person: str = "Ada") -> tuple[str, str]:
        records = made_up([Verdict.PASS])
        records = replace(records, runs=(replace(records.runs[0], person=person),))
        path = tmp_path / "shift.pdf"
        remark = write_pdf(records, summarise(records), StationSettings(plant=plant), tmp_path, path)
        reader = PdfReader(path)
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].get_object().values():
                assert "/FontFile2" in font.get_object()["/FontDescriptor"].get_object()
        return "\n".join(page.extract_text() for page in reader.pages), remark

    return make


@pytest.mark.slow
@pytest.mark.parametrize(("plant", "postscript"), [("大阪工場", False), ("北京工厂", True)])
def test_that_a_plant_is_printed_with_a_font_of_the_system(
    fonts: Path, printed: Print, plant: str, postscript: bool
) -> None:
    draw(plant, postscript=postscript).save(fonts / f"font.{'otf' if postscript else 'ttf'}")
    text, remark = printed(plant)
    assert text.count(plant) == 3, "in the head of the report, and on top of both pages"
    assert (remark, "[U+" in text) == ("", False)


def test_that_the_second_font_of_a_collection_is_found(fonts: Path, printed: Print) -> None:
    collection = TTCollection()
    collection.fonts = [draw("甲").font, draw("横浜").font]
    collection.save(fonts / "fonts.ttc")
    assert "横浜" in printed("横浜")[0]


def test_that_two_fonts_of_one_name_are_both_embedded(fonts: Path, printed: Print) -> None:
    draw("名古屋").save(fonts / "a.ttf")
    draw("แบงค").save(fonts / "b.ttf")
    text, _ = printed("名古屋", "แบงค")
    assert "名古屋" in text
    assert "แบงค" in text


def test_that_a_damaged_font_and_one_that_forbids_embedding_are_passed_over(fonts: Path, printed: Print) -> None:
    draw("仙台", embeddable=False).save(fonts / "notosanscjk.ttf")
    (fonts / "notosanssc.otf").write_bytes(b"OTTO" + bytes(200))
    (fonts / "wqy.ttc").write_bytes(b"ttcf" + bytes(3))
    (fonts / "empty.ttf").touch()
    draw("仙台").save(fonts / "zz.ttf")
    assert printed("仙台")[0].count("仙台") == 3


def test_that_without_a_font_the_paper_and_the_remark_say_which_to_install(fonts: Path, printed: Print) -> None:
    text, remark = printed("札幌", "อรุณ")
    assert "[U+672D][U+5E4C]" in text
    assert "fonts-noto-cjk" in remark
    assert "fonts-thai-tlwg" in remark
    assert "Thai" in remark
    assert "".join(remark.split()) in "".join(text.split())


def test_that_letters_that_no_font_has_are_spelt_and_the_others_printed(fonts: Path, printed: Print) -> None:
    draw("福").save(fonts / "some.ttf")
    text, remark = printed("福岡")
    assert "福[U+5CA1]" in text
    assert remark


@pytest.mark.slow
@pytest.mark.skipif(not (DEJAVU / "DejaVuSans.ttf").exists(), reason="this system has no DejaVu fonts")
def test_that_an_arabic_name_is_joined_and_read_from_the_right(printed: Print, monkeypatch) -> None:
    monkeypatch.setattr(system_fonts, "folders", lambda: (DEJAVU,))
    text, remark = printed("مصنع بغداد 7 (QA)")
    words = [unicodedata.normalize("NFKC", word) for word in text.partition("Plant")[2].split()[:4]]
    assert words == ["بغداد"[::-1], "مصنع"[::-1], "7", "(QA)"] or words == ["بغداد", "مصنع", "7", "(QA)"]
    assert remark == ""


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Line 7", "Line 7"),
        ("דוד כהן", "כהן דוד"),
        ("Line דוד כהן 7 B", "Line כהן דוד 7 B"),
        ("דוד 7 כהן", "כהן 7 דוד"),
        ("", ""),
    ],
)
def test_that_words_are_put_in_the_order_in_which_they_are_seen(text: str, seen: str) -> None:
    assert visual_words(text) == seen


@given(st.text())
def test_that_no_word_is_lost_and_every_letter_has_a_script(text: str) -> None:
    assert sorted(visual_words(text).split(" ")) == sorted(text.split(" "))
    assert all(script_of(character).package for character in text)


def test_that_the_folders_of_the_system_are_named() -> None:
    assert all(folder.is_absolute() for folder in system_fonts.folders())
