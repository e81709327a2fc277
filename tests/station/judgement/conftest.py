"""A model that returns what the test wants, and frames of noise."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from station.domain.frame import Frame, Image
from station.domain.recipe import ModelReference, View
from station.domain.verdict import Prediction
from station.judgement.inspector import Inspector


class FixedModel:
    """A predictor that gives every picture the same prediction."""

    input_size = (32, 32)

    def __init__(self, prediction: Prediction) -> None:
        self.prediction = prediction

    def predict(self, image: Image) -> Prediction:
        return self.prediction

    def close(self) -> None:
        pass


def _inspector(score: float, anomaly_map: NDArray[np.float32], **settings) -> Inspector:
    model = FixedModel(Prediction(score, 10 * score, anomaly_map))
    return Inspector(View(ModelReference("m", "0" * 64), "top", **settings), model)


def _frame(height: int = 48, width: int = 64, grey: int = 128) -> Frame:
    image = np.random.default_rng(0).integers(grey - 2, grey + 2, (height, width), np.uint8)
    return Frame(image, 7, datetime.now(UTC), time.monotonic_ns(), "a.png", timestamp_ns=11, conversion="none")


@pytest.fixture(scope="session")
def make_inspector() -> Callable[..., Inspector]:
    """An inspector whose model gives this score and this map."""
    return _inspector


@pytest.fixture(scope="session")
def make_frame() -> Callable[..., Frame]:
    """A grey frame."""
    return _frame
