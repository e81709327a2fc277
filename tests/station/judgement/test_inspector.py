import numpy as np
import pytest

from station.domain.errors import FaultError
from station.domain.frame import NotInspectedCause
from station.domain.geometry import RegionOfInterest
from station.domain.recipe import QualityLimits
from station.domain.verdict import Limits, Verdict
from station.judgement.inspector import without_frame

CALM = np.full((4, 4), 0.1, np.float32)


def spot() -> np.ndarray:
    anomaly_map = CALM.copy()
    anomaly_map[1, 2] = 0.9
    return anomaly_map


def test_that_a_frame_becomes_a_result_with_its_facts_and_its_pictures(make_inspector, make_frame) -> None:
    frame = make_frame()
    result = make_inspector(0.9, spot()).inspect(frame)
    record = result.inspection
    assert (record.verdict, record.pred_score, record.raw_score, record.image_threshold) == (Verdict.FAIL, 0.9, 9, 0.5)
    assert (record.name, record.origin, record.frame_id, record.camera_timestamp_ns) == ("top", "a.png", 7, 11)
    assert (record.width, record.height, record.conversion, record.cause) == (64, 48, "none", None)
    assert len(record.regions) == 1
    assert record.reason.startswith("mark ")
    assert record.elapsed_ms > 0
    assert (result.roi, result.pixel_threshold, result.received_ns) == ((0, 0, 64, 48), 0.5, frame.received_ns)
    assert np.array_equal(result.anomaly_map, spot())


def test_that_no_picture_is_copied(make_inspector, make_frame) -> None:
    frame = make_frame()
    result = make_inspector(0.1, CALM).inspect(frame)
    assert result.original is frame.image
    assert np.shares_memory(result.levels[0], frame.image)


@pytest.mark.parametrize(
    ("grey", "settings", "cause"),
    [
        (4, {}, NotInspectedCause.TOO_DARK),
        (128, {"quality": QualityLimits(min_aspect=2.0)}, NotInspectedCause.WRONG_PICTURE),
        (128, {"roi": RegionOfInterest(0, 0, 99, 99)}, NotInspectedCause.WRONG_PICTURE),
    ],
)
def test_that_a_frame_that_cannot_be_judged_says_why_and_keeps_its_picture(
    make_inspector, make_frame, grey, settings, cause
) -> None:
    frame = make_frame(grey=grey)
    result = make_inspector(0.1, CALM, **settings).inspect(frame)
    assert (result.inspection.verdict, result.inspection.cause) == (Verdict.NOT_INSPECTED, cause)
    assert result.inspection.reason.startswith(cause.sentence)
    assert result.original is frame.image
    assert result.anomaly_map is None


def test_that_the_same_picture_again_and_again_is_a_frozen_camera(make_inspector, make_frame) -> None:
    inspector = make_inspector(0.1, CALM, quality=QualityLimits(frozen_after=3))
    causes = [inspector.inspect(make_frame()).inspection.cause for _ in range(4)]
    assert causes == [None, None, NotInspectedCause.FROZEN_PICTURE, NotInspectedCause.FROZEN_PICTURE]


@pytest.mark.parametrize(("score", "place"), [(float("nan"), 0.1), (0.1, float("nan"))])
def test_that_a_score_or_a_place_that_is_not_a_number_is_never_a_pass(make_inspector, make_frame, score, place) -> None:
    result = make_inspector(score, np.array([[0.1, place]], np.float32)).inspect(make_frame())
    assert result.inspection.cause is NotInspectedCause.MODEL_FAILED
    assert result.inspection.reason.endswith("its score or its map is not a number")


def test_that_a_failed_model_is_a_cause_and_a_bug_is_not_hidden(make_inspector, make_frame, monkeypatch) -> None:
    inspector = make_inspector(0.1, CALM)

    def fail(image) -> None:
        raise FaultError("The device failed.")

    monkeypatch.setattr(inspector._predictor, "predict", fail)
    assert inspector.inspect(make_frame()).inspection.reason.endswith("The device failed.")
    monkeypatch.setattr(inspector._predictor, "predict", lambda image: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        inspector.inspect(make_frame())


def test_that_a_minimum_area_decides_with_the_regions_of_the_record(make_inspector, make_frame) -> None:
    limits = Limits(min_area_px=10_000)
    record = make_inspector(0.9, spot(), limits=limits).inspect(make_frame()).inspection
    assert (record.verdict, record.reason) == (Verdict.PASS, "only marks below 10000 px2")
    assert record.regions


def test_that_a_view_without_a_frame_has_a_result_too() -> None:
    result = without_frame("side", "frame 9", 5, NotInspectedCause.LOST_FRAME, "gap of 2", 9)
    assert result.inspection.verdict is Verdict.NOT_INSPECTED
    assert result.inspection.reason == "picture lost on the way from the camera: gap of 2"
    assert (result.inspection.name, result.inspection.frame_id) == ("side", 9)
    assert (result.levels, result.original, result.anomaly_map, result.received_ns) == ((), None, None, 5)


def test_that_a_part_that_is_marked_all_over_asks_for_product_and_camera(make_inspector, make_frame) -> None:
    everywhere = np.full((6, 8), 0.9, np.float32)
    record = make_inspector(0.9, everywhere).inspect(make_frame()).inspection
    assert record.verdict is Verdict.FAIL
    assert record.unlike
    assert record.reason.endswith("has the camera moved? 100 % of the picture is marked")


def test_that_the_limits_are_in_the_record(make_inspector, make_frame) -> None:
    limits = Limits(image_threshold=0.6, review_threshold=0.45)
    record = make_inspector(0.5, CALM, limits=limits).inspect(make_frame()).inspection
    assert (record.verdict, record.review_threshold, record.image_threshold) == (Verdict.REVIEW, 0.45, 0.6)
