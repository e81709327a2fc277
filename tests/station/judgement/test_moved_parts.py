"""A part that moved is judged where it lies; one that is not found is never PASS."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.frame import NotInspectedCause
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.part_code import CodeRule
from station.domain.part_location import PartLocation, Pose, SearchRange
from station.domain.recipe import ModelReference, View
from station.domain.verdict import Limits, Verdict
from station.judgement.rejudge import rejudge, rejudge_by, stored_result
from station.vision.moved_region import leaves_picture
from station.vision.part_locator import small_picture
from station.vision.preprocess import pyramid

SIZE, AROUND = (96, 128), RegionOfInterest(20, 12, 88, 72)
SEARCH = SearchRange(17, 10)


def plate(x: int = 0, y: int = 0) -> np.ndarray:
    image = np.full(SIZE, 60, np.uint8)
    image[24 + y : 72 + y, 30 + x : 98 + x] = 180
    image[24 + y : 40 + y, 30 + x : 46 + x] = 60
    return image


LOCATION = PartLocation.of(
    np.ascontiguousarray(small_picture(pyramid(plate()), AROUND.box, SEARCH).region), SEARCH, 0.6
)
MARK = np.zeros((8, 8), np.float32)
MARK[5, 6] = 0.9


@pytest.fixture
def inspect(make_inspector, make_frame):
    def judged(image: np.ndarray, score: float = 0.9, **settings):
        frame = replace(make_frame(*SIZE), image=image)
        return make_inspector(score, MARK, roi=AROUND, location=LOCATION, **settings).inspect(frame)

    return judged


def test_that_a_mark_is_shown_where_the_part_lies(inspect) -> None:
    straight, moved = inspect(plate()), inspect(plate(9, -7))
    (at, *_), (seen, *_) = straight.inspection.regions, moved.inspection.regions
    assert seen.x - at.x == pytest.approx(9, abs=3)
    assert seen.y - at.y == pytest.approx(-7, abs=3)
    assert moved.inspection.pred_score == straight.inspection.pred_score == 0.9
    assert moved.roi == (0, 0, 128, 96)
    assert "moved by 9, -7 px" in moved.inspection.conversion


def test_that_the_record_says_how_much_of_the_region_was_not_seen(inspect) -> None:
    usual, moved = (inspect(image, score=0.1).inspection for image in (plate(), plate(13, 6)))
    assert (usual.verdict, moved.verdict) == (Verdict.PASS, Verdict.PASS)
    assert "outside" not in usual.conversion + moved.conversion
    cut = inspect(plate(0, 14)).inspection
    assert "3% of its region outside of the picture" in cut.conversion


@pytest.mark.parametrize("image", [np.full(SIZE, 60, np.uint8), plate(28), 240 - plate()])
def test_that_a_part_that_is_not_found_is_never_passed(inspect, image):
    view = inspect(image, score=0.1).inspection
    assert view.verdict is Verdict.NOT_INSPECTED
    assert view.cause is NotInspectedCause.PART_NOT_FOUND
    assert "wanted is up to 17 % and 10 degrees" in view.reason


def test_that_the_ignore_mask_moves_with_the_part(inspect) -> None:
    covered = np.zeros(SIZE, bool)
    covered[54:70, 83:100] = True  # the marked cell of the usual place
    mask = IgnoreMask.of(covered)
    for image in (plate(), plate(9, -7), plate(-8, 6)):
        view = inspect(image, ignore=mask).inspection
        assert view.verdict is Verdict.PASS
        assert view.pred_score == 0
        assert not view.regions


def test_that_stored_maps_of_moved_parts_are_judged_again_alike(inspect) -> None:
    first = inspect(plate(9, -7))
    view = located_view()
    stored = stored_result(first.inspection, view, first.anomaly_map)
    assert rejudge(first, Limits()).inspection == first.inspection
    assert rejudge_by(stored, view).inspection == first.inspection
    assert rejudge_by(stored, replace(view, limits=Limits(0.95))).inspection.verdict is Verdict.PASS


def test_that_another_search_or_mask_needs_the_picture_again(inspect) -> None:
    first, view = inspect(plate(9, -7)), located_view()
    mask = IgnoreMask.of(np.eye(*SIZE, dtype=bool))
    for other in (replace(view, location=None), replace(view, ignore=mask)):
        with pytest.raises(BadInputError, match="looked for in another way"):
            rejudge_by(first, other)


def located_view() -> View:
    return View(ModelReference("m", "0" * 64), "top", roi=AROUND, location=LOCATION)


@pytest.mark.parametrize(("score", "limits"), [(0.1, Limits()), (0.4, Limits(review_threshold=0.3))])
def test_that_a_part_that_leaves_the_picture_has_no_verdict(inspect, score, limits):
    result = inspect(plate(0, 14), score=score, limits=limits)
    view = result.inspection
    assert (view.verdict, view.cause) == (Verdict.NOT_INSPECTED, NotInspectedCause.PART_LEAVES_PICTURE)
    assert view.reason == "the part leaves the picture; centre it"
    assert (view.pred_score, view.regions, result.anomaly_map) == (None, (), None)
    assert view.leaves_picture


def test_that_a_defect_in_a_part_that_leaves_the_picture_fails_and_never_passes_later(inspect) -> None:
    failed = inspect(plate(0, 14))
    assert failed.inspection.verdict is Verdict.FAIL
    assert rejudge(failed, Limits()).inspection == failed.inspection
    view = replace(located_view(), limits=Limits(0.95))
    stored = stored_result(failed.inspection, view, failed.anomaly_map)
    for later in (rejudge(failed, Limits(0.95)), rejudge_by(stored, view)):
        assert later.inspection.cause is NotInspectedCause.PART_LEAVES_PICTURE


def drawn_at(pose: Pose) -> np.ndarray:
    matrix = pose.in_frame(AROUND.box)
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return cv2.warpAffine(plate(), matrix, SIZE[::-1], borderMode=cv2.BORDER_REPLICATE)


poses = st.builds(Pose, st.floats(-16, 16), st.floats(-16, 16), st.floats(-12, 12))
_FOUND_TO_PX = 1.5


@given(poses)
def test_that_no_part_passes_unless_its_whole_region_lies_in_the_picture(make_inspector, make_frame, pose):
    frame = replace(make_frame(*SIZE), image=drawn_at(pose))
    view = make_inspector(0.1, MARK, roi=AROUND, location=LOCATION).inspect(frame).inspection
    x, y, width, height = AROUND.box
    corners = np.array([(x, y, 1), (x + width, y, 1), (x, y + height, 1), (x + width, y + height, 1)])
    placed = corners @ pose.in_frame(AROUND.box).T
    outside_px = max(-placed.min(), (placed - (SIZE[1], SIZE[0])).max())
    if view.verdict is Verdict.PASS:
        assert outside_px <= _FOUND_TO_PX
    if outside_px < -_FOUND_TO_PX:
        assert view.cause is not NotInspectedCause.PART_LEAVES_PICTURE


@given(poses)
def test_that_a_region_leaves_the_picture_exactly_if_a_place_of_it_does(pose):
    x, y, width, height = AROUND.box
    across, down = np.meshgrid(np.linspace(x, x + width, 45), np.linspace(y, y + height, 33))
    placed = np.stack([across, down, np.ones_like(across)], -1) @ pose.in_frame(AROUND.box).T
    rim = max(width, height) / 192
    outside = (placed < -rim).any() or (placed > np.array(SIZE[::-1]) + rim).any()
    assert leaves_picture(AROUND.box, pose, SIZE) == outside


@pytest.mark.parametrize(("up_px", "leaves"), [(2, False), (3, True), (9, True)])
def test_that_of_a_long_region_no_more_than_a_48th_of_the_shorter_side_may_be_unseen(up_px, leaves):
    assert leaves_picture((100, 0, 1920, 100), Pose(0, -up_px, 0), (1000, 2200)) == leaves
    assert leaves_picture((0, 100, 100, 1920), Pose(-up_px, 0, 0), (2200, 1000)) == leaves


def test_that_the_code_region_moves_with_the_part(make_inspector, make_frame) -> None:
    code = np.array(
        zxingcpp.write_barcode_to_image(zxingcpp.create_barcode("SN7", zxingcpp.BarcodeFormat.DataMatrix), 5)
    )
    image, (height, width) = cv2.resize(plate(), None, fx=5, fy=5), code.shape
    image[220 : 220 + height, 300 : 300 + width] = code
    roi, tight = RegionOfInterest(100, 60, 440, 360), RegionOfInterest(300, 220, width, height)
    reference = np.ascontiguousarray(small_picture(pyramid(image), roi.box, SEARCH).region)
    matrix = Pose(65, -20, 8).in_frame(roi.box)
    frame = replace(make_frame(), image=cv2.warpAffine(image, matrix, image.shape[::-1], borderValue=60))
    rule, location = CodeRule(tight), PartLocation.of(reference, SEARCH, 0.6)
    moved, unmoved = (
        make_inspector(0.1, MARK, roi=roi, location=where, code=rule).inspect(frame).inspection
        for where in (location, None)
    )
    assert (moved.code.text, moved.verdict) == ("SN7", Verdict.PASS)
    assert unmoved.code.problem
