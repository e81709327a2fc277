"""What is remembered: axes that are principal, and rows spread out as far as greed can."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.trainer import coreset
from station.trainer.coreset import Moments, farthest_first, greedy_coreset, moments_of_all, principal_axes

SEEDS = st.integers(0, 2**31 - 1)


def random_features(seed: int, rows: int = 60, width: int = 6) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return (generator.standard_normal((rows, width)) * np.arange(1, width + 1)).astype(np.float32)


def distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.linalg.norm(one[:, None].astype(float) - other[None], axis=2)


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(1, 59))
def test_that_moments_of_parts_add_up(seed, cut):
    rows = random_features(seed)
    both = moments_of_all([Moments.of_rows(rows[:cut]), Moments.of_rows(rows[cut:])])
    assert both.count == 60
    np.testing.assert_allclose(both.total, rows.sum(0), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(both.products, rows.T @ rows, rtol=1e-3, atol=1e-2)


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_that_the_axes_are_those_of_the_singular_value_decomposition(seed):
    rows = random_features(seed)
    axes = principal_axes(Moments.of_rows(rows), 3)
    _, lengths, expected = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
    np.testing.assert_allclose(np.abs(expected[:3] @ axes.directions), np.eye(3), atol=0.02)
    np.testing.assert_allclose(axes.variances, lengths[:3] ** 2 / 60, rtol=0.02)


def test_that_projection_keeps_distances_when_all_axes_are_kept():
    rows = random_features(1)
    projected = principal_axes(Moments.of_rows(rows), 99).project(rows.astype(np.float16))
    assert projected.shape == rows.shape
    assert projected.dtype == np.float32
    np.testing.assert_allclose(distances(projected, projected), distances(rows, rows), rtol=0.01, atol=0.05)


@settings(deadline=None, max_examples=60)
@given(SEEDS, st.integers(2, 70), st.integers(1, 40), st.booleans())
def test_that_every_row_of_the_bank_is_the_farthest_from_those_before_it(seed, at_once, count, alike):
    """However few points are searched at a time, and if some points are equal."""
    rows = random_features(seed)
    if alike:
        rows = np.round(rows / 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coreset, "_FARTHEST_AT_ONCE", at_once)
        chosen = farthest_first(rows, count)
    away = distances(rows, rows)
    assert chosen[0] == 0
    assert len(set(chosen)) == len(chosen)
    assert len(chosen) == min(count, len(np.unique(rows, axis=0)))
    for done in range(1, len(chosen)):
        nearest = away[:, chosen[:done]].min(1)
        assert nearest[chosen[done]] == pytest.approx(nearest.max(), rel=1e-3)


def test_that_the_example_of_the_docstring_holds():
    assert farthest_first(np.array([[0], [1], [5], [9]], np.float32), 3).tolist() == [0, 3, 2]


def test_that_equal_places_are_remembered_once():
    rows = np.repeat(random_features(2, rows=7), 5, axis=0)
    assert len(greedy_coreset(rows, 30)) == 7
