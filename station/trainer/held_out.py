"""Scores of good pictures by models made without them: a limit must not come from any others."""

from collections.abc import Iterator

import torch
from torch import Tensor

from station.learning.presets import Method
from station.learning.progress import OnProgress
from station.trainer.coreset import Moments, greedy_coreset, principal_axes
from station.trainer.network import Distances
from station.trainer.threads import each_on_a_core

_FOLDS = 5
_FOLDS_OF_FEW = 10
_FEW_PICTURES = 60
_PICTURES_AT_ONCE = 4
_STAGE = "Checking with good parts held out"


def held_out_maps(features: Tensor, method: Method, seed: int, cores: int, on_progress: OnProgress) -> Tensor:
    """Return the raw anomaly map of each good picture, by a model made from the others.

    Pictures are held out in blocks of neighbours: several pictures of one part have consecutive names, and must not
    find each other in the coreset.

    Args:
        features: Of all good pictures in the order of their names, shape (n, gh, gw, c), any float type.
        method: The preset of the detector.
        seed: Seed of the candidates of each coreset.
        cores: Number of blocks at a time.
        on_progress: Called after each block.

    Returns:
        Shape (n, gh, gw), float32.
    """
    blocks = list(_blocks(len(features)))
    of_block = [Moments.of_rows(features[block].flatten(0, 2)) for block in blocks]
    of_all = sum(of_block[1:], start=of_block[0])

    def maps_of(number: int) -> Tensor:
        return _maps(features, blocks[number], of_all - of_block[number], method, seed)

    return torch.cat(each_on_a_core(maps_of, range(len(blocks)), cores, _STAGE, on_progress))


def _maps(features: Tensor, block: slice, others: Moments, method: Method, seed: int) -> Tensor:
    """Return the maps of one block, by components and coreset of the others."""
    rows, cells = features.flatten(0, 2), features[0, ..., 0].numel()
    eligible = torch.cat([torch.arange(block.start * cells), torch.arange(block.stop * cells, len(rows))])
    axes = principal_axes(others, method.pca_components)
    bank = greedy_coreset(rows, eligible, axes, method.coreset_size, torch.Generator().manual_seed(seed))
    distances = Distances(bank, method.smoothing_cells)
    return torch.cat([distances(axes.project(p))[:, 0] for p in torch.split(features[block], _PICTURES_AT_ONCE)])


def _blocks(count: int) -> Iterator[slice]:
    """Yield blocks of neighbouring pictures of nearly equal size: 10 up to 60 pictures, else 5."""
    folds = min(count, _FOLDS_OF_FEW if count <= _FEW_PICTURES else _FOLDS)
    for fold in range(folds):
        yield slice(fold * count // folds, (fold + 1) * count // folds)
