"""`defects_config.json` says how much of a defect is enough, in pixels or as a share."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.domain.errors import BadInputError
from station.learning.figures.saturation import read_saturation

DEFECTS = [
    {"defect_name": "missing_cork", "pixel_value": 255, "saturation_threshold": 30, "relative_saturation": False},
    {"defect_name": "half_full", "pixel_value": 254, "saturation_threshold": 0.26, "relative_saturation": True},
]


def write_mask(path: Path, value: int, side: int) -> np.ndarray:
    mask = np.zeros((40, 40), np.uint8)
    mask[:side, :side] = value
    cv2.imwrite(str(path), mask)
    return mask > 0


@pytest.mark.parametrize(
    ("value", "side", "enough"), [(255, 10, 30), (255, 5, 25), (254, 10, 26), (254, 3, 2), (254, 1, 1)]
)
def test_that_enough_is_a_number_or_a_share_and_never_more_than_there_is(tmp_path, value, side, enough):
    (tmp_path / "defects_config.json").write_text(json.dumps(DEFECTS))
    marked = write_mask(tmp_path / "000.png", value, side)
    for folder in (tmp_path, tmp_path / "test"):
        saturation = read_saturation(folder)
        assert saturation is not None
        assert saturation.enough(tmp_path / "000.png", marked) == enough


def test_that_without_the_file_nothing_is_known(tmp_path):
    assert read_saturation(tmp_path / "set") is None


@pytest.mark.parametrize("content", ["[", "{}", '[{"defect_name": "a", "pixel_value": 0}]'])
def test_that_a_damaged_file_is_named_with_the_remedy(tmp_path, content):
    (tmp_path / "defects_config.json").write_text(content)
    with pytest.raises(BadInputError, match=r"defects_config\.json does not say") as refusal:
        read_saturation(tmp_path)
    assert "sPRO" in refusal.value.advice


def test_that_a_mask_of_a_defect_that_the_file_does_not_know_is_named(tmp_path):
    (tmp_path / "defects_config.json").write_text(json.dumps(DEFECTS))
    marked = write_mask(tmp_path / "000.png", 7, 4)
    with pytest.raises(BadInputError, match=r"no defect with the pixel value 7 of .*000\.png"):
        read_saturation(tmp_path).enough(tmp_path / "000.png", marked)
