"""One training from start to end: features, held-out maps, bank, export, comparison."""

import os
import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from station.learning.datasets import load_dataset, require_unchanged
from station.learning.jobs import Trained, TrainingJob
from station.learning.layout import LabelledPicture
from station.learning.progress import OnProgress, told
from station.trainer import backbone
from station.trainer.export import ExportedModel, export
from station.trainer.held_out import held_out_maps
from station.trainer.memory_bank import Moments, principal_axes, spread_out
from station.trainer.network import Detector, Features
from station.trainer.pictures import good_parts, input_size, model_input
from station.vision.preprocess import Preprocessor

_PICTURES_AT_ONCE = 8
_HELD_OUT = "held_out.npy"


@torch.inference_mode()
def fit(job: TrainingJob, on_progress: OnProgress) -> Trained:
    """Learn what good looks like, and write the model.

    Raises:
        BadInputError: Too few pictures, or ones that changed since their import.
    """
    began = time.monotonic()
    dataset = load_dataset(job.dataset)
    require_unchanged(dataset)
    pictures = good_parts(dataset)
    size = input_size(pictures, job.roi, job.method.side_px)
    preprocessor = Preprocessor(size, job.roi)
    detector, held_out = _learn(job, pictures, preprocessor, on_progress)
    np.save(job.output / _HELD_OUT, held_out.numpy())
    model = ExportedModel(export(detector, size, job.output, half_weights=job.method.half_weights), job.threads)
    train_s = time.monotonic() - began
    compared = dataset.of("test") or pictures
    scores = _compare(compared, detector, model, preprocessor, on_progress)
    return Trained(
        backbone=backbone.NAME,
        input_size=size,
        held_out=job.output / _HELD_OUT,
        compared=tuple(picture.name for picture in compared),
        trained_scores=tuple(trained for trained, _ in scores),
        exported_scores=tuple(exported for _, exported in scores),
        train_s=round(train_s, 2),
    )


def _learn(
    job: TrainingJob, pictures: Sequence[LabelledPicture], preprocessor: Preprocessor, on_progress: OnProgress
) -> tuple[Detector, Tensor]:
    """The detector made from all pictures, and the map of each by one made without it."""
    threads = job.threads or os.cpu_count() or 1
    torch.set_num_threads(threads)
    network = Features(job.method)
    features = _features(pictures, network, preprocessor, on_progress)
    held_out = held_out_maps(features, job.method, job.seed, threads, on_progress)
    rows = features.flatten(0, 2)
    axes = principal_axes(Moments.of(rows), job.method.components)
    generator = torch.Generator().manual_seed(job.seed)
    bank = spread_out(rows, torch.arange(len(rows)), axes, job.method.bank_rows, generator)
    return Detector(network, axes, bank, job.method.smoothing_cells), held_out


def _features(
    pictures: Sequence[LabelledPicture], network: Features, preprocessor: Preprocessor, on_progress: OnProgress
) -> Tensor:
    """Of all pictures, shape (n, gh, gw, c), with 16 bits: half the memory, and no difference in accuracy."""
    starts = range(0, len(pictures), _PICTURES_AT_ONCE)
    return torch.cat(
        [
            network(
                torch.stack([model_input(one, preprocessor) for one in pictures[start : start + _PICTURES_AT_ONCE]])
            ).half()
            for start in told(starts, "Looking at good parts", on_progress)
        ]
    )


def _compare(
    pictures: Sequence[LabelledPicture],
    detector: Detector,
    exported: ExportedModel,
    preprocessor: Preprocessor,
    on_progress: OnProgress,
) -> list[tuple[float, float]]:
    """Raw score of each picture by the trained network and by the exported model."""
    scores = []
    for picture in told(pictures, "Comparing the exported model with the trained one", on_progress):
        pixels = model_input(picture, preprocessor).unsqueeze(0)
        scores.append((detector(pixels)[0].item(), exported.score(pixels)))
    return scores
