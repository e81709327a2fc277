"""DSR: as Draem, with defects that are drawn into the codes of a network that the site brought."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.brought_settings import DsrSettings
from station.trainer.detectors.anomalib_models.brought import brought_weights
from station.trainer.detectors.anomalib_models.draem import unlikely_good
from station.trainer.detectors.anomalib_models.library import (
    DsrAnomalyGenerator,
    DsrModel,
    DsrSecondStageLoss,
    DsrThirdStageLoss,
    PerlinAnomalyGenerator,
    VectorQuantizer,
)
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor, light_of
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_RATE = 2e-4
"""This and the shares of the steps are those of anomalib."""
_FINDING = 0.7
"""The share of the steps that teach to find defects; the others teach to find them at full resolution."""
_SLOWER_AFTER, _SLOWER = 0.8, 0.1

Lesson = Callable[[torch.Tensor], torch.Tensor]
"""From good pictures, (n, 3, h, w), 0 to 1, to their loss."""


class Dsr:
    """See `DetectorMethod`."""

    def __init__(self, settings: DsrSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures.

        Raises:
            BadInputError: The file of the network is missing, or holds another one.
        """
        start(session)
        settings = self._settings
        model = DsrModel(settings.strength)
        model.discrete_latent_model.load_state_dict(brought_weights(settings, session))
        schedule = in_epochs(chosen, settings.epochs, settings.at_once)
        finding = max(1, round(schedule.steps * _FINDING))
        optimiser, later = _optimiser(model, finding)
        lessons = _lessons(model, finding)
        model.train()

        def loss_of(batch: Numbers) -> torch.Tensor:
            return next(lessons)(light_of(as_tensor(pictures[batch])))

        train(loss_of, optimiser, replace(schedule, later=later, later_every=1), session)
        network = _Found(model, settings.cell_px)
        return TorchDetector(network, pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


def _optimiser(model: DsrModel, finding: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """Return the optimiser of both lessons, and what makes the first slower towards its end, after `finding` steps."""
    finders = nn.ModuleList(
        [
            model.image_reconstruction_network,
            model.subspace_restriction_module_hi,
            model.subspace_restriction_module_lo,
            model.anomaly_detection_module,
        ]
    )
    groups = [{"params": list(part.parameters())} for part in (finders, model.upsampling_module)]
    optimiser = torch.optim.Adam(groups, lr=_RATE)

    def of_finders(step: int) -> float:
        return 1 if step < _SLOWER_AFTER * finding else _SLOWER

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, [of_finders, lambda _: 1])


def _lessons(model: DsrModel, finding: int) -> Iterator[Lesson]:
    """Yield the lesson of each step without end: to find defects, and after `finding` steps at full resolution."""
    codes, first = DsrAnomalyGenerator(), DsrSecondStageLoss()
    noise, second = PerlinAnomalyGenerator(), DsrThirdStageLoss()

    def to_find(light: torch.Tensor) -> torch.Tensor:
        said = model(light, codes.augment_batch(light))
        loss: torch.Tensor = first(
            said["recon_feat_hi"],
            said["recon_feat_lo"],
            said["embedding_bot"],
            said["embedding_top"],
            light,
            said["obj_spec_image"],
            said["anomaly_map"],
            said["true_anomaly_map"],
        )
        return loss

    def to_find_finely(light: torch.Tensor) -> torch.Tensor:
        defective, masks = noise(light)
        loss: torch.Tensor = second(model(defective)["anomaly_map"], masks)
        return loss

    yield from repeat(to_find, finding)
    yield from repeat(to_find_finely)


class _Found(nn.Module):
    def __init__(self, model: DsrModel, cell_px: int) -> None:
        super().__init__()
        self.model, self.cell_px = model, cell_px
        coder = model.discrete_latent_model
        coder._vq_vae_top, coder._vq_vae_bot = _Nearest(coder.vq_vae_top), _Nearest(coder.vq_vae_bot)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return how unlikely it is that each cell is good, (n, 1, gh, gw)."""
        model, coder = self.model, self.model.discrete_latent_model
        said = coder(light_of(pixels))
        fine = model.subspace_restriction_module_hi(said["quantized_b"], coder.vq_vae_bot)[1]
        coarse = model.subspace_restriction_module_lo(said["quantized_t"], coder.vq_vae_top)[1]
        drawn = model.image_reconstruction_network(torch.cat([coder.upsample_t(coarse), fine], 1))
        given = said["recon_image"]
        found = model.anomaly_detection_module(drawn, given).softmax(1)
        return unlikely_good(model.upsampling_module(drawn, given, found), self.cell_px)


class _Nearest(nn.Module):
    """The nearest code of each place, as anomalib's, which multiplies with a row of 4096 numbers for each place."""

    products: torch.Tensor
    squares: torch.Tensor
    codes: torch.Tensor

    def __init__(self, quantizer: VectorQuantizer) -> None:
        super().__init__()
        codes = quantizer.embedding.weight.detach()
        squares = codes.double().square().sum(1)
        self.register_buffer("codes", codes)
        self.register_buffer("products", (-2 * codes)[:, :, None, None].contiguous())
        # as small as they can be: what is added to them must not be rounded away, or two codes seem equally near
        self.register_buffer("squares", (squares - squares.min()).float())

    def forward(self, places: torch.Tensor) -> torch.Tensor:
        """Return the codes, (n, c, gh, gw)."""
        nearest = nn.functional.conv2d(places, self.products, self.squares).argmin(1)
        return nn.functional.embedding(nearest, self.codes).permute(0, 3, 1, 2)
