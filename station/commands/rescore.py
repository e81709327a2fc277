"""Commands to see what another revision would have said of all stored parts."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol
from uuid import uuid4

from station.domain.audit import AuditAction
from station.domain.candidate import CandidateResult, Outcome
from station.domain.clock import utc_now
from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError
from station.domain.inspection import PartKey
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe
from station.domain.rescore import (
    LeftPart,
    PartToJudge,
    RescoredFlip,
    RescoredPart,
    RescoreFigures,
    RescoreJob,
    Said,
)
from station.inference.model_package import ModelPackage, find_package
from station.learning.progress import OnProgress, Wanted, always, no_progress, while_wanted, with_progress_of
from station.people.audit_trail import AuditTrail
from station.rescore.local_processes import InThisProcess, LocalProcesses
from station.rescore.part_judge import Batch, Folders, Question, files_of, forget_models, judge_batch, this_environment
from station.rescore.picture_source import open_pictures
from station.storage.engine.database import Database
from station.storage.learning.candidates import Candidates
from station.storage.learning.rescored import Rescored
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

_PARTS_OF_A_BATCH = 8
_WORTH_A_PROCESS = 100
"""Fewer parts are judged sooner than processes have started."""
_RECORDED_TOGETHER = 64
_RECORDED_EVERY_S = 1.0
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Before every part."""


class Judges(Protocol):
    """Programs that answer a question for batches of parts.

    Attributes:
        refused: Why some were left out, by their addresses.
    """

    refused: dict[str, str]

    def answers(self, batches: Iterable[Batch]) -> Iterator[tuple[RescoredPart, ...]]:
        """Yield the answers, in any order of the batches."""
        ...

    def close(self) -> None:
        """End them."""
        ...


@dataclass(frozen=True, slots=True)
class RescoreOrder:
    """Which parts are judged again, and how.

    Attributes:
        recipe: Name and revision that judges.
        against: Name and revision that it is compared with.
        since: Parts triggered before are left out, UTC.
        pictures: A folder or a URL with the pictures; "" for those of the station.
        scheduler: The address of a Dask scheduler; "" for processes of this machine.
        processes: How many of these; 0 for one for each core.
    """

    recipe: tuple[str, int]
    against: tuple[str, int]
    since: datetime = ALWAYS
    pictures: str = ""
    scheduler: str = ""
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Rescore:
    """A re-score as the records have it now; `notes` say which workers were left out, and why."""

    job: RescoreJob
    figures: RescoreFigures
    flips: Iterable[RescoredFlip]
    not_judged: Iterable[LeftPart]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be asked: of how many parts, with which packages; the first part is the proof of each worker."""

    question: Question
    packages: tuple[ModelPackage, ...]
    waiting: int
    first: PartToJudge


class RescoreCommands:
    """Reading is open to everybody; judging asks the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        recipes: Recipes,
        database: Database,
        candidates: Candidates,
        audit: AuditTrail,
    ) -> None:
        self._authority = authority
        self._workspace = workspace
        self._recipes = recipes
        self._database = database
        self._candidates = candidates
        self._audit = audit

    def rescore(self, order: RescoreOrder, progress: OnProgress = no_progress, wanted: Wanted = always) -> Rescore:
        """Judge the stored parts that were not judged yet, and return what all of them say.

        Every result is kept as soon as it is there: the same order goes on where it was stopped, and asks again only
        for parts that could not be judged. What was found is seen on the pages of drafts and of limits too.

        Args:
            order: Which parts, and how.
            progress: Called after each part.
            wanted: Asked before each.

        Raises:
            PermissionRefusedError: This role may not.
            BadInputError: A revision or a model package does not exist or was changed, product or views differ, or it
                would be compared with itself.
            GivenUpError: It is not wanted any more.
            StationError: The pictures cannot be reached, or what judges failed.
        """
        self._authority.authorise(Permission.RUN_SHADOW)
        recipe, against = (self._recipes.find_revision(*each).recipe for each in (order.recipe, order.against))
        if recipe == against:
            raise BadInputError(f"{recipe.label} would be compared with itself.", "Name two revisions.")
        packages = self._packages(recipe, against)
        question = Question(recipe, against, order.pictures or str(self._workspace.pictures))
        open_pictures(question.pictures)  # before anything is begun
        rescored, job = self._begun(order)
        total = rescored.waiting(job, order.since)
        notes: tuple[str, ...] = ()
        if total:
            report = while_wanted(progress, wanted, f"The re-score by {recipe.label}")
            parts = rescored.to_judge(job, order.since)
            first = next(rescored.to_judge(job, order.since))
            with closing(self._judges(order, _Plan(question, packages, total, first))) as judges:
                answered = (part for answers in judges.answers(_in_batches(parts)) for part in answers)
                self._record(job, rescored, with_progress_of(answered, total, "Judging stored parts", report))
            notes = tuple(judges.refused.values())
        figures = rescored.figures(job, order.since)
        flips, not_judged = rescored.flips(job, order.since), rescored.not_judged(job, order.since)
        return Rescore(job, figures, flips, not_judged, notes)

    def _packages(self, recipe: Recipe, against: Recipe) -> tuple[ModelPackage, ...]:
        """Return the packages of both, each checked by its hash."""
        if recipe.name != against.name and recipe.product != against.product:
            raise BadInputError(
                f"{recipe.label} judges {recipe.product}, and {against.label} judges {against.product}.",
                "Choose two revisions for the same product.",
            )
        if not recipe.sees(against.view_names):
            raise BadInputError(
                f"{recipe.label} and {against.label} have other views.", "Choose two revisions with the same views."
            )
        references = {view.model.name: view.model for each in (against, recipe) for view in each.views}
        return tuple(find_package(self._workspace.models, reference) for reference in references.values())

    def _begun(self, order: RescoreOrder) -> tuple[Rescored, RescoreJob]:
        rescored = Rescored(self._database, kept_elsewhere=bool(order.pictures))
        person, environment = self._authority.signed(""), this_environment().words
        with self._audit.together():
            job, is_new = rescored.begin(order.recipe, order.against, environment, person, utc_now())
            if is_new:
                compared = f"judges stored parts, compared with {job.against_name}@{job.against_revision}"
                self._audit.record(
                    AuditAction.CANDIDATE_CHANGED, f"{job.name}@{job.revision}", new=compared, person=person
                )
        return rescored, job

    def _judges(self, order: RescoreOrder, plan: "_Plan") -> Judges:
        folders = Folders(self._workspace.models, self._workspace.cache)
        if order.scheduler:
            return _cluster(order.scheduler, plan, folders)
        if plan.waiting < _WORTH_A_PROCESS:
            return InThisProcess(plan.question, folders)
        return LocalProcesses(plan.question, folders, order.processes or os.cpu_count() or 1)

    def _record(self, job: RescoreJob, rescored: Rescored, parts: Iterator[RescoredPart]) -> None:
        """Keep results some at a time, and those that are there when it ends in whatever way."""
        kept: list[RescoredPart] = []
        recorded_s = time.monotonic()
        try:
            for part in parts:
                kept.append(part)
                if len(kept) >= _RECORDED_TOGETHER or time.monotonic() - recorded_s >= _RECORDED_EVERY_S:
                    self._keep(job, rescored, kept)
                    kept, recorded_s = [], time.monotonic()
        finally:
            self._keep(job, rescored, kept)

    def _keep(self, job: RescoreJob, rescored: Rescored, parts: Sequence[RescoredPart]) -> None:
        """Record results where a re-score goes on from, and where the candidates are compared and promoted."""
        if not parts:
            return
        judged = [each for each in parts if not each.cause]
        with self._database.writing():
            rescored.add(job, parts)
            after = [(each.key, each.after) for each in judged]
            self._candidates.add_results(job.name, job.revision, _results(after))


def _cluster(address: str, plan: "_Plan", folders: Folders) -> Judges:
    """Connect to a scheduler; each of its workers must first say of one part what this station says."""
    try:
        from station.rescore.cluster import Cluster  # noqa: PLC0415 - an extra
        from station.rescore.cluster_worker import Assignment, Proof  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise BadInputError(
            f"A cluster cannot be used: {error}.",
            "In the folder of Lineside: pip install '.[cluster]' -c installer/constraints.txt",
        ) from error
    (expected,) = judge_batch(plan.question, folders, (plan.first,))
    forget_models()
    packages = {each.folder.name: files_of(each) for each in plan.packages}
    content = "".join(sorted(each.sha256 for each in plan.packages))
    name = f"lineside-{sha256_hex(content.encode())[:16]}-{uuid4().hex[:8]}"
    proof = Proof(this_environment(), plan.first, expected)
    return Cluster(address, Assignment(name, plan.question, proof), packages)


def _results(said: Iterable[tuple[PartKey, Said | None]]) -> list[CandidateResult]:
    return [
        CandidateResult(key, Outcome.JUDGED, each.verdict, each.pred_score) for key, each in said if each is not None
    ]


def _in_batches(parts: Iterator[PartToJudge]) -> Iterator[Batch]:
    while batch := tuple(islice(parts, _PARTS_OF_A_BATCH)):
        yield batch
