"""Every pixel format is tested with pictures that this file packs itself, bit by bit."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from station.camera.genicam.payload_size import payload_size
from station.camera.genicam.pixel_formats import FORMATS, DamagedPictureError, UnknownPixelFormatError, read_pixels

Grey = NDArray[np.uint16]
DEPTHS = {
    "8": 8,
    "10": 10,
    "12": 12,
    "14": 14,
    "16": 16,
    "10p": 10,
    "12p": 12,
    "14p": 14,
    "10Packed": 10,
    "12Packed": 12,
}
BAYER_FIRST_LINES = {"RG": ("RG", "GB"), "GR": ("GR", "BG"), "GB": ("GB", "RG"), "BG": ("BG", "GR")}


def pack_stream(samples: list[int], bits: int) -> bytes:
    """Pack as PFNC "p": one stream of bits, the lowest bits of each sample first."""
    stream = sum(sample << (bits * place) for place, sample in enumerate(samples))
    return stream.to_bytes(-(-len(samples) * bits // 8), "little")


def pack_gige(samples: list[int], bits: int) -> bytes:
    """Pack as GigE Vision "Packed": the high bytes of two samples around one byte with the low bits of both."""
    low = bits - 8
    packed = bytearray()
    for first, second in zip(samples[0::2], [*samples[1::2], 0], strict=False):
        middle = (first & ((1 << low) - 1)) | (second & ((1 << low) - 1)) << 4
        packed += bytes([first >> low, middle, second >> low])
    return bytes(packed)[: -(-len(samples) * 12 // 8)]


def pack_words(samples: list[int], bits: int) -> bytes:
    return np.array(samples, "<u2").tobytes() if bits > 8 else bytes(samples)


def packer(depth: str) -> Callable[[list[int], int], bytes]:
    return pack_stream if depth.endswith("p") else pack_gige if depth.endswith("Packed") else pack_words


@st.composite
def grey_pictures(draw: st.DrawFn, depth: str, even: bool = False) -> Grey:
    step = 2 if even else 1
    height, width = (step * draw(st.integers(1, 9 // step)) for _ in range(2))
    seed = draw(st.integers(0, 2**32 - 1))
    return np.random.default_rng(seed).integers(0, 2 ** DEPTHS[depth], (height, width), np.uint16, endpoint=False)


@pytest.mark.slow
@pytest.mark.parametrize("depth", DEPTHS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_that_every_mono_format_gives_back_the_samples_it_was_packed_from(depth: str, data: st.DataObject) -> None:
    picture = data.draw(grey_pictures(depth))
    packed = packer(depth)(picture.ravel().tolist(), DEPTHS[depth])
    read = read_pixels(packed, f"Mono{depth}", picture.shape[1], picture.shape[0])
    assert np.array_equal(read.image, picture)
    assert read.image.dtype == (np.uint8 if depth == "8" else np.uint16)
    assert read.significant_bits == DEPTHS[depth]
    assert read.conversion == ""


@pytest.mark.parametrize("depth", DEPTHS)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), padding=st.integers(1, 7), last_line_cut=st.booleans())
def test_that_padding_at_the_end_of_lines_is_left_out(
    depth: str, data: st.DataObject, padding: int, last_line_cut: bool
) -> None:
    picture = data.draw(grey_pictures(depth))
    lines = [packer(depth)(line.tolist(), DEPTHS[depth]) + b"\xa5" * padding for line in picture]
    packed = b"".join(lines)[: -padding if last_line_cut else None]
    read = read_pixels(packed, f"Mono{depth}", picture.shape[1], picture.shape[0], padding)
    assert np.array_equal(read.image, picture)
    whole = len(packed) + (padding if last_line_cut else 0)
    assert payload_size(picture.shape[1], picture.shape[0], FORMATS[f"Mono{depth}"].bits, padding) == whole


@pytest.mark.parametrize("name", [name for name in FORMATS if name.startswith("Bayer")])
def test_that_every_bayer_order_gives_an_even_colour_back(name: str) -> None:
    order, depth = name[5:7], name[7:]
    top = 2 ** DEPTHS[depth] - 1
    colour = {"R": top, "G": top // 2, "B": top // 5}
    mosaic = np.array([[colour[BAYER_FIRST_LINES[order][y % 2][x % 2]] for x in range(8)] for y in range(6)])
    read = read_pixels(packer(depth)(mosaic.ravel().tolist(), DEPTHS[depth]), name, 8, 6)
    assert read.image.shape == (6, 8, 3)
    assert (read.image == [top, top // 2, top // 5]).all()
    assert name in read.conversion


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.integers(1, 9), height=st.integers(1, 9))
def test_that_interleaved_colours_become_rgb(seed: int, width: int, height: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    alpha = np.full((height, width, 1), 7, np.uint8)
    packed = {
        "RGB8": rgb,
        "BGR8": rgb[..., ::-1],
        "RGBa8": np.dstack([rgb, alpha]),
        "BGRa8": np.dstack([rgb[..., ::-1], alpha]),
    }
    for name, picture in packed.items():
        assert np.array_equal(read_pixels(picture.tobytes(), name, width, height).image, rgb), name


@pytest.mark.parametrize("name", [name for name in FORMATS if "422" in name])
@settings(max_examples=20, deadline=None)
@given(red=st.integers(0, 255), green=st.integers(0, 255), blue=st.integers(0, 255))
def test_that_subsampled_colours_come_back_within_rounding(name: str, red: int, green: int, blue: int) -> None:
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    cb, cr = (blue - luma) / 1.772, (red - luma) / 1.402
    if "601" in name:
        y, u, v = 16 + luma * 219 / 255, 128 + cb * 224 / 255, 128 + cr * 224 / 255
    else:
        y, u, v = luma, 128 + cb, 128 + cr
    y, u, v = (int(min(255, max(0, round(value)))) for value in (y, u, v))
    pair = [u, y, v, y] if name.endswith(("UYVY", "CbYCrY")) else [y, u, y, v]
    read = read_pixels(bytes(pair * 8), name, 4, 4)
    assert np.abs(read.image.astype(int) - [red, green, blue]).max() <= 3


def test_that_subsampled_colours_follow_their_own_pair_of_pixels() -> None:
    red, blue = (76, 85, 255), (29, 255, 107)
    line = b"".join(bytes([y, cb, y, cr]) for y, cb, cr in (red, blue))
    read = read_pixels(line * 2, "YCbCr422_8", 4, 2)
    assert read.image[0, :2, 0].min() > 240
    assert read.image[0, 2:, 2].min() > 240


def test_that_a_mosaic_follows_the_picture_it_was_made_from() -> None:
    picture = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8), (0, 0), 6)
    mosaic = picture[..., 1].copy()
    mosaic[0::2, 0::2], mosaic[1::2, 1::2] = picture[0::2, 0::2, 0], picture[1::2, 1::2, 2]
    read = read_pixels(mosaic.tobytes(), "BayerRG8", 64, 64)
    assert np.abs(read.image.astype(int) - picture)[2:-2, 2:-2].max() <= 4


def test_that_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(UnknownPixelFormatError, match=r"Coord3D_ABC32f is not supported; choose one of .*Mono8"):
        read_pixels(bytes(16), "Coord3D_ABC32f", 2, 2)


@pytest.mark.parametrize("name", FORMATS)
def test_that_a_picture_that_is_too_short_is_refused(name: str) -> None:
    with pytest.raises(DamagedPictureError):
        read_pixels(bytes(4), name, 64, 64)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("width", "height"), [(0, 4), (4, 0), (0, 0)])
@pytest.mark.parametrize("padding", [0, 3])
def test_that_a_picture_without_pixels_is_refused(name: str, width: int, height: int, padding: int) -> None:
    with pytest.raises(DamagedPictureError, match=f"{width} x {height} pixels"):
        read_pixels(bytes(64), name, width, height, padding)


def test_that_subsampled_colours_need_an_even_width() -> None:
    with pytest.raises(DamagedPictureError, match=r"an even width.* it is 3"):
        read_pixels(bytes(64), "YCbCr422_8", 3, 2)


@pytest.mark.parametrize("name", FORMATS)
def test_that_the_picture_outlives_the_memory_it_was_read_from(name: str) -> None:
    memory = bytearray(64 * 64 * 4)
    read = read_pixels(memoryview(memory), name, 64, 64)
    before = read.image.copy()
    memory[:] = b"\xff" * len(memory)
    assert np.array_equal(read.image, before)


@pytest.mark.parametrize(
    ("name", "packed"), [("Mono12p", "21 43 65"), ("Mono12Packed", "32 41 65"), ("Mono12", "21 03 54 06")]
)
def test_that_the_examples_in_the_description_hold(name: str, packed: str) -> None:
    assert read_pixels(bytes.fromhex(packed), name, 2, 1).image.tolist() == [[0x321, 0x654]]
