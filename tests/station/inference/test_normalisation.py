"""Raw scores on the scale of the limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from station.inference.normalisation import Normalisation

thresholds = st.floats(-1e6, 1e6)
scales = st.floats(1e-3, 1e6)
steps = st.floats(-30, 30)


def normalisation(threshold: float = 12.5, scale: float = 2.0) -> Normalisation:
    return Normalisation(
        image_threshold_raw=threshold,
        image_scale_raw=scale,
        pixel_threshold_raw=threshold,
        pixel_scale_raw=scale,
    )


@given(thresholds, scales)
def test_that_the_threshold_lies_at_exactly_one_half(threshold, scale):
    assert normalisation(threshold, scale).pred_score(threshold) == 0.5
    raw_map = np.full((2, 3), threshold)
    assert (normalisation(threshold, scale).anomaly_map(raw_map) == 0.5).all()


@given(thresholds, scales, steps, steps)
def test_that_normalising_never_changes_the_order_of_two_parts(threshold, scale, one, other):
    raw = sorted((threshold + one * scale, threshold + other * scale))
    lower, higher = (normalisation(threshold, scale).pred_score(value) for value in raw)
    assert lower <= higher
    if raw[1] - raw[0] > 1e-2 * scale:
        assert lower < higher


@given(thresholds, scales, steps)
def test_that_no_score_within_thirty_scales_is_a_certainty(threshold, scale, step):
    assert 0 < normalisation(threshold, scale).pred_score(threshold + step * scale) < 1


@given(st.floats(1e-6, 1 - 1e-6))
def test_that_a_raw_score_is_found_again_from_its_normalised_one(pred_score):
    known = normalisation()
    assert known.pred_score(known.raw_score(pred_score)) == pytest.approx(pred_score, rel=1e-9)


@pytest.mark.parametrize("raw", [-1e300, -1e5, 1e5, 1e300])
def test_that_far_out_scores_stay_numbers_between_nought_and_one(raw):
    assert 0 <= normalisation().pred_score(raw) <= 1


def test_that_no_number_stays_no_number():
    assert math.isnan(normalisation().pred_score(math.nan))


def test_that_a_map_keeps_its_shape_and_is_float32():
    normalised = normalisation().anomaly_map(np.zeros((4, 7), np.float32))
    assert normalised.shape == (4, 7)
    assert normalised.dtype == np.float32


@pytest.mark.parametrize("wrong", [{"image_scale_raw": 0}, {"pixel_scale_raw": -1}, {"image_threshold_raw": math.inf}])
def test_that_a_scale_that_cannot_order_parts_is_refused(wrong):
    with pytest.raises(ValidationError):
        Normalisation(**normalisation().model_dump() | wrong)
