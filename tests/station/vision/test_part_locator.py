"""A part is found where it lies, to a fraction of a pixel, and alike on every machine."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.geometry import Box
from station.domain.part_location import PartLocation, Pose, SearchRange
from station.vision.moved_region import turned_back
from station.vision.part_locator import PartLocator, reference_size, small_picture
from station.vision.preprocess import pyramid

SIZE = (300, 400)
WHOLE: Box = (0, 0, 400, 300)
SEARCH = SearchRange(10, 15)
NOISE = np.random.default_rng(0).integers(0, 99, SIZE, np.uint8)


def part(colour: bool = False) -> np.ndarray:
    """A plate with a notch and a hole on a grey belt."""
    image = np.full(SIZE, 70, np.uint8)
    cv2.rectangle(image, (110, 90), (290, 210), 180, -1)
    cv2.rectangle(image, (110, 90), (150, 120), 70, -1)
    cv2.circle(image, (250, 180), 16, 110, -1)
    image = cv2.GaussianBlur(image, (5, 5), 1)
    return np.dstack([image] * 3) if colour else image


def moved(image: np.ndarray, pose: Pose) -> np.ndarray:
    matrix = pose.in_frame((0, 0, image.shape[1], image.shape[0]))
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return cv2.warpAffine(image, matrix, image.shape[1::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def located(region: Box = WHOLE, search: SearchRange = SEARCH) -> PartLocation:
    reference = np.ascontiguousarray(small_picture(pyramid(part()), region, search).region)
    return PartLocation.of(reference, search, 0.5)


LOCATOR = PartLocator(located())
poses = st.builds(Pose, st.floats(-38, 38), st.floats(-38, 38), st.floats(-14, 14))


@settings(max_examples=40, deadline=None)
@given(poses, st.booleans())
def test_that_a_part_is_found_to_two_pixels_and_a_degree(pose, colour):
    found = LOCATOR.find(pyramid(moved(part(colour), pose)), WHOLE)
    assert found.x_px == pytest.approx(pose.x_px, abs=2.0)
    assert found.y_px == pytest.approx(pose.y_px, abs=2.0)
    assert found.turn_deg == pytest.approx(pose.turn_deg, abs=1.0)
    assert located().accepts(found, WHOLE)


@settings(max_examples=20, deadline=None)
@given(poses, st.floats(0.4, 1.2), st.integers(-20, 40))
def test_that_light_and_contrast_do_not_move_it(pose, contrast, light):
    image = moved(part(), pose)
    other = np.clip(image * contrast + light, 0, 255).astype(np.uint8)
    bright, plain = (LOCATOR.find(pyramid(each), WHOLE) for each in (other, image))
    assert bright.x_px == pytest.approx(plain.x_px, abs=2.0)
    assert bright.turn_deg == pytest.approx(plain.turn_deg, abs=1.0)


def test_that_a_region_is_found_by_what_lies_in_it() -> None:
    region: Box = (90, 70, 220, 160)
    pose = Pose(12, -9, 8)
    matrix = pose.in_frame(region)
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    image = cv2.warpAffine(part(), matrix, SIZE[::-1], borderMode=cv2.BORDER_REPLICATE)
    found = PartLocator(located(region)).find(pyramid(image), region)
    assert (found.x_px, found.y_px, found.turn_deg) == pytest.approx((12, -9, 8), abs=0.8)


@pytest.mark.parametrize("picture", [np.full(SIZE, 90, np.uint8), NOISE])
def test_that_an_empty_picture_is_not_taken_for_the_part(picture):
    assert not located().accepts(LOCATOR.find(pyramid(picture), WHOLE), WHOLE)


@pytest.mark.parametrize("pose", [Pose(60, 0, 0), Pose(0, -50, 0), Pose(0, 0, 24), Pose(0, 0, -19)])
def test_that_a_part_outside_of_the_range_is_not_accepted(pose):
    found = LOCATOR.find(pyramid(moved(part(), pose)), WHOLE)
    assert not located().accepts(found, WHOLE)


@pytest.mark.parametrize("turn", [90, 175, 176.5, 178, 179.6, 180, -177, -179.6])
def test_that_a_part_is_found_and_accepted_however_it_is_turned(turn):
    anyhow = located(search=SearchRange(10, 180))
    found = PartLocator(anyhow).find(pyramid(moved(part(), Pose(5, 3, turn))), WHOLE)
    assert abs((found.turn_deg - turn + 180) % 360 - 180) < 1
    assert anyhow.accepts(found, WHOLE)


def test_that_a_pose_does_not_depend_on_the_order_of_sums() -> None:
    """The same figures as on the machine that wrote this test, of pixels that no library computes."""
    rows, columns = np.indices(SIZE)
    plate = (abs(columns - 212) < 70) & (abs(rows - 141) < 45) & ~((columns > 240) & (rows > 150))
    picture = np.where(plate, np.uint8(180), np.uint8(70))
    usual = small_picture(pyramid(np.roll(picture, (-7, -9), (0, 1))), WHOLE, SEARCH).region
    locator = PartLocator(PartLocation.of(np.ascontiguousarray(usual), SEARCH, 0.5))
    assert locator.find(pyramid(picture), WHOLE) == Pose(8.91, 7.05, 0.13, 0.996)


def test_that_a_picture_of_another_shape_is_not_the_part_and_no_fault() -> None:
    found = LOCATOR.find(pyramid(np.full((640, 320), 90, np.uint8)), (0, 0, 320, 640))
    assert not located().accepts(found, (0, 0, 320, 640))


@settings(max_examples=30, deadline=None)
@given(poses)
def test_that_a_part_turned_back_lies_in_its_usual_place(pose):
    back = turned_back(moved(part(), pose), 1, WHOLE, pose)
    inner = (slice(80, 220), slice(100, 300))
    assert np.abs(back[inner].astype(int) - part()[inner]).mean() < 3


def test_that_an_unmoved_region_is_left_as_it_is() -> None:
    image = np.random.default_rng(1).integers(0, 255, SIZE, np.uint8)
    assert (turned_back(image, 1, (40, 30, 120, 90), Pose(0, 0, 0)) == image[30:120, 40:160]).all()


@pytest.mark.parametrize("size", [(93, 69), (96, 69), (99, 75), (120, 90)])
def test_that_the_size_of_a_learned_reference_is_its_own(size):
    """A recipe that was taught by another version, with another rounding, still finds its part."""
    reference = np.ascontiguousarray(small_picture(pyramid(part()), WHOLE, SEARCH, size).region)
    location = PartLocation.of(reference, SEARCH, 0.5)
    assert (location.width, location.height) == size != reference_size(WHOLE)
    found = PartLocator(location).find(pyramid(moved(part(), Pose(21, -14, 8))), WHOLE)
    assert location.accepts(found, WHOLE)
    assert (found.x_px, found.y_px, found.turn_deg) == pytest.approx((21, -14, 8), abs=2)
