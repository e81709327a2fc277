"""A part that moved is judged where it lies; one that is not found is never PASS."""

from dataclasses import replace

import numpy as np
import pytest

from station.domain.errors import BadInputError
from station.domain.frame import NotInspectedCause
from station.domain.ignore_mask import IgnoreMask
from station.domain.part_location import PartLocation, SearchRange
from station.domain.recipe import ModelReference, View
from station.domain.verdict import Limits, Verdict
from station.judgement.rejudge import rejudge, rejudge_by, stored_result
from station.vision.part_locator import small_picture
from station.vision.preprocess import pyramid

SIZE, WHOLE = (96, 128), (0, 0, 128, 96)
SEARCH = SearchRange(12, 10)


def plate(x: int = 0, y: int = 0) -> np.ndarray:
    image = np.full(SIZE, 60, np.uint8)
    image[24 + y : 72 + y, 30 + x : 98 + x] = 180
    image[24 + y : 40 + y, 30 + x : 46 + x] = 60
    return image


LOCATION = PartLocation.of(np.ascontiguousarray(small_picture(pyramid(plate()), WHOLE, SEARCH).region), SEARCH, 0.6)
MARK = np.zeros((8, 8), np.float32)
MARK[5, 6] = 0.9


@pytest.fixture
def inspect(make_inspector, make_frame):
    def judged(image: np.ndarray, score: float = 0.9, **settings):
        frame = replace(make_frame(*SIZE), image=image)
        return make_inspector(score, MARK, location=LOCATION, **settings).inspect(frame)

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
    usual, moved = (inspect(image, score=0.1).inspection for image in (plate(), plate(9, -7)))
    assert "outside" not in usual.conversion
    assert moved.verdict is Verdict.PASS
    assert moved.conversion.endswith("14% of its region outside of the picture")


@pytest.mark.parametrize("image", [np.full(SIZE, 60, np.uint8), plate(28), 240 - plate()])
def test_that_a_part_that_is_not_found_is_never_passed(inspect, image):
    view = inspect(image, score=0.1).inspection
    assert view.verdict is Verdict.NOT_INSPECTED
    assert view.cause is NotInspectedCause.PART_NOT_FOUND
    assert "wanted is up to 12 % and 10 degrees" in view.reason


def test_that_the_ignore_mask_moves_with_the_part(inspect) -> None:
    covered = np.zeros(SIZE, bool)
    covered[56:84, 90:118] = True  # the marked cell of the usual place
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
    return View(ModelReference("m", "0" * 64), "top", location=LOCATION)
