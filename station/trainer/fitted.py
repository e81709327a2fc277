"""What a training has in hand when it has learned, whatever the method, and the end that all trainings have."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.inference.members import Member
from station.learning.datasets import DatasetVersion, good_parts, load_dataset, require_unchanged
from station.learning.jobs import Trained, TrainingJob
from station.learning.labelled_defects import LabelledDefects
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress
from station.trainer.compared import compared_pictures
from station.trainer.coreset import Rows

_HELD_OUT = "held_out.npy"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a training learns from.

    Attributes:
        job: The job.
        dataset: The frozen pictures.
        pictures: The good ones to learn, in the order of their names.
    """

    job: TrainingJob
    dataset: DatasetVersion
    pictures: Sequence[LabelledPicture]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the trained detector says of a picture: the raw score, and the raw map (gh, gw)."""

    score: float
    anomaly: Rows


AnswersOf = Callable[[Sequence[LabelledPicture], OnProgress], list[Answer]]
"""From pictures to what the trained detector says of each."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned.

    Attributes:
        backbone: Name of the pretrained network.
        numbers: The numbers of the good pictures that were held out, rising.
        maps: Raw map of each of them, by a detector made without it, (n, gh, gw). Without a map it is one place, the
            score.
        answers: Asks the trained detector.
        save: Writes the files of the model into a folder.
        note: What the limits rest on, if it is not each good picture; else "".
        added: What the whole part adds to the score of each of `maps`; () if it is not checked.
        defects: What labelled defects taught; None if they were not learned.
        members: The models that were joined; () if it is one.
    """

    backbone: str
    numbers: NDArray[np.intp]
    maps: Rows
    answers: AnswersOf
    save: Callable[[Path], None]
    note: str = ""
    added: tuple[float, ...] = ()
    defects: LabelledDefects | None = None
    members: tuple[Member, ...] = ()


def carry_out(job: TrainingJob, learn: Callable[[Lesson, OnProgress], Fitted], on_progress: OnProgress) -> Trained:
    """Read what a job is about, learn, write the model, and score pictures to compare it with.

    Raises:
        BadInputError: If there are too few pictures, one changed since its import, or the method lacks something.
    """
    began = time.monotonic()
    dataset = load_dataset(job.dataset)
    require_unchanged(dataset)
    pictures = good_parts(dataset, job.left_out)
    fitted = learn(Lesson(job, dataset, pictures), on_progress)
    np.save(job.output / _HELD_OUT, fitted.maps)
    fitted.save(job.output)
    train_s = time.monotonic() - began
    compared = compared_pictures(dataset, pictures, job.scored)
    answers = fitted.answers(compared, on_progress)
    return Trained(
        backbone=fitted.backbone,
        held_out=job.output / _HELD_OUT,
        scores={picture.name: answer.score for picture, answer in zip(compared, answers, strict=True)},
        train_s=round(train_s, 2),
        defects=fitted.defects,
        added=fitted.added,
        limit_note=fitted.note,
        members=fitted.members,
    )
