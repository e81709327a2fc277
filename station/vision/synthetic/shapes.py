"""Outlines of drawn defects: how much of each pixel one covers, around a centre that is always covered."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Cover = NDArray[np.float32]
"""0 outside, 1 inside, (2 * half + 1, 2 * half + 1) float32."""

_WAVES = 5
_WAVE_HEIGHT = 0.12
_SUBPIXEL_BITS = 4
_POINTS = 33
_THICKEST, _THINNEST = 0.07, 0.03


def half_window(size_px: float) -> int:
    """Return how far the window of a defect of this length reaches from its centre, pixels."""
    return int(np.ceil(size_px / 2)) + 2


def blob(size_px: float, rng: np.random.Generator, soft_px: float = 1.0) -> Cover:
    """Return a round, uneven spot that is about `size_px` across; its edge fades over `soft_px`."""
    away, angle = _polar(half_window(size_px))
    waves = np.arange(2, 2 + _WAVES)
    heights = rng.uniform(0, _WAVE_HEIGHT, _WAVES) * 2 / waves
    phases = rng.uniform(0, 2 * np.pi, _WAVES)
    edge = 1 + sum(h * np.cos(k * angle + p) for h, k, p in zip(heights, waves, phases, strict=True))
    edge = edge / (1 + heights.sum()) * max(size_px, 1) / 2
    return _centred(np.clip((edge - away) / max(soft_px, 1e-3) + 0.5, 0, 1))


def rectangle(size_px: float, rng: np.random.Generator) -> Cover:
    """Return a turned rectangle whose longer side is `size_px`."""
    half = half_window(size_px)
    y, x = _grid(half)
    angle, aspect = rng.uniform(0, np.pi), rng.uniform(0.4, 0.9)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    longer = max(size_px, 1) / 2 / np.hypot(1, aspect)
    inside = np.minimum(longer - np.abs(along), aspect * longer - np.abs(across))
    return _centred(np.clip(inside + 0.5, 0, 1))


def line(size_px: float, rng: np.random.Generator) -> Cover:
    """Return a thin, slightly bent line that is `size_px` long and thicker in some places than in others."""
    half = half_window(size_px)
    angle, bend = rng.uniform(0, 2 * np.pi), rng.uniform(-0.15, 0.15) * size_px
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    t = np.linspace(-1, 1, _POINTS)[:, None]
    points = half + t * along * (size_px / 2 - 1) + bend * t**2 * across
    thickness = max(1, round(size_px * rng.uniform(_THINNEST, _THICKEST)))
    canvas = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    fixed = np.round(points * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    cv2.polylines(canvas, [fixed[:, None]], isClosed=False, color=255, thickness=thickness, lineType=cv2.LINE_AA,
                  shift=_SUBPIXEL_BITS)  # fmt: skip
    pressure = np.clip(smooth_noise(canvas.shape, size_px / 4, rng) * 0.4 + 0.9, 0.5, 1)
    return _centred(canvas.astype(np.float32) / 255 * pressure)


def smooth_noise(shape: tuple[int, ...], wavelength_px: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return noise without detail finer than the wavelength, about -1 to 1, float32 of this shape."""
    rows, columns = (max(2, int(side / max(wavelength_px, 1)) + 2) for side in shape[:2])
    coarse = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, shape[1::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def _centred(cover: NDArray[Any]) -> Cover:
    """Return the outline with its centre covered: the smallest defect is one pixel."""
    cover = cover.astype(np.float32)
    cover[cover.shape[0] // 2, cover.shape[1] // 2] = 1
    return cover


def _grid(half: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    return y, x


def _polar(half: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    y, x = _grid(half)
    return np.hypot(x, y), np.arctan2(y, x)
