"""The steps in the life of a revision: compared, released, rolled back, retired, used on the line, exported."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from station.domain.errors import StationError
from station.domain.messages import LineState
from station.domain.recipe import Recipe, RecipeEntry, RecipeState
from station.domain.recipe_changes import changes_in_words
from station.domain.signature import Signing, said_of_release
from ui.actions.page_spec import PageContext
from ui.background.tasks import BackgroundTasks
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.change_sheet import ChangeSheet
from ui.pages.recipes.compare_life import CompareLife
from ui.pages.recipes.file_life import FileLife
from ui.pages.recipes.page import RecipesPage
from ui.pages.recipes.shown import Situation
from ui.widgets.confirm_dialog import ask


class RecipeLife:
    """Opens the sheets, and gives the station the commands.

    Attributes:
        situation: What the page knows; its presenter keeps it.
        person: Who was named last; proposed in the next sheet.
        comparison: Two revisions side by side.
    """

    def __init__(
        self,
        page: RecipesPage,
        context: PageContext,
        tasks: BackgroundTasks,
        look_again: Callable[[str, str], object],
        say: Callable[[str], object],
    ) -> None:
        self._page, self._context, self._station, self._tasks = page, context, context.station, tasks
        self._look_again, self._say = look_again, say
        self.situation, self.person, self._reason = Situation(), "", ""
        self.comparison = CompareLife(page, context, tasks, self._fail)
        self._files = FileLife(page, context, tasks, look_again, say)
        on = context.actions.on
        on(RecipesAct.COMPARE, self.compare)
        on(RecipesAct.RELEASE_RECIPE, self.ask_to_release)
        on(RecipesAct.ROLL_BACK, self.ask_to_roll_back)
        on(RecipesAct.RETIRE, self.ask_to_retire)
        on(RecipesAct.USE_ON_LINE, self.use_on_line)
        on(RecipesAct.EXPORT_RECIPE, self.ask_where_to)
        on(RecipesAct.IMPORT_RECIPE, self._files.ask_where_from)
        on(RecipesAct.OPEN_LIMITS, self.open_limits)
        on(RecipesAct.TEACH_AGAIN, self.teach_again)

    # ---- compared

    def compare(self) -> None:
        """Compare the revision with the released one, else with the one before."""
        recipe, others = self._recipe(), self._others()
        if recipe is not None and others:
            self.comparison.compare(recipe, others, self.situation.view)

    # ---- released, rolled back, retired

    def ask_to_release(self) -> None:
        """Show what the line would judge by, and ask who releases it and why."""
        if (recipe := self._recipe()) is not None:
            self._ask_signing(recipe, lambda signing: self._show_release(recipe, signing))

    def _show_release(self, recipe: Recipe, signing: Signing) -> None:
        present = self._present()
        lines = ["The first revision of this recipe on the line."] if present is None else _differences(present, recipe)
        sheet = self._sheet(f"Release {_named(recipe)}", lines, _effect(present, recipe), "Release", signing)
        sheet.wanted.connect(
            lambda person, reason, when, consent: self._do(
                (person, reason),
                lambda: self._station.recipes.release(recipe.name, recipe.revision, person, reason, when, consent),
                _released,
            )
        )
        sheet.open()

    def ask_to_roll_back(self) -> None:
        """Ask who goes back to this retired revision, and why."""
        if (recipe := self._recipe()) is not None:
            self._ask_signing(recipe, lambda signing: self._show_roll_back(recipe, signing), again=True)

    def _show_roll_back(self, recipe: Recipe, signing: Signing) -> None:
        present = self._present()
        lines = [f"A new revision that equals {_named(recipe)} is released."]
        lines += [] if present is None else _differences(present, recipe)
        effect = _effect(present, recipe)
        sheet = self._sheet(f"Roll back to {_named(recipe)}", lines, effect, "Roll back", signing)
        again = self._station.recipes.release_again
        sheet.wanted.connect(
            lambda person, reason, when, consent: self._do(
                (person, reason),
                lambda: again(recipe.name, recipe.revision, person, reason, when, consent),
                lambda entry: f"{_released(entry)} It equals {_named(recipe)}.",
            )
        )
        sheet.open()

    def ask_to_retire(self) -> None:
        """Ask who takes this revision off the line, and why."""
        if (entry := self.situation.chosen) is not None:
            self._ask_signing(entry.recipe, lambda signing: self._show_retire(entry, signing))

    def _show_retire(self, entry: RecipeEntry, signing: Signing) -> None:
        recipe = entry.recipe
        effect = "The line cannot be started with it any more." if entry.state is RecipeState.RELEASED else ""
        sheet = self._sheet(
            f"Retire {_named(recipe)}", [f"state {entry.state} \u2192 retired"], effect or "The line is not affected.",
            "Retire", replace(signing, needed=1, waiting=(), unvalidated=""), asks_when=False,
        )  # fmt: skip
        sheet.wanted.connect(
            lambda person, reason, _when, consent: self._do(
                (person, reason),
                lambda: self._station.recipes.retire(recipe.name, recipe.revision, person, reason, consent),
                lambda entry: f"{_named(entry.recipe)} is retired.",
            )
        )
        sheet.open()

    def _sheet(
        self, title: str, lines: Sequence[str], effect: str, verb: str, signing: Signing, *, asks_when: bool = True
    ) -> ChangeSheet:
        sheet = ChangeSheet(self._page, title, lines, effect, verb, asks_when=asks_when, person=self.person)
        sheet.sign_with(self._station.authority.person, signing)
        sheet.reason.setText(self._reason)
        return sheet

    def _ask_signing(self, recipe: Recipe, show: Callable[[Signing], object], *, again: bool = False) -> None:
        """Show a sheet with who has signed the revision already, unless the person went to another page."""
        self._tasks.ask(
            lambda: self._station.recipes.signing(recipe, again=again),
            lambda signing: show(signing) if self._page.isVisible() else None,
            self._fail,
        )

    def _do(self, signed: tuple[str, str], work: Callable[[], RecipeEntry], said: Callable[[RecipeEntry], str]) -> None:
        """Do it; after a wrong PIN the next sheet proposes the reason that was given."""
        self.person, self._reason = signed

        def show(entry: RecipeEntry) -> None:
            self._reason = ""
            self._look_again(entry.recipe.label, said(entry))

        self._tasks.ask(work, show, self._fail)

    # ---- on the line

    def use_on_line(self) -> None:
        """Load the product on a line at rest; a paused line is asked to stop first."""
        recipe, line = self._recipe(), self._station.line
        if recipe is None:
            return
        if line.state is LineState.PAUSED:
            ask(
                self._page,
                "Change the product?",
                f"The paused line is stopped, and {_named(recipe)} is loaded. Parts that were triggered are recorded.",
                "Stop and change",
                "Go on as before",
                lambda: self._tasks.ask(lambda: self._stop_and_load(recipe), self._loaded, self._fail),
            )
        else:
            self._tasks.ask(lambda: self._load(recipe), self._loaded, self._fail)

    def _stop_and_load(self, recipe: Recipe) -> Recipe:
        line = self._station.line
        line.stop("change of product")
        line.wait_stopped(_STOPPED_WITHIN_S)
        return self._load(recipe)

    def _load(self, recipe: Recipe) -> Recipe:
        return self._station.line.load_recipe(recipe.name, recipe.revision)

    def _loaded(self, recipe: Recipe) -> None:
        self._look_again(recipe.label, f"{_named(recipe)} is loaded. Start the line with F5.")

    # ---- files and other pages

    def ask_where_to(self) -> None:
        """Ask for the file that recipe and models are written to."""
        if (recipe := self._recipe()) is not None:
            self._files.ask_where_to(recipe)

    def open_limits(self) -> None:
        """Show which parts other limits would turn."""
        if (recipe := self._recipe()) is not None:
            self._context.open_page("limits", (recipe.name, recipe.revision))

    def teach_again(self) -> None:
        """Offer the product and the pictures that it was taught from for teaching."""
        if (recipe := self._recipe()) is not None:
            view = recipe.view(self.situation.view)
            self._context.open_page("training", (recipe.product, view.name, view.dataset_version, recipe.name))

    # ---- what is shown

    def _recipe(self) -> Recipe | None:
        return self.situation.chosen.recipe if self.situation.chosen else None

    def _present(self) -> Recipe | None:
        """Return the released revision of this recipe."""
        return next((each.recipe for each in self._others() if each.state is RecipeState.RELEASED), None)

    def _others(self) -> list[RecipeEntry]:
        recipe = self._recipe()
        return [] if recipe is None else [
            each for each in self.situation.entries
            if each.recipe.name == recipe.name and each.recipe.revision != recipe.revision
        ]  # fmt: skip

    def _fail(self, error: StationError) -> None:
        self._say(f"{error.sentence} {error.advice}".strip())


_STOPPED_WITHIN_S = 40.0


def _released(entry: RecipeEntry) -> str:
    return said_of_release(entry, _named(entry.recipe))


def _named(recipe: Recipe) -> str:
    return f"{recipe.name} {recipe.revision}"


def _differences(present: Recipe, recipe: Recipe) -> list[str]:
    words = changes_in_words(present, recipe)
    return [f"{_named(present)} \u2192 {_named(recipe)}", *(words or ("nothing differs in how parts are judged",))]


def _effect(present: Recipe | None, recipe: Recipe) -> str:
    if present is None:
        return "The line can be started with it."
    return f"{_named(present)} is retired. A running line judges by {_named(recipe)} when you choose below."
