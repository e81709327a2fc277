"""Commands for challenge parts: what is due, run a check, the plan, and the parts that a failed check makes suspect."""

from collections.abc import Iterator
from pathlib import Path

from station.commands.check_keeper import CheckKeeper
from station.commands.recipes import RecipeCommands
from station.commands.said import require_said
from station.domain.audit import AuditAction
from station.domain.challenge import Check, CheckProgress, Due
from station.domain.challenge_plan import ChallengePart
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.inspection import PartKey
from station.domain.names import file_name
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeEntry
from station.domain.recipe_changes import ValueChange
from station.domain.recipe_values import value_of_key
from station.domain.shift import ShiftWindow
from station.domain.suspects import CheckInShift, Suspect, SuspectSummary, suspect_windows
from station.people.audit_trail import AuditTrail
from station.people.audit_words import file_in_words
from station.review.challenge_watch import ChallengeWatch
from station.settings import Settings
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects
from station.storage.engine.database import Database
from station.workspace import Workspace, free_name, made_folder


class ChallengeCommands:
    """Reading is open to everybody; the rest asks the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        settings: Settings,
        keeper: CheckKeeper,
        watch: ChallengeWatch,
        database: Database,
        recipes: RecipeCommands,
        audit: AuditTrail,
    ) -> None:
        """Use this keeper of checks; files are saved in the `reports` folder of the workspace."""
        self._authority = authority
        self._workspace = workspace
        self._csv_language = settings.report.csv
        self._keeper = keeper
        self._watch = watch
        self._checks = Checks(database)
        self._suspects = Suspects(database)
        self._recipes = recipes
        self._audit = audit

    @property
    def progress(self) -> CheckProgress | None:
        """Return the check that runs now; None if none does."""
        return self._keeper.progress

    @property
    def running(self) -> bool:
        """Return whether a check runs now. Never waits."""
        return self._keeper.running

    def due(self, recipe: Recipe) -> Due | None:
        """Return the check that is due for this revision; None if none is.

        Raises:
            StorageError: The records cannot be read.
        """
        return self._watch.due(recipe)

    def checks(self, most: int = 200, recipe: str | None = None) -> tuple[Check, ...]:
        """Return the checks, newest first; of one recipe, or of all."""
        return self._checks.all(most, recipe)

    def find(self, run_id: int) -> Check:
        """Return one check.

        Raises:
            BadInputError: There is none with this number.
        """
        return self._checks.find(run_id)

    def of_shift(self, window: ShiftWindow) -> tuple[CheckInShift, ...]:
        """Return the checks that were begun in a window, oldest first, each failed one with its suspects.

        The suspects are those from the good check before it until the good check after it, whether somebody has
        answered for them or not.
        """
        from station.commands.shift_accounts import checks_in  # noqa: PLC0415 - not at every start

        return checks_in(window, self._checks, self._suspects)

    def start(self, person: str = "") -> None:
        """Begin a check of the loaded recipe: a run of its own, which is never counted. Returns at once.

        Raises:
            PermissionRefusedError: This role may not run a check.
            BadInputError: The line or a check is running, or the recipe has no challenge parts.
        """
        self._authority.authorise(Permission.RUN_CHECK)
        self._keeper.begin(self._authority.signed(person))

    def take(self) -> PartKey:
        """Trigger the camera for the part that is asked for.

        Raises:
            PermissionRefusedError: This role may not run a check.
            LineNotReadyError: No part is asked for now.
        """
        self._authority.authorise(Permission.RUN_CHECK)
        return self._keeper.take()

    def break_off(self) -> None:
        """End the check that runs now. It is due again; a wrong result stays a failed check.

        Raises:
            PermissionRefusedError: This role may not run a check.
        """
        self._authority.authorise(Permission.RUN_CHECK)
        self._keeper.break_off(self._authority.signature)

    def suspects_left(self, recipe: str) -> SuspectSummary:
        """Count the suspects of a recipe for which nobody has answered."""
        return self._watch.open_suspects(recipe)

    def recipes_with_suspects(self) -> tuple[str, ...]:
        """Return the recipes with suspects for which nobody has answered, in the order of their names."""
        return tuple(name for name in self._checks.failed_recipes() if self.suspects_left(name).count)

    def suspects(self, recipe: str, most: int | None = None) -> Iterator[Suspect]:
        """Yield the suspects of a recipe for which nobody has answered, in the order in which they were inspected."""
        windows = suspect_windows(self._checks.outcomes(recipe))
        return self._suspects.parts(recipe, windows, self._suspects.answered(recipe), most)

    def write_csv(self, recipe: str, path: Path | None = None) -> Path:
        """Write the suspects of a recipe as a table, and return the path.

        Args:
            recipe: The recipe.
            path: The file; if not given, one in the `reports` folder of the workspace.

        Raises:
            PermissionRefusedError: This role may not export.
            BadInputError: The file cannot be written.
        """
        self._authority.authorise(Permission.EXPORT_REPORT)
        from station.reporting.languages import table_form  # noqa: PLC0415 - needed by few commands
        from station.reporting.suspects_export import write_suspects_csv  # noqa: PLC0415 - with its neighbour

        path = path or self._free_path(recipe)
        count = write_suspects_csv(recipe, self.suspects(recipe), path, table_form(self._csv_language))
        self._audit.note(AuditAction.REPORT_EXPORTED, f"suspects of {recipe}", new=f"{count}: {file_in_words(path)}")
        return path

    def answer(self, recipe: str, last: PartKey, person: str, reason: str) -> int:
        """Answer for the suspects of a recipe, up to the last one that was looked at. Return their number.

        A check that passes later does not do that: only a person does.

        Args:
            recipe: The recipe.
            last: The last suspect that this person has seen; those that were inspected since stay suspect.
            person: Who answers.
            reason: What was done with the parts.

        Raises:
            PermissionRefusedError: This role may not answer for suspects.
            BadInputError: There is no suspect, or no person or reason is given.
        """
        self._authority.authorise(Permission.ANSWER_SUSPECTS)
        person, reason = self._authority.signed(person), reason.strip()
        require_said("the suspects", person=person, reason=reason)
        count = sum(each.key <= last for each in self.suspects(recipe))
        if not count:
            raise BadInputError(f"No part of {recipe} is suspect.", "Nothing was changed.")
        with self._audit.together():
            self._suspects.answer(recipe, last, count, (person, reason), utc_now())
            words = f"{count} up to part {last.label} of run {last.run_id}"
            self._audit.record(AuditAction.SUSPECTS_ANSWERED, f"suspects of {recipe}", words, "", reason, person=person)
        for check in self._checks.all(1, recipe):
            self._watch.report_check(check)
        return count

    def put_part(self, base: Recipe, part: ChallengePart, author: str, reason: str) -> RecipeEntry:
        """Make a draft with one more challenge part, or with this one in place of the one of its name.

        Raises:
            PermissionRefusedError: This role may not edit a recipe.
            BadInputError: The plan cannot have it, or no person or reason is given.
        """
        others = base.challenge.parts
        same = [each.name.casefold() == part.name.casefold() for each in others]
        if any(same):
            parts = tuple(part if is_it else each for each, is_it in zip(others, same, strict=True))
        else:
            parts = (*others, part)
        return self._with_parts(base, parts, author, reason)

    def remove_part(self, base: Recipe, name: str, author: str, reason: str) -> RecipeEntry:
        """Make a draft without a challenge part.

        Raises:
            PermissionRefusedError: This role may not edit a recipe.
            BadInputError: The plan has no such part, or no person or reason is given.
        """
        parts = tuple(each for each in base.challenge.parts if each.name.casefold() != name.casefold())
        return self._with_parts(base, parts, author, reason)

    def _with_parts(self, base: Recipe, parts: tuple[ChallengePart, ...], author: str, reason: str) -> RecipeEntry:
        view, value = value_of_key(base, "challenge.parts")
        return self._recipes.revise(base, (ValueChange(view, value, base.challenge.parts, parts),), author, reason)

    def _free_path(self, recipe: str) -> Path:
        name = f"suspects {file_name(recipe)} {utc_now():%Y-%m-%d %H%M%S}"
        return free_name(made_folder(self._workspace.reports), name, ".csv")
