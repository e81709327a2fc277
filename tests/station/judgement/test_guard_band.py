"""Near a limit the model is asked again, in f32: no verdict depends on the precision."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from station.domain.errors import FaultError
from station.domain.frame import NotInspectedCause
from station.domain.recipe import ModelReference, View
from station.domain.verdict import GuardBand, Limits, Prediction, Verdict
from station.judgement.guard_band import in_doubt, moved
from station.judgement.inspector import Inspector, decide

ROI, SIZE = (10, 20, 64, 48), (100, 120)
GRID = (6, 8)
VIEW = View(ModelReference("m", "0" * 64))
BAND = GuardBand(score=0.1, place=0.2)


def step(score: float) -> float:
    return math.log(score / (1 - score))


def score_at(steps: float) -> float:
    return 1 / (1 + math.exp(-steps))


limit = st.sampled_from([0.3, 0.45, 0.5, 0.55, 0.7])
some_limits = st.builds(
    lambda image, review, pixel, area: Limits(image, review if review and review < image else None, pixel, area),
    limit, st.none() | limit, limit, st.sampled_from([0, 1, 60, 64, 130, 200, 400]),
)  # fmt: skip
raw_maps = stn.arrays(np.float64, GRID, elements=st.floats(-2, 2, width=32))
noises = stn.arrays(np.float64, GRID, elements=st.floats(-1, 1, width=32))
ignored_cells = st.none() | stn.arrays(np.bool_, GRID).filter(lambda ignored: not ignored.all())


def prediction_of(raw_map: np.ndarray, raw_score: float, band: GuardBand | None = None) -> Prediction:
    curve = np.vectorize(score_at)(raw_map).astype(np.float32)
    return Prediction(score_at(raw_score), raw_score, curve, band)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(raw_maps, noises, st.floats(-1, 1), some_limits, ignored_cells, st.floats(0, 1), st.booleans())
def test_that_a_verdict_out_of_doubt_is_that_of_f32(raw_map, noise, moved_by, limits, ignored, added, whole):
    """The answer differs from f32 by anything within the band, at each place and in the score."""
    band = replace(BAND, whole_part=whole)
    above = round(added) * added if whole else 0.0
    exact = prediction_of(raw_map, raw_map.max() + above)
    rough_map = raw_map + 0.199 * noise
    rough_score = raw_map.max() + above + 0.099 * moved_by if whole else rough_map.max()
    rough = prediction_of(rough_map, rough_score, band if whole else replace(band, score=band.place))
    if not in_doubt(rough, limits, ROI, SIZE, ignored):
        wanted = decide(exact, limits, ROI, SIZE, ignored=ignored)
        assert decide(rough, limits, ROI, SIZE, ignored=ignored).verdict is wanted.verdict


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_that_a_score_is_in_doubt_exactly_within_the_band(score, image_threshold):
    found = Prediction(score, 1.0, np.zeros(GRID, np.float32), BAND)
    apart = abs(step(score) - step(image_threshold))
    if abs(apart - BAND.score) > 1e-9:
        assert in_doubt(found, Limits(image_threshold), ROI, SIZE) == (apart < BAND.score)


def test_that_nothing_is_in_doubt_without_a_band():
    assert not in_doubt(prediction_of(np.zeros(GRID), 0.0), Limits(), ROI, SIZE)


def test_that_an_area_at_the_least_one_is_in_doubt_though_the_score_is_far_from_its_limit():
    raw_map = np.full(GRID, -2.0)
    raw_map[2, 2], raw_map[2, 3] = 2.0, 0.05
    limits = Limits(image_threshold=0.6, pixel_threshold=0.5, min_area_px=150)
    areas = [decide(prediction_of(raw_map, 2.0), replace(limits, min_area_px=0), ROI, SIZE).regions[0].area_px]
    raw_map[2, 3] = -0.1
    areas.append(decide(prediction_of(raw_map, 2.0), replace(limits, min_area_px=0), ROI, SIZE).regions[0].area_px)
    least = replace(limits, min_area_px=areas[0])
    assert areas[1] < areas[0]
    assert in_doubt(prediction_of(raw_map, 2.0, BAND), least, ROI, SIZE)
    assert not in_doubt(prediction_of(raw_map, 2.0, BAND), replace(limits, min_area_px=10), ROI, SIZE)
    assert not in_doubt(prediction_of(raw_map, 2.0, BAND), replace(limits, min_area_px=0), ROI, SIZE)


@given(st.floats(0.0625, 0.9375, width=32), st.floats(-3, 3))
def test_that_a_score_moved_and_moved_back_is_the_same(score, steps):
    there = moved(np.array([[score]], np.float32), steps)
    assert moved(there, -steps)[0, 0] == pytest.approx(score, rel=1e-3)
    assert (there[0, 0] >= np.float32(score)) or steps < 0


class TwoPrecisions:
    """A model whose low precision answers `rough`, and f32 `exact`."""

    input_size = (32, 32)

    def __init__(self, rough: float, exact: float | FaultError) -> None:
        self.rough, self.exact, self.asked_again = rough, exact, 0

    def predict(self, image: np.ndarray) -> Prediction:
        rough = Prediction(self.rough, 1.0, np.full((8, 8), self.rough, np.float32), BAND, self._again)
        assert image.shape == (32, 32, 3)
        return rough

    def _again(self) -> Prediction:
        self.asked_again += 1
        if isinstance(self.exact, FaultError):
            raise self.exact
        return Prediction(self.exact, 2.0, np.full((8, 8), self.exact, np.float32))

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("rough", "exact", "verdict", "again"),
    [
        (0.49, 0.51, Verdict.FAIL, True),
        (0.51, 0.49, Verdict.PASS, True),
        (0.51, 0.5, Verdict.PASS, True),
        (0.40, 0.90, Verdict.PASS, False),
        (0.60, 0.10, Verdict.FAIL, False),
    ],
)
def test_that_the_judgement_in_f32_counts_near_the_limit(make_frame, rough, exact, verdict, again):
    model = TwoPrecisions(rough, exact)
    seen = Inspector(VIEW, model).inspect(make_frame()).inspection
    assert (seen.verdict, seen.judged_again, model.asked_again) == (verdict, again, int(again))
    assert seen.pred_score == (exact if again else rough)


def test_that_a_part_is_not_inspected_if_f32_fails(make_frame):
    model = TwoPrecisions(0.49, FaultError("The device failed."))
    seen = Inspector(VIEW, model).inspect(make_frame()).inspection
    assert seen.cause is NotInspectedCause.MODEL_FAILED
