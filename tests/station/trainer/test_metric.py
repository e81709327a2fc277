"""The metric of good parts: what they differ in anyway counts less, and nothing else changes."""

import numpy as np
import pytest

from station.trainer.cells import GoodCells
from station.trainer.coreset import Axes
from station.trainer.held_out import held_out
from station.trainer.metric import in_good_metric

COMPONENTS = 6


@pytest.fixture
def restless_axis() -> GoodCells:
    """200 pictures of 4 x 4 cells, each with a brightness of its own along the first axis."""
    rng = np.random.default_rng(4)
    cells = 0.5 * rng.standard_normal((200, 4, 4, COMPONENTS))
    cells[..., 0] += 300 * rng.standard_normal((200, 1, 1))
    axes = Axes(
        np.zeros(9, np.float32), np.eye(9, COMPONENTS, dtype=np.float32), cells.var((0, 1, 2)).astype(np.float32)
    )
    return GoodCells(axes, cells.astype(np.float16))


def test_that_an_axis_along_which_good_parts_differ_anyway_counts_less(restless_axis, tiny):
    scaled = in_good_metric(restless_axis, tiny, 0)
    lengths = np.linalg.norm(scaled.axes.directions, axis=0)
    assert lengths[0] < 0.7 * lengths[1:].min()


def test_that_features_are_projected_as_the_cells_were(restless_axis, tiny):
    features = np.pad(restless_axis.projected.astype(np.float32), [(0, 0)] * 3 + [(0, 3)])
    scaled = in_good_metric(restless_axis, tiny, 0)
    assert scaled.axes.project(features) == pytest.approx(scaled.projected.astype(np.float32), rel=2e-3, abs=0.02)
    assert scaled.axes.variances == pytest.approx(scaled.projected.astype(np.float32).var((0, 1, 2)), rel=0.2)


def test_that_equal_pictures_keep_their_metric(tiny):
    axes = Axes(np.zeros(9, np.float32), np.eye(9, COMPONENTS, dtype=np.float32), np.ones(COMPONENTS, np.float32))
    cells = np.ones((100, 4, 4, COMPONENTS), np.float16)
    scaled = in_good_metric(GoodCells(axes, cells.copy()), tiny, 0)
    assert np.array_equal(scaled.projected, cells)
    assert np.isfinite(held_out(scaled.projected, tiny, 0, 1, lambda step: None)[1].anomaly).all()


@pytest.mark.parametrize("count", [30, 60])
def test_that_some_pictures_keep_the_metric_of_their_features(count, restless_axis, tiny):
    few = GoodCells(restless_axis.axes, restless_axis.projected[:count])
    assert in_good_metric(few, tiny, 0) is few


@pytest.mark.parametrize("other", range(10))
def test_that_each_of_very_few_pictures_teaches_the_metric(other, restless_axis, tiny):
    cells = restless_axis.projected[:10].copy()
    cells[..., 0] = cells[..., 1]
    cells[other, ..., 2] += 100
    lengths = np.linalg.norm(in_good_metric(GoodCells(restless_axis.axes, cells), tiny, 0).axes.directions, axis=0)
    assert lengths[2] < 0.7 * lengths[[3, 4, 5]].min()
