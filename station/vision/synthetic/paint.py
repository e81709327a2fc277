"""Paint the defects: each kind says what the pixels of a window become, before anything is rounded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.synthetic import SyntheticKind
from station.vision.synthetic.shapes import Cover, blob, line, rectangle, smooth_noise

Pixels = NDArray[np.float32]
"""(h, w, channels), in grey levels."""


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A square window of the picture around a defect; beyond the picture's edge it is mirrored.

    Attributes:
        pixels: What is there.
        cover: How much of each pixel the defect covers.
        elsewhere: The same part at another place, turned: real texture to paste.
        ground: What lies behind the part; black if the part fills the picture.
        full: The brightest value that the picture can have.
    """

    pixels: Pixels
    cover: Cover
    elsewhere: Pixels
    ground: Pixels
    full: float


Shape = Callable[[float, np.random.Generator], Cover]
Paint = Callable[[Canvas, np.random.Generator], Pixels]


def _paste(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    return canvas.elsewhere * np.float32(rng.uniform(0.75, 1.25))


def _scratch(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    return canvas.pixels + _away_from_middle(canvas, rng) * np.float32(rng.uniform(0.15, 0.45) * canvas.full)


def _stain(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    channels = canvas.pixels.shape[2]
    tint = rng.uniform(0.3, 0.8) * rng.uniform(0.8, 1.0, channels)
    cloud = 1 + 0.15 * smooth_noise(canvas.pixels.shape, canvas.pixels.shape[0] / 4, rng)[..., None]
    return np.asarray(canvas.pixels * np.clip(tint * cloud, 0, 1), np.float32)


def _dent(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Draw surroundings into the middle, and shade the slopes: one to the light, the other away from it."""
    side = canvas.pixels.shape[0]
    y, x = (np.mgrid[:side, :side].astype(np.float32) - side // 2) / np.float32(max(1, side // 2))
    depth = np.exp(-3 * (x * x + y * y))
    pull = np.float32(rng.uniform(0.1, 0.25) * side / 2) * depth
    at_x, at_y = np.mgrid[:side, :side][1] + pull * x, np.mgrid[:side, :side][0] + pull * y
    warped = cv2.remap(canvas.pixels, at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR,
                       borderMode=cv2.BORDER_REFLECT).reshape(canvas.pixels.shape)  # fmt: skip
    light = rng.uniform(0, 2 * np.pi)
    slope = (x * np.cos(light) + y * np.sin(light)) * depth
    return np.asarray(warped + slope[..., None] * rng.uniform(0.6, 1.4) * canvas.full / 2, np.float32)


def _missing(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    grain = rng.normal(0, canvas.full * 0.01, canvas.pixels.shape)
    return np.asarray(canvas.ground + grain, np.float32)


def _foreign(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Lay an object of one colour on the part, lit from one side."""
    side, channels = canvas.pixels.shape[0], canvas.pixels.shape[2]
    colour = rng.uniform(0.05, 0.95, channels) * canvas.full
    y, x = (np.mgrid[:side, :side].astype(np.float32) - side // 2) / np.float32(max(1, side // 2))
    light = rng.uniform(0, 2 * np.pi)
    shade = 1 + 0.3 * (x * np.cos(light) + y * np.sin(light))
    return np.asarray(colour * shade[..., None] + rng.normal(0, canvas.full * 0.015, canvas.pixels.shape), np.float32)


def _away_from_middle(canvas: Canvas, rng: np.random.Generator) -> np.float32:
    """Return 1 to become brighter or -1 to become darker; what is nearly white or black has no choice."""
    level = float(canvas.pixels[canvas.cover > 0].mean()) / canvas.full
    return np.float32(1 if rng.uniform(0.2, 0.8) > level else -1)


def _soft_blob(size_px: float, rng: np.random.Generator) -> Cover:
    return blob(size_px, rng, soft_px=max(1.0, size_px * rng.uniform(0.1, 0.3)))


def _round(size_px: float, rng: np.random.Generator) -> Cover:
    return blob(size_px, rng, soft_px=max(1.0, size_px / 4))


def _blob_or_rectangle(size_px: float, rng: np.random.Generator) -> Cover:
    return blob(size_px, rng) if rng.random() < 0.5 else rectangle(size_px, rng)


KINDS: Mapping[SyntheticKind, tuple[Shape, Paint]] = {
    SyntheticKind.PATCH: (_blob_or_rectangle, _paste),
    SyntheticKind.SCRATCH: (line, _scratch),
    SyntheticKind.STAIN: (_soft_blob, _stain),
    SyntheticKind.DENT: (_round, _dent),
    SyntheticKind.MISSING: (blob, _missing),
    SyntheticKind.FOREIGN: (_blob_or_rectangle, _foreign),
}
