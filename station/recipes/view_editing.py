"""The views of a recipe: which one is meant, how a newly taught one joins them, whether the station has them all."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from station.domain.errors import BadInputError
from station.domain.recipe import Recipe, RecipeState, View, checked_name, listed
from station.settings import live_views
from station.storage.recipes.recipes import Recipes


def asked_view(recipe: Recipe, name: str | None) -> View:
    """The view of this name; without one the only view.

    Raises:
        BadInputError: There is none of this name, or there are several and none was named.
    """
    if name is not None:
        return recipe.view(name)
    if len(recipe.views) > 1:
        raise BadInputError(
            f"Recipe {recipe.label} has several views: {listed(recipe.view_names)}.", "Say which one by --view."
        )
    return recipe.views[0]


def with_taught(recipes: Recipes, name: str, taught: View, author: str, reason: str) -> Recipe:
    """The next revision of a recipe: this view newly taught with its camera set as before, the others as they were.

    Raises:
        BadInputError: Views with a name and one without cannot be in one recipe.
    """
    require_fitting(recipes, name, taught.name)
    views = _kept(recipes, name)
    place = taught.name.casefold()
    before = views.get(place, taught)
    views[place] = replace(taught, camera_settings=before.camera_settings)
    return Recipe(name, recipes.next_revision(name), name, tuple(views.values()), author, reason)


def require_fitting(recipes: Recipes, name: str, view: str) -> None:
    """Refuse, before minutes are spent on it, a view that cannot stand beside those that the recipe has.

    Raises:
        BadInputError: Views with a name and one without cannot be in one recipe, nor two that differ in capitals only.
    """
    if view:
        checked_name(view, "view")
    kept = _kept(recipes, name)
    if kept and all(kept) != bool(view):
        raise _unlike(name, kept, view)
    there = kept.get(view.casefold())
    if there and there.name != view:
        raise BadInputError(f"Recipe '{name}' has a view '{there.name}' already.", f"Write --view '{there.name}'.")


def views_apart(recipe: Recipe, cameras: Iterable[str]) -> str:
    """How a recipe's views differ from the cameras that there are, in one sentence; empty where they do not."""
    names = tuple(cameras)
    if recipe.sees(names):
        return ""
    return f"Recipe {recipe.label} sees {listed(recipe.view_names)}, and the cameras are {listed(names)}."


def views_that_run_freely(sources: Mapping[str, str], trigger: str) -> str:
    """What is to be said of several cameras that nobody triggers together; empty where there is nothing to say."""
    live = live_views(sources)
    if len(live) < 2 or trigger != "free":
        return ""
    return f"{listed(live)} run freely, and are not known to see a part at the same moment"


def _kept(recipes: Recipes, name: str) -> dict[str, View]:
    """Of each view the one of the released revision, else of the newest, by its name without capitals.

    A second draft does not lose what the first one brought. Of a retired revision nothing is kept.
    """
    alive = [one for one in recipes.entries() if one.recipe.name == name and one.state is not RecipeState.RETIRED]
    kept: dict[str, View] = {}
    for entry in sorted(alive, key=lambda one: one.state is not RecipeState.RELEASED):
        for view in entry.recipe.views:
            if not kept or all(kept) == bool(view.name):
                kept.setdefault(view.name.casefold(), view)
    return kept


def _unlike(name: str, kept: Mapping[str, View], view: str) -> BadInputError:
    if view:
        return BadInputError(
            f"Recipe '{name}' has one view without a name, and no view '{view}' can stand beside it.",
            "Leave --view away, or teach every view under another product's name.",
        )
    names = listed(one.name for one in kept.values())
    return BadInputError(f"Recipe '{name}' has views with names: {names}.", "Say by --view which one is taught.")
