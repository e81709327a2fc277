"""Check whether a picture is good enough to be judged."""

import cv2
import numpy as np

from station.domain.frame import Image, NotInspectedCause
from station.domain.recipe import QualityLimits
from station.vision.preprocess import Prepared


class QualityGate:
    """Checks each picture before the model sees it. It remembers the last picture to notice a frozen camera."""

    def __init__(self, limits: QualityLimits) -> None:
        self._limits = limits
        self._last: tuple[Image, ...] = ()
        self._in_a_row = 0

    def check(self, prepared: Prepared) -> NotInspectedCause | None:
        """Return why this picture cannot be judged, or None. Call it once for each picture, in their order."""
        self._count_repeats(prepared.levels)
        if not self._has_the_right_shape(prepared):
            return NotInspectedCause.WRONG_PICTURE
        level = brightness(prepared.model_input)
        if level < self._limits.min_brightness:
            return NotInspectedCause.TOO_DARK
        if level > self._limits.max_brightness:
            return NotInspectedCause.TOO_BRIGHT
        if 0 < self._limits.frozen_after <= self._in_a_row:
            return NotInspectedCause.FROZEN_PICTURE
        if self._limits.min_sharpness > 0 and sharpness(prepared.model_input) < self._limits.min_sharpness:
            return NotInspectedCause.BLURRED
        return None

    def detail(self, cause: NotInspectedCause, prepared: Prepared) -> str:
        """Return the measured and the allowed values if the sentence of the cause does not say them, else ""."""
        if cause is not NotInspectedCause.WRONG_PICTURE:
            return ""
        _, _, width, height = prepared.roi
        most = f"at most {self._limits.max_aspect:.2f}" if self._limits.max_aspect else "any"
        allowed = f"at least {self._limits.min_aspect:.2f} and {most}"
        return f"{width} x {height} pixels, width over height {width / height:.2f}, allowed is {allowed}"

    def _has_the_right_shape(self, prepared: Prepared) -> bool:
        """Check the aspect: a picture of another shape would be squeezed until it looks like the part."""
        _, _, width, height = prepared.roi
        aspect = width / height
        return self._limits.min_aspect <= aspect and (not self._limits.max_aspect or aspect <= self._limits.max_aspect)

    def _count_repeats(self, levels: tuple[Image, ...]) -> None:
        """Count equal pictures in a row. Two exposures of one scene always differ in their noise."""
        if self._limits.frozen_after:
            self._in_a_row = self._in_a_row + 1 if _identical(levels, self._last) else 1
            self._last = levels


def brightness(picture: Image) -> float:
    """Return the mean grey value, 0..255, of a uint8 picture, (h, w, 3)."""
    return sum(cv2.mean(picture)[:3]) / 3


def sharpness(picture: Image) -> float:
    """Return the variance of the Laplacian of the grey picture; fine edges raise it, blur lowers it.

    Args:
        picture: uint8, (h, w) or (h, w, 3) RGB.
    """
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    _, deviation = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return float(deviation[0, 0] ** 2)


def _identical(levels: tuple[Image, ...], others: tuple[Image, ...]) -> bool:
    """Compare bit for bit, the smallest level first: it differs between almost all pictures and is quick to compare."""
    if len(levels) != len(others):
        return False
    return np.array_equal(levels[-1], others[-1]) and np.array_equal(levels[0], others[0])
