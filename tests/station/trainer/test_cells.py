"""The cells of good pictures: each in its place, from components that all pictures have a part in."""

import numpy as np
import pytest

from station.learning.presets import Method
from station.learning.progress import no_progress
from station.trainer import cells as module
from station.trainer.cells import learn_cells

METHOD = Method(name="tiny", stages=(2,), pca_components=8)


def features_of(number: int) -> np.ndarray:
    return np.random.default_rng(number).standard_normal((3, 4, 8)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 7, 60, 61, 130])
def test_that_each_picture_keeps_its_place(count):
    good = learn_cells(features_of, range(count), METHOD, 2, no_progress)
    assert good.projected.shape == (count, 3, 4, 8)
    for number in range(count):
        expected = good.axes.project(features_of(number))
        np.testing.assert_allclose(good.projected[number].astype(np.float32), expected, atol=0.01)


def test_that_the_components_come_from_pictures_spread_over_all(monkeypatch):
    monkeypatch.setattr(module, "_FOR_AXES", 3)
    looked_at = []

    def watched(number):
        looked_at.append(number)
        return features_of(number)

    learn_cells(watched, range(101), METHOD, 1, no_progress)
    assert looked_at[:3] == [0, 50, 100]
    assert sorted(looked_at) == list(range(101))


def test_that_every_picture_counts_in_the_progress():
    steps = []
    learn_cells(features_of, range(70), METHOD, 2, steps.append)
    assert sum(step.done == step.total for step in steps) == 2
    assert {step.total for step in steps} == {60, 70}


def share_of_whole(pictures: int, whole_weight: float) -> float:
    """Return what the features of stage 6 weigh in the components, beside those of the other stages."""

    def features_of(number):
        return np.random.default_rng(number).standard_normal((3, 4, 472)).astype(np.float32)

    method = Method(name="half", pca_components=8, whole_weight=whole_weight)
    axes = learn_cells(features_of, range(pictures), method, 1, no_progress).axes
    shares = np.square(axes.directions).sum(1)
    return float(shares[-320:].mean() / shares[:-320].mean())


@pytest.mark.slow
def test_that_the_stage_that_sees_the_whole_weighs_as_the_method_says():
    assert share_of_whole(30, 0.5) < 0.25


@pytest.mark.slow
def test_that_the_stage_that_sees_the_whole_weighs_more_with_very_few_pictures():
    assert share_of_whole(10, 0.85) > 2 * share_of_whole(30, 0.85)
