"""FCDD, fully convolutional data description (Liznerski and others, ICLR 2021), on a frozen small backbone.

Where a good part is rich in detail the network answers high, on every good part. So the heat of each place is measured
against that of good parts at the same place which the network did not learn.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from station.learning.own_network_settings import FcddSettings
from station.learning.spread import spread_out
from station.trainer.detector import smoothed
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.own_networks.drawn_defects import ALL_KINDS, DefectDrawer
from station.trainer.detectors.torch_networks.frozen_features import FrozenFeatures
from station.trainer.detectors.torch_networks.stage_features import StageFeatures
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector
from station.trainer.detectors.torch_networks.training import Numbers, shuffled, start, train_in_steps

_COVERED = 0.2
"""A cell of which a drawn defect covers at least this share is to be found; one that it touches less is left out."""
_EDGE_OF_LOG = 1e-6
_COMPARED_EVERY = 5
"""Each fifth good picture is not learned: it says how hot its places are all the same."""
_NEAR = 1.5
"""Sigma in cells over which the heat of good parts is averaged: parts do not lie alike to the cell."""
_SHARE_OF_SPREAD, _SHARE_OF_HEAT, _LEAST = 0.5, 0.05, 1e-6
"""What is added to the spread of a place, of the mean spread and of the mean heat: few pictures may be equal there."""


class Fcdd:
    """See `DetectorMethod`."""

    def __init__(self, settings: FcddSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures, and from copies with a drawn defect."""
        settings, rng = self._settings, np.random.default_rng(session.seed)
        start(session)
        good, usual = _apart(pictures[spread_out(chosen.tolist(), settings.learned_at_most)])
        drawn, masks = DefectDrawer(good, ALL_KINDS, rng).draw_each(np.arange(len(good)))
        backbone = StageFeatures(settings.stages)
        features = FrozenFeatures(backbone).of(np.concatenate([good, drawn, usual]), session)
        wanted = _wanted(masks, features.shape[2:])
        head = _head(features.shape[1], settings.channels)

        def loss_of(numbers: Numbers) -> torch.Tensor:
            return fcdd_loss(anomaly(head(features[numbers])), wanted[numbers])

        batches = shuffled(len(wanted), settings.batch, rng)
        train_in_steps(
            head.parameters(), loss_of, batches, settings.steps, session, learning_rate=settings.learning_rate
        )
        network = _Anomaly(backbone, head, features[len(wanted) :])
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


def _apart(pictures: Pixels) -> tuple[Pixels, Pixels]:
    """Return the pictures to learn, and those to compare with."""
    compared = np.arange(len(pictures)) % _COMPARED_EVERY == 0
    return pictures[~compared], pictures[compared]


class _Anomaly(nn.Module):
    usual: torch.Tensor
    spread: torch.Tensor

    def __init__(self, backbone: nn.Module, head: nn.Module, of_good: torch.Tensor) -> None:
        """Measure the usual heat of each place.

        Args:
            backbone: From pixels to features.
            head: From features to answers.
            of_good: Features of good pictures that the head did not learn, (n, c, gh, gw).
        """
        super().__init__()
        self.backbone, self.head = backbone, head
        with torch.inference_mode():
            heat = anomaly(head(of_good)).numpy()[:, 0]
        usual, spread = smoothed(np.stack([heat.mean(0), heat.std(0)]), _NEAR)
        spread = spread + _SHARE_OF_SPREAD * spread.mean() + _SHARE_OF_HEAT * heat.mean() + _LEAST
        self.register_buffer("usual", torch.from_numpy(usual))
        self.register_buffer("spread", torch.from_numpy(spread))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return how much hotter each place is than on good parts, in spreads, (n, 1, gh, gw)."""
        heat = anomaly(self.head(self.backbone(pixels)))
        return functional.relu((heat - self.usual) / self.spread)


def anomaly(answer: torch.Tensor) -> torch.Tensor:
    """Return the pseudo-Huber distance of each answer from 0."""
    return torch.sqrt(answer * answer + 1) - 1


def fcdd_loss(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return the loss: both kinds of places weigh alike.

    Args:
        found: Anomaly of each place, 0 or more.
        wanted: 0 at good places, 1 at defects, -1 at places that are left out; of the same shape.
    """
    good, bad = found[wanted == 0], found[wanted == 1]
    loss = good.mean()
    if bad.numel():
        loss = loss - torch.log1p(_EDGE_OF_LOG - torch.exp(-bad)).mean()
    return loss


def _head(channels: int, inner: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(channels, inner, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(inner, inner, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(inner, 1, 1),
    )


def _wanted(masks: NDArray[np.bool_], grid: Sequence[int]) -> torch.Tensor:
    """Return what is wanted of the places of the good pictures and then of those with a defect, (2 n, 1, gh, gw)."""
    defects = torch.from_numpy(masks)[:, None].float()
    covered = functional.adaptive_avg_pool2d(defects, (grid[0], grid[1]))
    answers = (covered >= _COVERED).float() - ((covered > 0) & (covered < _COVERED)).float()
    # A defect smaller than the share of a cell still has its cell that it covers most.
    most = covered.amax((2, 3), keepdim=True)
    answers[(covered == most) & (most > 0)] = 1
    return torch.cat([torch.zeros_like(answers), answers])
