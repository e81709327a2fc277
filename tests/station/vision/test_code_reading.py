"""Codes as parts bear them, drawn by the reader's own writer; and what its authors do not say in their manual."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from zxingcpp import BarcodeFormat

from station.domain.geometry import RegionOfInterest
from station.domain.part_code import CodeKind, CodeRule, ReadCode
from station.vision.code_reading import CodeReader

WHOLE = RegionOfInterest(20, 20, 440, 440)
RULE = CodeRule(WHOLE)
GS1 = "(01)04012345678901(10)LOT1(17)261231"
AS_SCANNED = "010401234567890110LOT1\x1d17261231"


def drawn(text: str, kind: BarcodeFormat, scale: int = 6, **options: object) -> np.ndarray:
    """A code, dark 0 on light 255, uint8."""
    return np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind, **options), scale=scale))


def on_part(*codes: np.ndarray, dark: int = 0, light: int = 255) -> np.ndarray:
    """A picture of 480 x 480 pixels with codes in two grey values, one below the other."""
    picture, top = np.full((480, 480), light, np.uint8), 40
    for code in codes:
        picture[top : top + code.shape[0], 40 : 40 + code.shape[1]] = np.where(code < 128, dark, light)
        top += code.shape[0] + 20
    return picture


def read(picture: np.ndarray, rule: CodeRule = RULE) -> ReadCode:
    return CodeReader(rule).read(picture)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (BarcodeFormat.DataMatrix, "Data Matrix"),
        (BarcodeFormat.QRCode, "QR Code"),
        (BarcodeFormat.MicroQRCode, "Micro QR Code"),
        (BarcodeFormat.Code128, "Code 128"),
        (BarcodeFormat.Code39, "Code 39"),
    ],
)
def test_that_each_kind_is_read_with_its_text_and_its_name(kind: BarcodeFormat, shown: str) -> None:
    found = read(on_part(drawn("SN-4711", kind, 3)))
    assert (found.text, found.serial, found.kind, found.attempts, found.problem) == ("SN-4711", "SN-4711", shown, 1, "")


@pytest.mark.parametrize(("dark", "light"), [(120, 140), (0, 23), (20, 40), (137, 140)])
@pytest.mark.parametrize("binarizer", [zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram])
def test_that_a_code_too_faint_for_the_reader_is_read_after_stretching(dark: int, light: int, binarizer) -> None:
    picture = on_part(drawn("SN-4711", BarcodeFormat.DataMatrix), dark=dark, light=light)
    bare = zxingcpp.read_barcodes(picture, formats=BarcodeFormat.DataMatrix, binarizer=binarizer)
    assert bool(bare) is ((dark, light) == (20, 40)), "three steps of 8 grey levels are needed without stretching"
    assert read(picture).text == "SN-4711"


def test_that_a_faint_code_of_16_bits_is_read_in_noise() -> None:
    noise = np.random.default_rng(0).integers(-40, 41, (480, 480))
    picture = on_part(drawn("SN-4711", BarcodeFormat.DataMatrix)).astype(int) * 2 + 30_000 + noise
    assert read(picture.astype(np.uint16)).text == "SN-4711"


def test_that_a_code_in_colour_is_read() -> None:
    assert read(np.dstack([on_part(drawn("SN-4711", BarcodeFormat.QRCode))] * 3)).text == "SN-4711"


def test_that_gs1_keeps_its_separators_as_a_scanner_types_them() -> None:
    code = drawn(GS1, BarcodeFormat.DataMatrix, gs1=True)
    (bare,) = zxingcpp.read_barcodes(on_part(code))
    assert (bare.text, bare.bytes) == (GS1, AS_SCANNED.encode())
    found = read(on_part(code), CodeRule(WHOLE, pattern=r"01\d{14}10([^\x1d]+)\x1d17\d{6}"))
    assert (found.text, found.serial) == (AS_SCANNED, "LOT1")


def test_that_the_correction_left_is_what_damage_leaves_of_it() -> None:
    code = drawn("SN-4711", BarcodeFormat.DataMatrix)
    left = []
    for y, x in ((3, 3), (4, 5), (6, 4), (5, 8)):
        left.append(read(on_part(code)).unused_correction)
        code[6 * y : 6 * y + 6, 6 * x : 6 * x + 6] ^= 255
    assert left == [1.0, 0.71, 0.42, 0.14]
    assert read(on_part(code)).problem == "a code is in its region, too damaged to be read"


def test_that_no_correction_is_claimed_for_a_symbology_that_does_not_say() -> None:
    assert read(on_part(drawn("SN-4711", BarcodeFormat.Code128, 3))).unused_correction is None
    (bare,) = zxingcpp.read_barcodes(drawn("12345", BarcodeFormat.MicroQRCode))
    assert (bare.extra["Version"], bare.extra["UEC"]) == ("M1", 0.0), "undamaged, and no correction is left"
    found = read(on_part(drawn("12345", BarcodeFormat.MicroQRCode)))
    assert (found.text, found.unused_correction) == ("12345", None)
    assert read(on_part(drawn("LOT-1", BarcodeFormat.MicroQRCode))).unused_correction == 1.0


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (CodeRule(WHOLE, prefix="LOT"), "SN-4711 does not begin with LOT"),
        (CodeRule(WHOLE, length=8), "SN-4711 has 7 characters, not 8"),
        (CodeRule(WHOLE, pattern=r"SN-\d{5}"), r"SN-4711 does not fit SN-\d{5}"),
        (CodeRule(WHOLE, kinds=(CodeKind.QR,)), "no code is in its region"),
        (CodeRule(RegionOfInterest(300, 300, 100, 100)), "no code is in its region"),
        (CodeRule(RegionOfInterest(300, 300, 200, 100)), "the code region is not inside the picture"),
    ],
)
def test_that_a_code_away_from_the_rule_does_not_count_and_is_said_so(rule: CodeRule, problem: str) -> None:
    found = read(on_part(drawn("SN-4711", BarcodeFormat.DataMatrix)), rule)
    assert (found.problem, found.serial, found.counts) == (problem, "", False)


def test_that_two_different_codes_are_none_and_the_same_code_twice_is_one() -> None:
    one, other = drawn("SN-1", BarcodeFormat.DataMatrix), drawn("SN-2", BarcodeFormat.DataMatrix)
    different = read(on_part(one, other))
    assert not different.counts
    assert {"SN-1", "SN-2"} <= set(different.problem.split())
    assert read(on_part(one, one)).serial == "SN-1"


def test_that_nothing_is_read_from_noise_with_all_attempts_counted() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (480, 480)).astype(np.uint8)
    found = read(noise)
    assert (found.text, found.attempts) == ("", 3)
    assert read(noise, CodeRule(RegionOfInterest(0, 0, 300, 300))).attempts == 4


@given(
    st.integers(1, 40), st.integers(1, 40), st.sampled_from([np.uint8, np.uint16]), st.booleans(), st.integers(0, 99)
)
def test_that_no_picture_however_small_breaks_the_reader(width: int, height: int, depth, colour: bool, seed) -> None:
    size = (height, width, 3) if colour else (height, width)
    picture = np.random.default_rng(seed).integers(0, np.iinfo(depth).max, size).astype(depth)
    assert read(picture, CodeRule(RegionOfInterest(0, 0, width, height))).attempts == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (BarcodeFormat.ITF, "12345678901234"),
        (BarcodeFormat.Codabar, "A123456789B"),
        (BarcodeFormat.Code39, "1234567890"),
        (BarcodeFormat.Code93, "1234567890"),
        (BarcodeFormat.Code128, "AB1234567890"),
        (BarcodeFormat.EAN13, "4012345678901"),
    ],
)
def test_that_a_code_half_of_which_is_covered_is_never_read_as_a_shorter_one(kind: BarcodeFormat, text: str) -> None:
    whole, bare = on_part(drawn(text, kind, 2)), set()
    reader = CodeReader(CodeRule(WHOLE, kinds=(CodeKind.LINEAR,)))
    for covered in range(60, 400, 28):
        picture = whole.copy()
        picture[:, covered:] = 255
        bare |= {code.text for code in zxingcpp.read_barcodes(picture, formats=kind)}
        assert reader.read(picture).text in ("", text)
    assert (bool(bare - {text})) is (kind is BarcodeFormat.ITF), "the reader alone"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20))
def test_that_every_printable_text_comes_back_as_it_was_written(text: str) -> None:
    assert read(on_part(drawn(text, BarcodeFormat.DataMatrix, 5))).text == text
