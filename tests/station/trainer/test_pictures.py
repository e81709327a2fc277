"""The size of the model's input."""

import pytest

from station.trainer.pictures import input_size


@pytest.mark.parametrize(
    ("shape", "side_px", "expected"),
    [((640, 320), 320, (448, 224)), ((480, 640), 256, (224, 288)), ((40, 4000), 64, (64, 640))],
)
def test_that_the_input_keeps_the_aspect_on_the_area_asked_for(shape, side_px, expected):
    assert input_size([shape], side_px) == expected
