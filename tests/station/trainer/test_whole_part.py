"""The whole part: good places in the wrong areas are far, good parts are near, and nothing is ever subtracted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.trainer.folds import folds_of
from station.trainer.whole_part import CoarseDistance, area_weights, averages_of, learn_whole_part

GRID = (9, 12)


def good_cells(count: int, seed: int = 0) -> np.ndarray:
    """Return cells (n, *GRID, 4): each column of areas has its own look, and each part differs a little as a whole."""
    draw = np.random.default_rng(seed)
    look = np.repeat(draw.normal(size=(3, 4)), 4, axis=0)
    own = 0.1 * draw.normal(size=(count, 1, 1, 4))
    return (look + own + 0.05 * draw.normal(size=(count, *GRID, 4))).astype(np.float16)


def assembled_wrongly(cells: np.ndarray) -> np.ndarray:
    """Return the same cells, the left third in the place of the right one."""
    return np.roll(cells, GRID[1] // 3, axis=2)


@pytest.fixture
def scores() -> np.ndarray:
    return np.random.default_rng(3).normal(2, 0.2, 40)


@given(st.integers(1, 40), st.integers(1, 40))
def test_that_each_area_is_an_average_of_neighbours_and_each_place_is_in_one(height, width):
    weights = area_weights((height, width))
    assert weights.shape == (9, height * width)
    np.testing.assert_allclose(weights.sum(1), 1, rtol=1e-5)
    assert (weights > 0).any(0).all()
    if min(height, width) >= 3:
        assert ((weights > 0).sum(0) == 1).all()


def test_that_the_averages_are_those_of_three_by_three_areas():
    cells = good_cells(2)
    expected = [cells[1, 3:6, 4:8].astype(np.float32).mean((0, 1)), cells[1, 6:, 8:].astype(np.float32).mean((0, 1))]
    found = averages_of(cells)[1].reshape(9, 4)
    np.testing.assert_allclose(found[[4, 8]], expected, rtol=1e-4)


@pytest.mark.parametrize("pictures", [5, 40, 120])
def test_that_the_distance_is_that_of_the_whole_shrunk_covariance(pictures):
    averages, others = averages_of(good_cells(pictures)), averages_of(good_cells(7, seed=1))
    exact = averages.astype(np.float64)
    scale = exact.std(0) + 0.1 * exact.std(0).mean()
    x, strange = (exact - exact.mean(0)) / scale, (others - exact.mean(0)) / scale
    covariance = x.T @ x / pictures
    size = len(covariance)
    shrunk = 0.6 * covariance + 0.4 * np.trace(covariance) / size * np.eye(size)
    expected = np.sqrt(np.einsum("ni,ij,nj->n", strange, np.linalg.inv(shrunk), strange) / size)
    np.testing.assert_allclose(CoarseDistance.of(averages)(others), expected, rtol=2e-3)


def test_that_a_part_of_good_places_in_wrong_areas_adds_far_more_than_any_good_part(scores):
    whole, held_out = learn_whole_part(good_cells(40), scores)
    wrong = whole.added(assembled_wrongly(good_cells(40)[:5]))
    assert wrong.min() > 5 * held_out.max() > 0


@given(st.integers(0, 1000))
def test_that_the_whole_part_never_takes_anything_from_the_score(seed):
    whole, held_out = learn_whole_part(good_cells(40), np.linspace(1, 2, 40))
    assert min(whole.added(good_cells(3, seed)).min(), held_out.min()) >= 0


def test_that_no_good_part_is_measured_by_a_distance_that_knows_it(scores):
    cells = good_cells(40)
    odd = cells.copy()
    odd[7] = assembled_wrongly(cells[7:8])[0]
    whole, held_out = learn_whole_part(odd, scores)
    fold = next(fold for fold in folds_of(40) if 7 in fold)
    distance = CoarseDistance.of(averages_of(np.delete(odd, fold, axis=0)))(averages_of(odd[7:8]))
    np.testing.assert_allclose(held_out[7], whole.of_distances(distance)[0], rtol=1e-4)
    assert held_out[7] > 2 * whole.added(odd[7:8])[0]


def test_that_equal_good_pictures_add_nothing_and_give_numbers():
    whole, held_out = learn_whole_part(np.repeat(good_cells(1), 6, axis=0), np.ones(6))
    assert not held_out.any()
    assert np.isfinite(whole.added(good_cells(3))).all()
