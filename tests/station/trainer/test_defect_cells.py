"""Which cells are taken for a defect, and which for good."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from station.trainer.defect_cells import DefectCells, defect_places, sample
from tests.station.trainer.planted import COMPONENTS, GRID, good_pictures, marked_square, planted_defect

_SHARES = arrays(np.float32, GRID, elements=st.floats(0, 1, width=32))
_ANOMALIES = arrays(np.float32, GRID, elements=st.floats(0, 10, width=32))


def _defect(anomaly: np.ndarray, cover: np.ndarray | None) -> DefectCells:
    return DefectCells("crack", np.zeros((*GRID, COMPONENTS), np.float32), anomaly, cover)


@settings(deadline=None, max_examples=50)
@given(_ANOMALIES, st.none() | _SHARES, st.floats(0, 10))
def test_that_each_defect_has_from_1_to_60_different_cells(anomaly, cover, limit):
    places = defect_places(_defect(anomaly, cover), limit)
    assert 1 <= len(places) <= 60
    assert len(set(places.tolist())) == len(places)


@settings(deadline=None, max_examples=50)
@given(_ANOMALIES, _SHARES, st.floats(0, 10))
def test_that_with_a_mask_only_cells_that_it_covers_are_taken(anomaly, cover, limit):
    if cover.any():
        places = defect_places(_defect(anomaly, cover), limit)
        assert (cover.ravel()[places] >= min(0.5, cover.max() / 2)).all()


def test_that_a_mask_smaller_than_half_a_cell_marks_the_cell_it_lies_in():
    cover = np.zeros(GRID, np.float32)
    cover[5, 5] = 0.1
    assert defect_places(_defect(np.ones(GRID, np.float32), cover), 2.0).tolist() == [5 * GRID[1] + 5]


def test_that_of_a_generous_mask_the_more_anomalous_half_is_taken():
    anomaly = np.ones(GRID, np.float32)
    anomaly[:, :5] = 3
    places = defect_places(_defect(anomaly, np.ones(GRID, np.float32)), 2.0)
    assert (places % GRID[1] < 5).all()


def test_that_without_a_mask_the_most_anomalous_places_are_taken():
    anomaly = np.ones(GRID, np.float32)
    anomaly[2:5, 6:9] = 4
    rows, columns = np.divmod(defect_places(_defect(anomaly, None), 2.0), GRID[1])
    assert (rows >= 2).all()
    assert (rows < 5).all()
    assert (columns >= 6).all()


def test_that_a_mask_that_marks_nothing_is_taken_for_no_mask():
    defect = planted_defect(1)
    empty = replace(defect, cover=np.zeros(GRID, np.float32))
    without = replace(defect, cover=None)
    assert not empty.masked
    np.testing.assert_array_equal(defect_places(empty, 1.2), defect_places(without, 1.2))


def test_that_of_good_pictures_the_most_anomalous_cells_are_always_taken():
    good, anomaly = good_pictures(4)
    anomaly[:, 6, 6] = 9
    samples = sample(good, anomaly, [planted_defect(5)], 2.0)
    assert (samples.good[:, samples.at_random :, -1] == 9).any(1).all()


def test_that_the_rows_are_features_and_anomaly_of_the_same_cell():
    good, anomaly = good_pictures(6, 3)
    samples = sample(good, anomaly, [planted_defect(7)], 2.0)
    cells = np.concatenate([good[1], anomaly[1][..., None]], 2).reshape(-1, COMPONENTS + 1)
    known = {tuple(cell) for cell in cells}
    assert {tuple(row) for row in samples.good[1]} <= known


def test_that_very_many_good_pictures_give_fewer_cells_each():
    good, anomaly = good_pictures(8, 1)
    many = np.broadcast_to(good, (1500, *good.shape[1:]))
    samples = sample(many, np.broadcast_to(anomaly, (1500, *GRID)), [planted_defect(9)], 2.0)
    assert samples.good[..., 0].size <= 40_000


def test_that_the_marked_square_is_what_was_planted():
    moved = planted_defect(2, by=50.0).projected[..., 0] > 20
    np.testing.assert_array_equal(moved, marked_square() > 0)
