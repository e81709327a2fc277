"""An autoencoder of dilated convolutions, trained by structural similarity to draw the good part without its defect."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from station.learning.own_network_settings import AutoencoderSettings
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.own_networks.drawn_cracks import CrackDrawer
from station.trainer.detectors.own_networks.structural_similarity import StructuralSimilarity
from station.trainer.detectors.own_networks.usual_places import usual_places
from station.trainer.detectors.torch_networks.torch_detector import TorchDetector, as_tensor, light_of
from station.trainer.detectors.torch_networks.training import Numbers, shuffled, start, train_in_steps

_AT_ONCE = 8
_ABSOLUTE_WEIGHT = 0.5
"""What the plain difference weighs beside the similarity: it keeps colours, to which the similarity is nearly blind."""
_COLOURS = 3
_SLOPE = 0.1
_LEAST = float(np.finfo(np.float32).eps)
_QUICK = torch.channels_last
"""The order in memory in which a processor trains convolutions twice as fast."""


class Autoencoder:
    """See `DetectorMethod`."""

    def __init__(self, settings: AutoencoderSettings) -> None:
        self._settings = settings

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> TorchDetector:
        """Learn to draw the chosen pictures from copies with cracks and patches of themselves."""
        settings, rng = self._settings, np.random.default_rng(session.seed)
        start(session)
        good = pictures[chosen]
        drawer = CrackDrawer(good, settings.cracks, rng)
        network = _network(settings)
        network.to(memory_format=_QUICK)  # type: ignore[call-overload]
        similarity = StructuralSimilarity(settings.window_px, good.shape[1:3])

        def loss_of(numbers: Numbers) -> torch.Tensor:
            plain, drawn = drawer.draw_each(numbers)
            wanted, light = (_light(pixels).contiguous(memory_format=_QUICK) for pixels in (plain, drawn))
            drawing = network(light)
            unlike = 1 - similarity(wanted, drawing)
            loss: torch.Tensor = unlike.mean() + _ABSOLUTE_WEIGHT * (wanted - drawing).abs().mean()
            return loss

        batches = shuffled(len(good), settings.batch, rng)
        train_in_steps(
            network.parameters(), loss_of, batches, settings.steps, session, learning_rate=settings.learning_rate
        )
        network.to(memory_format=torch.contiguous_format).eval()  # type: ignore[call-overload]
        compared = _Compared(network, similarity, settings.cell_px)
        compared.measure(good, settings.histogram_share)
        return TorchDetector(compared, pictures.shape[1:3], smoothing_cells=settings.smoothing_cells)


class _Compared(nn.Module):
    """How unlike the picture and its drawing are, beside good parts at each place; 1 at the level of good places."""

    usual: torch.Tensor
    mean: torch.Tensor
    level: torch.Tensor

    def __init__(self, network: nn.Module, similarity: StructuralSimilarity, cell_px: int) -> None:
        super().__init__()
        self.network, self.similarity, self.cell_px = network, similarity, cell_px
        for name in ("usual", "mean", "level"):
            self.register_buffer(name, torch.ones(()))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the map, 0 at the mean of good places or below, (n, 1, gh, gw)."""
        return functional.relu((self.unlike(pixels) / self.usual - self.mean) / self.level)

    def unlike(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return how unlike each cell and its drawing are, 0 to 1, (n, 1, gh, gw)."""
        light = light_of(pixels)
        at_pixels = (1 - self.similarity(light, self.network(light))).mean(1, keepdim=True) / 2
        return functional.avg_pool2d(at_pixels, self.cell_px)

    def measure(self, good: Pixels, share: float) -> None:
        """Learn what is usual at each place, and the level under which this share of all places lies."""
        with torch.inference_mode():
            maps = torch.cat([self.unlike(pixels) for pixels in _in_parts(good)]).clamp_min(0).numpy()[:, 0]
        usual = usual_places(maps)
        places = maps / usual
        mean = float(places.mean())
        self.usual = torch.from_numpy(usual)
        self.mean = torch.tensor(mean)
        self.level = torch.tensor(max(float(np.quantile(places, share)) - mean, _LEAST))


def _light(pictures: Pixels) -> torch.Tensor:
    return light_of(as_tensor(pictures))


def _in_parts(pictures: Pixels) -> Iterator[torch.Tensor]:
    for begin in range(0, len(pictures), _AT_ONCE):
        yield as_tensor(pictures[begin : begin + _AT_ONCE])


def _network(settings: AutoencoderSettings) -> nn.Module:
    inner, code = settings.channels, settings.code_channels
    around = [layer for dilation in settings.dilations for layer in _convolved(inner, inner, dilation=dilation)]
    return nn.Sequential(
        *_convolved(_COLOURS, inner // 2, kernel=5, stride=2),
        *_convolved(inner // 2, inner, stride=2),
        *_convolved(inner, inner, stride=2),
        *around,
        nn.Conv2d(inner, code, 1),
        *_convolved(code, inner),
        *_enlarged(inner, inner),
        *_enlarged(inner, inner // 2),
        # The last doubling orders channels as pixels: layers of the full size would take half of the time.
        nn.Conv2d(inner // 2, 4 * _COLOURS, 3, padding=1),
        nn.PixelShuffle(2),
        nn.Sigmoid(),
    )


def _convolved(
    before: int, after: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1
) -> tuple[nn.Module, ...]:
    """Return a convolution that keeps the size of the picture, or divides it by the stride, and what follows it.

    Args:
        before: Channels that come in.
        after: Channels that go out.
        kernel: Side of the kernel, odd.
        stride: Divides the size.
        dilation: How far apart the places lie that are looked at.
    """
    convolution = nn.Conv2d(before, after, kernel, stride, dilation * (kernel // 2), dilation)
    return convolution, nn.LeakyReLU(_SLOPE)


def _enlarged(before: int, after: int) -> tuple[nn.Module, ...]:
    """Return the layers that double the size of the picture."""
    return nn.Upsample(scale_factor=2, mode="nearest"), *_convolved(before, after)
