"""All that is learned from good pictures alone. It depends on nothing else, and can be kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station.learning.jobs import TrainingJob
from station.learning.progress import OnProgress
from station.trainer.bank import MemoryBank
from station.trainer.cells import GoodCells, Picture, learn_cells
from station.trainer.coreset import Rows
from station.trainer.held_out import HeldOut, held_out
from station.trainer.metric import in_good_metric


@dataclass(frozen=True, slots=True)
class GoodParts:
    """What good pictures taught.

    Attributes:
        cells: The projection of features, and the projected cells of each.
        held_out: The distances of each, by a bank made without it.
        bank: The bank of all.
    """

    cells: GoodCells
    held_out: HeldOut
    bank: MemoryBank


def learn_good_parts(
    job: TrainingJob,
    pictures: Sequence[Picture],
    features_of: Callable[[Picture], Rows],
    on_progress: OnProgress,
) -> GoodParts:
    """Learn from good pictures.

    Args:
        job: Method, seed and cores.
        pictures: The good pictures, in the order of their names.
        features_of: Gives the features of a picture, (gh, gw, c) float32, from several threads.
        on_progress: Called after each step.
    """
    by_features = learn_cells(features_of, pictures, job.patchcore, job.cores, on_progress)
    cells = in_good_metric(by_features, job.patchcore, job.seed, job.cores)
    bank, kept_out = held_out(cells.projected, job.patchcore, job.seed, job.cores, on_progress)
    return GoodParts(cells, kept_out, bank)
