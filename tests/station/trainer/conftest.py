"""The pictures and the small method that the tests of training share."""

from pathlib import Path

import numpy as np
import pytest

from station.learning.presets import Method
from station.trainer.backbone import backbones
from station.trainer.features import FeatureNetwork

SIZE = (64, 96)


def noise(seed: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)


@pytest.fixture(scope="session")
def tiny() -> Method:
    return Method(
        name="tiny", stages=(2, 4), side_px=64, pca_components=8, coreset_size=100, cell_px=8, smoothing_cells=1.5
    )


@pytest.fixture(scope="session")
def picture_of_noise():
    return noise


@pytest.fixture(scope="session")
def noise_network(tiny):
    return FeatureNetwork(tiny, SIZE)


@pytest.fixture(scope="session")
def copied_backbone(tmp_path_factory) -> Path:
    copy = tmp_path_factory.mktemp("backbones")
    for file in backbones().iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy
