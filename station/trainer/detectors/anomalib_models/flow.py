"""CFLOW: for each stage a normalising flow that knows the place, from features to how likely they are."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.anomalib_settings import CflowSettings
from station.trainer.detectors.anomalib_models.library import cflow_head, get_logp, positional_encoding_2d
from station.trainer.detectors.anomalib_models.pretrained import LiteFeatures
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.frozen_features import FrozenFeatures
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_CONDITION = 128
_CLAMP = 1.9


def exportable(flow: nn.Module) -> nn.Module:
    """Return a flow whose blocks compute the same scale in a form that OpenVINO converts.

    OpenVINO drops the `beta` of a softplus without a word, and all likelihoods would be off by a constant.
    """
    for block in flow.modules():
        if hasattr(block, "global_scale_activation"):
            block.global_scale_activation = _scale  # type: ignore[assignment]
    return flow


def _scale(raw: torch.Tensor) -> torch.Tensor:
    """Return 0.1 softplus(raw) with a beta of 0.5."""
    return 0.2 * nn.functional.softplus(raw / 2)


class Cflow:
    """See `DetectorMethod`."""

    def __init__(self, settings: CflowSettings) -> None:
        self._settings = settings
        self._stages = [LiteFeatures((stage,)) for stage in settings.stages]
        self._features = [FrozenFeatures(stage.finest) for stage in self._stages]

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        settings = self._settings
        features = [each.of(pictures, session) for each in self._features]
        flows = [_Flow(each.shape[1:], settings.blocks) for each in features]
        optimiser = torch.optim.Adam(nn.ModuleList(flows).parameters(), lr=settings.rate)

        def loss_of(batch: Numbers) -> torch.Tensor:
            pairs = zip(flows, features, strict=True)
            return torch.stack([flow.loss_of_some(each[batch], settings.rows_at_once) for flow, each in pairs]).sum()

        train(loss_of, optimiser, in_epochs(chosen, settings.epochs, settings.at_once), session)
        network = _Unlikely(self._stages, flows)
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


class _Flow(nn.Module):
    places: torch.Tensor

    def __init__(self, shape: tuple[int, ...], blocks: int) -> None:
        super().__init__()
        self.channels, *self.grid = shape
        self.head = exportable(cflow_head(_CONDITION, blocks, _CLAMP, self.channels))
        places = positional_encoding_2d(_CONDITION, *self.grid)
        self.register_buffer("places", places.flatten(1).T.contiguous())

    def loss_of_some(self, features: torch.Tensor, rows_at_once: int) -> torch.Tensor:
        """Return the mean of some places of (n, c, gh, gw), drawn by chance."""
        rows, places = self._rows(features), self.places.repeat(len(features), 1)
        some = torch.randperm(len(rows))[:rows_at_once]
        return self._unlikely(rows[some], places[some]).mean()

    def unlikely(self, features: torch.Tensor) -> torch.Tensor:
        """Return how unlikely each place is, (n, c, gh, gw) to (n, 1, gh, gw)."""
        places = self.places.repeat(features.shape[0], 1)
        return self._unlikely(self._rows(features), places).reshape(features.shape[0], 1, *self.grid)

    def _rows(self, features: torch.Tensor) -> torch.Tensor:
        return features.flatten(2).transpose(1, 2).reshape(-1, self.channels)

    def _unlikely(self, rows: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """Return the loss of each row, which is above 0.

        anomalib's own map is the likelihood in units of the greatest one of the same batch: that depends on others.
        """
        latent, log_jacobian = self.head(rows, [places])
        log_likelihood = get_logp(self.channels, latent, log_jacobian) / self.channels
        return -nn.functional.logsigmoid(log_likelihood)


class _Unlikely(nn.Module):
    def __init__(self, stages: list[LiteFeatures], flows: list[_Flow]) -> None:
        super().__init__()
        self.pairs = list(zip(stages, flows, strict=True))
        self.parts = nn.ModuleList([*stages, *flows])  # so that all of them are switched to evaluation

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the sum of all stages on the grid of the finest, (n, 1, gh, gw)."""
        finest, *coarser = [flow.unlikely(stage.finest(pixels)) for stage, flow in self.pairs]
        grid = self.pairs[0][1].grid
        return finest + sum(nn.functional.interpolate(each, size=grid, mode="bilinear") for each in coarser)
