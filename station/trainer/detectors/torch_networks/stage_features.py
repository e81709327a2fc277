"""Features of some stages of the small backbone at each place, as a torch network."""

import warnings
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from station.learning.detector_settings import LITE_BACKBONE
from station.trainer.detectors.torch_networks.lite_backbone import load_weights, scaled
from station.trainer.detectors.torch_networks.torchvision_ops import make_importable

make_importable()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import timm


class StageFeatures(nn.Module):
    """The frozen backbone: stages side by side, each on the grid of the finest."""

    def __init__(self, stages: Sequence[int]) -> None:
        """Load the weights.

        Args:
            stages: Numbers of the stages, rising.
        """
        super().__init__()
        extractor = timm.create_model(LITE_BACKBONE, features_only=True, pretrained=False)
        load_weights(extractor)
        self._first = nn.Sequential(extractor.conv_stem, extractor.bn1)
        self._blocks = nn.ModuleList(list(extractor.blocks)[: stages[-1] + 1])
        self._stages = tuple(stages)
        self.requires_grad_(False).eval()

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the features of each place: pixels 0..255, (n, 3, h, w), to (n, c, gh, gw)."""
        features = self._first(scaled(pixels))
        kept: list[torch.Tensor] = []
        for number, block in enumerate(self._blocks):
            features = block(features)
            if number in self._stages:
                kept.append(features)
        return torch.cat([kept[0], *(_on_grid(each, kept[0].shape[2:]) for each in kept[1:])], dim=1)


def _on_grid(features: torch.Tensor, grid: Sequence[int]) -> torch.Tensor:
    return functional.interpolate(features, size=list(grid), mode="bilinear", align_corners=False)
