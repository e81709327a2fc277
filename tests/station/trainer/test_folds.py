"""Which pictures are held out together: neighbours, and no whole lot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.trainer.folds import folds_of, once_held_out


@given(st.integers(2, 700))
def test_that_every_picture_is_held_out_once(count):
    folds = folds_of(count)
    assert sorted(np.concatenate(folds).tolist()) == list(range(count))
    assert all(0 < len(fold) < count for fold in folds)


@pytest.mark.parametrize(("count", "folds"), [(2, 2), (8, 8), (45, 10), (61, 5), (200, 5)])
def test_that_few_pictures_have_more_folds(count, folds):
    assert len(folds_of(count)) == folds


def test_that_neighbours_are_held_out_together_and_lots_are_not():
    assert folds_of(200)[0][:8].tolist() == [0, 1, 2, 3, 20, 21, 22, 23]


@pytest.mark.parametrize(("count", "first"), [(8, [0]), (31, [0, 10, 20, 30]), (100, [0, 1, 10, 11, 20, 21])])
def test_that_runs_are_shorter_if_there_are_few_pictures(count, first):
    assert folds_of(count)[0][:6].tolist() == first


@pytest.mark.parametrize("count", [5, 12, 31, 60, 61, 200, 500])
def test_that_about_a_fifth_is_held_out_once(count):
    numbers = once_held_out(count)
    assert len(set(numbers.tolist())) == len(numbers)
    assert count / 10 <= len(numbers) <= count / 4 + 1
    assert (np.diff(numbers) > 0).all()
