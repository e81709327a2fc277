"""PatchCore as anomalib has it: raw features, plain distance to the nearest of them.

It is here to be compared with the station's own. Only the coreset is the station's: anomalib's takes minutes.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.anomalib_settings import PatchcoreSettings
from station.learning.detector_settings import LITE_BACKBONE
from station.trainer.coreset import farthest_first
from station.trainer.detectors.anomalib_models.library import PatchcoreModel
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.frozen_features import FrozenFeatures, candidates_of
from station.trainer.detectors.torch_networks.lite_backbone import layers_of, load_weights, scaled
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector
from station.trainer.detectors.torch_networks.training import start

_PROJECTED = 64


class Patchcore:
    """See `DetectorMethod`."""

    def __init__(self, settings: PatchcoreSettings) -> None:
        self._settings = settings
        self._model = PatchcoreModel(layers_of(settings.stages), LITE_BACKBONE, pre_trained=False, num_neighbors=1)
        load_weights(self._model.feature_extractor.feature_extractor)
        self._embedding = _Embedding(self._model.eval())
        self._features = FrozenFeatures(self._embedding)

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        candidates = candidates_of(self._features.of(pictures, session)[torch.from_numpy(chosen)])
        projected = candidates @ torch.randn(candidates.shape[1], _PROJECTED) / _PROJECTED**0.5
        bank = candidates[torch.from_numpy(farthest_first(projected.numpy(), self._settings.coreset_size))]
        network = _Nearest(self._embedding, bank)
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=self._settings.smoothing_cells)


class _Embedding(nn.Module):
    def __init__(self, model: PatchcoreModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the features of each place, (n, c, gh, gw)."""
        stages = self.model.feature_extractor(scaled(pixels))
        pooled = {layer: self.model.feature_pooler(features) for layer, features in stages.items()}
        embedding: torch.Tensor = self.model.generate_embedding(pooled)
        return embedding


class _Nearest(nn.Module):
    products: torch.Tensor
    squares: torch.Tensor

    def __init__(self, embedding: _Embedding, bank: torch.Tensor) -> None:
        super().__init__()
        self.embedding = embedding
        self.register_buffer("products", (-2 * bank)[:, :, None, None].contiguous())
        self.register_buffer("squares", bank.square().sum(1))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the distance to the nearest row of the bank, (n, 1, gh, gw)."""
        places: torch.Tensor = self.embedding(pixels)
        from_rows = nn.functional.conv2d(places, self.products, self.squares)
        squared = from_rows.amin(1, keepdim=True) + places.square().sum(1, keepdim=True)
        return squared.clamp(min=0).sqrt()
