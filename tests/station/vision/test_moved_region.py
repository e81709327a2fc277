"""The map of a region that moved with its part lies in the picture where the part lies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from station.domain.part_location import Pose
from station.vision.moved_region import box_around, map_in_frame, share_outside
from station.vision.regions import find_regions

SIZE = (480, 640)
maps = arrays.arrays(np.float32, st.tuples(st.integers(2, 24), st.integers(2, 24)), elements=st.floats(0, 1, width=32))
poses = st.builds(Pose, st.floats(-80, 80), st.floats(-80, 80), st.floats(-180, 180))
regions = st.tuples(st.integers(0, 200), st.integers(0, 150), st.integers(60, 400), st.integers(60, 300))


@given(maps, regions, poses)
def test_that_the_highest_place_stays_the_highest(anomaly_map, region, pose):
    assert map_in_frame(anomaly_map, region, pose, SIZE).max() == anomaly_map.max()


@given(regions, st.builds(Pose, st.floats(-40, 40), st.floats(-40, 40), st.floats(-20, 20)))
def test_that_a_mark_lies_where_the_part_has_it(region, pose):
    anomaly_map = np.zeros((10, 10), np.float32)
    anomaly_map[3, 6] = 1
    placed = map_in_frame(anomaly_map, region, pose, SIZE)
    x, y, width, height = region
    wanted = pose.in_frame(region) @ (x + 0.65 * width, y + 0.35 * height, 1)
    row, column = np.unravel_index(placed.argmax(), placed.shape)
    seen = (column + 0.5) * SIZE[1] / placed.shape[1], (row + 0.5) * SIZE[0] / placed.shape[0]
    inside = np.clip(wanted, 0, SIZE[::-1])
    assert seen == pytest.approx(inside, abs=max(width, height) / 10)


small_moves = st.builds(Pose, st.floats(-30, 30), st.floats(-30, 30), st.floats(-15, 15))
MARKED = st.tuples(st.integers(7, 18), st.integers(7, 18), st.integers(1, 4), st.integers(1, 4))


def area_px(anomaly_map, region, ignored=None):
    return sum(each.area_px for each in find_regions(anomaly_map, region, SIZE, 0.5, ignored))


@given(MARKED, small_moves, st.sampled_from([0.51, 0.6, 0.8, 1.0]))
def test_that_a_mark_of_a_moved_part_is_not_smaller(mark, pose, score):
    """With a least area, the part would pass where it lies, and fail in its usual place."""
    row, column, height, width = mark
    anomaly_map = np.zeros((28, 28), np.float32)
    anomaly_map[row : row + height, column : column + width] = score
    moved = map_in_frame(anomaly_map, (0, 0, 640, 480), pose, SIZE)
    assert area_px(moved, (0, 0, 640, 480)) >= 0.6 * area_px(anomaly_map, (0, 0, 640, 480))


@given(MARKED, small_moves)
def test_that_a_mark_beside_ignored_cells_is_not_smaller_if_the_part_moves(mark, pose):
    row, column, height, width = mark
    anomaly_map, ignored = np.zeros((28, 28), np.float32), np.zeros((28, 28), bool)
    anomaly_map[row : row + height, column : column + width] = 0.8
    ignored[row + height, :] = ignored[:, column - 1] = True
    moved = map_in_frame(anomaly_map, (0, 0, 640, 480), pose, SIZE, ignored)
    assert area_px(moved, (0, 0, 640, 480)) >= 0.6 * area_px(anomaly_map, (0, 0, 640, 480), ignored)


def test_that_what_was_not_judged_is_calm() -> None:
    placed = map_in_frame(np.ones((8, 8), np.float32), (200, 150, 160, 160), Pose(30, 0, 45), SIZE)
    assert 0 < placed.mean() < 0.2
    assert placed[0, 0] == 0


def test_that_an_unmoved_map_keeps_its_values_at_its_cells() -> None:
    anomaly_map = np.random.default_rng(0).random((10, 12), np.float32)
    placed = map_in_frame(anomaly_map, (0, 0, 640, 480), Pose(0, 0, 0), SIZE)
    assert placed.shape == (30, 36)
    assert (placed[1::3, 1::3] == anomaly_map).all()


def test_that_a_small_region_of_a_large_picture_has_a_bounded_map() -> None:
    placed = map_in_frame(np.ones((20, 20), np.float32), (1200, 900, 64, 64), Pose(3, 2, 5), (1944, 2592))
    assert max(placed.shape) <= 480
    assert placed.max() == 1


@given(regions, st.builds(Pose, st.floats(-300, 300), st.floats(-300, 300), st.floats(-180, 180)))
def test_that_the_share_outside_of_the_picture_is_that_of_its_places(region, pose):
    x, y, width, height = region
    across, down = np.meshgrid(x + (np.arange(100) + 0.5) * width / 100, y + (np.arange(100) + 0.5) * height / 100)
    columns, rows = pose.in_frame(region) @ np.stack([across.ravel(), down.ravel(), np.ones(across.size)])
    outside = (columns < 0) | (columns > SIZE[1]) | (rows < 0) | (rows > SIZE[0])
    assert share_outside(region, pose, SIZE) == pytest.approx(outside.mean(), abs=0.03)


@pytest.mark.parametrize(("pose", "share"), [(Pose(0, 0, 0), 0), (Pose(0, 0, 180), 0), (Pose(160, 0, 0), 0.25),
                                             (Pose(0, -480, 0), 1), (Pose(900, 0, 30), 1)])  # fmt: skip
def test_that_of_a_whole_picture_what_moved_out_is_outside(pose, share):
    assert share_outside((0, 0, 640, 480), pose, SIZE) == pytest.approx(share, abs=1e-6)


def test_that_a_box_that_moves_with_its_part_stays_upright_and_in_the_picture() -> None:
    region, box = (200, 150, 240, 180), (300, 220, 40, 40)
    assert box_around(box, region, Pose(0, 0, 0), SIZE) == box
    assert box_around(box, region, Pose(12.5, -7, 0), SIZE) == (312, 213, 41, 40)
    assert box_around(box, region, Pose(0, 0, 45), SIZE) == (291, 211, 58, 58)
    assert box_around(box, region, Pose(-310, 0, 0), SIZE) == (0, 220, 30, 40)
    assert box_around(box, region, Pose(-400, 0, 0), SIZE)[2] == 0
