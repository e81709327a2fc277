"""The structural similarity of two pictures at each place (Wang and others, 2004)."""

import torch
from torch import nn
from torch.nn import functional

_MEAN_CONSTANT, _CONTRAST_CONSTANT = 0.01**2, 0.03**2
_CHANNELS = 3
_SIGMA_PER_REACH = 0.3


class StructuralSimilarity(nn.Module):
    """Compares pictures by mean, contrast and structure in a Gaussian window."""

    window: torch.Tensor

    def __init__(self, window_px: int) -> None:
        """Make the window.

        Args:
            window_px: Its side, odd. With 11 the Gaussian's sigma is 1.5, as in the paper.
        """
        super().__init__()
        reach = window_px // 2
        places = torch.arange(-reach, reach + 1) / (_SIGMA_PER_REACH * reach)
        self.register_buffer("window", torch.softmax(-places * places / 2, 0).repeat(_CHANNELS, 1))

    def forward(self, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        """Return the similarity at each pixel, at most 1: two of (n, 3, h, w) in 0..1 to the same shape."""
        left_mean, right_mean = self._blurred(left), self._blurred(right)
        left_variance = self._blurred(left * left) - left_mean * left_mean
        right_variance = self._blurred(right * right) - right_mean * right_mean
        both = self._blurred(left * right) - left_mean * right_mean
        means = 2 * left_mean * right_mean + _MEAN_CONSTANT
        contrast = 2 * both + _CONTRAST_CONSTANT
        of_means = left_mean * left_mean + right_mean * right_mean + _MEAN_CONSTANT
        return means * contrast / (of_means * (left_variance + right_variance + _CONTRAST_CONSTANT))

    def _blurred(self, picture: torch.Tensor) -> torch.Tensor:
        reach = self.window.shape[1] // 2
        around = functional.pad(picture, (reach, reach, reach, reach), mode="replicate")
        rows = functional.conv2d(around, self.window[:, None, None, :], groups=_CHANNELS)
        return functional.conv2d(rows, self.window[:, None, :, None], groups=_CHANNELS)
