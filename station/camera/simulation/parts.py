"""A drawn part, and the lighting model that all parts share."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from station.domain.frame import Image

Plane = NDArray[np.float32]
Points = NDArray[np.float32]

MARGIN = 0.07
"""Free border around a part for its shadow, as a share of its texture's side."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPart:
    """One part without a defect, drawn once and then only moved.

    Attributes:
        whole: Premultiplied RGBA, shape (n, n, 4), uint8; the shadow on the belt is black with some alpha.
        bare: The same part without the features that can be missing.
        features: x, y, w, h of each feature that can be missing, in pixels of the texture.
        face: Shape (n, n), uint8; 255 where a scratch or dirt would lie.
        rim: Shape (k, 2); points of the outer edge where a chip can break off.
        unit: Pixels of the texture for one pixel of a 640 x 480 picture.
    """

    whole: Image
    bare: Image
    features: tuple[tuple[int, int, int, int], ...]
    face: Image
    rim: Points
    unit: float


def plane(values: ArrayLike) -> Plane:
    """Return the values as float32."""
    return np.asarray(values, np.float32)


def edge(distance: Plane, softness_px: float = 1.0) -> Plane:
    """Return the coverage 0..1 of a shape from its signed distance in pixels, positive inside."""
    return plane(np.clip(distance / softness_px + 0.5, 0, 1))


def grain(shape: tuple[int, int], coarseness_px: float, rng: np.random.Generator) -> Plane:
    """Return a smooth random texture with mean 0 and standard deviation 1; its spots have this size."""
    height, width = shape
    small = (max(2, round(width / coarseness_px)), max(2, round(height / coarseness_px)))
    spots = rng.standard_normal(small[::-1], dtype=np.float32)
    texture = cv2.resize(spots, (width, height), interpolation=cv2.INTER_CUBIC)
    return plane((texture - texture.mean()) / (texture.std() + 1e-6))


def lit(albedo: Plane, height: Plane, gloss: Plane, unit: float) -> Plane:
    """Return a relief lit from the upper left under a soft dome, (n, n, 3), 0..1.

    Args:
        albedo: Colour of the material, (n, n, 3), 0..1.
        height: Relief in pixels of the texture, (n, n).
        gloss: How much the material reflects the lamp, (n, n), 0..1.
        unit: Pixels of the texture for one pixel of a 640 x 480 picture.
    """
    relief = cv2.GaussianBlur(height, (0, 0), 0.7 * unit)
    slope_x = plane(cv2.Sobel(relief, cv2.CV_32F, 1, 0, scale=1 / 8))
    slope_y = plane(cv2.Sobel(relief, cv2.CV_32F, 0, 1, scale=1 / 8))
    facing = (slope_x + slope_y) / np.sqrt(2)
    length = np.sqrt(1 + slope_x**2 + slope_y**2)
    lamp = (0.80 + 0.45 * facing) / length
    mirror = np.clip((0.86 + 0.52 * facing) / length, 0, 1) ** 24
    shade = np.clip(lamp, 0.12, 1.6) * _open_to_the_sky(height, unit)
    return plane(np.clip(albedo * shade[..., None] + (gloss * mirror)[..., None], 0, 1))


def _open_to_the_sky(height: Plane, unit: float) -> Plane:
    """Return a factor that is smaller near higher neighbours: the contact shadows of raised features."""
    wide = cv2.GaussianBlur(height, (0, 0), 5 * unit)
    moved = plane([[1, 0, 2.5 * unit], [0, 1, 3 * unit]])
    thrown = cv2.warpAffine(wide, moved, height.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    return plane(1 - np.clip((thrown - height) / (14 * unit), 0, 0.45))


def on_the_belt(colour: Plane, cover: Plane, unit: float) -> Image:
    """Return premultiplied RGBA of a part with a soft shadow below it, (n, n, 4), uint8.

    Args:
        colour: (n, n, 3), 0..1.
        cover: Where the part is, (n, n), 0..1; holes are 0 and show the belt.
        unit: Pixels of the texture for one pixel of a 640 x 480 picture.
    """
    moved = plane([[1, 0, 5 * unit], [0, 1, 7 * unit]])
    shadow = 0.62 * cv2.warpAffine(cv2.GaussianBlur(cover, (0, 0), 6 * unit), moved, cover.shape[::-1])
    contact = 0.35 * cv2.GaussianBlur(cover, (0, 0), 2.2 * unit)
    alpha = cover + (1 - cover) * np.clip(shadow + contact, 0, 0.8)
    rgba = np.dstack([colour * cover[..., None], alpha])
    return np.asarray(np.round(np.clip(rgba, 0, 1) * 255), np.uint8)
