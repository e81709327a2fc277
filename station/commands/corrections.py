"""Commands for corrections: what people have corrected since a model was taught, and to teach with it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from station.commands.candidates import CandidateCommands
from station.commands.datasets import DatasetCommands
from station.commands.training import TrainingCommands
from station.commands.tried_corrections import CorrectedParts
from station.domain.corrections import CorrectedView, Corrections, Learned, LearningState, corrections_of, most_urgent
from station.domain.dataset import Added
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeState
from station.domain.training import RunState, TrainingOrder, TrainingRun
from station.domain.tried_corrections import TriedCorrections
from station.domain.verdict import Verdict
from station.learning.progress import OnProgress, Wanted, always, no_progress
from station.recipes.recipe_of_product import names_of, released_for
from station.storage.engine.database import Database
from station.storage.learning.line_parts import LinePart, LineParts
from station.storage.recipes.recipes import Recipes
from station.storage.records.feedback import FeedbackRecords

_AT_ONCE = 500


class CorrectionCommands:
    """The way from corrections to a draft; nothing of it reaches the line by itself. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        datasets_folder: Path,
        database: Database,
        recipes: Recipes,
        datasets: DatasetCommands,
        training: TrainingCommands,
        candidates: CandidateCommands,
    ) -> None:
        self._authority = authority
        self._folder = datasets_folder
        self._recipes = recipes
        self._datasets = datasets
        self._training = training
        self._candidates = candidates
        self._feedback = FeedbackRecords(database)
        self._parts = LineParts(database)
        self._parts_said = CorrectedParts(datasets_folder, database, recipes)

    def state(self, product: str, view: str = "") -> LearningState:
        """Return what was corrected since the newest model, and what is being done with it.

        Of several recipes that inspect the product, it is the one for which there is most to do.
        """
        released = released_for(self._recipes.entries(), product)
        return most_urgent(self._state(recipe, view) for recipe in released if view in recipe.view_names)

    def offered(self) -> tuple[CorrectedView, ...]:
        """Return the views of products for which enough corrections have come together, and no training waits."""
        released = [entry.recipe for entry in self._recipes.entries() if entry.state is RecipeState.RELEASED]
        places = sorted({(recipe.product, view) for recipe in released for view in recipe.view_names})
        states = [(place, self.state(*place)) for place in places]
        return tuple(
            CorrectedView(*place, state.corrections)
            for place, state in states
            if state.run is None and state.corrections is not None and state.corrections.enough
        )

    def _state(self, released: Recipe, view: str) -> LearningState:
        wanted = (released.name, view)
        runs = [run for run in self._training.runs() if (run.order.recipe_name, run.order.view) == wanted]
        waiting = [run for run in runs if not run.state.ended]
        draft = self._draft(runs, released)
        newest = draft or released
        return LearningState(
            self._corrections(newest, view),
            waiting[-1] if waiting else None,
            (draft.name, draft.revision) if draft else None,
            self._changed(draft) if draft else "",
        )

    def teach(
        self, product: str, view: str = "", *, person: str = "", progress: OnProgress = no_progress
    ) -> TrainingRun:
        """Freeze the working set with its corrections, and queue a training that learns from the defects too.

        Pictures that the present model was taught from and that the working set does not have come in before: without
        them the new model would know fewer good parts. It is taught by the same method.

        Raises:
            PermissionRefusedError: This role may not change a dataset, or not teach.
            BadInputError: No released model was taught for this view, or the pictures cannot be taught from.
            StorageError: The disk refused.
        """
        self._authority.authorise(Permission.TEACH)
        found = self.state(product, view).corrections
        if found is None:
            raise BadInputError(
                f"No released recipe of '{product}' has this view, so there is nothing to correct.",
                "Teach and release one first.",
            )
        newest = self._recipe(found.model)
        if found.absent:
            version = self._folder / product / newest.view(view).dataset_version
            self._datasets.import_folder(version, product, view, person=person, progress=progress)
        frozen = self._datasets.freeze(product, view, person=person, progress=progress)
        method, whole_part = self._method_of(newest)
        order = TrainingOrder(product, view, frozen.version, method, whole_part, with_defects=True, recipe=newest.name)
        return self._training.enqueue(order, person)

    def tried(self, name: str, revision: int) -> TriedCorrections:
        """Return what a draft makes of the corrected parts that it has judged, beside the released revision.

        Nothing is counted if no revision is released.

        Raises:
            BadInputError: There is no such revision.
        """
        draft, released = self._recipes.find_revision(name, revision).recipe, self._recipes.released_of(name)
        return TriedCorrections() if released is None else self._parts_said.tried(draft, released.recipe)

    def try_draft(
        self,
        name: str,
        revision: int,
        since: datetime,
        progress: OnProgress = no_progress,
        wanted: Wanted = always,
    ) -> TriedCorrections:
        """Judge the recorded parts since a time by a draft, and every corrected part, however old.

        Args:
            name: The recipe.
            revision: The draft.
            since: Parts triggered at or after this time.
            progress: Called with each part.
            wanted: Asked before each part; a trial that is given up counts with what it has judged.

        Raises:
            PermissionRefusedError, BadInputError, StationError: As `CandidateCommands.try_on_stored`.
        """
        self._candidates.try_on_stored(name, revision, since, progress, wanted)
        if released := self._recipes.released_of(name):
            draft = self._recipes.find_revision(name, revision).recipe
            wrong = self._parts_said.wrong(draft, released.recipe)
            self._candidates.try_on_parts(name, revision, wrong, progress, wanted)
        return self.tried(name, revision)

    def bring_disputed(self, product: str, view: str = "", person: str = "") -> Added:
        """Bring the pictures of disputed parts into the working set; a person labels them there.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            StorageError: The disk refused.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        found = self.state(product, view).corrections
        if found is None or not found.disputed:
            return Added()
        return self._datasets.collect_parts(found.disputed, person)

    def _corrections(self, newest: Recipe, view: str) -> Corrections:
        items = self._datasets.items(newest.product, view)
        learned = self._learned(newest, view)
        disputed = tuple(dict.fromkeys(part.key for part in self._disputed(newest.product) if part.view == view))
        return corrections_of(newest.label, items, learned, disputed)

    def _learned(self, recipe: Recipe, view: str) -> Mapping[str, Learned] | None:
        """Return what a model was taught of each picture; None if its dataset version is not here."""
        from station.learning.labels import GOOD  # noqa: PLC0415 - not before a page asks
        from station.learning.manifest import read_manifest  # noqa: PLC0415

        version = recipe.view(view).dataset_version
        try:
            pictures = read_manifest(self._folder / recipe.product / version).pictures if version else None
        except BadInputError:
            return None
        if pictures is None:
            return None
        return {each.sha256: Learned(each.kind == GOOD, each.mask_sha256 is not None) for each in pictures}

    def _disputed(self, product: str) -> Iterator[LinePart]:
        """Yield the views of parts whose verdict a person called wrong, if their whole picture was kept."""
        said = list(self._feedback.last_words(names_of(self._recipes.entries(), product)))
        for begin in range(0, len(said), _AT_ONCE):
            yield from filter(_is_disputed, self._parts.of(said[begin : begin + _AT_ONCE]))

    def _draft(self, runs: list[TrainingRun], released: Recipe) -> Recipe | None:
        """Return the newest draft that a training made after the released revision; None if none waits."""
        made = {run.revision for run in runs if run.state is RunState.DONE}
        drafts = [
            each.recipe
            for each in self._recipes.entries()
            if each.recipe.name == released.name
            and each.state in (RecipeState.DRAFT, RecipeState.VALIDATED)
            and each.recipe.revision in made
            and each.recipe.revision > released.revision
        ]
        return max(drafts, key=lambda recipe: recipe.revision, default=None)

    def _changed(self, draft: Recipe) -> str:
        """Return what it makes of the corrected parts; of all parts of the line if nobody has corrected one."""
        figures = self._candidates.figures(draft.name, draft.revision)
        corrected = self.tried(draft.name, draft.revision).brief
        return corrected or (figures.sentence if figures.judged else "")

    def _method_of(self, recipe: Recipe) -> tuple[str, bool]:
        """Return method and use of the whole part of the run that made a revision; those of a new run if none did."""
        wanted = (recipe.name, recipe.revision)
        made = [run.order for run in self._training.runs() if (run.order.recipe_name, run.revision) == wanted]
        order = made[0] if made else TrainingOrder(recipe.product, "", "")
        return order.method, order.whole_part

    def _recipe(self, label: str) -> Recipe:
        name, _, revision = label.rpartition("@")
        return self._recipes.find_revision(name, int(revision)).recipe


def _is_disputed(part: LinePart) -> bool:
    if not part.has_original or part.view_verdict is Verdict.NOT_INSPECTED:
        return False
    rejected = part.verdict in (Verdict.FAIL, Verdict.REVIEW)
    return part.said is Disposition.MISSED_DEFECT or (part.said is Disposition.GOOD_PART and rejected)
