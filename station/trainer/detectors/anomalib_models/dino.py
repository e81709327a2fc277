"""AnomalyDINO: the nearest good patch, by the features of a DINOv2 that the site brought."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.brought_settings import AnomalyDinoSettings
from station.trainer.coreset import farthest_first
from station.trainer.detectors.anomalib_models.brought import as_in_imagenet, network_at_hand
from station.trainer.detectors.anomalib_models.library import AnomalyDINOModel
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.frozen_features import FrozenFeatures, candidates_of
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector
from station.trainer.detectors.torch_networks.training import start


class AnomalyDino:
    """See `DetectorMethod`. Of all patches that anomalib keeps a coreset stays, which bounds the time for a part."""

    def __init__(self, settings: AnomalyDinoSettings) -> None:
        self._settings = settings
        self._patches: _Patches | None = None
        self._features: FrozenFeatures | None = None

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        size = pictures.shape[1:3]
        if self._patches is None or self._features is None:
            with network_at_hand(self._settings, session):
                self._patches = _Patches(AnomalyDINOModel(encoder_name=self._settings.network).eval())
            self._features = FrozenFeatures(self._patches)
        candidates = candidates_of(self._features.of(pictures, session)[torch.from_numpy(chosen)])
        bank = candidates[torch.from_numpy(farthest_first(candidates.numpy(), self._settings.coreset_size))]
        return TorchDetector(_Nearest(self._patches, bank), size, smoothing_cells=self._settings.smoothing_cells)


class _Patches(nn.Module):
    def __init__(self, model: AnomalyDINOModel) -> None:
        super().__init__()
        self.model = model
        self.side: int = model.patch_size

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the features of each patch, of length 1, (n, c, gh, gw)."""
        seen = whole_patches(pixels, self.side)
        rows, columns = (side // self.side for side in seen.shape[2:])
        features: torch.Tensor = self.model.extract_features(as_in_imagenet(seen))
        unit = nn.functional.normalize(features, dim=2)
        return unit.transpose(1, 2).reshape(features.shape[0], features.shape[2], rows, columns)


def whole_patches(pixels: torch.Tensor, patch_px: int) -> torch.Tensor:
    """Return pictures stretched so that their sides are whole patches, by less than half a patch.

    anomalib cuts off what is less than a patch; a defect at the edge of the region would then never be seen.
    """
    size = [(side + patch_px // 2) // patch_px * patch_px for side in pixels.shape[2:]]
    return nn.functional.interpolate(pixels, size=size, mode="bilinear")


class _Nearest(nn.Module):
    bank: torch.Tensor

    def __init__(self, patches: _Patches, bank: torch.Tensor) -> None:
        super().__init__()
        self.patches = patches
        self.register_buffer("bank", bank[:, :, None, None].contiguous())

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return 1 - cosine to the most similar good patch, (n, 1, gh, gw)."""
        alike = nn.functional.conv2d(self.patches(pixels), self.bank)
        return (1 - alike.amax(1, keepdim=True)).clamp(min=0)
