"""Draw the anomaly map: colours over the picture, and outlines around the areas above the limit.

The colours run from purple over orange to yellow and grow lighter all the way, so colour-blind people see
the same order, on dark parts and on light ones. Well below the limit nothing is coloured.
"""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.geometry import Box
from station.domain.verdict import anomalous
from station.vision.map_upsampling import refined, to_picture

_CLEAR_BELOW = 0.6
_RAMP_AT = (0.0, 0.35, 0.7, 1.0)
_RAMP_RGB = ((96, 22, 110), (188, 55, 84), (243, 120, 25), (252, 236, 92))
_RAMP_ALPHA = (0.0, 0.5, 0.65, 0.8)
_LEAST_PERCENTILE, _MOST_PERCENTILE = 90.0, 99.5
"""Of a part's own map: a tenth of its area is coloured, and a few cells have the strongest colour."""


def heat_rgba(anomaly_map: NDArray[np.float32], pixel_threshold: float) -> NDArray[np.uint8]:
    """Return the map in colours, to be stretched over the region of interest.

    Args:
        anomaly_map: Normalised scores, (h, w) float32.
        pixel_threshold: The limit; below 0.6 of it the result is fully transparent.

    Returns:
        Premultiplied RGBA, uint8, C-contiguous, at most 128 a side unless the map is larger.
    """
    levels = (refined(anomaly_map) * 255).astype(np.uint8)
    return _palette(pixel_threshold).take(levels).view(np.uint8).reshape(*levels.shape, 4)


def relative_rgba(anomaly_map: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the map in colours by its own percentiles, whatever the limit is; the verdict knows nothing of it.

    The highest tenth of the map is coloured, so faint places of a part that passed are seen. An even map has no colour.

    Args:
        anomaly_map: Normalised scores, (h, w) float32; it is not changed.

    Returns:
        As `heat_rgba`.
    """
    low, high = np.percentile(anomaly_map, (_LEAST_PERCENTILE, _MOST_PERCENTILE))
    fine = refined(anomaly_map)
    share = np.zeros_like(fine) if high <= low else np.clip((fine - low) / (high - low), 0, 1)
    levels = (share * 255).astype(np.uint8)
    return _ramp().take(levels).view(np.uint8).reshape(*levels.shape, 4)


def contours(anomaly_map: NDArray[np.float32], roi: Box, pixel_threshold: float) -> tuple[NDArray[np.float64], ...]:
    """Return closed outlines just outside the areas above the limit.

    Args:
        anomaly_map: Normalised scores, (h, w) float32.
        roi: x, y, width, height that the map covers, pixels of the original picture.
        pixel_threshold: The limit.

    Returns:
        One array of shape (n, 2) for each outline: x, y in pixels of the original picture.
    """
    if not anomalous(anomaly_map, pixel_threshold).any():
        return ()
    mask = anomalous(refined(anomaly_map), pixel_threshold).view(np.uint8)
    around = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    found, _ = cv2.findContours(around, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return tuple(to_picture(_smooth(outline[:, 0]) + 0.5, mask.shape, roi) for outline in found)


def full_size_map(anomaly_map: NDArray[np.float32], roi: Box, picture_size: tuple[int, int]) -> NDArray[np.float32]:
    """Return the map at the size of the original picture, (H, W) float32; 0 outside the region of interest.

    Args:
        anomaly_map: Normalised scores, (h, w) float32.
        roi: x, y, width, height that the map covers, pixels of the original picture.
        picture_size: Height and width of the original picture.
    """
    x, y, width, height = roi
    full = np.zeros(picture_size, np.float32)
    full[y : y + height, x : x + width] = cv2.resize(anomaly_map, (width, height), interpolation=cv2.INTER_LINEAR)
    return full


@lru_cache(maxsize=16)
def _palette(pixel_threshold: float) -> NDArray[np.uint32]:
    """Return 256 colours for scores 0..1."""
    clear = _CLEAR_BELOW * pixel_threshold
    return _colours(np.clip((np.linspace(0, 1, 256) - clear) / (1 - clear), 0, 1))


@lru_cache(maxsize=1)
def _ramp() -> NDArray[np.uint32]:
    """Return 256 colours for shares 0..1 of the way from clear to strongest."""
    return _colours(np.linspace(0, 1, 256))


def _colours(share: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Return premultiplied colours, the four bytes of each in one uint32."""
    alpha = np.interp(share, _RAMP_AT, _RAMP_ALPHA)
    colours = [np.interp(share, _RAMP_AT, channel) * alpha for channel in zip(*_RAMP_RGB, strict=True)]
    rgba = np.stack([*colours, 255 * alpha], axis=1).round().astype(np.uint8)
    return rgba.view(np.uint32)[:, 0]


def _smooth(outline: NDArray[Any]) -> NDArray[np.float64]:
    """Return the closed line without the steps of the grid: each point moves to the mean of five neighbours."""
    around = np.concatenate((outline[-2:], outline, outline[:2])).astype(np.float64)
    return np.asarray(cv2.blur(around, (1, 5))[2:-2], np.float64)
