"""Simulates belt, lamp, exposure, gain and noise of a picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from station.camera.simulation.parts import Plane, grain, plane
from station.domain.frame import Image

NOMINAL_EXPOSURE_US = 8000.0
"""The exposure time in us at which, with 0 dB, the picture has the grey values of the drawn scene."""
_BELT_TRAVEL = 96
_NOISE_SPARE = 64
_NOISE_STEPS = 24


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure of one picture.

    Attributes:
        exposure_time_us: Brightness grows with it; noise with its root.
        gain_db: Brightness and noise grow by 10 ** (gain / 20).
        lamp: Drift of the lamp, 1 is nominal.
    """

    exposure_time_us: float = NOMINAL_EXPOSURE_US
    gain_db: float = 0.0
    lamp: float = 1.0

    @property
    def brightness(self) -> float:
        """The factor on the drawn grey values."""
        return self.lamp * self.exposure_time_us / NOMINAL_EXPOSURE_US * self.gain

    @property
    def gain(self) -> float:
        """The analogue gain as a factor."""
        return float(10 ** (self.gain_db / 20))

    @property
    def noise(self) -> float:
        """Standard deviation in grey values: read noise, and shot noise of a mid-grey scene."""
        shot = 1.4 * self.exposure_time_us / NOMINAL_EXPOSURE_US
        return self.gain * float(np.sqrt(1.0 + shot))


class Bench:
    """Belt, lamp and sensor for pictures of one size. Drawn once; each picture copies a section."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._unit = min(width / 640, height / 480)
        rng = np.random.default_rng(7)
        self._belt = _belt(width, height + round(_BELT_TRAVEL * self._unit), self._unit, rng)
        self._lamp = _lamp(width, height)
        self._noise = _noise(width + _NOISE_SPARE, height + _NOISE_SPARE, rng)

    def draw_belt(self, travel: float) -> Image:
        """Return the empty belt, (H, W, 3) RGB; `travel` 0..1 is how far it has moved."""
        top = int(travel * (len(self._belt) - self._size[1]))
        return self._belt[top : top + self._size[1]].copy()

    def expose_scene(self, scene: Image, exposure: Exposure, rng: np.random.Generator) -> Image:
        """Return the picture of a scene: (H, W, 3) uint8, C-contiguous, saturated like a sensor."""
        lit = cv2.multiply(scene, self._lamp, scale=exposure.brightness / 255)
        x, y = rng.integers(_NOISE_SPARE, size=2)
        noise = self._noise[y : y + len(scene), x : x + scene.shape[1]]
        return np.ascontiguousarray(cv2.addWeighted(lit, 1, noise, exposure.noise / _NOISE_STEPS, 0, dtype=cv2.CV_8U))


def _belt(width: int, height: int, unit: float, rng: np.random.Generator) -> Image:
    """Draw a woven belt between two aluminium rails."""
    y, x = np.mgrid[:height, :width].astype(np.float32) / unit
    weave = np.sin((x + y) * 1.1) * np.sin((x - y) * 1.1)
    tone = (
        62 + 3.0 * weave + 2.2 * grain((height, width), 2.5 * unit, rng) + 2.0 * grain((height, width), 60 * unit, rng)
    )
    belt = tone[..., None] * plane([0.86, 0.98, 1.10])
    return np.asarray(np.clip(_with_rails(belt, width / unit, x), 0, 255), np.uint8)


def _with_rails(belt: Plane, width: float, x: Image) -> Image:
    """Add the rails at both sides, with their shadow on the belt; lengths in pixels at unit 1."""
    depth = np.minimum(x, width - 1 - x)
    profile = 150 + 38 * np.cos((depth - 9) / 9 * np.pi / 2) - 60 * np.exp(-((depth - 21) ** 2) / 6)
    shadow = 1 - 0.55 * np.exp(-np.clip(depth - 24, 0, None) / 9)
    rail = profile[..., None] * plane([0.97, 0.99, 1.0])
    return plane(np.where((depth < 24)[..., None], rail, belt * shadow[..., None]))


def _lamp(width: int, height: int) -> Image:
    """Return the brightness of the lamp, darker towards the corners: (H, W, 3) uint8, 255 is full light."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    distance = np.hypot(x / width - 0.46, y / height - 0.42)
    field = 255 * (1 - 0.42 * distance**2)
    return np.asarray(np.repeat(field[..., None], 3, axis=2), np.uint8)


def _noise(width: int, height: int, rng: np.random.Generator) -> Image:
    """Return Gaussian noise, int16, (H, W, 3); one standard deviation is `_NOISE_STEPS`."""
    noise = rng.standard_normal((height, width, 3), dtype=np.float32)
    return np.asarray(np.round(noise * _NOISE_STEPS), np.int16)
