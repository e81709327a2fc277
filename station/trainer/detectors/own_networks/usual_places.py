"""How unlike good parts are to their drawing at each place: what counts is beyond that."""

import numpy as np
from numpy.typing import NDArray

from station.trainer.detector import smoothed

_NEAR = 1.5
"""Sigma in cells over which the maps of good parts are averaged: parts do not lie alike to the cell."""
_SHARE_OF_MEAN = 0.7
"""The least that is usual at a place, of the mean: less, and a speck raises the limit; more hides defects."""
_LEAST, _LEAST_VARIANCE = 1e-6, 1e-12


def usual_places(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what is usual at each place, mean and spread, drawn towards what is usual at any place.

    How far it is drawn follows from how much of the differences between places all pictures share: not at all if parts
    lie alike, and nearly all the way on a surface without places, whose places would differ by chance alone. One
    picture shares nothing. No place is far below the mean of all: on a quiet background a speck of dust on one good
    part would otherwise raise the limit beyond what a defect on the part can reach.

    Args:
        maps: Maps of good pictures, 0 or more, (n, gh, gw).

    Returns:
        (gh, gw), above 0.
    """
    here = smoothed(np.stack([maps.mean(0), maps.std(0)]), _NEAR).sum(0)
    shared = _shared(smoothed(maps, _NEAR)) if len(maps) > 1 else 0.0
    usual = shared * here + (1 - shared) * here.mean()
    return np.asarray(np.maximum(usual, max(_SHARE_OF_MEAN * float(usual.mean()), _LEAST)), np.float32)


def _shared(maps: NDArray[np.float32]) -> float:
    by_chance = maps.var(0, ddof=1).mean() / len(maps)
    return float(np.clip((maps.mean(0).var() - by_chance) / max(float(maps.var()), _LEAST_VARIANCE), 0, 1))
