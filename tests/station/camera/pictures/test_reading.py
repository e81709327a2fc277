from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import decode_picture, read_picture
from station.domain.frame import SMALLEST_SIDE_PX

RED_LEFT = np.zeros((32, 40, 3), np.uint8)
RED_LEFT[:, :20, 0] = 255
NOISE = np.random.default_rng(3).integers(0, 255, (64, 80, 3), np.uint8)


def encoded(image: np.ndarray, suffix: str) -> bytes:
    return cv2.imencode(suffix, image)[1].tobytes()


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif"])
def test_that_colours_are_in_rgb_order(suffix: str) -> None:
    picture = decode_picture(encoded(RED_LEFT[..., ::-1], suffix), "red")
    assert np.array_equal(picture.image, RED_LEFT)
    assert (picture.significant_bits, picture.conversion) == (8, "")


def test_that_a_jpeg_is_read_in_rgb_order() -> None:
    picture = decode_picture(encoded(RED_LEFT[..., ::-1], ".jpg"), "red")
    assert picture.image[16, 5].tolist() == pytest.approx([255, 0, 0], abs=30)


def test_that_a_grey_picture_stays_grey() -> None:
    assert decode_picture(encoded(RED_LEFT[..., 0], ".png"), "grey").image.shape == (32, 40)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_that_16_bits_are_kept_and_reported(suffix: str) -> None:
    deep = np.random.default_rng(1).integers(0, 65535, (32, 40), np.uint16)
    picture = decode_picture(encoded(deep, suffix), "deep")
    assert np.array_equal(picture.image, deep)
    assert (picture.significant_bits, picture.conversion) == (16, "16 bits kept")


def test_that_transparency_is_dropped_and_reported() -> None:
    with_alpha = np.dstack([RED_LEFT[..., ::-1], np.full((32, 40), 128, np.uint8)])
    picture = decode_picture(encoded(with_alpha, ".png"), "clear")
    assert np.array_equal(picture.image, RED_LEFT)
    assert picture.conversion == "transparency dropped"


def test_that_16_bits_with_transparency_report_both() -> None:
    deep = np.random.default_rng(1).integers(0, 65535, (32, 40, 4), np.uint16)
    assert decode_picture(encoded(deep, ".png"), "deep").conversion == "transparency dropped, 16 bits kept"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp"])
@given(kept=st.floats(0.3, 0.999))
def test_that_a_picture_without_its_end_is_called_cut_off(suffix: str, kept: float) -> None:
    content = encoded(NOISE, suffix)
    with pytest.raises(UnreadablePictureError, match="cut off"):
        decode_picture(content[: int(len(content) * kept)], "part.file")


def test_that_a_cut_off_jpeg_is_not_saved_by_the_whole_preview_in_its_header() -> None:
    preview, content = encoded(RED_LEFT, ".jpg"), encoded(NOISE, ".jpg")
    segment = b"\xff\xe1" + (len(preview) + 2).to_bytes(2, "big") + preview
    with_preview = content[:2] + segment + content[2:]
    assert decode_picture(with_preview, "whole.jpg").image.shape == NOISE.shape
    with pytest.raises(UnreadablePictureError, match="cut off"):
        decode_picture(with_preview[:-200], "part.jpg")


def test_that_a_cut_off_tiff_is_refused() -> None:
    with pytest.raises(UnreadablePictureError, match=r"half\.tif"):
        decode_picture(encoded(NOISE, ".tif")[:3000], "half.tif")


def test_that_a_damaged_png_is_refused() -> None:
    content = bytearray(encoded(NOISE, ".png"))
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(UnreadablePictureError, match="damaged"):
        decode_picture(bytes(content), "bad.png")


MIDDLE = len(encoded(NOISE, ".jpg")) // 2
DAMAGE = {
    "a gap": lambda content: content[:MIDDLE] + content[MIDDLE + 400 :],
    "zeros": lambda content: content[:MIDDLE] + bytes(400) + content[MIDDLE + 400 :],
    "no rest": lambda content: content[:MIDDLE] + b"\xff\xd9",
}
KINDS = {"plain": [], "restarts": [cv2.IMWRITE_JPEG_RST_INTERVAL, 2], "progressive": [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("image", [NOISE, NOISE[..., 0]], ids=["colour", "grey"])
def test_that_a_jpeg_damaged_inside_is_refused_though_its_end_is_there(damage, kind, image) -> None:
    content = cv2.imencode(".jpg", image, KINDS[kind])[1].tobytes()
    assert decode_picture(content, "whole.jpg").image.shape == image.shape
    with pytest.raises(UnreadablePictureError, match=r"bad\.jpg is damaged"):
        decode_picture(DAMAGE[damage](content), "bad.jpg")


@pytest.mark.parametrize("image", [NOISE, NOISE[..., 0]], ids=["colour", "grey"])
def test_that_a_whole_jpeg_has_the_pixels_that_opencv_reads(image) -> None:
    content = encoded(image, ".jpg")
    read = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(decode_picture(content, "whole.jpg").image, read[..., ::-1] if read.ndim == 3 else read)


def test_that_a_jpeg_that_claims_to_be_gigantic_takes_no_memory() -> None:
    content = bytearray(encoded(NOISE, ".jpg"))
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = b"\xff\xff" * 2
    with pytest.raises(UnreadablePictureError, match="damaged"):
        decode_picture(bytes(content), "bomb.jpg")


def test_that_a_text_file_with_a_pictures_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.png"
    path.write_text("no picture")
    with pytest.raises(UnreadablePictureError, match=r"note\.png is not a picture"):
        read_picture(path)


def test_that_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    with pytest.raises(UnreadablePictureError, match="not a picture"):
        read_picture(path)


def test_that_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePictureError, match=r"gone\.png cannot be read"):
        read_picture(tmp_path / "gone.png")


@pytest.mark.parametrize("shape", [(1, 1, 3), (SMALLEST_SIDE_PX - 1, 400, 3), (400, SMALLEST_SIDE_PX - 1)])
def test_that_a_tiny_picture_is_refused_with_the_minimum(shape: tuple[int, ...]) -> None:
    with pytest.raises(UnreadablePictureError, match=f"too small to inspect.*{SMALLEST_SIDE_PX} px"):
        decode_picture(encoded(np.zeros(shape, np.uint8), ".png"), "tiny.png")


def test_that_the_smallest_picture_is_read() -> None:
    smallest = np.zeros((SMALLEST_SIDE_PX, SMALLEST_SIDE_PX), np.uint8)
    assert decode_picture(encoded(smallest, ".png"), "small.png").image.shape == smallest.shape


def test_that_floating_point_pixels_are_refused() -> None:
    with pytest.raises(UnreadablePictureError, match="float32"):
        decode_picture(encoded(np.zeros((32, 32), np.float32), ".tif"), "float.tif")


@given(st.binary(max_size=200))
def test_that_no_bytes_at_all_do_anything_but_decode_or_be_refused(content: bytes) -> None:
    for beginning in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*"):
        with pytest.raises(UnreadablePictureError):
            decode_picture(beginning + content, "junk")


@pytest.mark.parametrize(
    ("suffix", "image", "kept"),
    [
        (".jpg", RED_LEFT, True),
        (".jpg", RED_LEFT[..., 0], True),
        (".png", RED_LEFT, True),
        (".webp", RED_LEFT, True),
        (".png", RED_LEFT.astype(np.uint16), False),
        (".png", np.dstack((RED_LEFT, RED_LEFT[..., 0])), False),
        (".png", NOISE, False),
        (".bmp", RED_LEFT, False),
        (".tif", RED_LEFT, False),
    ],
    ids=["jpeg", "grey jpeg", "png", "webp", "16 bits", "transparent", "larger than its pixels", "bmp", "tiff"],
)
def test_that_a_file_is_worth_keeping_if_it_alone_gives_the_picture_in_fewer_bytes(
    suffix: str, image: np.ndarray, kept: bool
) -> None:
    content = encoded(image, suffix)
    picture = decode_picture(content, "file")
    assert picture.file == (content if kept else b"")
    if kept:
        assert np.array_equal(decode_picture(picture.file, "again").image, picture.image)
