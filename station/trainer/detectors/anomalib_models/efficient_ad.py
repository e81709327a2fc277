"""EfficientAD: a student and an autoencoder of good parts, compared with a teacher that the site brought."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from station.domain.errors import BadInputError
from station.learning.brought_pictures import PHOTOGRAPHS
from station.learning.brought_settings import EfficientAdSettings
from station.learning.progress import with_progress
from station.trainer.detectors.anomalib_models.brought import as_in_imagenet, brought_weights
from station.trainer.detectors.anomalib_models.library import (
    EfficientAdModel,
    EfficientAdModelSize,
    reduce_tensor_elems,
)
from station.trainer.detectors.anomalib_models.other_pictures import read_brought
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.torch_detector import BRIGHTEST, TorchDetector, as_tensor, light_of
from station.trainer.detectors.torch_networks.training import Numbers, in_epochs, start, train

_RATE, _DECAY = 1e-4, 1e-5
"""These, the shares of steps and pictures, and the quantiles of the map are those of anomalib."""
_SLOWER_AFTER, _SLOWER = 0.95, 0.1
_HARDEST = 0.999
_GREY_SHARE = 0.3
_LOW, _HIGH, _UNIT = 0.9, 0.995, 0.1
_LEAST_SIDE_PX = 64
_LEAST_OF_AUTOENCODER_PX = 256
_CELL_PX, _BORDER_CELLS = 4, 4
_AT_ONCE = 4


class EfficientAd:
    """See `DetectorMethod`."""

    def __init__(self, settings: EfficientAdSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn from the chosen pictures.

        Raises:
            BadInputError: The pictures are too narrow, or a brought file cannot be used.
        """
        settings, (height, width) = self._settings, pictures.shape[1:3]
        _require_broad((height, width))
        start(session)
        networks = _networks(settings, session, (height, width))
        others = read_brought(PHOTOGRAPHS, (2 * height, 2 * width), session, kept=_middle)
        networks.measure_teacher(pictures[chosen], session)
        optimiser = torch.optim.Adam(networks.learned(), lr=_RATE, weight_decay=_DECAY)
        schedule = in_epochs(chosen, settings.epochs, settings.at_once)
        later = torch.optim.lr_scheduler.StepLR(optimiser, max(1, int(_SLOWER_AFTER * schedule.steps)), _SLOWER)

        def loss_of(batch: Numbers) -> torch.Tensor:
            loss = networks.loss(_light(pictures[batch]))
            return loss + networks.loss_of_others(_drawn(others, len(batch))) if len(others) else loss

        networks.train()
        train(loss_of, optimiser, replace(schedule, later=later), session)
        apart = _Apart(networks.eval())
        apart.measure(pictures[chosen], session)
        return TorchDetector(apart, (height, width), smoothing_cells=settings.smoothing_cells)


class _Networks(nn.Module):
    """Teacher, student and autoencoder. All take light from 0 to 1, (n, 3, h, w)."""

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self, model: EfficientAdModel, size: tuple[int, int]) -> None:
        super().__init__()
        self.teacher, self.student, self.coder = model.teacher, model.student, model.ae
        self.size = size
        channels = model.teacher_out_channels
        self.register_buffer("mean", torch.zeros(1, channels, 1, 1))
        self.register_buffer("spread", torch.ones(1, channels, 1, 1))

    def learned(self) -> list[nn.Parameter]:
        """Return what is trained."""
        return [*self.student.parameters(), *self.coder.parameters()]

    def measure_teacher(self, good: Pixels, session: Session) -> None:
        """Measure what the teacher says of good parts, channel by channel."""
        begins = range(0, len(good), _AT_ONCE)
        sums = torch.zeros(2, self.mean.shape[1], dtype=torch.float64)
        places = 0
        with torch.inference_mode():
            for begin in with_progress(begins, "Looking at good parts", session.on_progress):
                said = self.teacher(_light(good[begin : begin + _AT_ONCE])).double()
                sums += torch.stack([said.sum((0, 2, 3)), said.square().sum((0, 2, 3))])
                places += said[:, 0].numel()
        mean, square = sums / places
        self.mean.copy_(mean.reshape(self.mean.shape))
        self.spread.copy_((square - mean.square()).clamp(min=1e-12).sqrt().reshape(self.spread.shape))

    def of_teacher(self, light: torch.Tensor) -> torch.Tensor:
        """Return what the teacher says, in units of good parts, (n, c, gh, gw)."""
        said: torch.Tensor = (self.teacher(light) - self.mean) / self.spread
        return said

    def of_student(self, light: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return what the student says in the place of the teacher, and in that of the autoencoder."""
        like_teacher, like_coder = self.student(light).chunk(2, 1)
        return like_teacher, like_coder

    def of_coder(self, light: torch.Tensor) -> torch.Tensor:
        """Return what the autoencoder says; it sees narrow pictures enlarged, because its narrow end needs 256 px."""
        seen = [max(side, _LEAST_OF_AUTOENCODER_PX) for side in self.size]
        if seen == list(self.size):
            return self._coded(light, seen)
        enlarged = functional.interpolate(light, size=seen, mode="bilinear")
        grid = [side // _CELL_PX - 2 * _BORDER_CELLS for side in self.size]
        return functional.interpolate(self._coded(enlarged, seen), size=grid, mode="bilinear")

    def _coded(self, light: torch.Tensor, size: list[int]) -> torch.Tensor:
        coded: torch.Tensor = self.coder.decoder(self.coder.encoder(as_in_imagenet(BRIGHTEST * light)), size)
        return coded

    def loss(self, light: torch.Tensor) -> torch.Tensor:
        """Return how far the student is from both others, and the autoencoder from the teacher, of good parts."""
        with torch.no_grad():
            wanted = self.of_teacher(light)
        apart = reduce_tensor_elems((wanted - self.of_student(light)[0]).square())
        hard = apart[apart >= torch.quantile(apart, _HARDEST)].mean()
        changed = EfficientAdModel.choose_random_aug_image(light)
        with torch.no_grad():
            wanted = self.of_teacher(changed)
        drawn = self.of_coder(changed)
        coded, followed = (wanted - drawn).square().mean(), (drawn - self.of_student(changed)[1]).square().mean()
        loss: torch.Tensor = hard + coded + followed
        return loss

    def loss_of_others(self, light: torch.Tensor) -> torch.Tensor:
        """Return how much the student says of pictures that show anything but good parts."""
        loss: torch.Tensor = self.of_student(light)[0].square().mean()
        return loss


class _Apart(nn.Module):
    """The map: how far the student is from the teacher and from the autoencoder, in units of good places."""

    low: torch.Tensor
    range: torch.Tensor

    def __init__(self, networks: _Networks) -> None:
        super().__init__()
        self.networks = networks
        self.register_buffer("low", torch.zeros(1, 2, 1, 1))
        self.register_buffer("range", torch.ones(1, 2, 1, 1))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return 0 at nine of ten good places, and 0.1 at one of 200, (n, 1, gh, gw)."""
        units = _UNIT * (self.both(light_of(pixels)) - self.low) / self.range
        return functional.pad(functional.relu(units.mean(1, keepdim=True)), (_BORDER_CELLS,) * 4)

    def both(self, light: torch.Tensor) -> torch.Tensor:
        """Return the distance to the teacher, and to the autoencoder, of each place, (n, 2, gh, gw)."""
        like_teacher, like_coder = self.networks.of_student(light)
        pairs = ((self.networks.of_teacher(light), like_teacher), (self.networks.of_coder(light), like_coder))
        return torch.cat([(there - here).square().mean(1, keepdim=True) for there, here in pairs], 1)

    def measure(self, good: Pixels, session: Session) -> None:
        """Measure the distances of good parts that were learned: anomalib takes others, which set the limit here."""
        begins = range(0, len(good), _AT_ONCE)
        with torch.inference_mode():
            found = [
                self.both(_light(good[begin : begin + _AT_ONCE]))
                for begin in with_progress(begins, "Measuring good parts", session.on_progress)
            ]
        for number, places in enumerate(torch.cat(found).transpose(0, 1)):
            low, high = torch.quantile(reduce_tensor_elems(places.flatten()), torch.tensor([_LOW, _HIGH]))
            self.low[0, number] = low
            self.range[0, number] = (high - low).clamp(min=float(np.finfo(np.float32).tiny))


def _networks(settings: EfficientAdSettings, session: Session, size: tuple[int, int]) -> _Networks:
    large = settings.network == "efficientad_teacher_medium"
    model = EfficientAdModel(model_size=EfficientAdModelSize.M if large else EfficientAdModelSize.S)
    model.teacher.load_state_dict(brought_weights(settings, session))
    return _Networks(model, size)


def _require_broad(size: tuple[int, int]) -> None:
    side_px = min(size)
    if side_px < _LEAST_SIDE_PX:
        raise BadInputError(
            f"The pictures are too narrow for efficient-ad: the model would see {side_px} px across, and needs "
            f"{_LEAST_SIDE_PX}.",
            "Teach with another method, or set a region of interest that is less narrow.",
        )


def _light(pixels: Pixels) -> torch.Tensor:
    return light_of(as_tensor(pixels))


def _middle(pixels: Pixels) -> Pixels:
    """Return the middle of a picture, half as high and half as wide."""
    height, width = (side // 4 for side in pixels.shape[:2])
    return pixels[height : 3 * height, width : 3 * width]


def _drawn(others: Pixels, number: int) -> torch.Tensor:
    """Return some of the photographs by chance, three of ten without colour."""
    light = _light(others[torch.randint(len(others), (number,)).numpy()])
    grey = light.mean(1, keepdim=True).expand_as(light)
    return torch.where(torch.rand(number, 1, 1, 1) < _GREY_SHARE, grey, light)
