"""Scores of good pictures that the scoring bank has never seen: the only ones a limit may come from."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor

from station.learning.methods import Method
from station.learning.progress import OnProgress, told_as_done
from station.trainer.memory_bank import Moments, principal_axes, spread_out
from station.trainer.network import Distances

_FOLDS = 5
_FOLDS_OF_FEW = 10
_FEW_PICTURES = 60
_PICTURES_AT_ONCE = 4
_STAGE = "Checking with good parts held out"


def held_out_maps(features: Tensor, method: Method, seed: int, workers: int, on_progress: OnProgress) -> Tensor:
    """The raw anomaly map of each good picture, by a model made from the others.

    Pictures are held out in blocks of neighbours, so that several shots of one part, which have names in a row, are
    held out together and do not find each other in the bank.

    Args:
        features: Of all good pictures in the order of their names, shape (n, gh, gw, c), any float type.
        method: How the model is made.
        seed: Fixes the candidates of each bank.
        workers: Blocks worked on at a time, one thread each: choosing a bank is many small steps, which gain nothing
            from threads that wait for each other.
        on_progress: Told after each block.

    Returns:
        Shape (n, gh, gw), float32.
    """
    blocks = list(_blocks(len(features)))
    of_block = [Moments.of(features[block].flatten(0, 2)) for block in blocks]
    of_all = sum(of_block[1:], start=of_block[0])

    def maps_of(number: int) -> Tensor:
        return _maps(features, blocks[number], of_all - of_block[number], method, seed)

    with ThreadPoolExecutor(workers) as pool:
        return torch.cat(list(told_as_done(pool.map(maps_of, range(len(blocks))), len(blocks), _STAGE, on_progress)))


@torch.inference_mode()
def _maps(features: Tensor, block: slice, others: Moments, method: Method, seed: int) -> Tensor:
    """The maps of one block, by axes and bank of the others."""
    torch.set_num_threads(1)
    rows, cells = features.flatten(0, 2), features[0, ..., 0].numel()
    eligible = torch.cat([torch.arange(block.start * cells), torch.arange(block.stop * cells, len(rows))])
    axes = principal_axes(others, method.components)
    bank = spread_out(rows, eligible, axes, method.bank_rows, torch.Generator().manual_seed(seed))
    distances = Distances(bank, method.smoothing_cells)
    return torch.cat([distances(axes.project(p))[:, 0] for p in torch.split(features[block], _PICTURES_AT_ONCE)])


def _blocks(count: int) -> Iterator[slice]:
    """Neighbouring pictures in blocks as equal as they can be; more of them where every picture counts."""
    folds = min(count, _FOLDS_OF_FEW if count <= _FEW_PICTURES else _FOLDS)
    for fold in range(folds):
        yield slice(fold * count // folds, (fold + 1) * count // folds)
