"""The contract of `Predictor`, tested on every implementation."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from contrast_plugin import ContrastPlugin, install_here, plugin_package

from station.domain.errors import FaultError
from station.domain.recipe import InferenceSettings
from station.inference.model_package import ModelPackage
from station.inference.openvino_predictor import OpenVinoPredictor
from station.inference.plugin_predictor import PluginPredictor
from station.inference.predictor import Predictor
from station.vision.preprocess import Preprocessor


@pytest.fixture(params=["openvino", "plug-in"])
def predictor(request, tiny_package: ModelPackage, tmp_path: Path, monkeypatch) -> Iterator[Predictor]:
    if request.param == "openvino":
        predictor = OpenVinoPredictor(tiny_package, InferenceSettings(), tmp_path)
    else:
        install_here(monkeypatch, tmp_path / "site", ContrastPlugin())
        predictor = PluginPredictor(plugin_package(tmp_path))
    yield predictor
    predictor.close()


@pytest.fixture
def model_input(predictor: Predictor, draw_part: Callable) -> Callable:
    def prepared(*args, **options):
        return Preprocessor(predictor.input_size).run(draw_part(*args, **options)).model_input

    return prepared


def test_that_a_marked_part_scores_above_a_good_one(predictor, model_input):
    good, marked = predictor.predict(model_input(1)), predictor.predict(model_input(1, defective=True))
    assert good.pred_score < 0.5 < marked.pred_score
    assert good.raw_score < marked.raw_score


def test_that_scores_and_maps_are_normalised(predictor, model_input):
    prediction = predictor.predict(model_input(2, defective=True))
    assert isinstance(prediction.pred_score, float)
    assert 0 <= prediction.pred_score <= 1
    assert prediction.anomaly_map.dtype == np.float32
    assert prediction.anomaly_map.ndim == 2
    assert ((prediction.anomaly_map >= 0) & (prediction.anomaly_map <= 1)).all()


def test_that_the_same_picture_gets_the_same_score_again(predictor, model_input):
    first = predictor.predict(model_input(3))
    predictor.predict(model_input(4, defective=True))
    again = predictor.predict(model_input(3))
    assert again.pred_score == first.pred_score
    assert np.array_equal(again.anomaly_map, first.anomaly_map)


def test_that_two_threads_get_the_scores_of_their_own_pictures(predictor, model_input):
    pictures = [model_input(seed, defective=bool(seed % 2)) for seed in range(4)]
    alone = [predictor.predict(picture).pred_score for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: predictor.predict(pictures[number % 4]).pred_score, range(400)))
    assert together == alone * 100


def test_that_a_prediction_does_not_change_with_the_next_one(predictor, model_input):
    first = predictor.predict(model_input(5))
    kept = first.anomaly_map.copy()
    predictor.predict(model_input(6, defective=True))
    assert np.array_equal(first.anomaly_map, kept)


def test_that_a_read_only_picture_is_judged_and_left_as_it_is(predictor, model_input):
    image = model_input(7)
    image.flags.writeable = False
    before = image.copy()
    predictor.predict(image)
    assert np.array_equal(image, before)


def test_that_a_picture_of_another_size_is_a_bug_and_not_judged(predictor):
    with pytest.raises(ValueError, match="needs uint8"):
        predictor.predict(np.zeros((1, 1, 3), np.uint8))


def test_that_a_closed_predictor_refuses_and_may_be_closed_again(predictor, model_input):
    image = model_input(8)
    predictor.close()
    predictor.close()
    with pytest.raises(FaultError, match="closed"):
        predictor.predict(image)
