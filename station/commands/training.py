"""Commands for training runs: queue one, follow it, cancel it."""

from dataclasses import replace

from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.method_comparison import MethodComparison
from station.domain.permissions import Authority, Permission
from station.domain.recipe import RecipeState, checked_name
from station.domain.training import (
    MethodOffer,
    RunProgress,
    RunState,
    TrainingOrder,
    TrainingRun,
    VersionSummary,
    next_of,
)
from station.learning.runs.run_files import RunFiles
from station.learning.runs.runner_lock import runner_lock
from station.learning.runs.starting import is_starting, start_runner
from station.learning.runs.traces import end_interrupted
from station.people.audit_trail import AuditTrail
from station.recipes.view_editing import require_addable
from station.storage.engine.database import Database
from station.storage.learning.training_runs import Step, TrainingRuns
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

_MOST_LINES = 500


class TrainingCommands:
    """Runs are executed by a process of their own, one at a time, which outlives the window. Safe from any thread."""

    def __init__(
        self, authority: Authority, workspace: Workspace, database: Database, recipes: Recipes, audit: AuditTrail
    ) -> None:
        self._audit = audit
        self._authority = authority
        self._workspace = workspace
        self._runs = TrainingRuns(database)
        self._recipes = recipes

    def versions(self, product: str = "") -> tuple[VersionSummary, ...]:
        """Return the frozen dataset versions of a product, or of all; the newest of each product first."""
        from station.learning.runs.offers import versions_in  # noqa: PLC0415 - loads the readers of pictures

        found = versions_in(self._workspace.datasets)
        return tuple(version for version in found if product in ("", version.product))

    def methods(self, version: VersionSummary, also: str = "") -> tuple[MethodOffer, ...]:
        """Return every method, with the reason if it cannot be used with these pictures.

        Args:
            version: The pictures.
            also: One more: several methods, joined by "+".

        Raises:
            BadInputError: There is no method `also`.
        """
        from station.learning.runs.offers import methods_for  # noqa: PLC0415 - loads the readers of pictures

        return methods_for(version, self._workspace.backbones, also)

    def refusal_of_defects(self, version: VersionSummary) -> str:
        """Return why a model cannot learn from the defects of a version; "" if it can."""
        from station.learning.runs.offers import refusal_of_defects  # noqa: PLC0415 - loads the readers of pictures

        return refusal_of_defects(version)

    def recipes_for(self, product: str) -> tuple[str, ...]:
        """Return the recipes that inspect a product; of several a person chooses the one that gets the draft."""
        from station.recipes.recipe_of_product import names_of  # noqa: PLC0415 - not at every start

        alive = (entry for entry in self._recipes.entries() if entry.state is not RecipeState.RETIRED)
        return names_of(alive, product)

    def runs(self) -> tuple[TrainingRun, ...]:
        """Return every run, the newest first."""
        return self._runs.all()

    def run(self, number: int) -> TrainingRun:
        """Return one run.

        Raises:
            BadInputError: There is none of this number.
        """
        return self._runs.find(number)

    def progress_of(self, number: int) -> RunProgress:
        """Return how far a run is, or was when it ended."""
        return RunFiles.of(self._workspace.logs, number).progress()

    def log_lines(self, number: int, most: int = _MOST_LINES) -> tuple[str, ...]:
        """Return the last lines of the log of a run; empty before it began."""
        return RunFiles.of(self._workspace.logs, number).log_lines(most)

    def comparison_of(self, number: int) -> MethodComparison | None:
        """Return the table of a run that compared methods; None if it has none, or is not done."""
        from station.learning.runs.kept_comparisons import kept_comparison  # noqa: PLC0415 - not at every start

        return kept_comparison(RunFiles.of(self._workspace.logs, number))

    def enqueue(self, order: TrainingOrder, person: str = "") -> TrainingRun:
        """Queue a run. It begins at once if no other one runs; it goes on if this program ends.

        The draft that comes out of it is not used by the line until a person releases it.

        Args:
            order: What is taught.
            person: Who asks for it; if not given, role and page.

        Raises:
            PermissionRefusedError: This role may not teach.
            BadInputError: There is no such dataset version or method, the pictures are too few for it, the view cannot
                be added to the recipe, or nobody said which of several recipes of the product is taught.
        """
        from station.recipes.recipe_of_product import recipe_to_teach  # noqa: PLC0415 - not at every start

        self._authority.authorise(Permission.TEACH)
        product = checked_name(order.product, "product")
        order = replace(order, product=product, recipe=recipe_to_teach(self._recipes, product, order.recipe))
        self._require_teachable(order)
        said = f"{order.words}, from dataset version {order.dataset_version}"
        with self._audit.together():
            run = self._runs.add(order, self._authority.signed(person), utc_now())
            subject = f"{run.label} of {order.product}"
            self._audit.record(AuditAction.TEACHING_QUEUED, subject, new=said, person=run.person)
        start_runner(self._workspace)
        return run

    def again(self, number: int, person: str = "") -> TrainingRun:
        """Queue the order of a run that is over once more, as a new run.

        Raises:
            BadInputError: There is no such run, it is not over, or as for `enqueue`.
        """
        self._authority.authorise(Permission.TEACH)
        run = self._runs.find(number)
        if not run.state.ended:
            raise BadInputError(f"Training run {number} is {run.state}.", "Wait for its end, or cancel it first.")
        return self.enqueue(run.order, person)

    def cancel(self, number: int, person: str = "") -> TrainingRun:
        """Cancel a run that waits or runs. Its processes end within a second, and nothing of it is left but its log.

        Raises:
            PermissionRefusedError: This role may not teach.
            BadInputError: There is no such run, or it is over.
        """
        from station.learning.runs.ending import end_worker  # noqa: PLC0415 - not at every start

        self._authority.authorise(Permission.TEACH)
        who = self._authority.signed(person)
        step = Step(RunState.CANCELLED, utc_now(), who, f"Cancelled by {who or 'somebody not named'}.")
        with self._audit.together():
            run = self._runs.change(number, step)
            self._audit.record(AuditAction.TEACHING_CANCELLED, f"{run.label} of {run.order.product}", person=who)
        end_worker(RunFiles.of(self._workspace.logs, number), self._workspace.root, number)
        self.take_stock()
        return run

    def resume(self) -> None:
        """Go on with what is queued if no runner lives, as after a power cut; a window calls it now and then."""
        none_runs, _ = self._take_stock()
        if none_runs and next_of(self._runs.all()) is not None and not is_starting(self._workspace):
            start_runner(self._workspace)

    def take_stock(self) -> tuple[TrainingRun, ...]:
        """Name the runs whose runner is dead, and remove what they left behind. Nothing happens while a runner lives.

        Returns:
            The runs that were interrupted.
        """
        return self._take_stock()[1]

    def _take_stock(self) -> tuple[bool, tuple[TrainingRun, ...]]:
        """Return whether no runner lives, and the runs that were interrupted."""
        try:
            with runner_lock(self._workspace.root, tries=1) as none_runs:
                return none_runs, end_interrupted(self._workspace, self._runs) if none_runs else ()
        except OSError:  # a disk that cannot lock has no runner either
            return False, ()

    def _require_teachable(self, order: TrainingOrder) -> None:
        require_addable(self._recipes, order.recipe_name, order.view)
        found = [each for each in self.versions(order.product) if each.version == order.dataset_version]
        if not found:
            raise BadInputError(
                f"There is no dataset version '{order.dataset_version}' of {order.product}.",
                "Freeze a version on the Datasets page, or import a folder.",
            )
        refusal = next(filter(None, (self._refusal(found[0], order, name) for name in order.methods or ("",))), "")
        if order.with_defects or order.limit_from == "labels":
            refusal = refusal or self.refusal_of_defects(found[0])
        if refusal:
            raise BadInputError(
                f"'{order.product}' cannot be taught so: {refusal}.", "Add pictures, or choose another."
            )

    def _refusal(self, version: VersionSummary, order: TrainingOrder, name: str) -> str:
        """Return why these pictures cannot be taught by a method; "" if they can.

        Raises:
            BadInputError: There is no such method, or the station lacks what it needs.
        """
        self._require_method(order, name)
        return {offer.name: offer.refusal for offer in self.methods(version, name)}[name]

    def _require_method(self, order: TrainingOrder, name: str) -> None:
        from station.learning.presets import (  # noqa: PLC0415 - needed by few commands
            UseOfDefects,
            method_named,
            require_teachable,
            with_whole_part,
        )

        if order.compares and (order.whole_part or order.with_defects or order.limit_from != "good"):
            raise BadInputError(
                "Methods are compared as they learn from good parts alone.",
                "Compare without defects and whole part, then teach the one that you choose with them.",
            )
        method = with_whole_part(method_named(name), wanted=order.whole_part)
        require_teachable(method, UseOfDefects(learned=order.with_defects), self._workspace.backbones)
