"""The models that come with the program still fit the simulated line and the preprocessing they were built with."""

from pathlib import Path

import pytest

from station.camera.simulated import SimulatedCamera
from station.camera.simulation.line import PRODUCTS
from station.domain.frame import Frame
from station.domain.recipe import InferenceSettings
from station.domain.verdict import Limits, Verdict, judge
from station.inference.model_package import load_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.vision.preprocess import Preprocessor

DEMO = Path(__file__).parents[3] / "resources" / "demo"
UNSEEN_SEED, PARTS = 77, 60


@pytest.mark.parametrize("product", sorted(PRODUCTS))
def test_that_the_demo_model_agrees_with_the_truth_on_an_unseen_line(product: str, tmp_path: Path):
    predictor = OpenVinoPredictor(load_package(DEMO / product), InferenceSettings(), tmp_path)
    preprocessor = Preprocessor(predictor.input_size)
    camera = SimulatedCamera(product, seed=UNSEEN_SEED, rate_hz=0)
    camera.start()
    agreed = 0
    for _ in range(PARTS):
        frame = camera.fetch(timeout_s=10)
        assert isinstance(frame, Frame)
        verdict = judge(predictor.predict(preprocessor.run(frame.image).model_input), Limits())
        agreed += (verdict is Verdict.FAIL) == camera.part_truth(frame.frame_id).defective
    camera.close()
    predictor.close()
    assert agreed >= 0.95 * PARTS


def test_that_the_demo_models_are_small():
    assert sum(path.stat().st_size for path in DEMO.rglob("*.*")) < 6_000_000
