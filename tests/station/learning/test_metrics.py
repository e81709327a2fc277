"""The metrics agree with their definitions, and with scikit-learn's."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, roc_auc_score

from station.learning.metrics import AUPRO_FPR_LIMIT, PixelCurves, auroc, best_f1, f1

SCORES = st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=40).map(np.array)
SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=50, deadline=None)
@given(SCORES, SCORES)
def test_that_auroc_is_scikit_learns_also_with_ties(good, defect):
    expected = roc_auc_score([0] * len(good) + [1] * len(defect), np.concatenate([good, defect]))
    assert auroc(good, defect) == pytest.approx(expected)


def test_that_auroc_of_one_class_alone_is_unknown():
    assert auroc(np.array([1.0]), np.array([])) is None
    assert auroc(np.array([]), np.array([1.0])) is None


@settings(max_examples=50, deadline=None)
@given(SCORES, SCORES)
def test_that_no_limit_has_a_better_f1_than_the_best(good, defect):
    labels = [0] * len(good) + [1] * len(defect)
    scores = np.concatenate([good, defect])
    best = best_f1(good, defect)
    assert best is not None
    assert f1_score(labels, scores > best.limit) == pytest.approx(best.f1)
    tried = [f1_score(labels, scores > limit, zero_division=0) for limit in (*scores, scores.min() - 1)]
    assert best.f1 == pytest.approx(max(tried))


def test_that_the_best_limit_lies_midway_between_good_and_defect():
    best = best_f1(np.array([1.0, 2.0]), np.array([4.0, 9.0]))
    assert best is not None
    assert (best.f1, best.limit) == (1.0, 3.0)


def test_that_there_is_no_best_limit_without_defects():
    assert best_f1(np.array([1.0]), np.array([])) is None


def test_that_f1_of_nothing_is_unknown():
    assert f1(0, 0, 0) is None
    assert f1(3, 1, 2) == pytest.approx(2 * 3 / (2 * 3 + 1 + 2))


def random_pictures(seed: int):
    """Four small maps with blotchy masks, and one good picture."""
    rng = np.random.default_rng(seed)
    for _ in range(4):
        mask = cv2.GaussianBlur(rng.random((14, 18)), (0, 0), 2) > 0.52
        yield np.clip(rng.normal(0.4 + 0.2 * mask, 0.15), 0.001, 0.999).astype(np.float32), mask
    yield np.clip(rng.normal(0.4, 0.15, (14, 18)), 0.001, 0.999).astype(np.float32), None


def curves_of(pictures) -> PixelCurves:
    curves = PixelCurves()
    for anomaly_map, mask in pictures:
        curves.add(anomaly_map, mask)
    return curves


def naive_aupro(pictures) -> float:
    """The definition, one limit after the other."""
    normal = np.concatenate([m[~k] if k is not None else m.ravel() for m, k in pictures])
    regions = []
    for anomaly_map, mask in pictures:
        if mask is not None:
            count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
            regions += [anomaly_map[labels == label] for label in range(1, count)]
    limits = np.unique(np.concatenate([m.ravel() for m, _ in pictures]))[::-1]
    rates = [0.0, *((normal >= limit).mean() for limit in limits)]
    overlaps = [0.0, *(np.mean([(region >= limit).mean() for region in regions]) for limit in limits)]
    grid = np.linspace(0, AUPRO_FPR_LIMIT, 4001)
    return float(np.trapezoid(np.interp(grid, rates, overlaps), grid) / AUPRO_FPR_LIMIT)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_that_pixel_auroc_is_scikit_learns(seed):
    pictures = list(random_pictures(seed))
    labels = np.concatenate([np.zeros(m.size, bool) if k is None else k.ravel() for m, k in pictures])
    scores = np.concatenate([m.ravel() for m, _ in pictures])
    assert curves_of(pictures).auroc == pytest.approx(roc_auc_score(labels, scores), abs=1e-4)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_that_aupro_is_its_definition(seed):
    pictures = list(random_pictures(seed))
    assert curves_of(pictures).aupro == pytest.approx(naive_aupro(pictures), abs=2e-3)


def test_that_a_small_region_weighs_as_much_as_a_large_one_in_aupro():
    mask = np.zeros((40, 40), bool)
    mask[2:4, 2:4] = mask[10:30, 10:30] = True
    found_large = np.full((40, 40), 0.1, np.float32)
    found_large[10:30, 10:30] = 0.9
    assert curves_of([(found_large, mask)]).aupro == pytest.approx(0.5 + 0.5 * AUPRO_FPR_LIMIT / 2, abs=1e-3)


def test_that_a_perfect_map_has_full_marks_even_at_the_ends_of_the_scale():
    mask = np.zeros((20, 20), bool)
    mask[5:9, 5:9] = True
    curves = curves_of([(mask.astype(np.float32), mask), (np.zeros((20, 20), np.float32), None)])
    assert (curves.auroc, curves.aupro) == (pytest.approx(1.0), pytest.approx(1.0))


def test_that_pixel_figures_without_a_marked_defect_are_unknown():
    curves = curves_of([(np.full((9, 9), 0.3, np.float32), None)])
    assert curves.auroc is None
    assert curves.aupro is None


def test_that_a_mask_over_the_whole_picture_gives_no_warning():
    curves = PixelCurves()
    curves.add(np.full((8, 8), 0.7, np.float32), np.ones((8, 8), bool))
    curves.add(np.full((8, 8), 0.2, np.float32), None)
    assert (curves.auroc, curves.aupro) == (1.0, 1.0)
