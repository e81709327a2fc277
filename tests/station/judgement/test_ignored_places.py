"""A mark inside the ignore mask changes no verdict; a mark outside is judged as if there were no mask."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from station.domain.errors import BadInputError
from station.domain.frame import NotInspectedCause
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.verdict import Limits, Prediction, Verdict
from station.judgement.inspector import decide
from station.judgement.rejudge import rejudge, rejudge_by

GRID, ROI, SIZE = (6, 8), (0, 0, 64, 48), (48, 64)
maps = arrays.arrays(np.float32, GRID, elements=st.floats(0, 1, width=32))
some_cells = arrays.arrays(bool, GRID).filter(lambda cells: cells.any() and not cells.all())
any_limits = st.builds(
    Limits,
    image_threshold=st.floats(0.3, 0.9),
    review_threshold=st.none() | st.floats(0.05, 0.25),
    pixel_threshold=st.floats(0.1, 0.9),
    min_area_px=st.integers(0, 400),
)


def of_places(anomaly_map: np.ndarray) -> Prediction:
    """The score is that of the highest place, as of every model that does not check the whole part."""
    return Prediction(float(anomaly_map.max()), 1.0, anomaly_map)


def pixels(cells: np.ndarray) -> np.ndarray:
    return cells.repeat(8, 0).repeat(8, 1)


@given(maps, maps, some_cells, any_limits)
def test_that_a_mark_wholly_inside_the_mask_never_changes_the_decision(calm, marked, ignored, limits) -> None:
    with_mark = np.where(ignored, marked, calm)
    before = decide(of_places(calm), limits, ROI, SIZE, ignored=ignored)
    assert decide(of_places(with_mark), limits, ROI, SIZE, ignored=ignored) == before


@given(st.data(), any_limits)
def test_that_a_mark_apart_from_the_mask_is_judged_as_without_one(data, limits) -> None:
    left = np.zeros(GRID, np.float32)
    left[:, :4] = data.draw(arrays.arrays(np.float32, (6, 4), elements=st.floats(0, 1, width=32)))
    ignored = np.zeros(GRID, bool)
    ignored[:, 6:] = data.draw(arrays.arrays(bool, (6, 2)))
    with_mask = decide(of_places(left), limits, ROI, SIZE, ignored=ignored)
    without = decide(of_places(left), limits, ROI, SIZE)
    assert (with_mask.verdict, with_mask.regions) == (without.verdict, without.regions)


@given(maps, some_cells, any_limits)
def test_that_the_highest_place_outside_decides(anomaly_map, ignored, limits) -> None:
    bare = np.where(ignored, np.float32(0), anomaly_map)
    limits = replace(limits, min_area_px=0)
    masked = decide(of_places(anomaly_map), limits, ROI, SIZE, ignored=ignored)
    assert masked.pred_score == float(bare.max())
    assert masked.verdict is decide(of_places(bare), limits, ROI, SIZE).verdict


@pytest.mark.parametrize("beside", [0.0, 0.1, 0.9])
def test_that_a_mark_beside_the_mask_keeps_all_of_its_area_outside(beside) -> None:
    anomaly_map = np.full(GRID, 0.1, np.float32)
    anomaly_map[2:4, 2:4] = 0.9
    anomaly_map[:, 4:] = beside
    ignored = np.zeros(GRID, bool)
    ignored[:, 4:] = True
    limits = Limits(min_area_px=4 * 64)
    decision = decide(of_places(anomaly_map), limits, ROI, SIZE, ignored=ignored)
    assert decision.verdict is Verdict.FAIL


@given(maps, some_cells, any_limits)
def test_that_no_region_lies_inside_the_mask(anomaly_map, ignored, limits) -> None:
    covered = pixels(ignored)
    for region in decide(of_places(anomaly_map), limits, ROI, SIZE, ignored=ignored).regions:
        assert not covered[region.y : region.y + region.h, region.x : region.x + region.w].all()


def test_that_a_place_without_a_score_never_passes_even_if_it_is_ignored() -> None:
    anomaly_map = np.zeros(GRID, np.float32)
    anomaly_map[0, 0] = np.nan
    ignored = np.zeros(GRID, bool)
    ignored[0, 0] = True
    decision = decide(Prediction(0.1, 0.1, anomaly_map), Limits(), ROI, SIZE, ignored=ignored)
    assert decision.verdict is Verdict.NOT_INSPECTED


def test_that_nothing_passes_if_all_places_are_ignored() -> None:
    decision = decide(of_places(np.zeros(GRID, np.float32)), Limits(), ROI, SIZE, ignored=np.ones(GRID, bool))
    assert decision.verdict is Verdict.NOT_INSPECTED


def test_that_the_look_of_the_whole_part_is_judged_whatever_is_ignored() -> None:
    anomaly_map = np.full(GRID, 0.2, np.float32)
    ignored = np.zeros(GRID, bool)
    ignored[:3] = True
    decision = decide(Prediction(0.9, 1.0, anomaly_map), Limits(), ROI, SIZE, ignored=ignored)
    assert (decision.verdict, decision.pred_score) == (Verdict.FAIL, 0.9)


def test_that_a_frame_of_another_size_than_the_mask_is_not_inspected(make_inspector, make_frame) -> None:
    cells = np.zeros(GRID, bool)
    cells[0] = True
    inspector = make_inspector(0.1, np.zeros(GRID, np.float32), ignore=IgnoreMask.of(pixels(cells)))
    assert inspector.inspect(make_frame()).inspection.verdict is Verdict.PASS
    other = inspector.inspect(make_frame(height=96)).inspection
    assert other.cause is NotInspectedCause.WRONG_PICTURE
    assert "the ignore mask was drawn for 64 x 48: draw it again" in other.reason


def test_that_a_mask_over_the_whole_region_lets_nothing_be_inspected(make_inspector, make_frame) -> None:
    cells = np.zeros(GRID, bool)
    cells[:, :6] = True
    settings = {"ignore": IgnoreMask.of(pixels(cells)), "roi": RegionOfInterest(0, 0, 48, 48)}
    record = make_inspector(0.1, np.zeros(GRID, np.float32), **settings).inspect(make_frame()).inspection
    assert record.cause is NotInspectedCause.WRONG_PICTURE
    assert "covers the whole region" in record.reason


@given(maps, some_cells, some_cells, any_limits, any_limits)
def test_that_judging_again_gives_what_the_line_gives(
    make_inspector, make_frame, anomaly_map, first_mask, other_mask, limits, others
) -> None:
    def judged(cells: np.ndarray | None, limits: Limits):
        ignore = None if cells is None else IgnoreMask.of(pixels(cells))
        inspector = make_inspector(float(anomaly_map.max()), anomaly_map, limits=limits, ignore=ignore)
        return inspector._view, inspector.inspect(make_frame())

    view, first = judged(first_mask, limits)
    assert replace(rejudge(first, limits).inspection, elapsed_ms=0) == replace(first.inspection, elapsed_ms=0)
    for cells in (first_mask, other_mask, None):
        view, expected = judged(cells, others)
        again = rejudge_by(first, view)
        assert replace(again.inspection, elapsed_ms=0) == replace(expected.inspection, elapsed_ms=0)
        assert (again.judged_map == expected.judged_map).all()


def test_that_a_part_judged_in_another_region_cannot_be_judged_again(make_inspector, make_frame) -> None:
    whole = make_inspector(0.1, np.zeros(GRID, np.float32))
    part = make_inspector(0.1, np.zeros(GRID, np.float32), roi=RegionOfInterest(0, 0, 48, 48))
    with pytest.raises(BadInputError, match="another region"):
        rejudge_by(whole.inspect(make_frame()), part._view)
