"""The metric of the cells: what good parts differ in anyway counts less.

A cell of a good part that a bank was made without lies some way from its nearest row. Along axes where such ways are
long, a distance says little; along those where they are short, it says much. The cells are scaled by the inverse root
of the covariance of these ways, which costs nothing while a part is judged: it is one matrix with the projection.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from station.learning.presets import Method
from station.trainer.bank import bank_of
from station.trainer.cells import GoodCells
from station.trainer.coreset import Axes, Rows
from station.trainer.folds import folds_of

_CELLS = 8_000
_VERY_FEW, _SOME, _FEW, _ENOUGH = 10, 30, 60, 200
_SHRUNK = 0.3
"""Share of the covariance that is replaced by the same variance along every axis, if there are very few pictures, or
enough."""


def in_good_metric(good: GoodCells, method: Method, seed: int, cores: int = 1) -> GoodCells:
    """Return the cells and their axes in the metric of good parts; the array of the cells is reused.

    Args:
        good: Cells of good pictures, in the metric of their features.
        method: The preset of the detector.
        seed: Seed of the draws.
        cores: Number of pictures at a time.
    """
    shrunk = _shrunk(len(good.projected))
    if shrunk == 1:
        return good
    scaling = _inverse_root(_ways_from_nearest(good.projected, method, seed), shrunk)

    def scale(picture: NDArray[np.float16]) -> None:
        picture[:] = picture.astype(np.float32) @ scaling

    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(scale, good.projected))
    axes = good.axes
    variances = np.square(scaling).T @ axes.variances
    return GoodCells(Axes(axes.mean, axes.directions @ scaling, variances), good.projected)


def _ways_from_nearest(cells: NDArray[np.float16], method: Method, seed: int) -> Rows:
    """Return the ways of cells of held-out pictures from their nearest rows, (m, k).

    Those of the first fold, or of all if there are fewer than 30 pictures: a fold is then one to three of them.
    """
    folds = folds_of(len(cells))
    used = folds[:1] if len(cells) >= _SOME else folds
    return np.concatenate([_ways_of(fold, cells, method, seed) for fold in used])


def _ways_of(left_out: NDArray[np.intp], cells: NDArray[np.float16], method: Method, seed: int) -> Rows:
    """Return the ways of cells of these pictures from the rows of all others."""
    others = np.setdiff1d(np.arange(len(cells)), left_out)
    bank = bank_of(cells, others, method.coreset_size, seed)
    flat = cells[left_out].reshape(-1, cells.shape[-1])
    drawn = np.random.default_rng(seed).choice(len(flat), min(len(flat), _CELLS), replace=False)
    points = flat[drawn].astype(np.float32)
    ways: Rows = points - bank.rows[bank.nearest(points)[1]]
    return ways


def _shrunk(pictures: int) -> float:
    """Return the share of the covariance that is replaced: all of it from 30 to 60 pictures, falling up to 200.

    Of 31 pictures, four are held out, and the metric of their ways let 85 % of the defects pass in place of 5 %. Up to
    30, every picture is held out once. Of 10 pictures the metric is needed most: the way to the nearest of ten
    parts is long along just those axes where good parts differ.
    """
    shares = (_SHRUNK, 1.0, 1.0, _SHRUNK)
    return float(np.interp(pictures, (_VERY_FEW, _SOME, _FEW, _ENOUGH), shares))


def _inverse_root(ways: Rows, shrunk: float) -> Rows:
    """Return the inverse root of the shrunk covariance of the ways, (k, k), in units of its mean variance."""
    covariance = ways.T.astype(np.float64) @ ways
    variances, axes = np.linalg.eigh(covariance)
    mean = float(variances.mean())
    if not mean:  # all good pictures are equal
        return np.eye(len(variances), dtype=np.float32)
    scaled = (1 - shrunk) * np.maximum(variances, 0) / mean + shrunk
    return np.asarray(axes / np.sqrt(scaled) @ axes.T, np.float32)
