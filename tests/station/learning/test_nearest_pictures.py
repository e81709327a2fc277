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
    nearest, buffer = NearestPictures(Brightness(), SCALE, nearest=5, sampled=0), np.zeros((2, 2, 3), np.uint8)
    for level in levels:
        buffer[:] = level
        assert nearest.predict(buffer).raw_score == level
    kept = [abs(int(image[0, 0, 0]) - 100) for image in nearest.kept()]
    assert kept == sorted(abs(level - 100) for level in set(levels))[:5]


def test_that_a_sample_of_all_others_is_kept_too_whatever_their_order():
    samples = []
    for levels in (range(256), range(255, -1, -1)):
        nearest = NearestPictures(Brightness(), SCALE, nearest=4, sampled=6)
        for level in levels:
            nearest.predict(np.full((2, 2, 3), level, np.uint8))
        samples.append({int(image[0, 0, 0]) for image in nearest.kept()})
    assert samples[0] - samples[1] <= {98, 102}  # as near: either
    assert {99, 100, 101} < samples[0]
    assert len(samples[0]) == 10
    assert max(abs(level - 100) for level in samples[0]) > 20
