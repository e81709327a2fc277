"""The demo line's own model on parts that slowly change: the warning comes before the first good part is rejected."""

import time

import cv2
import numpy as np
import pytest

from station.app import Station
from station.camera.simulation.line import SimulatedLine
from station.camera.simulation.optics import NOMINAL_EXPOSURE_US
from station.domain.clock import utc_now
from station.domain.drift import DriftCause
from station.domain.frame import Frame
from station.domain.verdict import Verdict
from station.inference.model_package import find_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.judgement.inspector import Inspector
from station.review.drift_figures import measure
from station.review.drift_view import WatchedView

pytestmark = pytest.mark.slow
SIZE = (640, 480)


def blurred(n):
    return lambda picture: cv2.GaussianBlur(picture, (0, 0), 0.1 + 0.03 * n)


def moved(n):
    matrix = np.array([[1, 0, round(0.3 * n)], [0, 1, 0]], np.float32)
    return lambda picture: cv2.warpAffine(picture, matrix, SIZE, borderMode=cv2.BORDER_REPLICATE)


@pytest.fixture(scope="module")
def judge():
    """Judges good parts of the demo line, changed."""
    line = SimulatedLine("flange", 7, *SIZE, defect_share=0.0)
    with Station.open_demo() as station:
        view = station.recipes.find("flange").recipe.views[0]
        package = find_package(station.workspace.models, view.model)
        predictor = OpenVinoPredictor(package, view.inference, station.workspace.cache)
        inspector = Inspector(view, predictor)

        def judged(number, change=lambda picture: picture):
            picture = change(line.draw_picture(number, NOMINAL_EXPOSURE_US, 0))
            return inspector.inspect(Frame(picture, number, utc_now(), time.monotonic_ns(), "drawn"))

        yield judged
        predictor.close()


@pytest.fixture(scope="module")
def baseline(judge):
    kept, number = [], 0
    watched = WatchedView("flange@1", "", None, kept.append)
    while not kept:
        number += 1
        result = judge(number)
        watched.add(measure(result), passed=result.inspection.verdict is Verdict.PASS)
    return kept[0]


@pytest.mark.parametrize(("change", "cause"), [(blurred, DriftCause.FOCUS), (moved, DriftCause.FIXTURE)])
def test_that_the_warning_comes_before_a_good_part_is_rejected(judge, baseline, change, cause) -> None:
    watched = WatchedView("flange@1", "", baseline)
    for n in range(1, 60):
        result = judge(500 + n, change(n))
        watched.add(measure(result), passed=True)
        if watched.drifted:
            break
        assert result.inspection.verdict is Verdict.PASS, f"part {n} is rejected without a warning"
    assert watched.state.cause is cause, watched.state.sentence
