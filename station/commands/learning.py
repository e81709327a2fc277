"""Commands for learning: teach a product, evaluate a recipe."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.decided_places import DecidedPlaces
from station.commands.disputed_parts import DisputedParts
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import FaultError, ModelError, StationError
from station.domain.formatting import counted, one_or_many
from station.domain.inspected_place import WHOLE_PICTURE, InspectedPlace
from station.domain.names import readable
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, View, checked_name
from station.inference.model_package import ModelPackage, find_package
from station.learning.presets import ONLY_MEASURED, AnyMethod, UseOfDefects
from station.learning.progress import OnProgress, no_progress
from station.people.audit_trail import AuditTrail
from station.recipes.view_editing import place_to_teach, require_addable, view_named, with_taught_view
from station.storage.recipes.recipes import Recipes
from station.storage.records.integrity import Finding, Severity
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.evaluation import OnJudged
    from station.learning.figures.report import EvaluationReport
    from station.learning.layout.labelled import Reading

_TEACH_AGAIN = "Teach the product again."


@dataclass(frozen=True, slots=True)
class TeachResult:
    """The result of teaching.

    Attributes:
        entry: The new revision of the recipe.
        evaluation: How good it is.
        caution: A warning if the figures come from few pictures; else empty.
    """

    entry: RecipeEntry
    evaluation: "EvaluationReport"
    caution: str


class LearningCommands:
    """Teaching and evaluating. Both take minutes, so a window must call them on a thread of its own."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        recipes: Recipes,
        places: DecidedPlaces,
        disputed: DisputedParts,
        audit: AuditTrail,
    ) -> None:
        self._audit = audit
        self._authority = authority
        self._workspace = workspace
        self._recipes = recipes
        self._places = places
        self._disputed = disputed

    def read_to_teach(
        self, folder: Path, product: str, *, view: str = "", use: UseOfDefects = ONLY_MEASURED
    ) -> "Reading":
        """Return what a folder is taken for, to be shown before `teach` learns from it; changes nothing.

        If defects are learned, the parts in the records that a person called a missed defect are among them.

        Args:
            folder: Labelled folders in any layout of the trade, or just pictures of good parts.
            product: As for `teach`.
            view: As for `teach`.
            use: As for `teach`.

        Raises:
            PermissionRefusedError: This role may not teach.
            BadInputError: It cannot be known what some pictures are, or the view cannot be added to the recipe.
        """
        self._authority.authorise(Permission.TEACH)
        from station.learning.layout.reading import read_layout  # noqa: PLC0415 - needed by few commands

        require_addable(self._recipes, checked_name(product, "product"), view)
        reading = read_layout(folder)
        return self._disputed.added_to(reading, product, view) if use.learned else reading

    def read_to_evaluate(
        self, folder: Path, name: str, revision: int | None = None, *, view: str | None = None
    ) -> "Reading":
        """Return what a folder is taken for, to be shown before `evaluate` measures with it.

        Args:
            folder: Labelled folders in any layout of the trade, or just pictures of good parts.
            name: As for `evaluate`.
            revision: As for `evaluate`.
            view: As for `evaluate`.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: There is no such recipe or view, or it cannot be known what some pictures are.
        """
        self._authority.authorise(Permission.EVALUATE)
        view_named(self._recipes.find_revision(name, revision).recipe, view)
        from station.learning.layout.reading import read_layout  # noqa: PLC0415 - needed by few commands

        return read_layout(folder)

    def teach(
        self,
        folder: "Path | Reading",
        product: str,
        *,
        view: str = "",
        model: str | AnyMethod = "balanced",
        use: UseOfDefects = ONLY_MEASURED,
        place: InspectedPlace | None = None,
        author: str = "",
        progress: OnProgress = no_progress,
    ) -> TeachResult:
        """Make the next revision of the recipe that is named like the product, from pictures of one view.

        It is a draft, the first revision too: a person looks at its figures and releases it with a reason. Views that
        were taught before stay as they are.

        Args:
            folder: Labelled folders in any layout of the trade, or just pictures of good parts; or what
                `read_to_teach` returned.
            product: The product, and the recipe's name.
            view: The camera that took the pictures, as the settings name it; "" if the station has only one.
            model: The method, or its name.
            use: What labelled defects are used for besides measuring.
            place: Where parts are inspected, from now on; as `place_of` says if not given.
            author: Who teaches.
            progress: Called with each step, on this thread.

        Raises:
            PermissionRefusedError: This role may not teach.
            BadInputError: The pictures cannot be used, training is not installed, or the views of the recipe have
                names and this one has none, or the other way round.
            FaultError: The training failed, or the exported model gives a picture another verdict than the trained one.
        """
        self._authority.authorise(Permission.TEACH)
        from station.learning.session import Session  # noqa: PLC0415 - needed by few commands
        from station.learning.teaching import teach  # noqa: PLC0415 - loads OpenVINO

        product = checked_name(product, "product")
        require_addable(self._recipes, product, view)
        if use.learned and isinstance(folder, Path):
            folder = self.read_to_teach(folder, product, view=view, use=use)
        decided = self.place_of(product, view)
        place = decided if place is None else place
        taught = teach(
            folder,
            product,
            self._workspace,
            view=view,
            method=model,
            use=use,
            session=Session(progress),
            place=place,
        )
        with self._audit.together():
            if place != decided:
                self._places.keep(product, view, place)
            recipe = with_taught_view(
                self._recipes, product, taught.view, author, f"taught from {readable(_name_of(folder))}"
            )
            entry = self._recipes.add_revision(recipe, RecipeState.DRAFT, utc_now())
            self._audit.record(
                AuditAction.MODEL_TAUGHT, recipe.label, new=taught.view.model.name, reason=recipe.reason, person=author
            )
        return TeachResult(entry, taught.evaluation, taught.caution)

    def place_of(self, product: str, view: str) -> InspectedPlace:
        """Return what is inspected of a view when it is taught: as was decided last, in a recipe or before."""
        drawn = self._places.of(product, view)
        return place_to_teach(self._recipes.entries(), drawn, product, view) or WHOLE_PICTURE

    def evaluate(
        self,
        folder: "Path | Reading",
        name: str,
        revision: int | None = None,
        *,
        view: str | None = None,
        progress: OnProgress = no_progress,
        on_judged: "OnJudged" = lambda *_: None,
    ) -> "EvaluationReport":
        """Return how good a recipe is on labelled pictures of one view.

        Args:
            folder: Labelled folders in any layout of the trade; or what `read_to_evaluate` returned.
            name: The recipe.
            revision: Any revision; if not given, the released one, else the newest draft.
            view: Which of its views; may be left out if there is only one.
            progress: Called with each picture.
            on_judged: Called with each picture and its judgement, in their order.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: There is no such recipe, view or folder, or a picture cannot be used.
        """
        self._authority.authorise(Permission.EVALUATE)
        from station.learning.evaluation import evaluate_folder  # noqa: PLC0415 - loads OpenVINO

        recipe = self._recipes.find_revision(name, revision).recipe
        judged = view_named(recipe, view)
        package = find_package(self._workspace.models, judged.model)
        learned = self._workspace.datasets / recipe.product / judged.dataset_version
        return evaluate_folder(folder, judged, package, self._workspace.cache, progress, learned, on_judged)

    def verify_models(self, progress: OnProgress = no_progress) -> tuple[Finding, ...]:
        """Repeat the certificate of every model that a recipe names: judge its pictures again, on this machine.

        A package that is missing or damaged has its finding in `records.verify`. A model that cannot be computed here,
        for example because its plug-in is not installed, is a finding, and the others are judged.

        Args:
            progress: Called with each picture.

        Raises:
            PermissionRefusedError: This role may not verify the records.
        """
        self._authority.authorise(Permission.VERIFY_RECORDS)
        models: dict[str, tuple[Recipe, View]] = {}
        for entry in self._recipes.entries():
            for view in entry.recipe.views:
                models.setdefault(view.model.sha256, (entry.recipe, view))
        return tuple(finding for recipe, view in models.values() for finding in self._repeat(recipe, view, progress))

    def _repeat(self, recipe: Recipe, view: View, progress: OnProgress) -> Iterator[Finding]:
        try:
            package = find_package(self._workspace.models, view.model)
        except StationError:
            return
        named = f"the model package '{view.model.name}'"
        try:
            yield from self._repeated(recipe, view, package, named, progress)
        except (ModelError, FaultError) as error:
            sentence = f"{named} cannot be judged here: {error.sentence.removesuffix('.')}"
            yield Finding(Severity.ERROR, recipe.label, sentence, error.advice or "")

    def _repeated(
        self, recipe: Recipe, view: View, package: ModelPackage, named: str, progress: OnProgress
    ) -> Iterator[Finding]:
        from station.learning.certificate import repeat_certificate  # noqa: PLC0415 - loads OpenVINO
        from station.learning.repeated_ways import repeated_ways  # noqa: PLC0415 - loads OpenVINO

        for as_certified, sentence in repeated_ways(package):
            severity, advice = (Severity.INFORMATION, "") if as_certified else (Severity.ERROR, _TEACH_AGAIN)
            yield Finding(severity, recipe.label, f"{named}: {sentence}", advice)
        dataset = self._workspace.datasets / recipe.product / view.dataset_version
        if not (package.manifest.parity and package.manifest.parity.compared):
            yield Finding(Severity.INFORMATION, recipe.label, f"{named} has no certificate that can be repeated")
        elif not view.dataset_version or not dataset.is_dir():
            yield Finding(
                Severity.ERROR,
                recipe.label,
                f"the certificate of {named} cannot be repeated: its pictures are not at {dataset}",
                "Copy that folder from the station where the model was taught.",
            )
        else:
            repeated = repeat_certificate(package, dataset, view, progress)
            if flips := package.manifest.parity.verdict_flips:
                sentence = (
                    f"{named} was exported with {counted(flips, 'verdict')} other than those of the trained detector"
                )
                yield Finding(Severity.ERROR, recipe.label, sentence, _TEACH_AGAIN)
            for sentence in repeated.sentences:
                yield Finding(Severity.ERROR, recipe.label, f"{named}: {sentence}", _TEACH_AGAIN)
            if not repeated.sentences:
                pictures, score = (
                    counted(repeated.pictures, "certified picture"),
                    one_or_many(repeated.pictures, "scores", "score"),
                )
                same = f"all {pictures} {score} the same here, within"
                yield Finding(Severity.INFORMATION, recipe.label, f"{named}: {same} {repeated.max_difference:.1g}")


def _name_of(folder: "Path | Reading") -> str:
    return folder.name if isinstance(folder, Path) else folder.folder.name
