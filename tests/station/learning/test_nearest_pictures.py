"""The pictures nearest to the limit are kept, each once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.domain.verdict import Prediction
from station.inference.normalisation import Normalisation
from station.learning.nearest_pictures import NearestPictures

SCALE = Normalisation(
    image_threshold_raw=100, image_scale_raw=10, pixel_threshold_raw=100, pixel_scale_raw=10
)  # fmt: skip


class Brightness:
    input_size = (2, 2)

    def predict(self, image):
        return Prediction(0.5, float(image[0, 0, 0]), np.zeros((1, 1), np.float32))

    def close(self):
        pass


@given(st.lists(st.integers(0, 255), max_size=40))
def test_that_the_nearest_are_kept_each_once_and_nearest_first(levels):
    nearest, buffer = NearestPictures(Brightness(), SCALE, most=5), np.zeros((2, 2, 3), np.uint8)
    for level in levels:
        buffer[:] = level
        assert nearest.predict(buffer).raw_score == level
    kept = [abs(int(image[0, 0, 0]) - 100) for image in nearest.nearest_first()]
    assert kept == sorted(abs(level - 100) for level in set(levels))[:5]
    assert nearest.count == len(kept)
