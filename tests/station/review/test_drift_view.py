"""Simulated parts under light, focus, fixture and material that change; and steady ones."""

import math

import cv2
import numpy as np
import pytest

from station.camera.simulation.line import SimulatedLine
from station.camera.simulation.optics import NOMINAL_EXPOSURE_US
from station.domain.drift import DriftCause, Stream
from station.domain.frame import NotInspectedCause
from station.domain.inspection import ViewInspection
from station.domain.part_images import ViewResult
from station.domain.verdict import Verdict
from station.review.drift_baseline import PARTS, read_baseline, write_baseline
from station.review.drift_figures import measure
from station.review.drift_view import WatchedView

SIZE = (160, 120)
LINE = SimulatedLine("flange", 3, *SIZE, defect_share=0.03)


def result(picture, score: float, roi=None) -> ViewResult:
    height, width = picture.shape[:2]
    verdict = Verdict.FAIL if score > 0.5 else Verdict.PASS
    seen = ViewInspection(verdict, "", "", 1.0, pred_score=score, raw_score=score, image_threshold=0.5, width=width,
                          height=height)  # fmt: skip
    return ViewResult(seen, None, (picture,), roi or (0, 0, width, height), None, 0.5, None)


def part(number: int, change=lambda picture: picture, shift: float = 0.0):
    """A part as the line measures it: its figures, and whether it passed."""
    picture = change(LINE.draw_picture(number, NOMINAL_EXPOSURE_US, 0))
    usual = np.random.default_rng(number).normal(-2, 0.5) + shift
    score = 0.97 if LINE.part_truth(number).defective else 1 / (1 + math.exp(-usual))
    return measure(result(picture, score)), score <= 0.5


@pytest.fixture(scope="module")
def baseline():
    kept = []
    watched = WatchedView("flange@1", "", None, kept.append)
    for number in range(1, PARTS + 20):
        figures, passed = part(number)
        watched.add(figures, passed=passed)
    (made,) = kept
    return made


def dimmed(n):
    return lambda picture: cv2.convertScaleAbs(picture, alpha=1 - 0.001 * n)


def warmer(n):
    tint = np.array([1 + 0.001 * n, 1, 1 - 0.001 * n])
    return lambda picture: np.clip(picture * tint, 0, 255).astype(np.uint8)


def blurred(n):
    return lambda picture: cv2.GaussianBlur(picture, (0, 0), 0.1 + 0.006 * n)


def moved(n):
    matrix = np.array([[1, 0, 0], [0, 1, round(0.04 * n)]], np.float32)
    return lambda picture: cv2.warpAffine(picture, matrix, SIZE, borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize(
    ("change", "cause", "said"),
    [
        (dimmed, DriftCause.LIGHT, "% darker"),
        (warmer, DriftCause.LIGHT, "% redder"),
        (blurred, DriftCause.FOCUS, "% less sharp"),
        (moved, DriftCause.FIXTURE, "of the height"),
    ],
)
def test_that_a_slow_change_is_warned_of_with_its_cause(baseline, change, cause, said) -> None:
    watched = WatchedView("flange@1", "", baseline)
    for n in range(1, 150):
        figures, passed = part(1000 + n, change(n))
        watched.add(figures, passed=passed)
        if watched.drifted:
            break
    state = watched.state
    assert state.cause is cause
    assert said in state.sentence
    assert n < 120, "a tenth of the light, a pixel of place"
    assert not next(each for each in state.streams if each.stream is Stream.SCORE).drifted


def test_that_scores_that_rise_alone_are_the_product(baseline) -> None:
    watched = WatchedView("flange@1", "", baseline)
    for n in range(1, 80):
        figures, passed = part(2000 + n, shift=0.02 * n)
        watched.add(figures, passed=passed)
    assert watched.state.cause is DriftCause.PRODUCT
    assert "scores are higher" in watched.state.sentence


def test_that_5000_steady_parts_give_no_warning(baseline) -> None:
    rng = np.random.default_rng(1)
    kinds = [part(3000 + n) for n in range(150)]
    watched = WatchedView("flange@1", "", baseline)
    for _ in range(5000):
        figures, passed = kinds[rng.integers(len(kinds))]
        noisy = {stream: value + rng.normal(0, 0.2 * baseline[stream].spread) for stream, value in figures.items()}
        watched.add(noisy, passed=passed)
        assert not watched.drifted, watched.state.sentence
    assert watched.state.parts == 5000


def test_that_a_calibration_is_made_of_parts_that_passed() -> None:
    watched = WatchedView("flange@1", "side", None)
    good, _ = part(1)
    for _ in range(PARTS):
        watched.add({**good, Stream.SCORE: 5.0}, passed=False)
    assert (watched.state.calibrated, watched.state.needed, watched.state.complete) == (0, PARTS, False)
    for _ in range(PARTS):
        watched.add(good, passed=True)
    assert watched.state.complete
    assert watched.state.view == "side"


def test_that_a_calibration_is_read_back_as_it_was_and_a_damaged_one_is_made_again(baseline, tmp_path) -> None:
    file = tmp_path / "calibrations" / "a.json"
    assert read_baseline(file) is None
    write_baseline(file, baseline)
    assert read_baseline(file) == baseline
    file.write_text(file.read_text()[:50])
    assert read_baseline(file) is None


def test_that_the_region_of_interest_alone_is_measured() -> None:
    picture = np.zeros((120, 160), np.uint8)
    picture[20:60, 40:80] = 200
    inside = measure(result(picture, 0.2, (40, 20, 40, 40)))
    assert inside[Stream.BRIGHTNESS] == pytest.approx(math.log(200))
    assert math.isnan(inside[Stream.ACROSS]), "a plain area has no position"
    whole = measure(result(picture, 0.2))
    assert whole[Stream.ACROSS] == pytest.approx(60 / 160, abs=0.01)
    assert whole[Stream.COLOUR] == 0


def test_that_a_part_without_picture_or_judgement_is_left_out() -> None:
    missing = ViewInspection(Verdict.NOT_INSPECTED, "", "", 1.0, cause=NotInspectedCause.LOST_FRAME)
    assert measure(ViewResult(missing, None, (), (0, 0, 0, 0), None, 0.5, None)) is None
    picture = np.zeros((120, 160), np.uint8)
    assert math.isnan(measure(result(picture, math.nan))[Stream.SCORE])
    assert measure(result(picture, 1.0))[Stream.SCORE] > 7
