"""A part on its way to the candidate's process arrives with the same pixels, and is judged the same."""

import io
import time
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from station.domain.candidate import CandidateResult, Outcome
from station.domain.frame import Frame, NotInspectedCause
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.part_images import PartResult, ViewResult, has_whole_pictures
from station.domain.picture_form import DepthFrom
from station.domain.recipe import InferenceSettings, View
from station.domain.verdict import Verdict
from station.inference.model_package import ModelPackage
from station.inference.openvino_predictor import OpenVinoPredictor
from station.judgement.inspector import Inspector, without_frame
from station.rescore.live_parts import Answer, received_parts, send_part

KEY = PartKey(3, 14)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
DEPTHS = [
    ((48, 64), np.uint8, 8, DepthFrom.KNOWN),
    ((48, 64, 3), np.uint8, 8, DepthFrom.KNOWN),
    ((48, 64), np.uint16, 12, DepthFrom.KNOWN),
    ((48, 64, 3), np.uint16, 10, DepthFrom.NOTED),
    ((48, 64), np.uint16, 16, DepthFrom.UNKNOWN),
    ((48, 64), np.uint16, 16, DepthFrom.KNOWN),
]


def frame_of(shape: tuple[int, ...], kind: type, bits: int, depth_from: DepthFrom) -> Frame:
    image = np.random.default_rng(5).integers(0, 1 << min(bits, 14), shape).astype(kind)
    image[10:30, 20:40] //= 3
    return Frame(image, 1, NOON, time.monotonic_ns(), "top 1", significant_bits=bits, depth_from=depth_from)


def part_of(*views: ViewResult) -> PartResult:
    return PartResult(Inspection(KEY, NOON, tuple(view.inspection for view in views)), views)


@pytest.fixture(scope="module")
def inspector(tiny_package: ModelPackage, tmp_path_factory) -> Inspector:
    predictor = OpenVinoPredictor(tiny_package, InferenceSettings(), tmp_path_factory.mktemp("cache"))
    return Inspector(View(tiny_package.reference, "top"), predictor)


@pytest.mark.parametrize("depth", DEPTHS, ids=lambda depth: f"{depth[1].__name__} {depth[2]} {depth[3]} {depth[0]}")
def test_that_a_sent_picture_is_judged_as_on_the_line(inspector: Inspector, depth) -> None:
    result = inspector.inspect(frame_of(*depth))
    pipe = io.BytesIO()
    send_part(part_of(result), pipe)
    pipe.seek(0)
    ((sent, frames),) = received_parts(pipe)
    assert (sent.key, sent.triggered_at) == (KEY, NOON)
    assert np.array_equal(frames["top"].image, result.original)
    again = inspector.inspect(frames["top"]).inspection

    def judged(view: ViewInspection) -> tuple[object, ...]:
        return view.verdict, view.pred_score, view.regions, view.cause

    assert judged(again) == judged(result.inspection)


def test_that_a_part_that_was_cut_off_on_the_way_is_not_judged(inspector: Inspector) -> None:
    result = inspector.inspect(frame_of(*DEPTHS[0]))
    whole = io.BytesIO()
    send_part(part_of(result), whole)
    for length in (0, 20, len(whole.getvalue()) - 1):
        begun = io.BytesIO(whole.getvalue()[:length])
        if length == 20:
            with pytest.raises(ValueError, match="JSON"):
                list(received_parts(begun))
        else:
            assert list(received_parts(begun)) == []


def test_that_a_part_without_its_picture_is_not_sent(inspector: Inspector) -> None:
    result = inspector.inspect(frame_of(*DEPTHS[0]))
    lost = without_frame("side", "side 2", time.monotonic_ns(), NotInspectedCause.LOST_FRAME)
    assert has_whole_pictures(part_of(result))
    assert not has_whole_pictures(part_of(result, lost))
    assert not has_whole_pictures(part_of(result.without_original()))


@pytest.mark.parametrize(
    "result",
    [CandidateResult(KEY, Outcome.JUDGED, Verdict.REVIEW, 0.48), CandidateResult(KEY, Outcome.NO_PICTURE)],
)
def test_that_an_answer_comes_back_as_it_was(result: CandidateResult) -> None:
    assert Answer.model_validate_json(Answer.of(result).model_dump_json()).result == result


def test_that_a_result_has_a_verdict_exactly_if_the_part_was_judged() -> None:
    with pytest.raises(ValueError, match="exactly if"):
        replace(CandidateResult(KEY, Outcome.DROPPED), verdict=Verdict.PASS)
