"""An autoencoder of dilated convolutions, trained by structural similarity to draw the good part without its defect."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from station.domain.synthetic import SyntheticKind
from station.learning.own_network_settings import AutoencoderSettings
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.own_networks.drawn_defects import DefectDrawer
from station.trainer.detectors.own_networks.structural_similarity import StructuralSimilarity
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor, light_of
from station.trainer.detectors.torch_networks.training import Numbers, shuffled, start, train_in_steps

_AT_ONCE = 8
_ABSOLUTE_WEIGHT = 0.5
"""What the plain difference weighs beside the similarity: it keeps colours, to which the similarity is nearly blind."""


class Autoencoder:
    """See `DetectorMethod`."""

    def __init__(self, settings: AutoencoderSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn to draw the chosen pictures from copies into which a patch of themselves was pasted."""
        settings, rng = self._settings, np.random.default_rng(session.seed)
        start(session)
        good = pictures[chosen]
        drawer = DefectDrawer(good, [SyntheticKind.PATCH], rng)
        network, similarity = _network(settings), StructuralSimilarity(settings.window_px)

        def loss_of(numbers: Numbers) -> torch.Tensor:
            drawn, _ = drawer.draw_each(numbers)
            wanted, answer = light_of(as_tensor(good[numbers])), network(light_of(as_tensor(drawn)))
            unlike = 1 - similarity(wanted, answer)
            loss: torch.Tensor = unlike.mean() + _ABSOLUTE_WEIGHT * (wanted - answer).abs().mean()
            return loss

        batches = shuffled(len(good), settings.batch, rng)
        train_in_steps(
            network.parameters(), loss_of, batches, settings.steps, session, learning_rate=settings.learning_rate
        )
        compared = _Compared(network, similarity, settings.cell_px).eval()
        compared.level.fill_(_histogram_level(compared, good, settings.histogram_share))
        return TorchDetector(compared, pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


class _Compared(nn.Module):
    """How unlike the picture and its drawing are, beyond the level of good places, in units of this level."""

    level: torch.Tensor

    def __init__(self, network: nn.Module, similarity: StructuralSimilarity, cell_px: int) -> None:
        super().__init__()
        self.network, self.similarity, self.cell_px = network, similarity, cell_px
        self.register_buffer("level", torch.ones(()))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the map, (n, 1, gh, gw)."""
        return functional.relu(self.unlike(pixels) / self.level - 1)

    def unlike(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return how unlike each cell and its drawing are, 0 to 1, (n, 1, gh, gw)."""
        light = light_of(pixels)
        at_pixels = (1 - self.similarity(light, self.network(light))).mean(1, keepdim=True) / 2
        return functional.avg_pool2d(at_pixels, self.cell_px)


def _histogram_level(compared: _Compared, good: Pixels, share: float) -> float:
    """Return the level under which this share of all cells of good pictures lies."""
    with torch.inference_mode():
        cells = [
            compared.unlike(as_tensor(good[begin : begin + _AT_ONCE])).ravel()
            for begin in range(0, len(good), _AT_ONCE)
        ]
    return max(float(np.quantile(torch.cat(cells).numpy(), share)), float(np.finfo(np.float32).eps))


def _network(settings: AutoencoderSettings) -> nn.Module:
    inner, code = settings.channels, settings.code_channels
    around = [layer for dilation in settings.dilations for layer in _convolved(inner, inner, dilation=dilation)]
    return nn.Sequential(
        *_convolved(3, inner // 2, kernel=5, stride=2),
        *_convolved(inner // 2, inner, stride=2),
        *_convolved(inner, inner, stride=2),
        *around,
        nn.Conv2d(inner, code, 1),
        *_convolved(code, inner),
        *_enlarged(inner, inner),
        *_enlarged(inner, inner // 2),
        *_enlarged(inner // 2, inner // 2),
        nn.Conv2d(inner // 2, 3, 3, padding=1),
        nn.Sigmoid(),
    )


def _convolved(
    before: int, after: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1
) -> tuple[nn.Module, nn.Module]:
    padding = dilation * (kernel // 2)
    return nn.Conv2d(before, after, kernel, stride, padding, dilation), nn.LeakyReLU(0.1)


def _enlarged(before: int, after: int) -> tuple[nn.Module, ...]:
    return nn.Upsample(scale_factor=2, mode="nearest"), *_convolved(before, after)
