"""Where a part is anomalous."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from station.domain.geometry import Region
from station.domain.inspection import UNLIKE
from station.domain.verdict import Limits, Prediction, Verdict, judge
from station.vision.map_upsampling import refined
from station.vision.regions import find_regions, label_regions, marked_share, place_in_words, reason, unlike_reason

ROI, PICTURE = (100, 50, 640, 480), (600, 800)

maps = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    elements=st.floats(0, 1, width=32),
    fill=st.just(np.float32(0.1)),
)


def prediction(anomaly_map: np.ndarray) -> Prediction:
    return Prediction(0.9, 30.0, anomaly_map.astype(np.float32))


def one_cell(row: int, column: int, score: float = 0.9, grid: int = 32) -> np.ndarray:
    anomaly_map = np.full((grid, grid), 0.1, np.float32)
    anomaly_map[row, column] = score
    return anomaly_map


@given(maps, st.floats(0.05, 0.95))
def test_that_there_is_a_region_exactly_where_the_map_lies_above_the_limit(anomaly_map, limit):
    regions = find_regions(anomaly_map, ROI, PICTURE, limit)
    assert bool(regions) == bool((anomaly_map > limit).any())
    if regions:
        assert regions[0].score == float(anomaly_map.max())


@given(maps, st.floats(0.05, 0.95))
def test_that_regions_lie_in_the_inspected_part_of_the_picture_and_are_sorted(anomaly_map, limit):
    regions = find_regions(anomaly_map, ROI, PICTURE, limit)
    for region in regions:
        assert region.w >= 1
        assert region.h >= 1
        assert region.x >= 100
        assert region.y >= 50
        assert region.x + region.w <= 741
        assert region.y + region.h <= 531
        assert 1 <= region.area_px <= region.w * region.h + 1
        assert limit < region.score <= 1
    assert [region.score for region in regions] == sorted((region.score for region in regions), reverse=True)


@given(maps)
def test_that_refining_keeps_every_cell_and_makes_no_new_extreme(anomaly_map):
    fine = refined(anomaly_map)
    factor = fine.shape[0] // anomaly_map.shape[0]
    assert factor % 2 == 1
    assert max(fine.shape) <= 128
    assert np.array_equal(fine[factor // 2 :: factor, factor // 2 :: factor], anomaly_map)
    assert fine.max() == anomaly_map.max()
    assert fine.min() == pytest.approx(anomaly_map.min(), abs=1e-6)


def test_that_a_map_finer_than_needed_is_taken_as_it_is():
    anomaly_map = np.random.default_rng(0).random((300, 200), np.float32)
    assert np.array_equal(refined(anomaly_map), anomaly_map)


def test_that_a_square_has_its_place_and_area_in_pixels_of_the_original_picture():
    anomaly_map = np.zeros((32, 32), np.float32)
    anomaly_map[8:16, 4:8] = 1
    (region,) = find_regions(anomaly_map, (0, 0, 3200, 1600), (1600, 3200), 0.5)
    assert (region.x, region.y, region.w, region.h) == pytest.approx((400, 400, 400, 400), abs=40)
    assert region.area_px == pytest.approx(400 * 400, rel=0.1)
    assert region.place == "left"


def test_that_two_marks_are_two_regions_and_the_worse_one_comes_first():
    anomaly_map = np.maximum(one_cell(2, 2, 0.7), one_cell(29, 29, 0.8))
    first, second = find_regions(anomaly_map, ROI, PICTURE, 0.5)
    assert (first.place, second.place) == ("lower right", "upper left")
    assert first.score > second.score


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (0, ["upper left", "top", "upper right"]),
        (1, ["left", "centre", "right"]),
        (2, ["lower left", "bottom", "lower right"]),
    ],
)
def test_that_each_of_the_nine_places_has_its_word(row, words):
    for column, word in enumerate(words):
        cell = one_cell(3 * row + 1, 3 * column + 1, grid=9)
        assert [region.place for region in find_regions(cell, ROI, PICTURE, 0.5)] == [word]
        for down in (row / 3 + 0.001, row / 3 + 0.332):
            for across in (column / 3 + 0.001, column / 3 + 0.332):
                assert place_in_words(across, down) == word


def test_that_the_very_edges_have_a_word_too():
    assert place_in_words(0, 0) == "upper left"
    assert place_in_words(1, 1) == "lower right"


def region(area_px: int, place: str = "upper left") -> Region:
    return Region(1, 2, 3, 4, area_px, 0.8, place)


@pytest.mark.parametrize(
    ("verdict", "regions", "limits", "sentence"),
    [
        (Verdict.FAIL, [region(412)], Limits(), "mark 412 px2, upper left"),
        (Verdict.REVIEW, [region(412)], Limits(), "mark 412 px2, upper left"),
        (Verdict.FAIL, [region(412), region(5)], Limits(), "mark 412 px2, upper left, and 1 more"),
        (Verdict.FAIL, [region(5), region(412, "top")], Limits(min_area_px=50), "mark 412 px2, top"),
        (Verdict.FAIL, [], Limits(), "no single mark, unusual overall, most at the lower right"),
        (Verdict.PASS, [], Limits(), "no marks"),
        (Verdict.PASS, [region(412)], Limits(), "slight marks, all within the limit"),
        (Verdict.PASS, [region(5)], Limits(min_area_px=50), "only marks below 50 px2"),
        (Verdict.NOT_INSPECTED, [], Limits(), "the model failed on this picture"),
    ],
)
def test_that_the_reason_is_one_sentence_an_operator_understands(verdict, regions, limits, sentence):
    assert reason(verdict, regions, prediction(one_cell(30, 30)), limits) == sentence


@pytest.mark.parametrize("min_area_px", [0, 1000])
def test_that_a_part_rejected_by_the_whole_part_alone_says_so(min_area_px):
    whole = Prediction(0.7, 7.0, one_cell(30, 30, 0.45))
    limits = Limits(min_area_px=min_area_px)
    assert judge(whole, limits) is Verdict.FAIL
    assert reason(Verdict.FAIL, [], whole, limits) == "the whole part looks different"


def test_that_a_part_rejected_by_a_mark_keeps_its_mark_as_the_reason():
    both = Prediction(0.9, 7.0, one_cell(30, 30, 0.6))
    assert reason(Verdict.FAIL, [region(412)], both, Limits()) == "mark 412 px2, upper left"


def test_that_regions_of_a_mask_are_numbered_with_their_areas_and_touch_at_corners() -> None:
    labels, areas = label_regions(np.array([[1, 0, 0, 1], [0, 1, 0, 1]], bool))
    assert list(areas) == [4, 2, 2]
    assert labels[0, 0] == labels[1, 1] != labels[0, 3] == labels[1, 3]
    assert labels[0, 1] == 0


def test_that_a_picture_that_is_mostly_marked_does_not_look_like_the_product() -> None:
    assert marked_share([Region(0, 0, 90, 80, 6000, 0.9, "centre")], (0, 0, 100, 100)) == 0.6
    assert marked_share([], (0, 0, 0, 0)) == 0.0
    words = unlike_reason(0.6, "Steel plate")
    assert words == (
        "this does not look like Steel plate: is the right product chosen, has the camera moved? "
        "60 % of the picture is marked"
    )
    assert unlike_reason(0.6, "").startswith(f"{UNLIKE} the product:")
