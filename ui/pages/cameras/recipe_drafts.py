"""The way of a camera's settings into a recipe: copied to a draft, and the draft released by a person."""

from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from station.domain.errors import StationError
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, TakesEffect
from station.domain.signature import Consent, said_of_release
from ui.actions.page_spec import PageContext
from ui.background.tasks import BackgroundTasks
from ui.pages.cameras.actions import CamerasAct
from ui.pages.cameras.page import CamerasPage
from ui.pages.cameras.recipe_dialog import RecipeDialog
from ui.pages.cameras.recipe_offers import RecipeOffer, recipe_offers
from ui.widgets.release_dialog import ReleaseDialog, ToRelease, look_before_release

T = TypeVar("T")


class AskCamera(Protocol):
    """Asks the connected camera off the window's thread; the answer is dropped once another camera is connected."""

    def __call__(
        self, work: Callable[[], T], answer: Callable[[T], object], failed: Callable[[StationError], object]
    ) -> None:
        """Ask, and call `answer` or `failed` on the window's thread."""


class RecipeDrafts:
    """Asks for recipe, person and reason, and gives the station the commands."""

    def __init__(
        self,
        page: CamerasPage,
        context: PageContext,
        tasks: BackgroundTasks,
        ask_camera: AskCamera,
        failed: Callable[[StationError], object],
    ) -> None:
        self._page, self._station, self._tasks = page, context.station, tasks
        self._ask_camera, self._failed = ask_camera, failed
        self._draft: Recipe | None = None
        page.offer_release("")
        context.actions.on(CamerasAct.RELEASE, self.ask_for_release)

    def choose_recipe(self) -> None:
        """Ask which recipe gets the settings of the connected camera."""
        self._ask_camera(lambda: recipe_offers(self._station), self._offer_recipes, self._failed)

    def _offer_recipes(self, offers: tuple[RecipeOffer, ...]) -> None:
        if not self._page.isVisible():
            return  # the answer came after the person went to another page
        sheet = RecipeDialog(self._page, offers)
        sheet.sign_as(self._station.authority.person)
        sheet.wanted.connect(self._copy)
        sheet.open()

    def _copy(self, name: str, author: str, reason: str) -> None:
        self._ask_camera(
            lambda: self._station.cameras.copy_to_recipe(name, author, reason),
            lambda entry: self._offer_draft(entry.recipe),
            self._failed,
        )

    def _offer_draft(self, draft: Recipe) -> None:
        self._draft = draft
        self._page.say(f"{draft.label} is a draft with these settings. The line does not use it until it is released.")
        self._page.offer_release(draft.label)

    def ask_for_release(self) -> None:
        """Show what the draft that was just made changes, and ask who releases it and why."""
        if self._draft is not None:
            draft = self._draft
            ask = partial(look_before_release, self._station, draft)
            self._tasks.ask(ask, partial(self._show_release, draft), self._failed)

    def _show_release(self, draft: Recipe, seen: ToRelease) -> None:
        if not self._page.isVisible():
            return  # the answer came after the person went to another page
        sheet = ReleaseDialog(self._page, draft, seen.differences)
        sheet.sign_with(self._station.authority.person, seen.signing)
        sheet.wanted.connect(partial(self._release, draft))
        sheet.open()

    def _release(self, draft: Recipe, person: str, reason: str, takes_effect: TakesEffect, consent: Consent) -> None:
        recipes = self._station.recipes
        self._tasks.ask(
            lambda: recipes.release(draft.name, draft.revision, person, reason, takes_effect, consent),
            self._released,
            self._failed,
        )

    def _released(self, entry: RecipeEntry) -> None:
        if entry.state is RecipeState.RELEASED:
            self._draft = None
            self._page.offer_release("")
        self._page.say(said_of_release(entry, entry.recipe.label))
