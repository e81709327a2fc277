"""Draem: one network draws the good part, another says where a texture was laid into it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.brought_pictures import TEXTURES
from station.learning.brought_settings import DraemSettings
from station.trainer.detectors.anomalib_models.library import (
    DiscriminativeSubNetwork,
    DraemLoss,
    DsrAnomalyGenerator,
    PerlinAnomalyGenerator,
    ReconstructiveSubNetwork,
)
from station.trainer.detectors.anomalib_models.other_pictures import read_brought
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor, light_of
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_RATE = 1e-4
"""This, the shares of steps and pictures, and the faintest texture are those of anomalib."""
_SLOWER_AFTER, _SLOWER = (4 / 7, 6 / 7), 0.1
_DEFECTIVE = 0.5
_FAINTEST = 0.1
_TRIES = 10


class Draem:
    """See `DetectorMethod`."""

    def __init__(self, settings: DraemSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures.

        Raises:
            BadInputError: There are no textures, or one cannot be read.
        """
        settings, loss, size = self._settings, DraemLoss(), pictures.shape[1:3]
        settings.require_complete(session.backbones or Path())
        start(session)
        textures = _Textures(read_brought(TEXTURES, size, session, kept=np.asarray))
        networks = _Networks(settings.channels, settings.cell_px)
        optimiser = torch.optim.Adam(networks.parameters(), lr=_RATE)
        schedule = in_epochs(chosen, settings.epochs, settings.at_once)
        slower = [max(1, int(schedule.steps * share)) for share in _SLOWER_AFTER]
        later = torch.optim.lr_scheduler.MultiStepLR(optimiser, slower, _SLOWER)
        networks.train()

        def loss_of(batch: Numbers) -> torch.Tensor:
            good = light_of(as_tensor(pictures[batch]))
            defective, masks = textures.laid_into(good)
            drawn, logits = networks.both(defective)
            found: torch.Tensor = loss(good, drawn, masks, logits)
            return found

        train(loss_of, optimiser, replace(schedule, later=later, later_every=1), session)
        return TorchDetector(networks, size, smoothing_cells=settings.smoothing_cells)


class _Textures:
    """Lays brought textures into good parts, in patches of Perlin noise.

    anomalib's generator would read a file for each, by an operator that a torch without CUDA lacks here.
    """

    def __init__(self, textures: Pixels) -> None:
        self._textures = textures
        self._patches = DsrAnomalyGenerator()
        self._changed = PerlinAnomalyGenerator().augmenters

    def laid_into(self, good: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return every second picture, by chance, with a texture in it, (n, 3, h, w), and 1 on it, (n, 1, h, w)."""
        pairs = [self._one(picture) for picture in good]
        return torch.stack([picture for picture, _ in pairs]), torch.stack([mask for _, mask in pairs])

    def _one(self, good: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        height, width = good.shape[1:]
        mask = torch.zeros(1, height, width)
        if float(torch.rand(1)) > _DEFECTIVE:
            return good, mask
        for _ in range(_TRIES):
            mask = self._patches.generate_anomaly(height, width)
            if mask.any():
                break
        number = int(torch.randint(len(self._textures), (1,)))
        texture = self._changed(light_of(as_tensor(self._textures[number][None])[0]))
        strength = _FAINTEST + (1 - _FAINTEST) * float(torch.rand(1))
        return good + mask * strength * (texture - good), mask


class _Networks(nn.Module):
    def __init__(self, channels: int, cell_px: int) -> None:
        super().__init__()
        self.drawing = ReconstructiveSubNetwork(base_width=2 * channels)
        self.finding = DiscriminativeSubNetwork(in_channels=6, out_channels=2, base_width=channels)
        self.cell_px = cell_px

    def both(self, light: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the good part, (n, 3, h, w), and at each pixel how good and how defective it looks, (n, 2, h, w)."""
        drawn = self.drawing(light)
        return drawn, self.finding(torch.cat([light, drawn], 1))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return how unlikely it is that each cell is good, (n, 1, gh, gw)."""
        return unlikely_good(self.both(light_of(pixels))[1], self.cell_px)


def unlikely_good(logits: torch.Tensor, cell_px: int) -> torch.Tensor:
    """Return the loss of calling each cell good, the mean of its pixels; anomalib's own map ends at the probability 1.

    Args:
        logits: How good and how defective each pixel looks, (n, 2, h, w).
        cell_px: Side of a cell, pixels.
    """
    at_pixels = nn.functional.softplus(logits[:, 1:] - logits[:, :1])
    return nn.functional.avg_pool2d(at_pixels, cell_px)
