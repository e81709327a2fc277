"""One training from start to end: features, held-out maps, bank, export, comparison."""

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor

from station.learning.datasets import good_parts, load_dataset, require_unchanged
from station.learning.jobs import Trained, TrainingJob
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress
from station.trainer import backbone
from station.trainer.coreset import Moments, greedy_coreset, principal_axes
from station.trainer.export import ExportedModel, export
from station.trainer.held_out import held_out_maps
from station.trainer.network import Detector, Features
from station.trainer.pictures import input_size, look_at, model_input
from station.trainer.threads import each_on_a_core
from station.vision.preprocess import Preprocessor

_HELD_OUT = "held_out.npy"
_AsInput = Callable[[LabelledPicture], Tensor]


@torch.inference_mode()
def fit(job: TrainingJob, on_progress: OnProgress) -> Trained:
    """Train on the good pictures, and write the model.

    Raises:
        BadInputError: If there are too few pictures, or one changed since its import.
    """
    began = time.monotonic()
    torch.set_num_threads(job.cores)
    dataset = load_dataset(job.dataset)
    require_unchanged(dataset)
    pictures = good_parts(dataset)
    learned = set(pictures)
    shapes, depth = look_at(pictures, [picture for picture in dataset.pictures if picture not in learned])
    size = input_size(shapes, job.method.side_px)
    as_input = partial(model_input, preprocessor=Preprocessor(size, None), depth=depth)
    detector, held_out = _learn(job, pictures, as_input, on_progress)
    np.save(job.output / _HELD_OUT, held_out.numpy())
    model = ExportedModel(export(detector, size, job.output, fp16_weights=job.method.fp16_weights))
    train_s = time.monotonic() - began
    compared = dataset.pictures_of("test") or pictures
    scores = _compare(compared, detector, model, as_input, job.cores, on_progress)
    return Trained(
        backbone=backbone.NAME,
        input_size=size,
        held_out=job.output / _HELD_OUT,
        compared=tuple(picture.name for picture in compared),
        trained_scores=tuple(trained for trained, _ in scores),
        exported_scores=tuple(exported for _, exported in scores),
        train_s=round(train_s, 2),
        unstated_bits=depth.bits,
    )


def _learn(
    job: TrainingJob, pictures: Sequence[LabelledPicture], as_input: _AsInput, on_progress: OnProgress
) -> tuple[Detector, Tensor]:
    """Return the detector made from all pictures, and the map of each by a detector made without it."""
    network = Features(job.method)

    def features_of(picture: LabelledPicture) -> Tensor:
        """Use 16 bits: half the memory at the same accuracy."""
        features: Tensor = network(as_input(picture).unsqueeze(0))
        return features[0].half()

    features = torch.stack(each_on_a_core(features_of, pictures, job.cores, "Looking at good parts", on_progress))
    held_out = held_out_maps(features, job.method, job.seed, job.cores, on_progress)
    rows = features.flatten(0, 2)
    axes = principal_axes(Moments.of_rows(rows), job.method.pca_components)
    generator = torch.Generator().manual_seed(job.seed)
    bank = greedy_coreset(rows, torch.arange(len(rows)), axes, job.method.coreset_size, generator)
    return Detector(network, axes, bank, job.method.smoothing_cells), held_out


def _compare(
    pictures: Sequence[LabelledPicture],
    detector: Detector,
    exported: ExportedModel,
    as_input: _AsInput,
    cores: int,
    on_progress: OnProgress,
) -> list[tuple[float, float]]:
    """Return the raw scores of each picture by the trained network and by the exported model."""

    def scores_of(picture: LabelledPicture) -> tuple[float, float]:
        pixels = as_input(picture).unsqueeze(0)
        return detector(pixels)[0].item(), exported.score(pixels)

    return each_on_a_core(scores_of, pictures, cores, "Comparing the exported model with the trained one", on_progress)
