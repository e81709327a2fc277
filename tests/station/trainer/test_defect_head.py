"""What labelled defects teach, and that it is judged by pictures it was made without."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.learning.progress import no_progress
from station.trainer.cell_head import value_of
from station.trainer.defect_cells import DefectCells
from station.trainer.defect_head import DefectHead, folds_of_defects, learn_defect_head
from tests.station.trainer.planted import good_pictures, marked_square, planted_defect

_LIMIT = 1.6
_MARKED = marked_square() > 0


def _learn(defects: list[DefectCells], count: int = 30) -> DefectHead:
    return learn_defect_head(*good_pictures(0, count), defects, _LIMIT, 1, no_progress)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["crack", "scratch", "dent", "stain"]), min_size=1, max_size=40))
def test_that_every_defect_is_left_out_once(kinds):
    folds = folds_of_defects(kinds)
    assert sorted(np.concatenate(folds).tolist()) == list(range(len(kinds)))
    assert len(folds) == min(5, len(kinds)) or max(kinds.count(kind) for kind in kinds) < 5


def test_that_neighbours_of_a_kind_are_left_out_together():
    folds = folds_of_defects(["crack"] * 10 + ["scratch"] * 10)
    assert [fold.tolist() for fold in folds] == [[2 * k, 2 * k + 1, 10 + 2 * k, 11 + 2 * k] for k in range(5)]


def test_that_a_defect_which_the_distance_hardly_sees_is_found_by_its_direction():
    head = _learn([planted_defect(seed) for seed in range(1, 8)])
    unseen = planted_defect(99)
    value = value_of(head.direction, unseen.projected, unseen.anomaly)
    assert value[_MARKED].mean() > value[~_MARKED].mean() + 2
    assert head.left_out[:, _MARKED].mean() > head.good.mean() + 2


def test_that_values_of_good_pictures_have_mean_0_and_deviation_1():
    head = _learn([planted_defect(seed) for seed in range(1, 5)])
    assert head.good.mean() == pytest.approx(0, abs=0.1)
    assert head.good.std() == pytest.approx(1, abs=0.1)


def test_that_a_left_out_defect_does_not_know_its_own_direction():
    alone = planted_defect(20, component=5, by=9.0)
    head = _learn([*(planted_defect(seed, component=1) for seed in range(1, 9)), alone])
    taught = value_of(head.direction, alone.projected, alone.anomaly)
    assert taught[_MARKED].mean() > 2
    assert head.left_out[-1][_MARKED].mean() < 1


def test_that_a_kind_is_left_out_whole():
    cracks = [planted_defect(seed, "crack", component=1) for seed in range(1, 5)]
    dents = [planted_defect(seed, "dent", component=2, by=6.0) for seed in range(5, 9)]
    head = _learn([*cracks, *dents])
    assert head.kind_left_out is not None
    assert head.left_out[4:, _MARKED].mean() > 2
    assert head.kind_left_out[4:, _MARKED].mean() < 1


def test_that_one_kind_alone_cannot_be_left_out():
    assert _learn([planted_defect(1), planted_defect(2)]).kind_left_out is None


def test_that_a_single_defect_that_is_left_out_leaves_no_direction():
    head = _learn([planted_defect(1)])
    assert not head.left_out.any()
    assert head.direction.weights.any()


def test_that_a_good_picture_does_not_change_the_direction_it_is_valued_by():
    good, anomaly = good_pictures(0, 12)
    defects = [planted_defect(seed, component=3) for seed in range(1, 4)]
    values = []
    for times in (0, 1, 2):
        changed = good.copy()
        changed[7] *= times
        values.append(learn_defect_head(changed, anomaly, defects, _LIMIT, 1, no_progress).good[7])
    np.testing.assert_allclose(values[2] - values[1], values[1] - values[0], atol=1e-3)
