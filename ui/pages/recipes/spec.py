"""Registers the recipes page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.recipes.actions import RECIPES_ROWS

if TYPE_CHECKING:
    from ui.pages.recipes.page import RecipesPage
    from ui.pages.recipes.presenter import RecipesPresenter


def _load() -> "tuple[type[RecipesPage], type[RecipesPresenter]]":
    from ui.pages.recipes.page import RecipesPage  # noqa: PLC0415 - not at every start
    from ui.pages.recipes.presenter import RecipesPresenter  # noqa: PLC0415 - not at every start

    return RecipesPage, RecipesPresenter


RECIPES = PageSpec(
    name="recipes",
    title="Recipes",
    role=Role.ENGINEER,
    key="Shift+F2",
    actions=RECIPES_ROWS,
    load=_load,
    group=Group.MAKE,
)
