"""EfficientAD with and without photographs of anything but good parts."""

from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("anomalib", reason="needs the training extra")

import torch

from station.domain.errors import BadInputError
from station.learning.brought_pictures import PHOTOGRAPHS
from station.learning.brought_settings import EfficientAdSettings
from station.trainer.detectors.anomalib_models.brought import architecture_of, brought_weights
from station.trainer.detectors.anomalib_models.library import save_file
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.opening import method_for

pytestmark = pytest.mark.slow
SETTINGS = EfficientAdSettings(side_px=64, epochs=1)


@pytest.fixture
def backbones(tmp_path: Path) -> Path:
    save_file(architecture_of(SETTINGS.network).state_dict(), tmp_path / SETTINGS.file)
    (tmp_path / PHOTOGRAPHS).mkdir()
    return tmp_path


@pytest.fixture
def good() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), np.uint8)


def losses(good: Pixels, backbones: Path) -> list[float]:
    """Learn, and return the loss of each step."""
    found: list[float] = []
    session = Session(lambda step: found.append(step.loss) if step.loss is not None else None, 1, 0, backbones)
    method_for(SETTINGS).learn(good, np.arange(2), session)
    return found


def test_that_photographs_are_learned_from_if_they_are_there(good: Pixels, backbones: Path) -> None:
    without = losses(good, backbones)
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    cv2.imwrite(str(backbones / PHOTOGRAPHS / "noise.png"), noise)
    assert losses(good, backbones)[0] > without[0]


def test_that_a_photograph_that_cannot_be_read_is_named_before_the_training(good: Pixels, backbones: Path) -> None:
    (backbones / PHOTOGRAPHS / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n cut off")
    with pytest.raises(BadInputError, match=r"cut\.png"):
        losses(good, backbones)


def test_that_weights_beside_those_of_the_network_are_left_out(backbones: Path) -> None:
    own = architecture_of(SETTINGS.network)
    save_file(own.state_dict() | {"optimiser.step": torch.zeros(1)}, backbones / SETTINGS.file)
    own.load_state_dict(brought_weights(SETTINGS, Session(lambda _: None, 1, 0, backbones)))
