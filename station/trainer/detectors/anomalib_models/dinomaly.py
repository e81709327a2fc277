"""Dinomaly: a decoder learns to give back the features that a brought DINOv2 has of good parts."""

from dataclasses import replace
from itertools import count

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.brought_settings import DinomalySettings
from station.trainer.detectors.anomalib_models.brought import as_in_imagenet, network_at_hand
from station.trainer.detectors.anomalib_models.dino import whole_patches
from station.trainer.detectors.anomalib_models.library import DinomalyModel, StableAdamW, WarmCosineScheduler
from station.trainer.detectors.anomalib_models.reverse_distillation import unlike
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor
from station.trainer.detectors.torch_networks.training import Numbers, Schedule, in_epochs, start, train

_BETAS, _DECAY, _SLOWEST, _WARM_UP = (0.9, 0.999), 1e-4, 0.1, 100
"""These, the steepest gradient and the first weights are those of anomalib."""
_STEEPEST = 0.1
_SPREAD, _FARTHEST = 0.01, 0.03


class Dinomaly:
    """See `DetectorMethod`."""

    def __init__(self, settings: DinomalySettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        settings, steps = self._settings, count()
        with network_at_hand(settings, session):
            model = DinomalyModel(settings.network)
        learned = nn.ModuleList([model.bottleneck, model.decoder])
        learned.apply(_draw_weights)
        optimiser = _optimiser(learned, settings.rate)
        schedule = _warmed(in_epochs(chosen, settings.epochs, settings.at_once), optimiser, settings.rate)
        model.train()

        def loss_of(batch: Numbers) -> torch.Tensor:
            seen = _seen(as_tensor(pictures[batch]), model)
            loss: torch.Tensor = model(seen, global_step=next(steps))
            return loss

        train(loss_of, optimiser, schedule, session)
        network = _NotGivenBack(model)
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


class _NotGivenBack(nn.Module):
    def __init__(self, model: DinomalyModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return 1 - cosine at each patch, the mean of both groups of layers, (n, 1, gh, gw)."""
        encoded, decoded = self.model.get_encoder_decoder_outputs(_seen(pixels, self.model))
        return torch.stack([unlike(there, here) for there, here in zip(encoded, decoded, strict=True)]).mean(0)


def _seen(pixels: torch.Tensor, model: DinomalyModel) -> torch.Tensor:
    return as_in_imagenet(whole_patches(pixels, model.encoder.patch_size))


def _draw_weights(module: nn.Module) -> None:
    """Draw the weights of a linear layer as anomalib does for this method."""
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=_SPREAD, a=-_FARTHEST, b=_FARTHEST)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def _optimiser(learned: nn.Module, rate: float) -> torch.optim.Optimizer:
    """Return the optimiser of anomalib; gradients that are too steep are made shorter before each step."""
    parameters = list(learned.parameters())
    optimiser: torch.optim.Optimizer = StableAdamW(parameters, lr=rate, betas=_BETAS, weight_decay=_DECAY, amsgrad=True)
    optimiser.register_step_pre_hook(lambda *_: _shorten(parameters))
    return optimiser


def _shorten(parameters: list[nn.Parameter]) -> None:
    nn.utils.clip_grad_norm_(parameters, _STEEPEST)


def _warmed(schedule: Schedule, optimiser: torch.optim.Optimizer, rate: float) -> Schedule:
    """Return the schedule with a rate that rises first, and then falls to a tenth as half a cosine."""
    warm_up = min(_WARM_UP, schedule.steps // 2)
    return replace(
        schedule, later=WarmCosineScheduler(optimiser, rate, rate * _SLOWEST, schedule.steps, warm_up), later_every=1
    )
