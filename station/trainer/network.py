"""The network: PatchCore on a pretrained backbone, with reduced features and a smoothed map; input uint8."""

import math

import torch
from anomalib.models.image.patchcore.torch_model import PatchcoreModel
from torch import Tensor, nn
from torch.nn import functional

from station.learning.presets import Method
from station.trainer import backbone
from station.trainer.coreset import Axes

_MIDDLE_GREY = 127.5
"""The backbone was trained on pixels from -1 to 1."""


class Features(nn.Module):
    """The features of each place: anomalib's PatchCore up to its embedding."""

    def __init__(self, method: Method) -> None:
        super().__init__()
        layers = [f"blocks.{stage}" for stage in method.stages]
        self.patchcore = PatchcoreModel(layers, backbone.NAME, pre_trained=False, num_neighbors=1)
        backbone.load_weights(self.patchcore.feature_extractor.feature_extractor)
        self.eval()

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the features of every place.

        Args:
            pixels: uint8 RGB, shape (n, h, w, 3).

        Returns:
            Shape (n, gh, gw, c), float32.
        """
        scaled = (pixels.permute(0, 3, 1, 2).float() - _MIDDLE_GREY) / _MIDDLE_GREY
        maps = self.patchcore.feature_extractor(scaled)
        pooled = {layer: self.patchcore.feature_pooler(features) for layer, features in maps.items()}
        embedding: Tensor = self.patchcore.generate_embedding(pooled)
        return embedding.permute(0, 2, 3, 1)


class Distances(nn.Module):
    """The distance of projected features from the coreset, smoothed over the grid."""

    bank: Tensor
    squares: Tensor
    kernel: Tensor

    def __init__(self, bank: Tensor, smoothing_cells: float) -> None:
        super().__init__()
        self.register_buffer("bank", bank.T.contiguous())
        self.register_buffer("squares", (bank * bank).sum(1))
        self.register_buffer("kernel", _gaussian(smoothing_cells))
        self._reach = len(self.kernel) // 2

    def forward(self, projected: Tensor) -> Tensor:
        """Return the raw anomaly map: (n, gh, gw, k) to (n, 1, gh, gw)."""
        squared = (self.squares - 2 * (projected @ self.bank)).amin(-1) + (projected * projected).sum(-1)
        return self._smoothed(squared.clamp_min(0).sqrt().unsqueeze(1))

    def _smoothed(self, distance: Tensor) -> Tensor:
        """Smooth with a Gaussian, rows then columns; the border is replicated."""
        padded = functional.pad(distance, (self._reach,) * 4, mode="replicate")
        along_rows = functional.conv2d(padded, self.kernel.view(1, 1, 1, -1))
        return functional.conv2d(along_rows, self.kernel.view(1, 1, -1, 1))


class Detector(nn.Module):
    """The whole network from pixels to score and map, as exported."""

    mean: Tensor
    directions: Tensor

    def __init__(self, features: Features, axes: Axes, bank: Tensor, smoothing_cells: float) -> None:
        super().__init__()
        self.features = features
        self.distances = Distances(bank, smoothing_cells)
        self.register_buffer("mean", axes.mean)
        self.register_buffer("directions", axes.directions)
        self.eval()

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return raw score and raw map.

        Args:
            pixels: uint8 RGB, shape (n, h, w, 3).

        Returns:
            Score (n, 1, 1, 1), the map's maximum, and map (n, 1, gh, gw).
        """
        anomaly_map = self.distances((self.features(pixels) - self.mean) @ self.directions)
        return anomaly_map.amax((1, 2, 3), keepdim=True), anomaly_map


def _gaussian(sigma: float) -> Tensor:
    reach = math.ceil(3 * sigma)
    places = torch.arange(-reach, reach + 1, dtype=torch.float32)
    weights = torch.exp(-places.square() / (2 * sigma * sigma))
    return weights / weights.sum()
