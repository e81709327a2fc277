"""What is remembered: axes that are principal, and rows spread out as far as greed can."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from station.trainer.coreset import Axes, Moments, greedy_coreset, principal_axes

SEEDS = st.integers(0, 2**31 - 1)


def random_features(seed: int, rows: int = 60, width: int = 6) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(rows, width, generator=generator) * torch.arange(1.0, width + 1)


def unprojected(width: int) -> Axes:
    return Axes(torch.zeros(width), torch.eye(width))


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(1, 59))
def test_that_moments_of_parts_add_up_and_subtract(seed, cut):
    rows = random_features(seed)
    whole, first, second = Moments.of_rows(rows), Moments.of_rows(rows[:cut]), Moments.of_rows(rows[cut:])
    for moments, expected in ((first + second, whole), (whole - first, second)):
        assert moments.count == expected.count
        torch.testing.assert_close(moments.total, expected.total, rtol=1e-4, atol=1e-3)
        torch.testing.assert_close(moments.products, expected.products, rtol=1e-4, atol=1e-2)


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_that_the_axes_are_those_of_the_singular_value_decomposition(seed):
    rows = random_features(seed)
    axes = principal_axes(Moments.of_rows(rows), 3)
    _, _, expected = np.linalg.svd((rows - rows.mean(0)).numpy(), full_matrices=False)
    overlap = np.abs(expected[:3] @ axes.directions.numpy())
    np.testing.assert_allclose(overlap, np.eye(3), atol=0.02)


def test_that_projection_keeps_distances_when_all_axes_are_kept():
    rows = random_features(1)
    projected = principal_axes(Moments.of_rows(rows), 99).project(rows.half())
    assert projected.shape == rows.shape
    torch.testing.assert_close(torch.cdist(projected, projected), torch.cdist(rows, rows), rtol=0.01, atol=0.05)


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_that_every_row_of_the_bank_is_the_farthest_from_those_before_it(seed):
    rows = random_features(seed)
    bank = greedy_coreset(rows, torch.arange(60), unprojected(6), 10, torch.Generator().manual_seed(seed))
    for count in range(1, 10):
        farthest = torch.cdist(rows, bank[:count]).amin(1).max()
        assert torch.cdist(bank[count : count + 1], bank[:count]).min() == pytest.approx(float(farthest), rel=1e-3)


def test_that_rows_that_are_not_eligible_are_never_remembered():
    rows = random_features(2)
    rows[30:] += 1000
    bank = greedy_coreset(rows, torch.arange(30), unprojected(6), 100, torch.Generator().manual_seed(0))
    assert bank.shape == (30, 6)
    assert bank.max() < 900


def test_that_the_same_seed_remembers_the_same():
    banks = [
        greedy_coreset(random_features(3), torch.arange(60), unprojected(6), 9, torch.Generator().manual_seed(4))
    ] * 2
    torch.testing.assert_close(*banks, rtol=0, atol=0)
