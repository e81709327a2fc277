"""What runs in a worker of a Dask cluster: it gets the model packages, proves that it judges alike, and judges."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from distributed import Worker, WorkerPlugin, get_worker

from station.domain.errors import FaultError, StationError
from station.domain.rescore import PartToJudge, RescoredPart
from station.rescore.one_core import take_one_core
from station.rescore.part_judge import (
    Batch,
    Environment,
    Folders,
    Question,
    forget_models,
    judge_batch,
    this_environment,
)
from station.workspace import write_atomically

_MODELS, _CACHE = "models", "cache"


class DifferentWorkerError(FaultError):
    """A worker would not judge as the station does.

    Attributes:
        address: The worker.
    """

    def __init__(self, sentence: str, advice: str | None = None, address: str = "") -> None:
        super().__init__(sentence, advice)
        self.address = address


@dataclass(frozen=True, slots=True)
class Proof:
    """What a worker must have and must find before it may judge.

    Attributes:
        environment: The versions of the station.
        part: A stored part.
        expected: What the station says of it.
    """

    environment: Environment
    part: PartToJudge
    expected: RescoredPart


@dataclass(frozen=True, slots=True)
class Assignment:
    """A question with everything that a worker needs besides the parts.

    Attributes:
        name: Of the folder in which the packages were laid.
        question: What is asked of every part.
        proof: What it must find first.
    """

    name: str
    question: Question
    proof: Proof


class Delivery(WorkerPlugin):  # type: ignore[misc]  # it has no types
    """Lays the packages into a folder of each worker, also of those that come later; each worker takes one core."""

    def __init__(self, name: str, packages: Mapping[str, Mapping[str, bytes]]) -> None:
        """Keep the files of each package by their names."""
        self.name = name
        self._packages = packages

    def setup(self, worker: Worker) -> None:
        """Write the packages; whoever loads one checks every byte by its hash."""
        folders = _folders(worker, self.name)
        for name, files in self._packages.items():
            (folders.models / name).mkdir(parents=True, exist_ok=True)
            for file, content in files.items():
                write_atomically(folders.models / name / file, content)
        folders.cache.mkdir(exist_ok=True)
        take_one_core()

    def teardown(self, worker: Worker) -> None:
        """Release the models and remove the packages."""
        forget_models()
        shutil.rmtree(_folders(worker, self.name).models.parent, ignore_errors=True)


def judge_on_worker(assignment: Assignment, batch: Batch) -> tuple[RescoredPart, ...]:
    """Return what both revisions say of some parts.

    Raises:
        DifferentWorkerError: This worker must not judge; the sentence says why.
        StationError: The question cannot be answered.
    """
    worker = get_worker()
    folders = _folders(worker, assignment.name)
    if assignment.name not in _proved:
        _prove(assignment, folders, worker.address)
        _proved.add(assignment.name)
    return judge_batch(assignment.question, folders, batch)


_proved: set[str] = set()


def _prove(assignment: Assignment, folders: Folders, address: str) -> None:
    proof, here = assignment.proof, this_environment()
    if here != proof.environment:
        raise DifferentWorkerError(
            f"The worker {address} has {here.words}; the station has {proof.environment.words}.",
            "Install the same versions there.",
            address,
        )
    try:
        (found,) = judge_batch(assignment.question, folders, (proof.part,))
    except StationError as error:
        raise DifferentWorkerError(
            f"The worker {address} cannot judge: {error.sentence}", error.advice, address
        ) from error
    if found != proof.expected:
        raise DifferentWorkerError(
            f"The worker {address} gives part {proof.part.key.label} of run {proof.part.key.run_id} another score than "
            f"the station: {_score(found)} instead of {_score(proof.expected)}.",
            "Use machines with the same kind of processor as the station.",
            address,
        )


def _score(part: RescoredPart) -> str:
    return part.cause or str(part.after and part.after.pred_score)


def _folders(worker: Worker, name: str) -> Folders:
    folder = Path(worker.local_directory) / name
    return Folders(folder / _MODELS, folder / _CACHE)
