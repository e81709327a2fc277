"""What a plug-in learns is checked before it becomes a package."""

from pathlib import Path

import numpy as np
import pytest
from contrast_plugin import install_here

from station.domain.errors import FaultError
from station.learning.plugin_method import PluginMethod
from station.plugin_api import ModelData, TeachingMethod, hookimpl
from station.trainer.detectors.contract import Session
from station.trainer.detectors.plugin_detector import PluginDetector, PluginDetectorMethod

PICTURES = np.random.default_rng(0).integers(0, 255, (6, 64, 64, 3), np.uint8)


class Brightness:
    """Says how far the mean of a picture is from that of the learned ones."""

    def __init__(self, mean: float) -> None:
        self.mean = mean

    def places(self, picture):
        return [[abs(float(picture.mean()) - self.mean)]]

    def data(self) -> ModelData:
        return ModelData({"mean": np.array(self.mean)})


@pytest.fixture
def method_with(monkeypatch, tmp_path: Path):
    def made(learn) -> PluginDetectorMethod:
        class Plugin:
            @hookimpl
            def teaching_methods(self):
                return [TeachingMethod("light", "how bright it is", learn)]

        install_here(monkeypatch, tmp_path / "site", Plugin(), "lights")
        return PluginDetectorMethod(PluginMethod(name="light", plugin="lights"))

    return made


def session(steps: list) -> Session:
    return Session(steps.append, 2, 7, None)


def test_that_the_chosen_pictures_alone_are_learned_and_progress_is_passed_on(method_with):
    given, steps = [], []

    def learn(pictures, settings, lesson):
        given.extend(pictures)
        lesson.step("Looking", 2, 2)
        assert (lesson.seed, lesson.cores) == (7, 2)
        return Brightness(float(np.mean(pictures)))

    detector = method_with(learn).learn(PICTURES, np.array([1, 4]), session(steps))
    assert np.array_equal(given, PICTURES[[1, 4]])
    assert [(step.stage, step.done, step.total) for step in steps] == [("Looking", 2, 2)]
    assert detector.maps(PICTURES).shape == (6, 1, 1)
    assert np.array_equal(detector.scores(PICTURES), detector.maps(PICTURES)[:, 0, 0])


def test_that_a_plug_in_cannot_change_the_pictures_for_the_next_teaching(method_with):
    def learn(pictures, settings, lesson):
        pictures[0][:] = 0

    before = PICTURES.copy()
    with pytest.raises(FaultError, match="lights failed to learn: ValueError: assignment destination is read-only"):
        method_with(learn).learn(PICTURES, np.arange(3), session([]))
    assert np.array_equal(PICTURES, before)


def test_that_a_place_that_is_not_a_number_ends_the_teaching():
    with pytest.raises(FaultError, match="plug-in lights to this picture is not a number"):
        PluginDetector("lights", Brightness(float("nan"))).maps(PICTURES)


def test_that_a_plug_in_that_fails_on_a_picture_or_to_give_its_data_is_named(tmp_path):
    class Broken:
        def places(self, picture):
            picture[:] = 0

        def data(self):
            raise KeyError("mean")

    detector = PluginDetector("lights", Broken())
    with pytest.raises(FaultError, match=r"lights failed on a picture of the teaching: ValueError: .* read-only"):
        detector.scores(PICTURES)
    with pytest.raises(FaultError, match="lights failed to give its data: KeyError: 'mean'"):
        detector.save(tmp_path)


@pytest.mark.parametrize("data", [ModelData({"mean": np.array([print], object)}), ModelData({}, {"of": print}), None])
def test_that_data_that_is_not_plain_is_not_written(data, tmp_path):
    model = Brightness(1.0)
    model.data = lambda: data
    with pytest.raises(FaultError, match="model of the plug-in lights cannot be written"):
        PluginDetector("lights", model).save(tmp_path)
    assert list(tmp_path.iterdir()) == []
