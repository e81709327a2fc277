"""Files cut off at every percent, and single bytes turned in their headers: never a wrong picture, never a trace."""

import time
from pathlib import Path

import numpy as np
import pytest
from picture_samples import GREY, dicom, every_sample, npy, pgm, tiff

from station.camera.pictures.picture import Picture, UnreadablePictureError
from station.camera.pictures.reading import decode_picture, pages_of, read_picture

SAMPLES = every_sample()
LONGEST_S = 2.0
HEADER = 96
"""How many bytes from the beginning, and as many from the end, are turned: some formats keep their tables there."""


def outcome(content: bytes) -> Picture | str:
    """Return the picture or the sentence; anything else that is raised fails the test."""
    began_s = time.monotonic()
    try:
        got: Picture | str = decode_picture(content, "part.file")
    except UnreadablePictureError as error:
        got = error.sentence
    assert time.monotonic() - began_s < LONGEST_S
    assert isinstance(got, Picture) or (got.startswith("part.file ") and got.count("\n") == 0 and got.endswith("."))
    return got


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_that_a_file_cut_off_at_any_percent_is_refused_or_has_lost_no_pixel(name: str) -> None:
    content = SAMPLES[name]
    whole = decode_picture(content, name).image
    ends = {len(content) * percent // 100 for percent in range(100)} | set(range(len(content) - 24, len(content)))
    for end in sorted(ends):
        cut = outcome(content[:end])
        assert isinstance(cut, str) or np.array_equal(cut.image, whole), f"{end} of {len(content)} bytes"


def turned_places(content: bytes) -> list[int]:
    return sorted({*range(min(HEADER, len(content))), *range(max(0, len(content) - HEADER), len(content))})


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_that_a_turned_byte_in_a_header_gives_a_picture_or_one_sentence(name: str) -> None:
    content = SAMPLES[name]
    for place in turned_places(content):
        for turned in (content[place] ^ 0xFF, content[place] ^ 1):
            outcome(content[:place] + bytes([turned]) + content[place + 1 :])


@pytest.mark.nightly
@pytest.mark.parametrize("name", SAMPLES)
def test_that_a_file_cut_off_at_any_byte_is_refused_or_has_lost_no_pixel(name: str) -> None:
    content = SAMPLES[name]
    whole = decode_picture(content, name).image
    for end in range(len(content)):
        cut = outcome(content[:end])
        assert isinstance(cut, str) or np.array_equal(cut.image, whole), f"{end} of {len(content)} bytes"


@pytest.mark.nightly
@pytest.mark.parametrize("name", SAMPLES)
def test_that_a_turned_bit_anywhere_gives_a_picture_or_one_sentence(name: str) -> None:
    content = SAMPLES[name]
    for place in range(len(content)):
        outcome(content[:place] + bytes([content[place] ^ (1 << place % 8)]) + content[place + 1 :])


STACKS = {
    "tiff": tiff(np.stack([GREY, GREY[::-1]]), photometric="minisblack"),
    "npy": npy(np.stack([GREY, GREY[::-1]])),
    "pgm": pgm(GREY, 255) + pgm(GREY[::-1], 255),
    "dicom": dicom(np.stack([GREY, GREY[::-1]]), 8, frames=2),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", STACKS)
def test_that_no_page_of_a_cut_off_file_has_wrong_pixels(name: str, tmp_path: Path) -> None:
    path = tmp_path / "stack"
    for percent in range(1, 101):
        path.write_bytes(STACKS[name][: len(STACKS[name]) * percent // 100])
        for file in pages_of(path):
            try:
                image = read_picture(file.path, file.page).image
            except UnreadablePictureError:
                continue
            assert any(np.array_equal(image, page) for page in (GREY, GREY[::-1]))
