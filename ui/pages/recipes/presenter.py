"""Connects the station's recipes with their page: what is read, what a draft changes, and how it is saved."""

from dataclasses import replace

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.frame import Image
from station.domain.ignore_mask import IgnoreMask
from station.domain.recipe import Recipe, RecipeEntry, TakesEffect
from station.domain.recipe_values import RecipeValue, value_of_key
from station.domain.signature import Signing
from station.domain.validation import Validation
from ui.actions.page_spec import ClosingStep, PageContext
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.change_sheet import ChangeSheet
from ui.pages.recipes.page import RecipesPage
from ui.pages.recipes.recipe_life import RecipeLife
from ui.pages.recipes.shown import Situation, resolve
from ui.pages.recipes.validation_life import ValidationLife
from ui.widgets.canvas.region_canvas import Drawing
from ui.widgets.mask_sheet import MaskSheet

_WAITED_S = 20.0
_NO_PICTURE = "no picture of this product on this station"
_LOOKED_FOR = "looking for a picture"


class RecipesPresenter(QObject):
    """Keeps the situation, and shows what follows from it. The station is asked off the window's thread."""

    def __init__(self, page: RecipesPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station, self._context = page, context.station, context
        self._tasks = context.tasks.another(self)
        self._situation = Situation(time_zone=context.station.settings.station.time_zone)
        self._person = ""
        self._open = False
        self._wanted: tuple[str, int | None] | None = None
        self._said = ""
        self._drawing = Drawing.NOTHING
        self._pictured: tuple[str, str] | None = None
        self._life = RecipeLife(page, context, self._tasks, self.look_again, self.say)
        self._validation = ValidationLife(page, context, self._life, self.look_again, self.say)
        self._connect()
        self._show()

    def open(self) -> None:
        """Read the recipes again."""
        self._open = True
        self.look_again()

    def leave(self) -> None:
        """Changes that are not saved stay until the page is shown again."""
        self._open = False
        self._draw(Drawing.NOTHING)

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return the wait for what was asked."""
        return (
            ClosingStep("the recipe to be saved", self._tasks.wait, _WAITED_S),
            ClosingStep("the comparison to end", self._life.comparison.wait, _WAITED_S),
            ClosingStep("the labelled set to be judged", self._validation.tasks.wait, _WAITED_S),
        )

    def close(self) -> None:
        """End the thread."""
        self._life.comparison.close()
        self._tasks.close(within_s=0)
        self._validation.tasks.close(within_s=0)

    def show_subject(self, subject: object) -> None:
        """Show a revision.

        Args:
            subject: The name of a recipe and its revision; without a revision None.
        """
        match subject:
            case (str() as name, int() | None as revision):
                self._wanted = (name, revision)
                self.look_again()
            case _:
                raise TypeError(f"the page takes a recipe's name and revision, not {subject!r}")

    def look_again(self, chosen: str = "", said: str = "") -> None:
        """Read all revisions, and show one.

        Args:
            chosen: Its label; without one the present one.
            said: What was done, in a sentence.
        """
        self._said = said
        self._tasks.ask(self._station.recipes.entries, lambda entries: self._take(entries, chosen), self._fail)

    def say(self, text: str) -> None:
        """Say what was done or went wrong, until something else is shown."""
        self._said = text
        self._page.say(text)

    # ---- what comes from the station

    def _take(self, entries: tuple[RecipeEntry, ...], label: str) -> None:
        now, line = self._situation, self._station.line
        wanted, self._wanted = self._wanted, None
        chosen = _chosen(entries, now.chosen or _on_line(entries, line.recipe), label, wanted)
        self._situation = replace(now, entries=entries, loaded=line.recipe, line=line.state)
        self._choose(chosen)

    def _follow_line(self) -> None:
        line = self._station.line
        self._situation = replace(self._situation, loaded=line.recipe, line=line.state)
        self._show()

    def _choose(self, entry: RecipeEntry | None) -> None:
        now = self._situation
        same = entry is not None and now.chosen is not None and entry.recipe == now.chosen.recipe
        if same:
            self._situation = replace(now, chosen=entry)
        else:
            view = entry.recipe.view_names[0] if entry else ""
            self._situation = replace(now, chosen=entry, view=view, pending=(), validations=(), signing=None)
            self._draw(Drawing.NOTHING)
        self._show()
        if entry is not None:
            self._tasks.ask(
                lambda: self._look_at_life(entry.recipe),
                lambda life: self._take_life(entry.recipe, *life),
                self._fail,
            )

    def _look_at_life(self, recipe: Recipe) -> tuple[tuple[Validation, ...], Signing]:
        return tuple(self._station.validation.newest(recipe).values()), self._station.recipes.signing(recipe)

    def _take_life(self, recipe: Recipe, validations: tuple[Validation, ...], signing: Signing) -> None:
        chosen = self._situation.chosen
        if chosen and chosen.recipe == recipe:
            self._situation = replace(self._situation, validations=validations, signing=signing)
            self._show()

    def _chosen_by_hand(self, entry: RecipeEntry) -> None:
        self._said = ""
        self._choose(entry)

    def _show(self) -> None:
        shown = resolve(self._situation)
        self._life.situation = self._situation
        self._page.revisions.show_entries(self._situation.entries, self._situation.loaded, self._situation.chosen)
        self._page.show_revision(replace(shown, said=self._said) if self._said else shown)
        self._show_picture()

    # ---- the picture

    def _show_picture(self) -> None:
        chosen = self._situation.chosen
        wanted = None if chosen is None else (chosen.recipe.label, self._situation.view)
        if wanted == self._pictured:
            return
        self._pictured = wanted
        self._page.canvas.show_picture(None, _LOOKED_FOR if chosen else "")
        if chosen is not None:
            recipe, view = chosen.recipe, self._situation.view
            self._tasks.ask(
                lambda: self._station.recipes.picture(recipe, view),
                lambda picture: self._show_found(recipe, view, picture),
                self._fail,
            )

    def _show_found(self, recipe: Recipe, view: str, picture: Image | None) -> None:
        if picture is not None:
            self._page.revisions.show_picture(recipe.label, picture)
        if self._pictured == (recipe.label, view):
            self._page.canvas.show_picture(picture, _NO_PICTURE)

    # ---- what the person asks for

    def _connect(self) -> None:
        page, on, bridge = self._page, self._context.actions.on, self._context.bridge
        page.revisions.chosen.connect(self._chosen_by_hand)
        page.views.activated.connect(self._choose_view)
        page.editor.wanted.connect(self._change)
        page.canvas.region_drawn.connect(lambda roi: self._change(self._value("roi"), roi))
        page.canvas.mask_drawn.connect(lambda mask: self._change(self._value("ignore"), mask))
        on(RecipesAct.FIND_RECIPE, page.revisions.words.setFocus)
        on(RecipesAct.SET_VALUE, page.editor.set_value)
        on(RecipesAct.DRAW_REGION, lambda: self._toggle(Drawing.REGION))
        on(RecipesAct.DRAW_MASK, lambda: self._toggle(Drawing.MASK))
        on(RecipesAct.PAINT_MASK, self._ask_to_paint)
        on(RecipesAct.NO_REGION, lambda: self._change(self._value("roi"), None))
        on(RecipesAct.NO_MASK, lambda: self._change(self._value("ignore"), None))
        on(RecipesAct.FORGET_CHANGES, self._forget)
        on(RecipesAct.SAVE_DRAFT, self._ask_to_save)
        for signal in (bridge.recipe_loaded, bridge.state_changed):
            signal.connect(lambda _message: self._follow_line())
        bridge.recipe_state_changed.connect(lambda _message: self.look_again() if self._open else None)

    def _choose_view(self, row: int) -> None:
        if self._situation.chosen is not None:
            self._situation = replace(self._situation, view=self._situation.chosen.recipe.view_names[row])
            self._show()

    def _value(self, key: str) -> RecipeValue:
        assert self._situation.chosen is not None, "the action is off without a revision"
        view = self._situation.view
        return value_of_key(self._situation.chosen.recipe, f"{view}.{key}" if view else key)[1]

    def _change(self, value: RecipeValue, new: object) -> None:
        if self._situation.chosen is None:
            return
        self._said = ""
        self._situation = self._situation.with_change(value, new)
        self._show()

    def _ask_to_paint(self) -> None:
        canvas = self._page.canvas
        if self._situation.chosen is None or canvas.drawn_on is None:
            self.say("There is no picture of this product on this station to paint on.")
            return
        mask = self._situation.now(self._value("ignore"))
        shown = mask if isinstance(mask, IgnoreMask) else None
        sheet = MaskSheet(self._page, canvas.drawn_on, canvas.levels, shown)
        sheet.wanted.connect(lambda painted: self._change(self._value("ignore"), painted))
        sheet.open()

    def _toggle(self, drawing: Drawing) -> None:
        self._draw(Drawing.NOTHING if self._drawing is drawing else drawing)

    def _draw(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._page.draw(drawing)

    def _forget(self) -> None:
        self._said = ""
        self._situation = replace(self._situation, pending=())
        self._show()

    def _ask_to_save(self) -> None:
        chosen, pending = self._situation.chosen, self._situation.pending
        if chosen is None or not pending:
            return
        sheet = ChangeSheet(
            self._page,
            f"Save a draft of {chosen.recipe.name}",
            [change.words for change in pending],
            "The line does not use a draft. It is released in a step of its own.",
            "Save draft",
            person=self._life.person,
        )
        sheet.sign_as(self._station.authority.person)
        sheet.wanted.connect(lambda person, reason, _when, _consent: self._save(chosen, person, reason))
        sheet.open()

    def _save(self, chosen: RecipeEntry, person: str, reason: str, _when: TakesEffect | None = None) -> None:
        self._life.person, changes = person, self._situation.pending
        self._tasks.ask(
            lambda: self._station.recipes.revise(chosen.recipe, changes, person, reason), self._saved, self._fail
        )

    def _saved(self, entry: RecipeEntry) -> None:
        self._situation = replace(self._situation, pending=())
        self.look_again(entry.recipe.label, f"{entry.recipe.label} is saved as a draft.")

    def _fail(self, error: StationError) -> None:
        self.say(f"{error.sentence} {error.advice}".strip())


def _on_line(entries: tuple[RecipeEntry, ...], loaded: Recipe | None) -> RecipeEntry | None:
    return next((entry for entry in entries if entry.recipe == loaded), None)


def _chosen(
    entries: tuple[RecipeEntry, ...], present: RecipeEntry | None, label: str, wanted: tuple[str, int | None] | None
) -> RecipeEntry | None:
    """Return the revision to show: the wanted one, the one of this label, the present one, or the first."""
    if wanted is not None:
        name, revision = wanted
        found = [each for each in entries if each.recipe.name == name and revision in (None, each.recipe.revision)]
    else:
        label = label or (present.recipe.label if present else "")
        found = [each for each in entries if each.recipe.label == label]
    return found[0] if found else next(iter(entries), None)
