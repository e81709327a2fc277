"""The classical features score each window by arrays as PyOD does, and need PyOD for teaching alone."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.classical_features import ClassicalSettings, plugin
from plugins.classical_features.features import features_of, grid_of
from plugins.classical_features.laplacian import LaplacianAutoencoder, squared_distances
from plugins.classical_features.scoring import SCORERS
from station.inference.plugin_predictor import data_files
from station.plugin_api import Lesson

ROOT = Path(__file__).parents[2]
LIGHT_START = """
import sys
import plugins.classical_features
print(*sorted({"pyod", "sklearn", "numba", "plugins.classical_features.model"} & set(sys.modules)))
"""
needs_pyod = pytest.mark.skipif(find_spec("pyod") is None, reason="teaching needs the extra 'classical'")


def drawn(seed: int, side: int = 128) -> np.ndarray:
    rng = np.random.default_rng(seed)
    picture = cv2.GaussianBlur(rng.integers(0, 255, (side, side, 3), np.uint8), (0, 0), 3)
    return cv2.normalize(picture, None, 40, 220, cv2.NORM_MINMAX)


@pytest.fixture(scope="module")
def codes() -> tuple[LaplacianAutoencoder, np.ndarray]:
    rows = np.concatenate([features_of(drawn(seed)) for seed in range(12)])
    autoencoder = LaplacianAutoencoder.learn(rows, code=16, neighbours=8, weight=1.0)
    return autoencoder, autoencoder(rows)


@pytest.fixture(scope="module", params=sorted(SCORERS))
def fitted(request, codes):
    """A detector of PyOD, and the scorer from its arrays."""
    pytest.importorskip("pyod")
    from plugins.classical_features.teaching import fitted as fit  # noqa: PLC0415 - imports PyOD

    detector, arrays = fit(request.param, codes[1], 0)
    return detector, SCORERS[request.param](arrays)


def unlike(codes: np.ndarray) -> np.ndarray:
    """Good windows, and others near them and far away."""
    rng = np.random.default_rng(5)
    return np.concatenate([codes[:50], codes[:50] + rng.normal(size=(50, codes.shape[1])), codes[:20] * 3 + 1])


@needs_pyod
def test_that_arrays_score_as_pyod_does(fitted, codes):
    detector, scorer = fitted
    asked = unlike(codes[1])
    assert np.allclose(scorer.decisions(asked), detector.decision_function(asked), rtol=0, atol=1e-6)


@needs_pyod
def test_that_each_window_alone_scores_as_in_a_batch(fitted, codes):
    _, scorer = fitted
    asked = unlike(codes[1])
    alone = np.concatenate([scorer.scores(row[None]) for row in asked])
    assert np.allclose(alone, scorer.scores(asked), rtol=1e-9, atol=1e-9)  # products of one row and of many differ


@needs_pyod
def test_that_pyod_scores_each_row_by_itself_and_refuses_what_is_not_a_number(fitted, codes):
    """Else it may not be used on a line: ECOD and COPOD fail both."""
    detector, _ = fitted
    asked = unlike(codes[1])
    alone = np.concatenate([detector.decision_function(row[None]) for row in asked])
    assert np.allclose(alone, detector.decision_function(asked), rtol=1e-9, atol=1e-6)
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match=r"NaN|infinity"):
            detector.decision_function(np.full((1, asked.shape[1]), bad))


@needs_pyod
def test_that_the_scale_keeps_the_order_of_decisions_and_starts_at_0(fitted, codes):
    _, scorer = fitted
    asked = unlike(codes[1])
    scores, decisions = scorer.scores(asked), scorer.decisions(asked)
    assert (scores >= 0).all()
    assert np.array_equal(np.argsort(scores, kind="stable"), np.argsort(decisions, kind="stable"))
    assert np.allclose(scorer.from_decisions(decisions), scores, rtol=0, atol=1e-6)


@needs_pyod
@pytest.mark.parametrize("method", plugin.teaching_methods(), ids=lambda method: method.name)
def test_that_a_model_opened_from_its_data_gives_the_places_of_the_learned_one(method):
    steps = []
    lesson = Lesson(seed=3, step=lambda *step: steps.append(step))
    chosen = ClassicalSettings(windows=300)
    learned = method.learn([drawn(seed) for seed in range(8)], chosen, lesson)
    again = method.learn([drawn(seed) for seed in range(8)], chosen, lesson)
    assert data_files(learned.data()) == data_files(again.data())
    assert steps[7] == ("Looking at good parts", 8, 8)
    opened = plugin.open_model(learned.data())
    marked = drawn(20)
    marked[40:60, 70:90] = (255, 0, 0)
    for picture in (drawn(19), marked):
        assert opened.places(picture).shape == (7, 7)
        assert np.allclose(opened.places(picture), learned.places(picture), atol=1e-6)
    assert opened.places(marked).max() > opened.places(drawn(19)).max()


@settings(max_examples=20)
@given(st.integers(0, 1000), st.sampled_from([32, 64, 96]))
def test_that_features_are_numbers_whatever_the_picture(seed, side):
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, rng.integers(1, 256), (side, side + 32, 3), np.uint8)
    rows = features_of(picture)
    assert rows.shape == (np.prod(grid_of(picture)), 56)
    assert np.isfinite(rows).all()


def test_that_colours_and_moments_are_those_of_each_window():
    picture = drawn(1)
    rows = features_of(picture)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    columns = grid_of(picture)[1]
    for number, row in enumerate(rows):
        top, left = number // columns * 16, number % columns * 16
        window = picture[top : top + 32, left : left + 32].reshape(-1, 3).astype(float)
        assert np.allclose(row[45:51], np.stack([window.mean(0), window.std(0)], axis=1).ravel())
        light = cv2.moments(grey[top : top + 32, left : left + 32].astype(np.float32))
        centre = np.array([light["m01"], light["m10"]]) / light["m00"] / 32
        spread = np.array([light["mu02"], light["mu20"], light["mu11"]]) / light["m00"] / 32**2
        assert np.allclose(row[51:], [*centre, *spread], atol=1e-6)


def test_that_the_direction_of_an_edge_is_found_in_its_quarter():
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[:16, 8:] = 200  # a vertical edge in the upper left quarter: light changes along a row
    histogram = features_of(picture)[0, :36].reshape(4, 9)
    assert histogram[0].argmax() == 0
    assert histogram[0, 0] > histogram[1:, 0].max()


def test_that_edges_of_each_direction_have_a_wavelet_of_their_own():
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[1::2] = 200
    level_1 = np.stack([features_of(stripes)[0, 36:39], features_of(stripes.transpose(1, 0, 2))[0, 36:39]])
    assert (level_1 > 1).tolist() == [[True, False, False], [False, True, False]]


def test_that_neighbours_get_codes_that_are_more_alike_the_more_they_weigh():
    rows = np.concatenate([features_of(drawn(seed)) for seed in range(10)])

    def apart(weight: float) -> float:
        learned = LaplacianAutoencoder.learn(rows, code=6, neighbours=5, weight=weight)
        assert np.allclose(learned.encoder.T @ learned.encoder, np.eye(6))
        x = (rows - learned.mean) / learned.scale
        nearest = np.argsort(squared_distances(x, x) + np.diag(np.full(len(x), np.inf)), axis=1)[:, :5]
        code = learned(rows)[:, :6]
        return float(np.square(code[:, None] - code[nearest]).sum(2).mean())

    assert apart(5.0) < apart(1.0) < apart(0.0)


def test_that_the_error_is_what_the_code_cannot_say(codes):
    autoencoder, _ = codes
    rows = features_of(drawn(30))
    x = (rows - autoencoder.mean) / autoencoder.scale
    lost = x - x @ autoencoder.encoder @ autoencoder.encoder.T
    assert np.allclose(autoencoder(rows)[:, -1], np.linalg.norm(lost, axis=1))


def test_that_a_start_of_the_station_loads_nothing_of_it():
    done = subprocess.run([sys.executable, "-c", LIGHT_START], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_that_judging_needs_no_pyod():
    probe = (
        "import sys, plugins.classical_features.model, plugins.classical_features.scoring;"
        "print(*sorted({'pyod', 'sklearn', 'numba'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
