"""The bank: who is nearest, how far, and how far rows are from each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.trainer.bank import DistanceScale, MemoryBank, bank_of

SEEDS = st.integers(0, 2**31 - 1)


def rows_of(seed: int, count: int = 40, width: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)


def distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.linalg.norm(one[:, None].astype(float) - other[None], axis=2)


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(1, 600))
def test_that_the_nearest_row_is_found(seed, count):
    bank, cells = MemoryBank.of_rows(rows_of(seed)), 2 * rows_of(seed + 1, count)
    distance, row = bank.nearest(cells)
    away = distances(cells, bank.rows)
    np.testing.assert_allclose(distance, away.min(1), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(away[np.arange(count), row], away.min(1), rtol=1e-3, atol=1e-3)


def test_that_cells_with_16_bits_have_the_distances_of_32_bits():
    bank, cells = MemoryBank.of_rows(rows_of(0)), rows_of(1).astype(np.float16)
    np.testing.assert_allclose(bank.nearest(cells)[0], bank.nearest(cells.astype(np.float32))[0], rtol=1e-6)


@settings(deadline=None, max_examples=20)
@given(SEEDS)
def test_that_spacing_is_the_mean_distance_to_the_five_nearest_rows(seed):
    rows = rows_of(seed, 300)
    away = np.sort(distances(rows, rows), axis=1)[:, 1:6].mean(1)
    np.testing.assert_allclose(MemoryBank.of_rows(rows).spacing, np.maximum(away, away.mean() / 10), rtol=1e-3)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_that_few_rows_have_a_spacing_too(count):
    spacing = MemoryBank.of_rows(rows_of(0, count)).spacing
    assert spacing.shape == (count,)
    assert (spacing > 0).all()


def test_that_rows_that_nearly_touch_do_not_blow_up_what_is_near_them():
    rows = rows_of(0, 60)
    rows[1:7] = rows[0] + 1e-6 * rows[1:7]
    bank = MemoryBank.of_rows(rows)
    assert bank.distances(rows[:1] + 0.1)[1].max() < 10 * bank.distances(rows_of(3))[1].max()


def test_that_distances_keep_the_shape_of_the_cells():
    distance, in_spacings = MemoryBank.of_rows(rows_of(0)).distances(rows_of(1, 24).reshape(2, 3, 4, 5))
    assert distance.shape == in_spacings.shape == (2, 3, 4)


def test_that_held_out_good_cells_have_an_anomaly_of_1_in_the_mean():
    distance, in_spacings = MemoryBank.of_rows(rows_of(0)).distances(rows_of(1))
    assert DistanceScale.of(distance, in_spacings).anomaly(distance, in_spacings).mean() == pytest.approx(1, rel=1e-4)


def test_that_pictures_that_are_all_equal_have_no_anomaly():
    nothing = np.zeros(9, np.float32)
    assert (DistanceScale.of(nothing, nothing).anomaly(nothing, nothing) == 0).all()


def test_that_only_the_pictures_asked_for_are_remembered():
    cells = rows_of(0, 600).reshape(10, 6, 10, 5).astype(np.float16)
    cells[5:] += 1000
    bank = bank_of(cells, np.arange(5), 1000, seed=0)
    assert len(bank.rows) == 300
    assert bank.rows.max() < 900


def test_that_the_same_seed_remembers_the_same():
    cells = rows_of(0, 600).reshape(10, 6, 10, 5).astype(np.float16)
    first, second, other = (bank_of(cells, np.arange(10), 50, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.rows, second.rows)
    assert not np.array_equal(first.rows, other.rows)
