"""PaDiM: a Gaussian of the features at each place."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.anomalib_settings import PadimSettings
from station.learning.detector_settings import LITE_BACKBONE
from station.trainer.detectors.anomalib_models.library import MultiVariateGaussian, PadimDistances, PadimModel
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.frozen_features import FrozenFeatures
from station.trainer.detectors.torch_networks.lite_backbone import layers_of, load_weights, scaled
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector
from station.trainer.detectors.torch_networks.training import start


class Padim:
    """See `DetectorMethod`. The channels that are kept are drawn by the seed of the first call."""

    def __init__(self, settings: PadimSettings) -> None:
        self._settings = settings
        self._model: PadimModel | None = None
        self._features = FrozenFeatures(self._embedded)

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        if self._model is None:
            start(session)
            self._model = self._made()
        gaussian = MultiVariateGaussian()
        gaussian.fit(self._features.of(pictures, session)[torch.from_numpy(chosen)])
        network = _Distances(self._model, gaussian)
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=self._settings.smoothing_cells)

    def _made(self) -> PadimModel:
        settings = self._settings
        model = PadimModel(LITE_BACKBONE, layers_of(settings.stages), pre_trained=False, n_features=settings.features)
        load_weights(model.feature_extractor.feature_extractor)
        return model.eval()

    def _embedded(self, pixels: torch.Tensor) -> torch.Tensor:
        assert self._model is not None
        return embedding_of(self._model, pixels)


class _Distances(nn.Module):
    def __init__(self, model: PadimModel, gaussian: MultiVariateGaussian) -> None:
        super().__init__()
        self.model, self.gaussian = model, gaussian

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the distance of each place, (n, 1, gh, gw)."""
        stats = [self.gaussian.mean, self.gaussian.inv_covariance]
        distances: torch.Tensor = PadimDistances.compute_distance(embedding_of(self.model, pixels), stats)
        return distances


def embedding_of(model: PadimModel, pixels: torch.Tensor) -> torch.Tensor:
    """Return the features of each place, (n, c, gh, gw)."""
    embedding: torch.Tensor = model.generate_embedding(model.feature_extractor(scaled(pixels)))
    return embedding
