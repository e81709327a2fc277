"""DFM, DFKDE and FRE: one picture of features as a whole, and what of it good parts do not explain."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.anomalib_settings import DfkdeSettings, DfmSettings, FreSettings
from station.trainer.detectors.anomalib_models.library import PCA, KDEClassifier, TiedAE
from station.trainer.detectors.anomalib_models.pretrained import LiteFeatures
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.frozen_features import FrozenFeatures
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_RATE = 1e-3


class Dfm:
    """DFM: what of the features good parts' principal components do not explain. See `DetectorMethod`."""

    def __init__(self, settings: DfmSettings) -> None:
        self._settings = settings
        self._flat = _Flat(settings.stages[0], settings.pooled)
        self._features = FrozenFeatures(self._flat)

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        pca = PCA(n_components=self._settings.explained)
        pca.fit(self._features.of(pictures, session)[torch.from_numpy(chosen)])
        network = _Unexplained(self._flat, _Projected(pca.mean, pca.singular_vectors))
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=self._settings.smoothing_cells)


class Fre:
    """FRE: what of the features a shallow autoencoder of good parts does not give back. See `DetectorMethod`."""

    def __init__(self, settings: FreSettings) -> None:
        self._settings = settings
        self._flat = _Flat(settings.stages[0], settings.pooled)
        self._features = FrozenFeatures(self._flat)

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        settings, features = self._settings, self._features.of(pictures, session)
        coder = TiedAE(features.shape[1], settings.latent)
        optimiser = torch.optim.Adam(coder.parameters(), lr=_RATE)
        difference = nn.MSELoss()

        def loss_of(batch: Numbers) -> torch.Tensor:
            loss: torch.Tensor = difference(features[batch], coder(features[batch]))
            return loss

        train(loss_of, optimiser, in_epochs(chosen, settings.epochs, settings.at_once), session)
        network = _Unexplained(self._flat, coder)
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


class Dfkde:
    """DFKDE: how seldom the averaged features are among good parts; without a map. See `DetectorMethod`."""

    def __init__(self, settings: DfkdeSettings) -> None:
        self._settings = settings
        self._features = FrozenFeatures(_Averaged(settings.stages))

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        components = min(self._settings.components, len(chosen) - 1)
        classifier = KDEClassifier(n_pca_components=components)
        classifier.fit(self._features.of(pictures, session)[torch.from_numpy(chosen)])
        network = _Rarity(_Averaged(self._settings.stages), classifier)
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=0, has_map=False)


class _Flat(nn.Module):
    """The features of one stage, averaged over squares of places."""

    def __init__(self, stage: int, pooled: int) -> None:
        super().__init__()
        self.features = LiteFeatures((stage,))
        self.pooled = pooled

    def places(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return (n, c, gh, gw)."""
        return nn.functional.avg_pool2d(self.features.finest(pixels), self.pooled)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return all of them as one row, (n, c * gh * gw)."""
        return self.places(pixels).flatten(1)


class _Projected(nn.Module):
    """Gives back what lies along the principal components."""

    def __init__(self, mean: torch.Tensor, directions: torch.Tensor) -> None:
        super().__init__()
        self.mean, self.directions = mean, directions

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the part of the rows that good parts explain."""
        return (rows - self.mean) @ self.directions @ self.directions.T + self.mean


class _Unexplained(nn.Module):
    def __init__(self, flat: _Flat, coder: nn.Module) -> None:
        super().__init__()
        self.flat, self.coder = flat, coder

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the squared difference at each place, (n, 1, gh, gw)."""
        places = self.flat.places(pixels)
        rows = places.flatten(1)
        unexplained: torch.Tensor = rows - self.coder(rows)
        return unexplained.square().reshape(places.shape).sum(1, keepdim=True)


class _Averaged(nn.Module):
    def __init__(self, stages: tuple[int, ...]) -> None:
        super().__init__()
        self.features = LiteFeatures(stages)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the mean of each channel of each stage, (n, c)."""
        return torch.cat([stage.mean((2, 3)) for stage in self.features(pixels)], 1)


class _Rarity(nn.Module):
    """The negative logarithm of the density, 0 where it is greatest.

    anomalib's own score is a curve of it that is 1 for all parts that are far from good ones.
    """

    def __init__(self, averaged: _Averaged, classifier: KDEClassifier) -> None:
        super().__init__()
        density = classifier.kde_model
        self.averaged = averaged
        self.mean = classifier.pca_model.mean
        self.directions = classifier.pca_model.singular_vectors @ density.bw_transform / classifier.max_length
        self.known = density.dataset

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return one place for each picture, (n, 1, 1, 1)."""
        found = (self.averaged(pixels) - self.mean) @ self.directions
        squared = (found[:, None] - self.known[None]).square().sum(2)
        rarity = -torch.logsumexp(-squared / 2, 1) + float(np.log(len(self.known)))
        return rarity.clamp(min=0).reshape(-1, 1, 1, 1)
