"""Reverse distillation: a decoder learns to give back the features of good parts."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.brought_settings import ReverseDistillationSettings
from station.trainer.detectors.anomalib_models.brought import as_in_imagenet, network_at_hand
from station.trainer.detectors.anomalib_models.library import (
    AnomalyMapGenerationMode,
    ReverseDistillationLoss,
    ReverseDistillationModel,
)
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_RATE, _BETAS = 5e-3, (0.5, 0.99)
_LAYERS = ["layer1", "layer2", "layer3"]


class ReverseDistillation:
    """See `DetectorMethod`."""

    def __init__(self, settings: ReverseDistillationSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        settings, loss, size = self._settings, ReverseDistillationLoss(), pictures.shape[1:3]
        with network_at_hand(settings, session):
            model = ReverseDistillationModel(settings.network, size, _LAYERS, AnomalyMapGenerationMode.ADD)
        learned = [*model.decoder.parameters(), *model.bottleneck.parameters()]
        optimiser = torch.optim.Adam(learned, lr=_RATE, betas=_BETAS)
        model.train()

        def loss_of(batch: Numbers) -> torch.Tensor:
            found: torch.Tensor = loss(*model(as_in_imagenet(as_tensor(pictures[batch]))))
            return found

        train(loss_of, optimiser, in_epochs(chosen, settings.epochs, settings.at_once), session)
        return TorchDetector(_NotGivenBack(model), size, smoothing_cells=settings.smoothing_cells)


class _NotGivenBack(nn.Module):
    def __init__(self, model: ReverseDistillationModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return 1 - cosine, summed over the stages on the grid of the finest, (n, 1, gh, gw)."""
        encoded = list(self.model.encoder(as_in_imagenet(pixels)).values())
        decoded = self.model.decoder(self.model.bottleneck(encoded))
        total: torch.Tensor = unlike(encoded[0], decoded[0])
        for there, here in zip(encoded[1:], decoded[1:], strict=True):
            total = total + nn.functional.interpolate(unlike(there, here), size=total.shape[2:], mode="bilinear")
        return total


def unlike(there: torch.Tensor, here: torch.Tensor) -> torch.Tensor:
    """Return 1 - cosine at each place, (n, 1, gh, gw); OpenVINO converts no `cosine_similarity`."""
    alike = (nn.functional.normalize(there) * nn.functional.normalize(here)).sum(1, keepdim=True)
    return (1 - alike).clamp(min=0)
