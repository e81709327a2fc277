from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from station.domain.errors import BadInputError
from station.domain.frame import NotInspectedCause
from station.domain.geometry import RegionOfInterest
from station.domain.verdict import Limits, Verdict
from station.judgement.inspector import without_frame
from station.judgement.rejudge import rejudge

maps = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 7), st.integers(1, 7)),
    elements=st.one_of(st.floats(0, 1, width=32), st.just(float("nan"))),
)
scores = st.floats(0, 1)
thresholds = st.floats(0.05, 0.95)


@st.composite
def any_limits(draw: st.DrawFn) -> Limits:
    image_threshold = draw(thresholds)
    review = draw(st.none() | st.floats(0.01, image_threshold, exclude_max=True))
    return Limits(image_threshold, review, draw(thresholds), draw(st.integers(0, 3000)))


places = st.none() | st.just(RegionOfInterest(8, 4, 40, 32))


@given(maps, scores, any_limits(), places)
def test_that_the_same_limits_give_the_same_result(make_inspector, make_frame, anomaly_map, score, limits, roi) -> None:
    first = make_inspector(score, anomaly_map, limits=limits, roi=roi).inspect(make_frame())
    again = rejudge(first, limits)
    assert again.inspection == first.inspection
    assert again.pixel_threshold == first.pixel_threshold
    assert again.anomaly_map is first.anomaly_map


@given(maps, scores, any_limits(), any_limits(), places)
def test_that_other_limits_give_what_the_line_gives_with_them(
    make_inspector, make_frame, anomaly_map, score, limits, others, roi
) -> None:
    first = make_inspector(score, anomaly_map, limits=limits, roi=roi).inspect(make_frame())
    on_the_line = make_inspector(score, anomaly_map, limits=others, roi=roi).inspect(make_frame())
    again = rejudge(first, others)
    assert replace(again.inspection, elapsed_ms=0) == replace(on_the_line.inspection, elapsed_ms=0)
    assert again.pixel_threshold == on_the_line.pixel_threshold


def test_that_a_part_recorded_without_its_raw_score_can_be_judged_again(make_inspector, make_frame) -> None:
    first = make_inspector(0.6, np.full((4, 4), 0.6, np.float32)).inspect(make_frame())
    bare = replace(first, inspection=replace(first.inspection, raw_score=None))
    assert rejudge(bare, Limits(image_threshold=0.7)).inspection.verdict is Verdict.PASS
    assert rejudge(bare, Limits()).inspection.verdict is Verdict.FAIL


def test_that_a_view_that_was_not_inspected_stays_so() -> None:
    lost = without_frame("top", "frame 9", 5, NotInspectedCause.LOST_FRAME)
    assert rejudge(lost, Limits(image_threshold=0.9)) is lost


def test_that_without_its_map_a_view_cannot_be_judged_again(make_inspector, make_frame) -> None:
    first = make_inspector(0.6, np.full((4, 4), 0.6, np.float32)).inspect(make_frame())
    with pytest.raises(BadInputError, match=r"map of a\.png was not kept"):
        rejudge(replace(first, anomaly_map=None), Limits())
