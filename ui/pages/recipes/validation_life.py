"""A labelled set judged by the revision that is read, and the verdicts accepted by a person."""

from collections.abc import Callable
from pathlib import Path

from station.domain.errors import StationError
from station.domain.recipe import Recipe
from station.domain.validation import Validation
from ui.actions.page_spec import PageContext
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.change_sheet import ChangeSheet
from ui.pages.recipes.file_sheet import FileSheet
from ui.pages.recipes.page import RecipesPage
from ui.pages.recipes.recipe_life import RecipeLife
from ui.pages.recipes.validation_sheet import ValidationSheet

_SHOWN = 12


class ValidationLife:
    """Judges on a thread of its own: the page goes on meanwhile."""

    def __init__(
        self,
        page: RecipesPage,
        context: PageContext,
        life: RecipeLife,
        look_again: Callable[[str, str], object],
        say: Callable[[str], object],
    ) -> None:
        self._page, self._station, self._life = page, context.station, life
        self._look_again, self._say = look_again, say
        self.tasks = context.tasks.another(page)
        context.actions.on(RecipesAct.VALIDATE, self.ask_for_set)

    def ask_for_set(self) -> None:
        """Ask for the folder of labelled pictures; the set that the view was taught from is proposed."""
        chosen = self._life.situation.chosen
        if chosen is None:
            return
        recipe, view = chosen.recipe, self._life.situation.view
        taught = self._station.workspace.datasets / recipe.product / recipe.view(view).dataset_version
        text = "Folders such as OK and NG, or a frozen dataset version. Each picture is judged as on the line."
        last = next((each for each in self._life.situation.validations if each.view == view), None)
        proposed = str(taught) if recipe.view(view).dataset_version and taught.is_dir() else ""
        sheet = FileSheet(
            self._page, f"Validate {recipe.name} {recipe.revision}", text, proposed, "Validate", folder=True,
            also="Last results ..." if last else "",
        )  # fmt: skip
        sheet.other_wanted.connect(lambda: self._show_results(last))
        sheet.wanted.connect(lambda folder: self._validate(recipe, view, folder))
        sheet.open()

    def _show_results(self, validation: Validation | None) -> None:
        if validation is None:
            return
        sheet = ValidationSheet(self._page, validation, self._life.situation.time_zone)
        sheet.table_wanted.connect(lambda: self._save_table(validation))
        sheet.open()

    def _save_table(self, validation: Validation) -> None:
        self.tasks.ask(
            lambda: self._station.validation.write_csv((validation,)),
            lambda path: self._say(f"Saved as {path}."),
            self._fail,
        )

    def _validate(self, recipe: Recipe, view: str, folder: Path) -> None:
        self._say(f"Judging the pictures of {folder.name} ...")
        who = self._station.authority
        signature = who.signature if who.person.is_logged_in else self._life.person or who.signature or "engineer"
        self.tasks.ask(
            lambda: self._station.validation.validate(
                folder, recipe.name, recipe.revision, view=view, person=signature
            ),
            lambda validation: self._show(recipe, validation),
            self._fail,
        )

    def _show(self, recipe: Recipe, validation: Validation) -> None:
        self._look_again(recipe.label, validation.words.capitalize() + ".")
        if not self._page.isVisible():
            return  # the answer came after the person went to another page
        different = [
            f"{each.name}: expected {each.kind}, got {each.verdict.word}" for each in validation.differing[:_SHOWN]
        ]
        more = len(validation.differing) - _SHOWN
        lines = [f"{validation.words}.", *different, *([f"and {more} more"] if more > 0 else [])]
        sheet = ChangeSheet(
            self._page,
            f"Accept {recipe.name} {recipe.revision} as validated?",
            lines,
            "The line is not affected. A validated revision is released in a step of its own.",
            "Accept",
            person=self._life.person,
        )
        sheet.sign_as(self._station.authority.person)
        sheet.wanted.connect(lambda person, reason, _when, _consent: self._accept(recipe, person, reason))
        sheet.open()

    def _accept(self, recipe: Recipe, person: str, reason: str) -> None:
        self._life.person = person
        self.tasks.ask(
            lambda: self._station.validation.accept(recipe.name, recipe.revision, person, reason),
            lambda entry: self._look_again(entry.recipe.label, f"{entry.recipe.name} {entry.recipe.revision} is "
                                                               "validated."),
            self._fail,
        )  # fmt: skip

    def _fail(self, error: StationError) -> None:
        self._say(f"{error.sentence} {error.advice}".strip())
