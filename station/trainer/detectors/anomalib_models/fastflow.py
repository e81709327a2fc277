"""FastFlow: normalising flows over the feature maps of a network that the site brought."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.brought_settings import FastflowSettings
from station.trainer.detectors.anomalib_models.brought import as_in_imagenet, network_at_hand
from station.trainer.detectors.anomalib_models.flow import exportable
from station.trainer.detectors.anomalib_models.library import FastflowLoss, FastflowModel
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_RATE, _DECAY = 1e-3, 1e-5


class Fastflow:
    """See `DetectorMethod`."""

    def __init__(self, settings: FastflowSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        settings, loss, size = self._settings, FastflowLoss(), pictures.shape[1:3]
        with network_at_hand(settings, session):
            model = FastflowModel(input_size=size, backbone=settings.network, flow_steps=settings.steps)
        exportable(model)
        learned = [each for each in model.parameters() if each.requires_grad]
        optimiser = torch.optim.Adam(learned, lr=_RATE, weight_decay=_DECAY)
        model.train()

        def loss_of(batch: Numbers) -> torch.Tensor:
            found: torch.Tensor = loss(*model(as_in_imagenet(as_tensor(pictures[batch]))))
            return found

        train(loss_of, optimiser, in_epochs(chosen, settings.epochs, settings.at_once), session)
        return TorchDetector(_Unlikely(model), size, smoothing_cells=settings.smoothing_cells)


class _Unlikely(nn.Module):
    """Half the mean square of the latent variables; anomalib's own map is 1 for all that is far from good parts."""

    def __init__(self, model: FastflowModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the mean of all stages on the grid of the finest, (n, 1, gh, gw)."""
        features = self.model._get_cnn_features(as_in_imagenet(pixels))
        pairs = zip(self.model.fast_flow_blocks, features, strict=True)
        maps = [flow(stage)[0].square().mean(1, keepdim=True) / 2 for flow, stage in pairs]
        grid = maps[0].shape[2:]
        on_grid = [nn.functional.interpolate(each, size=grid, mode="bilinear") for each in maps[1:]]
        return torch.stack([maps[0], *on_grid]).mean(0)
