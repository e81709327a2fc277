"""The graph of fine detail: it answers as the trained detector does, and a seam between strips is never seen."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from station.inference.silent_openvino import ov
from station.learning.fine_settings import FineSettings
from station.learning.jobs import TrainingJob
from station.learning.progress import no_progress
from station.trainer.detector import Detector
from station.trainer.fine_detail.graph import build_fine_graph
from station.trainer.fine_detail.learning import Material, learn_fine
from station.trainer.fine_detail.network import StripNetwork

HEIGHT, WIDTH = 384, 96
STRIP_PX = 64
SETTINGS = FineSettings(strip_px=STRIP_PX, coreset_size=200)
NEAR = 1e-4
"""Of a score: sums are rounded in another order."""
SEAMS = range(STRIP_PX, HEIGHT, STRIP_PX)

Pixels = NDArray[np.uint8]


def ground(seed: int) -> Pixels:
    grain = np.random.default_rng(seed).normal(128, 6, (HEIGHT, WIDTH, 1))
    return np.repeat(np.clip(grain, 0, 255).astype(np.uint8), 3, axis=2)


def with_mark(picture: Pixels, row: int, column: int = 44) -> Pixels:
    """Return a copy with a dark spot of 6 x 6 pixels whose middle is there."""
    marked = picture.copy()
    marked[row - 3 : row + 3, column - 3 : column + 3] = 60
    return marked


def material(network: StripNetwork) -> Material[Pixels]:
    return Material([ground(seed) for seed in range(6)], np.asarray, network)


@pytest.fixture(scope="module")
def detector() -> Detector:
    network = StripNetwork((HEIGHT, WIDTH), STRIP_PX)
    job = TrainingJob(dataset=Path(), output=Path(), cache=Path(), method=SETTINGS, input_size=(HEIGHT, WIDTH), cores=1)
    learned, maps = learn_fine(job, SETTINGS, material(network), no_progress)
    assert maps.shape == (6, HEIGHT // 8, WIDTH // 8)
    return learned


class Answering:
    """A compiled graph."""

    def __init__(self, detector: Detector, strip_px: int, threads: int = 1) -> None:
        settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "ENABLE_CPU_PINNING": False}
        graph = build_fine_graph(detector, (HEIGHT, WIDTH), strip_px)
        self._compiled = ov.Core().compile_model(graph, "CPU", settings)

    def __call__(self, picture: Pixels) -> tuple[float, NDArray[np.float32]]:
        answer = self._compiled([picture[None]])
        return float(answer["score"].flat[0]), answer["map"][0, 0].copy()


@pytest.fixture(scope="module")
def in_strips(detector: Detector) -> Answering:
    return Answering(detector, STRIP_PX)


@pytest.fixture(scope="module")
def in_one_piece(detector: Detector) -> Answering:
    return Answering(detector, HEIGHT)


def test_that_the_graph_answers_as_the_trained_detector(detector, in_strips):
    picture = with_mark(ground(10), 100)
    features = StripNetwork((HEIGHT, WIDTH), STRIP_PX)(picture)
    score, raw_map = in_strips(picture)
    assert score == pytest.approx(detector.score(features), rel=NEAR)
    np.testing.assert_allclose(raw_map, detector.anomaly_map(features), atol=NEAR * score)


def test_that_the_map_in_strips_is_that_of_one_piece_for_marks_around_each_seam(in_strips, in_one_piece):
    for seam in SEAMS:
        for row in range(seam - 12, seam + 13, 3):
            picture = with_mark(ground(row), row)
            score, raw_map = in_strips(picture)
            whole, whole_map = in_one_piece(picture)
            assert score == pytest.approx(whole, rel=NEAR)
            np.testing.assert_allclose(raw_map, whole_map, atol=NEAR * score)


def test_that_a_mark_scores_the_same_on_a_seam_as_far_from_one(in_strips):
    even = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    for phase in range(8):
        rows = range(56 + phase, HEIGHT - 56, 8)
        scores = np.array([in_strips(with_mark(even, row))[0] for row in rows])
        assert scores.max() - scores.min() <= NEAR * scores.max()


def test_that_any_number_of_threads_gives_the_same_answer(detector, in_strips):
    picture = with_mark(ground(11), STRIP_PX)
    for threads in (2, 3, 4):
        score, raw_map = Answering(detector, STRIP_PX, threads)(picture)
        expected, expected_map = in_strips(picture)
        assert score == pytest.approx(expected, rel=NEAR)
        np.testing.assert_allclose(raw_map, expected_map, atol=NEAR * score)


def test_that_a_mark_of_six_pixels_is_far_from_good_places(in_strips):
    good = max(in_strips(ground(seed))[0] for seed in range(20, 26))
    assert in_strips(with_mark(ground(30), 200))[0] > 1.5 * good


def test_that_learning_twice_gives_the_same_detector(detector):
    network = StripNetwork((HEIGHT, WIDTH), STRIP_PX)
    job = TrainingJob(dataset=Path(), output=Path(), cache=Path(), method=SETTINGS, input_size=(HEIGHT, WIDTH), cores=1)
    again, _ = learn_fine(job, SETTINGS, material(network), no_progress)
    np.testing.assert_array_equal(again.bank.rows, detector.bank.rows)
    assert again.scale == detector.scale
