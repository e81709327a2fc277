"""The metrics agree with their definitions, and with scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, roc_auc_score

from station.learning.metrics import auroc, best_f1, f1

SCORES = st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=40).map(np.array)


@settings(max_examples=50, deadline=None)
@given(SCORES, SCORES)
def test_that_auroc_is_scikit_learns_also_with_ties(good, defect):
    expected = roc_auc_score([0] * len(good) + [1] * len(defect), np.concatenate([good, defect]))
    assert auroc(good, defect) == pytest.approx(expected)


def test_that_auroc_of_one_class_alone_is_unknown():
    assert auroc(np.array([1.0]), np.array([])) is None
    assert auroc(np.array([]), np.array([1.0])) is None


@pytest.mark.slow
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
