"""What files say of their pixels, made by other programs: depth, turn, white, colours, coding."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageCms

from station.camera.pictures.meaning import codings_of, noted_in
from station.camera.pictures.noted import CMYK, PALETTE, PROFILE, WHITE_IS_ZERO
from station.camera.pictures.reading import decode_picture
from station.domain.picture_form import DepthFrom
from station.storage.pictures.encoding import encode_original

RNG = np.random.default_rng(5)
GREY = RNG.integers(0, 256, (24, 40), np.uint8)
COLOUR = cv2.GaussianBlur(RNG.integers(0, 256, (24, 40, 3), np.uint8), (0, 0), 3)
RAW_12 = RNG.integers(0, 4096, (24, 40), np.uint16)
DEEP = RNG.integers(0, 65536, (24, 40), np.uint16)
TURNS = {2: "mirrored", 3: "180", 4: "180 degrees and mirrored", 5: "90 degrees and mirrored", 6: "by 90 degrees"} | {
    7: "270 degrees and mirrored",
    8: "by 270 degrees",
}


def saved(image: Pillow.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def tiff(pixels: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def png(pixels: np.ndarray, *chunks: tuple[bytes, bytes]) -> bytes:
    plain = cv2.imencode(".png", pixels if pixels.ndim == 2 else pixels[..., ::-1])[1].tobytes()
    added = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return plain[:33] + b"".join(added) + plain[33:]


def sensor_rows(upright: np.ndarray, orientation: int) -> np.ndarray:
    """Return what a file with this note holds, so that a viewer shows `upright`."""
    return {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright),
        7: np.rot90(upright, 2).swapaxes(0, 1),
        8: np.rot90(upright, -1),
    }[orientation].copy()


def exif(orientation: int) -> Pillow.Exif:
    made = Pillow.Exif()
    made[0x0112] = orientation
    return made


WRITERS: dict[str, Callable[[Pillow.Image, int], bytes]] = {
    "PNG": lambda image, turn: saved(image, "PNG", exif=exif(turn)),
    "JPEG": lambda image, turn: saved(image, "JPEG", exif=exif(turn), quality=100, subsampling=0),
    "WebP": lambda image, turn: saved(image, "WEBP", exif=exif(turn), lossless=True),
    "TIFF": lambda image, turn: saved(image, "TIFF", tiffinfo={274: turn}),
}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_that_a_picture_is_upright_as_viewers_show_it_and_says_so(kind: str, orientation: int) -> None:
    content = WRITERS[kind](Pillow.fromarray(sensor_rows(COLOUR, orientation)), orientation)
    picture = decode_picture(content, "phone")
    assert picture.image.shape == COLOUR.shape
    assert np.abs(picture.image.astype(int) - COLOUR).max() <= (4 if kind == "JPEG" else 0)
    if orientation == 1:
        assert picture.conversion == ""
    else:
        assert TURNS[orientation] in picture.conversion
        assert picture.conversion.endswith("as noted in the file")


@pytest.mark.parametrize("orientation", [3, 6])
def test_that_a_16_bit_tiff_is_turned_once(orientation: int) -> None:
    content = tiff(sensor_rows(DEEP, orientation), extratags=[(274, "H", 1, orientation, True)])
    np.testing.assert_array_equal(decode_picture(content, "t").image, DEEP)


@pytest.mark.parametrize(
    ("content", "bits", "depth_from"),
    [
        (png(RAW_12), 16, DepthFrom.UNKNOWN),
        (png(RAW_12, (b"sBIT", b"\x0c")), 12, DepthFrom.NOTED),
        (tiff(RAW_12, extratags=[(281, "H", 1, 4095, True)]), 12, DepthFrom.NOTED),
        (tiff(RAW_12, extratags=[(281, "H", 1, 3021, True)]), 16, DepthFrom.UNKNOWN),
        (b"P5\n40 24\n4095\n" + RAW_12.astype(">u2").tobytes(), 12, DepthFrom.KNOWN),
        (b"P5\n40 24\n65535\n" + RAW_12.astype(">u2").tobytes(), 16, DepthFrom.UNKNOWN),
        (encode_original(RAW_12, 12), 12, DepthFrom.KNOWN),
        (encode_original(RAW_12, 16), 16, DepthFrom.KNOWN),
        (encode_original(RAW_12), 16, DepthFrom.UNKNOWN),
    ],
)
def test_that_the_depth_comes_from_the_file_if_it_says_it(content: bytes, bits: int, depth_from: DepthFrom) -> None:
    picture = decode_picture(content, "raw")
    np.testing.assert_array_equal(picture.image, RAW_12)
    assert (picture.significant_bits, picture.depth_from) == (bits, depth_from)
    assert f"{bits} bits kept" in picture.conversion


@pytest.mark.parametrize("stored", [RAW_12 << 4, RAW_12 << 4 | RAW_12 >> 8], ids=["zeros below", "repeated below"])
def test_that_bits_stored_above_as_the_png_standard_wants_are_all_16(stored: np.ndarray) -> None:
    picture = decode_picture(png(stored, (b"sBIT", b"\x0c")), "raw")
    assert (picture.significant_bits, picture.depth_from) == (16, DepthFrom.NOTED)
    assert picture.conversion == "16 bits kept, 12 of them noted as used"


@pytest.mark.parametrize(("pixels", "white"), [(DEEP, 65535), (GREY, 255), (RAW_12, 4095)])
def test_that_white_as_0_is_turned_round_at_every_depth_and_said(pixels: np.ndarray, white: int) -> None:
    note = [(281, "H", 1, white, True)] if white == 4095 else []
    picture = decode_picture(tiff(white - pixels, photometric="miniswhite", extratags=note), "film")
    np.testing.assert_array_equal(picture.image, pixels)
    assert WHITE_IS_ZERO in picture.conversion


@pytest.mark.parametrize(
    ("content", "conversion"),
    [
        (saved(Pillow.fromarray(COLOUR).convert("CMYK"), "TIFF"), CMYK),
        (saved(Pillow.fromarray(COLOUR).convert("CMYK"), "JPEG", quality=95), CMYK),
        (saved(Pillow.fromarray(COLOUR).quantize(200), "PNG"), PALETTE),
        (saved(Pillow.fromarray(COLOUR).quantize(200), "BMP"), PALETTE),
        (saved(Pillow.fromarray(COLOUR).quantize(200), "TIFF"), PALETTE),
        (saved(Pillow.fromarray(GREY), "BMP"), ""),
        (saved(Pillow.fromarray(GREY), "PNG", transparency=3), "transparency dropped"),
        (saved(Pillow.fromarray(COLOUR).convert("RGBA"), "PNG"), "transparency dropped"),
        (saved(Pillow.fromarray(GREY).convert("1"), "PNG"), "1 bit spread over 8"),
        (
            tiff(
                np.dstack([DEEP, DEEP]),
                photometric="minisblack",
                extrasamples=["unassalpha"],
                extratags=[(274, "H", 1, 3, True)],
            ),
            "turned by 180 degrees, as noted in the file, 16 bits reduced to 8",
        ),
        (png(DEEP, (b"gAMA", struct.pack(">I", 100000))), f"{PROFILE}, 16 bits kept"),
        (png(DEEP, (b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 45455))), "16 bits kept"),
        (tiff(DEEP, iccprofile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()), PROFILE),
    ],
)
def test_that_every_conversion_is_said_by_its_name(content: bytes, conversion: str) -> None:
    said = decode_picture(content, "file").conversion
    assert said == conversion or (conversion == PROFILE and said == f"{PROFILE}, 16 bits kept")


@pytest.mark.parametrize(
    ("content", "coding"),
    [
        (png(COLOUR), "lossless"),
        (saved(Pillow.fromarray(COLOUR), "JPEG"), "JPEG 4:2:0"),
        (saved(Pillow.fromarray(COLOUR), "JPEG", subsampling=1), "JPEG 4:2:2"),
        (saved(Pillow.fromarray(COLOUR), "JPEG", subsampling=0), "JPEG 4:4:4"),
        (saved(Pillow.fromarray(GREY), "JPEG"), "JPEG grey"),
        (saved(Pillow.fromarray(COLOUR), "TIFF", compression="tiff_lzw"), "lossless"),
        (saved(Pillow.fromarray(GREY), "TIFF", compression="jpeg"), "JPEG grey"),
        (saved(Pillow.fromarray(COLOUR), "WEBP", lossless=True), "lossless"),
        (saved(Pillow.fromarray(COLOUR), "WEBP"), "WebP 4:2:0"),
        (saved(Pillow.fromarray(COLOUR), "BMP"), "lossless"),
        (encode_original(COLOUR, coding="JPEG 4:2:0"), "JPEG 4:2:0"),
    ],
)
def test_that_the_coding_is_known(content: bytes, coding: str) -> None:
    assert decode_picture(content, "file").coding == coding


def test_that_the_codings_of_files_are_read_from_their_headers(tmp_path: Path) -> None:
    long_header = saved(Pillow.fromarray(COLOUR), "JPEG", icc_profile=bytes(90_000))
    files = {"a.png": png(COLOUR), "b.jpg": long_header, "c.tif": tiff(GREY), "d.png": b"", "e.jpg": b"\xff\xd8\xff"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert codings_of(sorted(tmp_path.iterdir())) == "JPEG 4:2:0, lossless"
    assert codings_of([tmp_path / "missing.png"]) == ""


ALL = [writer(Pillow.fromarray(COLOUR), 6) for writer in WRITERS.values()] + [png(RAW_12, (b"sBIT", b"\x0c"))]


@given(content=st.sampled_from(ALL), kept=st.floats(0, 1), place=st.integers(0, 200), value=st.integers(0, 255))
def test_that_a_damaged_header_says_nothing_rather_than_failing(content, kept, place, value) -> None:
    noted_in(content[: int(kept * len(content))])
    noted_in(content[:place] + bytes([value]) + content[place + 1 :])
