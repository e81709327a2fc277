"""The revision that a running line judges by: changed between two parts, withheld while a check is due."""

import logging

from station.domain.clock import utc_now
from station.domain.errors import StationError, StorageError
from station.domain.inspection import PartKey, Run, RunKind
from station.domain.recipe import RecipeEntry
from station.domain.shift import EventKind, StationEvent
from station.judgement.inspector import Inspector
from station.pipeline.context import LineContext
from station.pipeline.run_opening import RunOpening
from station.pipeline.run_request import RunRequest
from station.pipeline.run_workers import RunWorkers

_log = logging.getLogger(__name__)
_DUE_UNKNOWN = "It cannot be read whether a check with challenge parts is due."


class RevisionInUse:
    """Follows releases and due checks for a running line. Used on the line's own thread, so that no part waits for it.

    plate@1 judges --released: plate@2--> models of 2 opened, its run begun --> plate@2 judges from the next part on
                                       | cannot be opened: said, and plate@1 goes on
    """

    def __init__(self, run_request: RunRequest, context: LineContext, opening: RunOpening) -> None:
        """Begin with the recipe of the request."""
        self.recipe = run_request.recipe
        self._run_request = run_request
        self._context = context
        self._opening = opening

    @property
    def keep_pass_every(self) -> int | None:
        """Return how many good parts have one kept picture; every challenge part has."""
        return 1 if self._run_request.kind is RunKind.CHALLENGE else self.recipe.keep_pass_every

    def follow(self, workers: RunWorkers) -> None:
        """Change to a revision that must be used now, take over the lot, and withhold verdicts if a check is due."""
        if (entry := self._due_release()) is not None:
            self._change(workers, entry)
        self._refresh_lot()
        self.withhold_if_due(workers)

    def withhold_if_due(self, workers: RunWorkers, *, begins: bool = False) -> None:
        """Judge no more parts if a check is due and the recipe wants that.

        If it cannot be read, everything stays as it is; for a revision that begins, nothing is judged until it can.
        """
        challenge, recipe = self._context.challenge, self.recipe
        if challenge is None or self._run_request.kind is not RunKind.PRODUCTION:
            return
        try:
            due = challenge.poll(recipe)
        except StorageError as error:
            _log.warning("whether a check is due cannot be read: %s", error)
            if begins and recipe.challenge.parts and recipe.challenge.blocks:
                workers.admission.withhold_verdicts(_DUE_UNKNOWN)
            return
        workers.admission.withhold_verdicts(due.sentence if due and due.blocks else "")

    def _due_release(self) -> RecipeEntry | None:
        releases = self._run_request.releases
        try:
            return releases.poll(running=True) if releases else None
        except StorageError as error:
            _log.warning("the recipe's state cannot be read: %s", error)
            return None

    def _change(self, workers: RunWorkers, entry: RecipeEntry) -> None:
        """Judge by another revision from the next part on. Cameras and triggers go on; every part keeps its own."""
        releases, recipe = self._run_request.releases, entry.recipe
        assert releases is not None
        try:
            predictors = self._opening.models.open(recipe)
            # parts that are not recorded yet count too: after a power cut they are not missed in this run
            run = self._opening.begin_run(recipe, workers.next_number)
        except StationError as error:
            _log.error("the line cannot use %s: %s", recipe.label, error)
            releases.report_failure(entry, error)
            return
        judges = {view.name: Inspector(view, predictors[view.name], recipe.product) for view in recipe.views}
        event = StationEvent(utc_now(), EventKind.RECIPE_LOADED, recipe.label, person=entry.change.person)
        self.recipe = recipe
        self.withhold_if_due(workers, begins=True)  # no part of the new revision comes before
        first = workers.continue_as(run, judges, event)
        self._run_request.use_recipe(recipe)
        releases.report_use(entry, PartKey(run.run_id, first))
        self._number_from(run, first)  # last: it waits for the disk, behind the recorder

    def _number_from(self, run: Run, first: int) -> None:
        """Record the first number of a run that was begun between two parts; only now it is known."""
        try:
            self._context.inspections.set_first_number(run.run_id, first)
        except StorageError as error:
            _log.error("the first number %d of run %d could not be recorded: %s", first, run.run_id, error)

    def _refresh_lot(self) -> None:
        try:
            self._context.refresh_lot()
        except StorageError as error:
            _log.warning("the lot cannot be read: %s", error)
