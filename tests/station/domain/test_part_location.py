"""A location is checked when it is made, and says the same after it was written down."""

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.part_location import PartLocation, Pose, SearchRange

REFERENCE = np.arange(18, dtype=np.uint8).reshape(3, 6)


def test_that_a_reference_comes_back_as_it_was() -> None:
    assert (PartLocation.of(REFERENCE, SearchRange(), 0.5).pixels() == REFERENCE).all()


@pytest.mark.parametrize(
    ("shift", "turn"), [(0, 5), (31, 5), (10, -1), (10, 181), (float("nan"), 5), (10, float("nan"))]
)
def test_that_a_range_has_bounds(shift, turn):
    with pytest.raises(ValueError, match="a part may be"):
        SearchRange(shift, turn)


@pytest.mark.parametrize(
    "change",
    [
        {"min_likeness": 1.5},
        {"min_likeness": float("nan")},
        {"width": 5},
        {"height": 100_000},
        {"reference": "no base64!"},
        {"reference": base64.b64encode(b"not compressed").decode()},
        {"reference": base64.b64encode(zlib.compress(bytes(10**7))).decode()},
    ],
)
def test_that_a_damaged_location_is_refused(change):
    text = PartLocation.of(REFERENCE, SearchRange(), 0.5).reference
    fields = {"width": 6, "height": 3, "reference": text, "search": SearchRange(), "min_likeness": 0.5}
    with pytest.raises(ValueError, match=r"likeness|reference"):
        PartLocation(**{**fields, **change})


def test_that_a_reference_that_cannot_be_compared_at_a_third_of_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="sides of a multiple of 3, not 4 x 3"):
        PartLocation.of(np.zeros((3, 4), np.uint8), SearchRange(), 0.5)


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(-180, 180))
def test_that_the_middle_of_the_region_moves_as_the_pose_says(x, y, turn):
    moved = Pose(x, y, turn).in_frame((10, 20, 100, 60)) @ (60, 50, 1)
    assert moved == pytest.approx((60 + x, 50 + y))


def test_that_a_positive_turn_is_clockwise() -> None:
    right_of_middle = Pose(0, 0, 90).in_frame((0, 0, 100, 100)) @ (90, 50, 1)
    assert right_of_middle == pytest.approx((50, 90))


@pytest.mark.parametrize(
    ("pose", "accepted"),
    [(Pose(10, -10, 15, 0.5), True), (Pose(11, 0, 0), False), (Pose(0, -11, 0), False), (Pose(0, 0, -16), False),
     (Pose(0, 0, 0, 0.49), False), (Pose(0, 0, 0, float("nan")), False)],
)  # fmt: skip
def test_that_only_a_place_within_the_range_and_alike_enough_is_the_part(pose, accepted):
    location = PartLocation.of(REFERENCE, SearchRange(10, 15), 0.5)
    assert location.accepts(pose, (0, 0, 100, 50)) is accepted
