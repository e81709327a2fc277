"""Commands to see which stored parts another revision of a recipe would judge differently, before it is released."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from typing import Literal

from station.commands.promotion_gate import open_predictor
from station.commands.records import RecordCommands
from station.domain.errors import StationError
from station.domain.inspection import PartKey
from station.domain.part_images import ViewResult
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe
from station.domain.revision_flips import (
    Basis,
    Compared,
    FlipPlan,
    RevisionFlips,
    basis_of,
    flips_by_scores,
    flips_of,
    maps_hold,
    scores_hold,
)
from station.domain.verdict import Verdict
from station.judgement.rejudge import rejudge_by, stored_result
from station.learning.progress import OnProgress, Wanted, always, no_progress, with_progress_of
from station.rescore.revision_judge import RevisionJudge
from station.rescore.stored_parts import judge_stored
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections
from station.storage.records.kept_parts import kept_parts
from station.storage.records.scores import ScoreRecords, ViewSought
from station.workspace import Workspace

MOST_NAMED = 24
"""Parts that are named with their picture; all are counted."""


class RevisionFlipCommands:
    """Reading is open to everybody; judging pictures again asks the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        recipes: Recipes,
        inspections: Inspections,
        database: Database,
        records: RecordCommands,
    ) -> None:
        self._authority = authority
        self._workspace = workspace
        self._recipes = recipes
        self._inspections = inspections
        self._database = database
        self._records = records

    def plan(self, old: Recipe, new: Recipe, shifts: int = 5) -> FlipPlan:
        """Return how the two can be compared, and on which parts. It reads no picture."""
        basis = basis_of(old, new)
        if basis is Basis.SCORES:
            return FlipPlan(old, new, shifts, basis)
        since, revisions = self._records.shifts()[:shifts][-1].start, self._revisions(old)
        fitting = [each.revision for each in revisions if basis is Basis.PICTURES or maps_hold(each, old)]
        role: Literal["map", "original"] = "map" if basis is Basis.MAPS else "original"
        kept = kept_parts(self._database, old.name, fitting, since, role)
        return FlipPlan(old, new, shifts, basis, kept.keys, kept.without)

    def find(self, plan: FlipPlan, progress: OnProgress = no_progress, wanted: Wanted = always) -> RevisionFlips:
        """Return which parts would get another verdict.

        Args:
            plan: What `plan` returned.
            progress: Called after each part that is judged again.
            wanted: Asked before each; when it is not wanted any more, what was found until then is returned.

        Raises:
            PermissionRefusedError: Pictures are to be judged again, and this role may not.
            StationError: A model or the records cannot be used.
        """
        if plan.basis is Basis.SCORES:
            return self._by_scores(plan)
        judged = 0

        def steps(parts: Iterator[Compared]) -> Iterator[Compared]:
            nonlocal judged
            for each in with_progress_of(parts, len(plan.keys), "Judging stored parts", progress):
                judged += 1
                yield each
                if not wanted():
                    return

        with closing(self._judged_again(plan)) as parts:  # it holds two models
            flips = flips_of(plan.basis, steps(parts), MOST_NAMED)
        return replace(flips, without_picture=plan.without, unfinished=len(plan.keys) - judged)

    def _by_scores(self, plan: FlipPlan) -> RevisionFlips:
        since = self._records.shifts()[: plan.shifts][-1].start
        fitting = [each for each in self._revisions(plan.old) if scores_hold(each, plan.old, plan.new)]
        revisions = [(each.name, each.revision) for each in fitting]
        only = len(plan.old.views) == 1
        scores, views = ScoreRecords(self._database), []
        for view in plan.old.views:
            sought = ViewSought(view.name, view.limits.pixel_threshold, only)
            parts = scores.of_line(revisions, sought, since).pictures
            views.append((parts, view.limits, plan.new.view(view.name).limits))
        return flips_by_scores(views, MOST_NAMED)

    def _judged_again(self, plan: FlipPlan) -> Generator[Compared]:
        return self._by_maps(plan) if plan.basis is Basis.MAPS else self._by_pictures(plan)

    def _by_maps(self, plan: FlipPlan) -> Generator[Compared]:
        by_revision = {each.revision: each for each in self._revisions(plan.old)}
        runs: dict[int, Recipe] = {}
        for key in plan.keys:
            if key.run_id not in runs:
                runs[key.run_id] = by_revision[self._inspections.find_run(key.run_id).recipe_revision]
            yield self._of_maps(key, runs[key.run_id], plan)

    def _of_maps(self, key: PartKey, judged_by: Recipe, plan: FlipPlan) -> Compared:
        """A damaged map ends nothing: `verify` names it, and the part counts as not judged."""
        try:
            views = self._stored(key, judged_by)
            said = [
                [rejudge_by(view, recipe.view(view.inspection.name)).inspection.verdict for view in views]
                for recipe in (plan.old, plan.new)
            ]
        except StationError:
            return Compared(key, None, None)
        before, after = (max(verdicts, key=_severity) for verdicts in said)
        return Compared(key, before, after)

    def _stored(self, key: PartKey, judged_by: Recipe) -> list[ViewResult]:
        record, pictures = self._inspections.find_part(key), self._inspections.pictures
        seen = zip(record.inspection.views, record.views, strict=True)
        return [
            stored_result(
                view, judged_by.view(view.name), pictures.read_map(files.anomaly_map) if files.anomaly_map else None
            )
            for view, files in seen
        ]

    def _by_pictures(self, plan: FlipPlan) -> Generator[Compared]:
        self._authority.authorise(Permission.EVALUATE)
        with ExitStack() as opened:
            judges = [
                opened.enter_context(closing(RevisionJudge(recipe, partial(open_predictor, self._workspace))))
                for recipe in (plan.old, plan.new)
            ]
            both = (judge_stored(plan.keys, self._inspections, judge) for judge in judges)
            for before, after in zip(*both, strict=True):
                yield Compared(before.key, before.verdict, after.verdict)

    def _revisions(self, recipe: Recipe) -> list[Recipe]:
        return [each.recipe for each in self._recipes.entries() if each.recipe.name == recipe.name]


_severity: Callable[[Verdict], int] = lambda verdict: verdict.severity  # noqa: E731
