"""One training from start to end: cells, held-out maps, bank, export, scores."""

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from station.learning.datasets import good_parts, load_dataset, require_unchanged
from station.learning.jobs import Trained, TrainingJob
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress
from station.trainer import backbone
from station.trainer.bank import bank_of
from station.trainer.cell_head import CellHead
from station.trainer.cells import learn_cells, spread_out
from station.trainer.coreset import Rows
from station.trainer.detector import Detector, smoothed
from station.trainer.export import export
from station.trainer.features import FeatureNetwork
from station.trainer.held_out import held_out
from station.trainer.pictures import input_size, look_at, model_input
from station.trainer.threads import each_on_a_core
from station.vision.preprocess import Preprocessor

_HELD_OUT = "held_out.npy"
_COMPARED_OF_LEARNED = 60
_AsInput = Callable[[LabelledPicture], NDArray[np.uint8]]


def fit(job: TrainingJob, on_progress: OnProgress) -> Trained:
    """Train on the good pictures, and write the model.

    Raises:
        BadInputError: If there are too few pictures, or one changed since its import.
    """
    began = time.monotonic()
    dataset = load_dataset(job.dataset)
    require_unchanged(dataset)
    pictures = good_parts(dataset)
    learned = set(pictures)
    shapes, depth = look_at(pictures, [picture for picture in dataset.pictures if picture not in learned])
    size = input_size(shapes, job.method.side_px)
    as_input = partial(model_input, preprocessor=Preprocessor(size, None), depth=depth)
    network = FeatureNetwork(job.method, size, job.cores)
    detector, maps = _learn(job, pictures, lambda picture: network(as_input(picture)), on_progress)
    np.save(job.output / _HELD_OUT, maps)
    export(detector, size, job.output, fp16_weights=job.method.fp16_weights)
    train_s = time.monotonic() - began
    compared = dataset.pictures_of("test") or spread_out(pictures, _COMPARED_OF_LEARNED)

    def score_of(picture: LabelledPicture) -> float:
        return float(detector.anomaly_map(network(as_input(picture))).max())

    scores = each_on_a_core(score_of, compared, job.cores, "Looking at pictures to measure with", on_progress)
    return Trained(
        backbone=backbone.NAME,
        input_size=size,
        held_out=job.output / _HELD_OUT,
        scores=dict(zip((picture.name for picture in compared), scores, strict=True)),
        train_s=round(train_s, 2),
        unstated_bits=depth.bits,
    )


def _learn(
    job: TrainingJob,
    pictures: Sequence[LabelledPicture],
    features_of: Callable[[LabelledPicture], Rows],
    on_progress: OnProgress,
) -> tuple[Detector, Rows]:
    """Return the detector made from all pictures, and the map of each by a bank made without it."""
    method = job.method
    good = learn_cells(features_of, pictures, method, job.cores, on_progress)
    kept_out = held_out(good.projected, method, job.seed, job.cores, on_progress)
    bank = bank_of(good.projected, np.arange(len(pictures)), method.coreset_size, job.seed)
    head = CellHead.plain(bank.rows.shape[1])
    detector = Detector(method.stages, good.axes, bank, kept_out.scale, head, method.smoothing_cells)
    return detector, smoothed(head.anomaly(good.projected, kept_out.anomaly), method.smoothing_cells)
