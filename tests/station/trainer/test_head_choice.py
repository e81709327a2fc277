"""How much labelled defects may say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.learning.progress import no_progress
from station.trainer.cell_head import CellHead
from station.trainer.defect_head import DefectHead, learn_defect_head
from station.trainer.detector import smoothed
from station.trainer.head_choice import choose_head
from tests.station.trainer.planted import good_pictures, planted_defect

_SIGMA = 1.5
_GOOD, _ANOMALY = good_pictures(0)
_DEFECTS = [
    *(planted_defect(seed, "crack", component=1) for seed in range(1, 6)),
    *(planted_defect(seed, "dent", component=1, by=4.0) for seed in range(6, 11)),
]
_KINDS = [defect.kind for defect in _DEFECTS]
_R = np.stack([defect.anomaly for defect in _DEFECTS])


@pytest.fixture(scope="module")
def learned() -> DefectHead:
    return learn_defect_head(_GOOD, _ANOMALY, _DEFECTS, 1.6, 1, no_progress)


def test_that_a_head_that_finds_more_left_out_defects_is_chosen(learned):
    choice = choose_head(learned, _ANOMALY, _R, _KINDS, _SIGMA)
    assert choice.learned
    assert choice.caught > choice.caught_by_distance


def test_that_likeness_that_finds_fewer_left_out_defects_is_not_chosen(learned):
    limit = np.quantile(smoothed(_ANOMALY, _SIGMA).max((1, 2)), 0.96, method="higher")
    just_above = np.full_like(_R, limit + 0.001)
    misled = replace(learned, good=learned.good + 8 * (np.arange(len(_GOOD)) % 3 == 0)[:, None, None])
    misled = replace(misled, left_out=0 * misled.left_out)
    choice = choose_head(misled, _ANOMALY, just_above, _KINDS, _SIGMA)
    assert not choice.learned
    assert choice.head == CellHead()
    assert choice.caught < choice.caught_by_distance == 10
    np.testing.assert_array_equal(choice.good, smoothed(_ANOMALY, _SIGMA))


def test_that_labels_that_hide_other_kinds_weigh_less_or_nothing(learned):
    noisy = replace(learned, good=learned.good + 20 * (np.arange(len(_GOOD)) % 3 == 0)[:, None, None])
    plain = choose_head(learned, _ANOMALY, _R, _KINDS, _SIGMA)
    choice = choose_head(noisy, _ANOMALY, _R, _KINDS, _SIGMA)
    assert not choice.learned or choice.head.distance_weight > plain.head.distance_weight


def test_that_the_fewer_labels_there_are_the_less_they_weigh(learned):
    few = [0, 5]
    of_few = replace(learned, left_out=learned.left_out[few], kind_left_out=None)
    ratios = [
        np.linalg.norm(choice.head.likeness.weights) / choice.head.distance_weight
        for choice in (
            choose_head(of_few, _ANOMALY, _R[few], ["crack", "dent"], _SIGMA),
            choose_head(learned, _ANOMALY, _R, _KINDS, _SIGMA),
        )
    ]
    assert ratios[0] < ratios[1]


@pytest.mark.slow
@settings(deadline=None, max_examples=20)
@given(st.floats(0.1, 10), st.floats(-2, 2))
def test_that_good_parts_keep_median_and_limit_of_the_distance(scale, shift):
    learned = learn_defect_head(_GOOD, _ANOMALY, _DEFECTS[:3], 1.6, 1, no_progress)
    r, defects = (scale * (each + shift + 3) for each in (_ANOMALY, _R[:3]))
    choice = choose_head(learned, r.astype(np.float32), defects.astype(np.float32), _KINDS[:3], _SIGMA)
    plain = smoothed(r.astype(np.float32), _SIGMA).max((1, 2))
    for share in (0.5, 0.96):
        expected = np.quantile(plain, share, method="higher" if share > 0.5 else "linear")
        found = np.quantile(choice.good.max((1, 2)), share, method="higher" if share > 0.5 else "linear")
        assert found == pytest.approx(expected, rel=1e-3)


def test_that_the_maps_are_those_of_the_head(learned):
    choice = choose_head(learned, _ANOMALY, _R, _KINDS, _SIGMA)
    maps = smoothed(choice.head.anomaly(_GOOD, _ANOMALY), choice.smoothing_cells)
    assert np.corrcoef(maps.ravel(), choice.good.ravel())[0, 1] > 0.98


def test_that_likeness_of_places_as_near_as_half_of_good_parts_counts_nothing(learned):
    near = np.quantile(_ANOMALY, 0.5) > _ANOMALY
    alike = replace(learned, good=np.where(near, 9, learned.good).astype(np.float32))
    choices = [choose_head(each, _ANOMALY, _R, _KINDS, _SIGMA) for each in (learned, alike)]
    np.testing.assert_array_equal(choices[0].good, choices[1].good)


def test_that_every_kind_is_judged_by_a_head_made_without_it(learned):
    choice = choose_head(learned, _ANOMALY, _R, _KINDS, _SIGMA)
    assert [(found.kind, found.labels) for found in choice.kinds] == [("crack", 5), ("dent", 5)]
    assert all(0 <= found.auroc <= 1 and 0 <= found.caught <= 5 for found in choice.kinds)


def test_that_one_kind_alone_has_no_figure_of_its_own(learned):
    alone = replace(learned, kind_left_out=None)
    assert choose_head(alone, _ANOMALY, _R, ["crack"] * 10, _SIGMA).kinds == ()


def test_that_labels_of_one_kind_weigh_half_as_much(learned):
    alone = replace(learned, kind_left_out=None)
    of_one = choose_head(alone, _ANOMALY, _R, ["crack"] * 10, _SIGMA)
    of_two = choose_head(alone, _ANOMALY, _R, _KINDS, _SIGMA)
    assert of_two.learned
    assert not of_one.learned or of_one.weight >= 2 * (1 + 10 / 10)


def test_that_good_pictures_that_are_all_alike_give_a_finite_head():
    good, anomaly = np.zeros_like(_GOOD), np.ones_like(_ANOMALY)
    learned = learn_defect_head(good, anomaly, _DEFECTS, 1.0, 1, no_progress)
    choice = choose_head(learned, anomaly, _R, _KINDS, _SIGMA)
    assert np.isfinite(choice.good).all()
    assert np.isfinite(choice.left_out).all()
