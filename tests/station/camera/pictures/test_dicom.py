import sys

import numpy as np
import pytest
from picture_samples import GREY, TWELVE, dicom

from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import decode_picture


def test_that_a_station_without_pydicom_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydicom", None)
    with pytest.raises(
        UnreadablePictureError, match=r"part\.dcm is a DICOM file, .* not installed .*lineside\[dicom\]"
    ):
        decode_picture(dicom(GREY, 8), "part.dcm")


def test_that_white_as_zero_is_turned_round_and_said() -> None:
    picture = decode_picture(dicom(4095 - TWELVE, 12, "MONOCHROME1"), "part.dcm")
    assert np.array_equal(picture.image, TWELVE)
    assert "white is 0 in the file: turned round" in picture.conversion


def test_that_unused_high_bits_are_cleared() -> None:
    picture = decode_picture(dicom(TWELVE | 0xF000, 12), "part.dcm")
    assert np.array_equal(picture.image, TWELVE)


@pytest.mark.parametrize("photometric", ["PALETTE COLOR", "HSV"])
def test_that_colours_of_another_kind_are_refused_by_name(photometric: str) -> None:
    with pytest.raises(UnreadablePictureError, match=photometric):
        decode_picture(dicom(GREY, 8, photometric), "part.dcm")


def test_that_a_header_cut_off_inside_a_value_is_refused_in_a_sentence(recwarn: pytest.WarningsRecorder) -> None:
    content = dicom(GREY, 8)
    for end in range(132, len(content) - GREY.size + 9):
        with pytest.raises(UnreadablePictureError, match=r"part\.dcm"):
            decode_picture(content[:end], "part.dcm")
    assert not recwarn.list
