"""Whether two pictures show the same exposure, also if one was coded again, made brighter or moved a little."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.vision.conversion import as_grey

SIDE_PX = 96
_INSIDE = slice(6, -6)
_MOVED_AT_MOST_PX = 4.0
_ENOUGH_PX = 4 * SIDE_PX
"""Of a larger picture only every n-th pixel is read, so that this takes a millisecond at any size."""
_CANDIDATES = 24
_TYPICAL_OF = 24
_NEAR_SHARE = 0.45
_SOFTENED_PX = 1.0
_LEAST_CONTRAST = 1e-3
_SIGNATURE_SIDE = 16
_SIGNATURE_RANGE = 3.0
_SIGNATURE_STEPS = 127

Look = NDArray[np.uint8]
"""A picture as (96, 96) grey, which is enough to recognise it by."""

_Floats = NDArray[np.float32]


def look_of(image: Image) -> Look:
    """Return what a picture looks like, stretched from black to white.

    Args:
        image: (H, W) grey or (H, W, 3) RGB, uint8 or uint16.
    """
    step = max(1, min(image.shape[:2]) // _ENOUGH_PX)
    small = cv2.resize(as_grey(image[::step, ::step]), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    darkest, range_ = float(small.min()), max(float(np.ptp(small)), 1.0)
    return np.asarray(np.round((small - darkest) * (255 / range_)), np.uint8)


def signature_of(look: Look) -> NDArray[np.int8]:
    """Return a look in 256 numbers, (256,), to find the few that are worth comparing among many thousands."""
    small = cv2.resize(look.astype(np.float32), (_SIGNATURE_SIDE, _SIGNATURE_SIDE), interpolation=cv2.INTER_AREA)
    steps = _normalised(np.asarray(small, np.float32)) * (_SIGNATURE_STEPS / _SIGNATURE_RANGE)
    return np.asarray(np.clip(np.round(steps), -_SIGNATURE_STEPS, _SIGNATURE_STEPS), np.int8).ravel()


def distances(look: Look, others: Sequence[Look]) -> list[float]:
    """Return how unlike a look is to each of some others: 0 for the same exposure, about 1.4 for unlike ones."""
    (own, *rest) = _as_floats([look, *others])
    compared = _Prepared.of(own)
    return [_distance(_Prepared.of(other), compared) for other in rest]


def limit_of(typical_distance: float) -> float:
    """Return the distance below which two pictures show the same exposure.

    Parts that lie alike look alike, so it follows from the typical distance of a picture to its nearest neighbour.
    """
    return _NEAR_SHARE * typical_distance


def nearest(learned: Sequence[Look], asked: Sequence[Look]) -> list[int | None]:
    """Return for each of `asked` which of `learned` shows the same exposure, None if none does.

    Parts that lie alike look alike, so the distance is compared with that of the learned pictures to their neighbours.
    """
    if len(learned) < 2 or not asked:
        return [None] * len(asked)
    known, others = _as_floats(learned), _as_floats(asked)
    common = known.mean(axis=0)
    features = _features(known - common)
    prepared = [_Prepared.of(look) for look in known]
    limit = limit_of(_typical_distance(prepared, features))
    found = [
        _closest(_Prepared.of(each), prepared, alike)
        for each, alike in zip(others, _features(others - common) @ features.T, strict=True)
    ]
    return [place if distance < limit else None for place, distance in found]


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """A look to be compared with many others.

    Attributes:
        whole: (96, 96) float32.
        inside: It without its edges, normalised.
    """

    whole: _Floats
    inside: _Floats

    @classmethod
    def of(cls, look: _Floats) -> "_Prepared":
        return cls(look, _normalised(look[_INSIDE, _INSIDE]))


def _as_floats(looks: Sequence[Look]) -> _Floats:
    """Return the looks softened, so that those of a picture moved by less than a pixel stay alike."""
    soft = [cv2.GaussianBlur(look.astype(np.float32), (0, 0), _SOFTENED_PX) for look in looks]
    return np.stack([_normalised(np.asarray(look, np.float32)) for look in soft])


def _normalised(look: _Floats) -> _Floats:
    normalised: _Floats = (look - look.mean()) / (look.std() + _LEAST_CONTRAST)
    return normalised


def _features(looks: _Floats) -> _Floats:
    """Return the spectrum of each, of length 1; it does not change if the picture is moved."""
    spectra: _Floats = np.abs(np.fft.rfft2(looks)).reshape(len(looks), -1).astype(np.float32)
    lengths: _Floats = np.linalg.norm(spectra, axis=1, keepdims=True)
    features: _Floats = spectra / (lengths + _LEAST_CONTRAST)
    return features


def _typical_distance(known: Sequence[_Prepared], features: _Floats) -> float:
    """Return the median distance of a learned picture to its nearest neighbour."""
    places = np.unique(np.linspace(0, len(known) - 1, _TYPICAL_OF).round().astype(int))
    alike = features[places] @ features.T
    alike[np.arange(len(places)), places] = -1
    return float(np.median([_closest(known[place], known, row)[1] for place, row in zip(places, alike, strict=True)]))


def _closest(look: _Prepared, known: Sequence[_Prepared], alike: _Floats) -> tuple[int, float]:
    """Return the nearest of the few most alike, and its distance."""
    candidates = np.argsort(-alike)[: min(_CANDIDATES, len(alike) - 1)]
    distances = [_distance(known[place], look) for place in candidates]
    best = int(np.argmin(distances))
    return int(candidates[best]), distances[best]


def _distance(first: _Prepared, second: _Prepared) -> float:
    """Return the difference of two pictures after one was moved onto the other; about 1.4 for unlike ones."""
    # With a window, phaseCorrelate of OpenCV 5.0 multiplies its inputs in place: they are copied.
    (right, down), _ = cv2.phaseCorrelate(first.whole.copy(), second.whole.copy(), _WINDOW)
    if max(abs(right), abs(down)) > _MOVED_AT_MOST_PX:
        right = down = 0.0
    moved = _Prepared.of(_moved(second.whole, right, down)) if right or down else second
    return float(np.sqrt(np.mean((first.inside - moved.inside) ** 2)))


def _moved(look: _Floats, right: float, down: float) -> _Floats:
    """Return a look moved back by these pixels."""
    back = np.array([[1, 0, -right], [0, 1, -down]], np.float32)
    moved = cv2.warpAffine(look, back, (SIDE_PX, SIDE_PX), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


_WINDOW = np.outer(np.hanning(SIDE_PX), np.hanning(SIDE_PX)).astype(np.float32)
