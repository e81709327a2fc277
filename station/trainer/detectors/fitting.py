"""One training of a method of this room: reads, holds out, learns, exports, scores."""

import time
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from station.domain.formatting import counted
from station.domain.picture_form import PictureForm
from station.inference.silent_openvino import ov
from station.learning.datasets import good_parts, load_dataset, require_unchanged
from station.learning.jobs import Trained, TrainingJob
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress, with_progress
from station.trainer.compared import compared_pictures
from station.trainer.detectors.contract import AnyLearned, DetectorMethod, LearnedData, Maps, Pixels, Session
from station.trainer.detectors.opening import method_for
from station.trainer.export import fits_16_bits
from station.trainer.folds import folds_of, once_held_out
from station.trainer.pictures import model_input
from station.trainer.threads import each_on_a_core
from station.vision.preprocess import Preprocessor

_HELD_OUT = "held_out.npy"
_AT_ONCE = 8


def fit_detector(job: TrainingJob, on_progress: OnProgress) -> Trained:
    """Train on the good pictures, and write the model.

    Raises:
        BadInputError: If there are too few pictures, one changed since its import, or the method lacks something.
    """
    began = time.monotonic()
    dataset = load_dataset(job.dataset)
    require_unchanged(dataset)
    pictures = good_parts(dataset, job.left_out)
    depth = PictureForm(bits=job.unstated_bits, stored_bits=16)
    as_input = partial(model_input, preprocessor=Preprocessor(job.input_size, job.roi, job.location), depth=depth)

    def pixels_of(chosen: Sequence[LabelledPicture]) -> Pixels:
        return np.stack(each_on_a_core(as_input, chosen, job.cores, "Reading pictures", on_progress))

    session = Session(on_progress, job.cores, job.seed, job.backbones)
    detector, maps, note = _learned(job, method_for(job.method), pixels_of(pictures), session)
    np.save(job.output / _HELD_OUT, maps)
    _export(detector, job)
    train_s = time.monotonic() - began
    compared = compared_pictures(dataset, pictures, job.scored)
    scores = _scores(detector, pixels_of(compared), on_progress)
    return Trained(
        backbone=job.method.network_of(job.backbones),
        held_out=job.output / _HELD_OUT,
        scores=dict(zip((picture.name for picture in compared), scores, strict=True)),
        train_s=round(train_s, 2),
        limit_note=note,
    )


def _export(detector: AnyLearned, job: TrainingJob) -> None:
    if isinstance(detector, LearnedData):
        detector.save(job.output)
        return
    graph = detector.graph()
    ov.save_model(graph, job.output / "model.xml", compress_to_fp16=job.method.fp16_weights and fits_16_bits(graph))


def _learned(
    job: TrainingJob, method: DetectorMethod, pictures: Pixels, session: Session
) -> tuple[AnyLearned, Maps, str]:
    """Return the detector, the map of each held-out picture by a detector made without it, and what is said of it."""
    everything = np.arange(len(pictures))
    if job.method.held_out == "folds":
        maps = _in_folds(method, pictures, session)
        return method.learn(pictures, everything, session), maps, ""
    left_out = once_held_out(len(pictures))
    detector = method.learn(pictures, np.setdiff1d(everything, left_out), session)
    note = (
        f"the limit rests on {counted(len(left_out), 'good picture')} that the model did not learn, "
        f"of {len(pictures)}: teaching takes too long to hold each out"
    )
    return detector, _maps(detector, pictures[left_out]), note


def _in_folds(method: DetectorMethod, pictures: Pixels, session: Session) -> Maps:
    everything, maps = np.arange(len(pictures)), dict[int, Maps]()
    for fold in with_progress(folds_of(len(pictures)), "Leaving good parts out", session.on_progress):
        detector = method.learn(pictures, np.setdiff1d(everything, fold), session)
        maps |= zip(fold.tolist(), _maps(detector, pictures[fold]), strict=True)
    return np.stack([maps[number] for number in everything.tolist()])


def _maps(detector: AnyLearned, pictures: Pixels) -> Maps:
    """Return the raw map of each picture; without a map its score as the only place."""
    parts = [pictures[begin : begin + _AT_ONCE] for begin in range(0, len(pictures), _AT_ONCE)]
    return np.concatenate([_maps_at_once(detector, part) for part in parts])


def _maps_at_once(detector: AnyLearned, pictures: Pixels) -> Maps:
    maps = detector.maps(pictures)
    return detector.scores(pictures)[:, None, None] if maps is None else maps


def _scores(detector: AnyLearned, pictures: Pixels, on_progress: OnProgress) -> list[float]:
    each: list[NDArray[np.float32]] = [
        detector.scores(picture[None]) for picture in with_progress(list(pictures), "Measuring", on_progress)
    ]
    return [float(score[0]) for score in each]
