"""One training of a method of this room: reads, holds out, learns."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.domain.formatting import counted
from station.domain.frame import Image
from station.domain.picture_form import PictureForm
from station.learning.jobs import TrainingJob
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress, with_progress
from station.trainer.detectors.contract import AnyLearned, DetectorMethod, LearnedData, Maps, Pixels, Session
from station.trainer.detectors.opening import method_for
from station.trainer.export import save_graph
from station.trainer.fitted import Answer, Fitted, Lesson
from station.trainer.folds import folds_of, once_held_out
from station.trainer.pictures import model_input
from station.trainer.threads import each_on_a_core
from station.vision.preprocess import Preprocessor

_AT_ONCE = 8


def learn_detector(lesson: Lesson, on_progress: OnProgress) -> Fitted:
    """Learn from the good pictures.

    Raises:
        BadInputError: If the method lacks something.
    """
    job = lesson.job
    depth = PictureForm(bits=job.unstated_bits, stored_bits=16)
    as_input = partial(model_input, preprocessor=Preprocessor(job.input_size, job.roi, job.location), depth=depth)

    def pixels_of(chosen: Sequence[LabelledPicture]) -> Pixels:
        return np.stack(each_on_a_core(as_input, chosen, job.cores, "Reading pictures", on_progress))

    session = Session(on_progress, job.cores, job.seed, job.backbones)
    detector, numbers, maps, note = _learned(job, method_for(job.method), pixels_of(lesson.pictures), session)

    def answers(compared: Sequence[LabelledPicture], on_progress: OnProgress) -> list[Answer]:
        pictures = list(pixels_of(compared))
        return [_answer(detector, picture) for picture in with_progress(pictures, "Measuring", on_progress)]

    return Fitted(
        backbone=job.method.network_of(job.backbones),
        numbers=numbers,
        maps=maps,
        answers=answers,
        save=partial(_export, detector, fp16_weights=job.method.fp16_weights),
        note=note,
    )


def _export(detector: AnyLearned, folder: Path, *, fp16_weights: bool) -> None:
    if isinstance(detector, LearnedData):
        detector.save(folder)
        return
    save_graph(detector.graph(), folder, fp16_weights=fp16_weights)


def _learned(
    job: TrainingJob, method: DetectorMethod, pictures: Pixels, session: Session
) -> tuple[AnyLearned, NDArray[np.intp], Maps, str]:
    """Return the detector, number and map of each held-out picture by one made without it, and what is said of it."""
    everything = np.arange(len(pictures))
    if job.method.held_out == "folds":
        maps = _in_folds(method, pictures, session)
        return method.learn(pictures, everything, session), everything, maps, ""
    left_out = once_held_out(len(pictures))
    detector = method.learn(pictures, np.setdiff1d(everything, left_out), session)
    note = (
        f"the limit rests on {counted(len(left_out), 'good picture')} that the model did not learn, "
        f"of {len(pictures)}: teaching takes too long to hold each out"
    )
    return detector, left_out, _maps(detector, pictures[left_out]), note


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


def _answer(detector: AnyLearned, picture: Image) -> Answer:
    """Return what the detector says of a picture; without a map the score is its only place."""
    (anomaly,) = _maps_at_once(detector, picture[None])
    return Answer(float(anomaly.max()), anomaly)
