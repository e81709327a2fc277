"""STFPM: a student learns what a pretrained teacher says of good parts; where they differ it has not learned."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.anomalib_settings import StfpmSettings
from station.learning.detector_settings import LITE_BACKBONE
from station.trainer.detectors.anomalib_models.library import STFPMLoss, STFPMModel
from station.trainer.detectors.anomalib_models.pretrained import lite_at_hand
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.lite_backbone import layers_of, scaled
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_RATE, _MOMENTUM, _DECAY = 0.4, 0.9, 1e-3


class Stfpm:
    """See `DetectorMethod`."""

    def __init__(self, settings: StfpmSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures."""
        start(session)
        settings, loss = self._settings, STFPMLoss()
        with lite_at_hand():
            model = STFPMModel(layers=layers_of(settings.stages), backbone=LITE_BACKBONE)
        student = model.student_model.parameters()
        optimiser = torch.optim.SGD(student, lr=_RATE, momentum=_MOMENTUM, weight_decay=_DECAY)
        model.train()
        model.teacher_model.eval()

        def loss_of(batch: Numbers) -> torch.Tensor:
            found: torch.Tensor = loss(*model(scaled(as_tensor(pictures[batch]))))
            return found

        train(loss_of, optimiser, in_epochs(chosen, settings.epochs, settings.at_once), session)
        return TorchDetector(_Apart(model), pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


class _Apart(nn.Module):
    def __init__(self, model: STFPMModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return how far teacher and student are apart at each place of the finest stage, (n, 1, gh, gw)."""
        teacher, student = self.model.teacher_model(scaled(pixels)), self.model.student_model(scaled(pixels))
        grid = next(iter(teacher.values())).shape[2:]
        product: torch.Tensor | None = None
        for layer, features in teacher.items():
            apart = self.model.anomaly_map_generator.compute_layer_map(features, student[layer], grid)
            product = apart if product is None else product * apart
        assert product is not None, "there are stages"
        return product
