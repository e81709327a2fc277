"""The graph of a torch network scales pixels before it turns them to channels first, and answers the same."""

import numpy as np
import pytest

pytest.importorskip("torch")
import torch
from torch import nn

from station.inference.silent_openvino import ov
from station.trainer.detectors.torch_networks.lite_backbone import scaled
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector

_SIZE = (8, 12)
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.*deprecated:DeprecationWarning")  # of the way to OpenVINO


class _TwoBranches(nn.Module):
    """Scales its pixels for each of two branches, as a teacher and its student do."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = nn.Conv2d(3, 1, 3, padding=1), nn.Conv2d(3, 1, 1)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        answer: torch.Tensor = self.one(scaled(pixels)) + self.other(pixels / 255)
        return answer


class _PerChannel(nn.Module):
    """Scales each channel by its own number, which cannot be moved, and has a border."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 1, 3, padding=1)
        self.middles = nn.Parameter(torch.tensor([120.0, 110.0, 100.0]).reshape(1, 3, 1, 1))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        answer: torch.Tensor = self.first(pixels - self.middles)
        return answer


@pytest.mark.parametrize("network", [_TwoBranches, _PerChannel])
def test_that_the_graph_answers_as_the_network(network: type[nn.Module]) -> None:
    torch.manual_seed(0)
    detector = TorchDetector(network(), _SIZE, smoothing_cells=0)
    picture = np.random.default_rng(0).integers(0, 256, (1, *_SIZE, 3), np.uint8)

    compiled = ov.Core().compile_model(detector.graph(), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})

    maps = detector.maps(picture)
    assert maps is not None
    assert np.allclose(compiled([picture])["map"][0, 0], np.maximum(maps[0], 0), atol=1e-3)


def test_that_pixels_are_scaled_before_they_are_turned() -> None:
    graph = TorchDetector(_TwoBranches(), _SIZE, smoothing_cells=0).graph()

    turns = [step for step in graph.get_ops() if step.get_type_name() == "Transpose"]
    takers = {taker.get_node().get_type_name() for turn in turns for taker in turn.output(0).get_target_inputs()}

    assert takers == {"Convolution"}
