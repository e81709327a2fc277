"""How unlike good parts are to their drawing at each place: what counts is beyond that."""

import numpy as np
from numpy.typing import NDArray

from station.trainer.detector import smoothed

_NEAR = 1.5
"""Sigma in cells over which the maps of good parts are averaged: parts do not lie alike to the cell."""
_LEAST = 1e-6


def usual_places(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what is usual at each place, mean and spread, drawn towards what is usual at any place.

    How far it is drawn follows from how much of the differences between places all pictures share: not at all if parts
    lie alike, and nearly all the way on a surface without places, whose places would differ by chance alone.

    Args:
        maps: Maps of good pictures, 0 or more, (n, gh, gw).

    Returns:
        (gh, gw), above 0.
    """
    near = smoothed(maps, _NEAR)
    by_chance = near.var(0).mean() / len(near)
    shared = float(np.clip((near.mean(0).var() - by_chance) / max(float(near.var()), _LEAST), 0, 1))
    here = smoothed(np.stack([maps.mean(0), maps.std(0)]), _NEAR).sum(0)
    return np.asarray(np.maximum(shared * here + (1 - shared) * here.mean(), _LEAST), np.float32)
