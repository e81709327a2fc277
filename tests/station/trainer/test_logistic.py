"""The separation of two classes of rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.trainer.logistic import Separation, separate

_SEEDS = st.integers(0, 2**32 - 1)


def _classes(seed: int, high: int = 40, low: int = 300, columns: int = 6) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    scale = np.exp(draw.normal(size=columns))
    return (
        ((draw.normal(size=(high, columns)) + draw.normal(size=columns)) * scale).astype(np.float32),
        (draw.normal(size=(low, columns)) * scale).astype(np.float32),
    )


def _loss(separation: Separation, high: np.ndarray, low: np.ndarray, penalty: float) -> float:
    standard = separation.weights * low.std(0)
    return float(
        0.5 * np.logaddexp(0, -separation.of(high)).mean()
        + 0.5 * np.logaddexp(0, separation.of(low)).mean()
        + penalty * (standard**2).sum()
    )


@settings(max_examples=25, deadline=None)
@given(seed=_SEEDS, penalty=st.sampled_from([0.001, 0.01, 1.0]))
def test_that_no_neighbouring_separation_has_a_lower_loss(seed: int, penalty: float) -> None:
    high, low = _classes(seed)
    found = separate(high, low, np.ones(len(high)), penalty)
    least = _loss(found, high, low, penalty)
    for direction in np.random.default_rng(seed).normal(size=(20, high.shape[1] + 1)) * 0.05:
        moved = (found.weights + direction[:-1] / low.std(0)).astype(np.float32)
        assert least <= _loss(Separation(moved, found.offset + direction[-1]), high, low, penalty) + 1e-6


@settings(max_examples=25, deadline=None)
@given(seed=_SEEDS)
def test_that_the_unit_of_a_column_does_not_change_what_is_found(seed: int) -> None:
    high, low = _classes(seed)
    unit = np.array([0.01, 1, 100, 7, 0.3, 2], np.float32)
    plain = separate(high, low, np.ones(len(high)), 0.01)
    scaled = separate(high * unit, low * unit, np.ones(len(high)), 0.01)
    np.testing.assert_allclose(scaled.of(high * unit), plain.of(high), atol=2e-2)


@settings(max_examples=25, deadline=None)
@given(seed=_SEEDS, times=st.integers(2, 4))
def test_that_a_row_with_twice_the_weight_counts_as_two_rows(seed: int, times: int) -> None:
    high, low = _classes(seed)
    weights = np.ones(len(high))
    weights[0] = times
    repeated = np.concatenate([high, *[high[:1]] * (times - 1)])
    weighted = separate(high, low, weights, 0.01)
    np.testing.assert_allclose(
        weighted.of(low), separate(repeated, low, np.ones(len(repeated)), 0.01).of(low), atol=2e-2
    )


@settings(max_examples=25, deadline=None)
@given(seed=_SEEDS)
def test_that_the_place_where_the_search_begins_does_not_change_what_is_found(seed: int) -> None:
    high, low = _classes(seed)
    cold = separate(high, low, np.ones(len(high)), 0.01)
    other = separate(low[:40], high, np.ones(40), 0.01)
    np.testing.assert_allclose(separate(high, low, np.ones(len(high)), 0.01, other).of(low), cold.of(low), atol=2e-2)


def test_that_a_column_without_spread_is_harmless() -> None:
    high, low = _classes(3)
    low[:, 2] = 5
    found = separate(high, low, np.ones(len(high)), 0.01)
    assert np.isfinite(found.weights).all()
    assert found.of(high).mean() > found.of(low).mean()


def test_that_far_apart_classes_end_the_search() -> None:
    far = np.full((3, 2), 1e6, np.float32)
    found = separate(far, -far + np.arange(3, dtype=np.float32)[:, None], np.ones(3), 0.001)
    assert found.of(far).min() > 0 > found.of(-far).max()


def test_that_more_of_one_class_does_not_move_the_middle() -> None:
    high, low = np.array([[1.0], [1.2]], np.float32), np.array([[-1.0], [-1.2]], np.float32)
    many = separate(high, np.repeat(low, 1000, 0), np.ones(2), 0.01)
    assert many.of(np.zeros((1, 1)))[0] == pytest.approx(0, abs=1e-3)
