"""Several methods, taught on the same pictures, as one model: its score is the mean of their normalised scores.

Each member learns, holds out and exports as it does alone, at the input of the ensemble. A normaliser, from its own
held-out pictures, divides its scores. The limit of the ensemble comes from pictures that no member learned.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, reduce

import numpy as np

from station.domain.digest import sha256_hex
from station.domain.errors import FaultError
from station.inference.members import Member
from station.inference.model_package import GRAPH, WEIGHTS
from station.inference.silent_openvino import ov
from station.learning.layout.labelled import LabelledPicture
from station.learning.limits import REJECTED_AT_MOST, exceeded_by, scores_of
from station.learning.presets import AnyMember, Ensemble
from station.learning.progress import OnProgress, Progress
from station.trainer.coreset import Rows
from station.trainer.export import save_graph
from station.trainer.fitted import Answer, Fitted, Lesson
from station.trainer.joined_graph import joined_graph
from station.trainer.mean_of_maps import MeanOfMaps
from station.trainer.other_grid import OtherGrid
from station.trainer.time_of_graphs import times_longer

Learn = Callable[[Lesson, OnProgress], Fitted]


def learn_each(lesson: Lesson, learn: Learn, on_progress: OnProgress) -> Fitted:
    """Learn by each method, and join what they learned.

    Args:
        lesson: Its job has an ensemble as method.
        learn: Learns by one method.
        on_progress: Called with each step; the member is named before it.

    Raises:
        FaultError: A member gives all held-out good parts the same score.
    """
    method = lesson.job.method
    assert isinstance(method, Ensemble), "other methods learn by themselves"
    alone = [_lesson_of(lesson, member, number) for number, member in enumerate(method.members)]
    fitted = [learn(each, partial(_named, each.job.method.name, on_progress)) for each in alone]
    assert not any(each.added for each in fitted), "no member checks the whole part as well"
    numbers = reduce(np.intersect1d, [each.numbers for each in fitted])
    maps = [each.maps[np.searchsorted(each.numbers, numbers)] for each in fitted]
    mean = _mean(method.members, [each.maps for each in fitted])
    for each, own in zip(fitted, alone, strict=True):
        own.job.output.mkdir()
        each.save(own.job.output)
    folders = [each.job.output for each in alone]
    graph = joined_graph([ov.Core().read_model(folder / GRAPH) for folder in folders], mean.grids, mean.normalisers)
    times = times_longer(graph, [ov.Core().read_model(folder / GRAPH) for folder in folders])
    return Fitted(
        backbone=method.network_of(lesson.job.backbones),
        numbers=numbers,
        maps=mean.of(maps),
        answers=partial(_answers, fitted, mean),
        save=partial(save_graph, graph, fp16_weights=method.fp16_weights),
        note=next(filter(None, (each.note for each in fitted)), ""),
        members=tuple(
            _member(own, normaliser, time) for own, normaliser, time in zip(alone, mean.normalisers, times, strict=True)
        ),
    )


def _lesson_of(lesson: Lesson, member: AnyMember, number: int) -> Lesson:
    output = lesson.job.output / f"member-{number + 1}"
    return replace(lesson, job=lesson.job.model_copy(update={"method": member, "output": output}))


def _named(name: str, on_progress: OnProgress, step: Progress) -> None:
    on_progress(replace(step, stage=f"{name}: {step.stage}"))


def _mean(members: Sequence[AnyMember], held_out: Sequence[Rows]) -> MeanOfMaps:
    """Return how maps of these members are averaged, by their maps of the pictures that each held out."""
    shapes = [maps.shape[1:] for maps in held_out]
    finest = (max(rows for rows, _ in shapes), max(columns for _, columns in shapes))
    grids = tuple(OtherGrid.of((rows, columns), finest) for rows, columns in shapes)
    normalisers = tuple(_normaliser(member.name, maps) for member, maps in zip(members, held_out, strict=True))
    return MeanOfMaps(grids, normalisers)


def _normaliser(name: str, maps: Rows) -> float:
    """Return how far the limit that a member would have alone lies above the median score of its held-out good parts.

    Raises:
        FaultError: They all score the same.
    """
    scores = scores_of(maps)
    reach = exceeded_by(scores, REJECTED_AT_MOST) - float(np.median(scores))
    if reach <= 0:
        raise FaultError(
            f"{name} gives the held-out good parts all the same score, so that it has no scale to be averaged on.",
            f"Teach with more good pictures, join other methods, or teach {name} alone.",
        )
    return reach


def _answers(
    fitted: Sequence[Fitted], mean: MeanOfMaps, pictures: Sequence[LabelledPicture], on_progress: OnProgress
) -> list[Answer]:
    by_member = [each.answers(pictures, on_progress) for each in fitted]
    maps = (mean.of([answer.anomaly for answer in answers]) for answers in zip(*by_member, strict=True))
    return [Answer(float(anomaly.max()), anomaly) for anomaly in maps]


def _member(own: Lesson, normaliser: float, times: float) -> Member:
    job = own.job
    weights = (job.output / WEIGHTS).read_bytes()
    return Member(
        method=job.method.described,
        backbone=job.method.network_of(job.backbones),
        normaliser=normaliser,
        sha256=sha256_hex(weights),
        size_bytes=len(weights),
        times=times,
    )
