"""SuperSimpleNet: learns to separate features of good parts from the same with noise."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.domain.errors import BadInputError
from station.learning.anomalib_settings import SupersimplenetSettings
from station.learning.detector_settings import LITE_BACKBONE
from station.trainer.detectors.anomalib_models.library import SSNLoss, SupersimplenetModel
from station.trainer.detectors.anomalib_models.pretrained import lite_at_hand
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.lite_backbone import layers_of, scaled
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_RATE_OF_ADAPTOR, _RATE_OF_HEAD, _DECAY = 1e-4, 2e-4, 1e-5
_SLOWER_AFTER, _SLOWER = (0.8, 0.9), 0.4
_LEAST_SIDE_PX = 96
"""anomalib draws its noise in up to 32 waves along each side of the features, and fails if they are too few."""


class Supersimplenet:
    """See `DetectorMethod`.

    Only its map is learned: no gradient of the head for whole pictures reaches the map in anomalib either, and here the
    score is the highest place of the map.
    """

    def __init__(self, settings: SupersimplenetSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures.

        Raises:
            BadInputError: The pictures are too narrow.
        """
        _require_broad(pictures)
        start(session)
        settings = self._settings
        with lite_at_hand():
            model = SupersimplenetModel(backbone=LITE_BACKBONE, layers=layers_of(settings.stages))
        head, loss = model.segdec.seg_head, SSNLoss()
        optimiser = torch.optim.AdamW(
            [
                {"params": model.adaptor.parameters(), "lr": _RATE_OF_ADAPTOR},
                {"params": head.parameters(), "lr": _RATE_OF_HEAD, "weight_decay": _DECAY},
            ]
        )
        slower = [max(1, int(settings.epochs * share)) for share in _SLOWER_AFTER]
        later = torch.optim.lr_scheduler.MultiStepLR(optimiser, slower, _SLOWER)
        model.train()

        def loss_of(batch: Numbers) -> torch.Tensor:
            adapted = model.adaptor(model.feature_extractor(scaled(as_tensor(pictures[batch]))))
            count, _, height, width = adapted.shape
            nothing = torch.zeros(count, 1, height, width)
            _, noised, masks, labels = model.anomaly_generator(None, adapted, nothing, torch.zeros(count))
            found: torch.Tensor = loss(head(noised), labels, masks, labels)
            return found

        train(loss_of, optimiser, in_epochs(chosen, settings.epochs, settings.at_once, later), session)
        network = _Noise(model.feature_extractor, model.adaptor, head)
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


def _require_broad(pictures: Pixels) -> None:
    side_px = min(pictures.shape[1:3])
    if side_px < _LEAST_SIDE_PX:
        raise BadInputError(
            f"The pictures are too narrow for supersimplenet: the model would see {side_px} px across, and needs "
            f"{_LEAST_SIDE_PX}.",
            "Teach with another method, or set a region of interest that is less narrow.",
        )


class _Noise(nn.Module):
    def __init__(self, extractor: nn.Module, adaptor: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.extractor, self.adaptor, self.head = extractor, adaptor, head

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return how much each place looks like noise, above 0, (n, 1, gh, gw)."""
        return nn.functional.softplus(self.head(self.adaptor(self.extractor(scaled(pixels)))))
