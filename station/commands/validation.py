"""Commands for validation: a labelled set judged by a revision, and the revision accepted by a person."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.said import require_said
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.formatting import counted, one_or_many
from station.domain.part_images import ViewResult
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, StateChange, listed
from station.domain.synthetic import is_synthetic
from station.domain.validation import ValidatedPicture, Validation
from station.inference.model_package import find_package
from station.learning.progress import OnProgress, no_progress
from station.people.audit_trail import AuditTrail
from station.people.audit_words import file_in_words
from station.recipes.view_editing import view_named
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.storage.recipes.validations import Validations
from station.workspace import Workspace, free_name, made_folder

if TYPE_CHECKING:
    from station.learning.layout.labelled import LabelledPicture, Reading


class ValidationCommands:
    """Judging takes minutes, so a window must call it on a thread of its own."""

    def __init__(
        self, authority: Authority, workspace: Workspace, recipes: Recipes, database: Database, audit: AuditTrail,
        csv: str,
    ) -> None:  # fmt: skip
        self._csv = csv
        self._audit = audit
        self._authority = authority
        self._workspace = workspace
        self._recipes = recipes
        self._validations = Validations(database)

    def newest(self, recipe: Recipe) -> dict[str, Validation]:
        """Return the newest validation of each view of this revision, by its name."""
        return self._validations.newest(recipe.name, recipe.revision)

    def all(self, recipe: Recipe) -> tuple[Validation, ...]:
        """Return every validation of this revision, oldest first."""
        return self._validations.all(recipe.name, recipe.revision)

    def write_csv(self, validations: Sequence[Validation], path: Path | None = None) -> Path:
        """Write what was expected and what came, a line for each picture. Return the path.

        Args:
            validations: At least one.
            path: The file; if not given, one among the reports.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: The file cannot be written.
        """
        self._authority.authorise(Permission.EVALUATE)
        from station.reporting.languages import table_form  # noqa: PLC0415 - needed by few commands
        from station.reporting.validation_table import write_validation_csv  # noqa: PLC0415

        label = f"{validations[0].name}@{validations[0].revision}"
        if path is None:
            path = free_name(made_folder(self._workspace.reports), f"{label} validation", ".csv")
        write_validation_csv(validations, path, table_form(self._csv))
        self._audit.note(AuditAction.REPORT_EXPORTED, label, new=file_in_words(path))
        return path

    def validate(
        self,
        folder: "Path | Reading",
        name: str,
        revision: int | None = None,
        *,
        view: str | None = None,
        person: str,
        progress: OnProgress = no_progress,
    ) -> Validation:
        """Judge a labelled set by a revision as the line would, and keep each verdict. The state stays as it is.

        Args:
            folder: A frozen dataset version, whose every file is compared first; or labelled folders in any layout of
                the trade, which may change afterwards.
            name: The recipe.
            revision: Its revision; if not given, the released one, else the newest draft.
            view: Which of its views; may be left out if there is only one.
            person: Who asks for it; it is recorded.
            progress: Called with each picture.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: There is no such recipe, view or folder, no person is named, a picture cannot be used, or the
                revision inspects another region than its model was taught on.
        """
        self._authority.authorise(Permission.EVALUATE)
        person = self._authority.signed(person)
        if not person:
            raise BadInputError("No person was given for the validation.", "Give your name; it is recorded.")
        from station.learning.evaluation import judge_as_line  # noqa: PLC0415 - loads OpenVINO
        from station.learning.layout.reading import read_layout  # noqa: PLC0415 - needed by few commands
        from station.learning.validated_set import frozen_set_of, sha256_of  # noqa: PLC0415 - as above
        from station.recipes.revising import require_taught  # noqa: PLC0415 - with its neighbours

        recipe = self._recipes.find_revision(name, revision).recipe
        require_taught(recipe)
        judged = view_named(recipe, view)
        reading = read_layout(folder) if isinstance(folder, Path) else folder
        _require_real(reading)
        frozen = frozen_set_of(reading.folder)
        package = find_package(self._workspace.models, judged.model)
        seen = judge_as_line(reading.measured, judged, package, self._workspace.cache, progress)
        pictures = tuple(_validated(picture, result, sha256_of(picture)) for picture, result in seen)
        validation = Validation(
            recipe.name, recipe.revision, judged.name, str(reading.folder), utc_now(), person, pictures,
            recipe.sha256, frozen,
        )  # fmt: skip
        subject = " ".join(filter(None, (recipe.label, judged.name)))
        said = f"{validation.set_name}: {validation.words}"
        with self._audit.together():
            self._validations.add(validation)
            self._audit.record(AuditAction.RECIPE_EVALUATED, subject, new=said, person=validation.person)
        return validation

    def accept(self, name: str, revision: int, person: str, reason: str) -> RecipeEntry:
        """Let a draft be validated: a labelled set was judged by each of its views, and a person accepts the verdicts.

        Raises:
            PermissionRefusedError: This role may not release a recipe.
            BadInputError: There is no such draft, a view was not judged yet, or no person or reason is given.
        """
        self._authority.authorise(Permission.RELEASE_RECIPE)
        person = self._authority.signed(person)
        require_said(f"{name}@{revision}", person=person, reason=reason)
        recipe = self._recipes.find_revision(name, revision).recipe
        done = self.newest(recipe)
        if missing := [view for view in recipe.view_names if view not in done]:
            raise BadInputError(
                f"No labelled set was judged by {listed(missing)} of {recipe.label}.", "Validate each view first."
            )
        results = "; ".join(done[view].words for view in recipe.view_names)
        change = StateChange(person, f"{reason.strip()} ({results})", utc_now())
        with self._audit.together():
            entry = self._recipes.set_state(name, revision, RecipeState.VALIDATED, change)
            self._audit.record(
                AuditAction.RECIPE_VALIDATED, recipe.label, RecipeState.DRAFT, results, reason, person=person
            )
        return entry


def _require_real(reading: "Reading") -> None:
    """Raise BadInputError if defects of the set were drawn: verdicts on them say nothing of real parts."""
    drawn = sum(is_synthetic(picture.kind) for picture in reading.measured)
    if drawn:
        raise BadInputError(
            f"{counted(drawn, 'defect')} of {reading.folder} {one_or_many(drawn, 'is', 'are')} synthetic, and a "
            "validation is a proof on real parts.",
            "Give a set without them; 'linesidectl evaluate' measures them apart.",
        )


def _validated(picture: "LabelledPicture", result: ViewResult, sha256: str) -> ValidatedPicture:
    seen = result.inspection
    return ValidatedPicture(str(picture.file), picture.kind, seen.verdict, seen.pred_score, sha256)
