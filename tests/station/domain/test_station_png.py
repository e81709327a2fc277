"""Notes in the station's own PNG files: read by the station, ignored by all others."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from station.domain.station_png import noted_coding, noted_depth, with_notes

DEEP = np.random.default_rng(1).integers(0, 4096, (20, 30), np.uint16)
PNG = cv2.imencode(".png", DEEP)[1].tobytes()


@pytest.mark.parametrize(("depth", "coding"), [(12, ""), (12, "JPEG 4:2:0"), (16, "lossless")])
def test_that_the_notes_come_back_and_the_pixels_stay(depth: int, coding: str) -> None:
    noted = with_notes(PNG, bytes([depth]), coding)
    assert noted_depth(noted) == depth
    assert noted_coding(noted) == (coding if coding.startswith("JPEG") else None)
    np.testing.assert_array_equal(cv2.imdecode(np.frombuffer(noted, np.uint8), cv2.IMREAD_UNCHANGED), DEEP)


def test_that_another_program_reads_the_file_without_a_complaint() -> None:
    picture = Image.open(io.BytesIO(with_notes(PNG, bytes([12]), "JPEG 4:2:0")))
    np.testing.assert_array_equal(np.asarray(picture), DEEP)
    assert picture.text == {"Software": "Lineside", "Source": "JPEG 4:2:0"}


def test_that_a_lossless_picture_of_8_bits_needs_no_note() -> None:
    assert with_notes(PNG, b"", "lossless") == PNG


@pytest.mark.parametrize(
    "content", [PNG, b"", b"\x89PNG\r\n\x1a\n", with_notes(PNG, b"\x0c", "")[:50], b"\xff\xd8\xff"]
)
def test_that_a_file_of_another_program_has_no_note(content: bytes) -> None:
    assert noted_coding(content) is None
    assert noted_depth(content) == 0


def test_that_the_same_chunk_of_another_program_is_not_ours() -> None:
    ours = with_notes(PNG, bytes([12]), "")
    assert noted_depth(ours.replace(b"Lineside", b"Somebody")) == 0
