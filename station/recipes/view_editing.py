"""The views of a recipe: find one, add a newly taught one, compare them with the cameras of the station."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from station.domain.errors import BadInputError
from station.domain.inspected_place import DrawnPlace, InspectedPlace
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, View, checked_name, listed
from station.settings import live_views
from station.storage.recipes.recipes import Recipes


def view_named(recipe: Recipe, name: str | None) -> View:
    """Return the view of this name; without a name the only view.

    Raises:
        BadInputError: If no view has this name, or there are several and no name was given.
    """
    if name is not None:
        return recipe.view(name)
    if len(recipe.views) > 1:
        raise BadInputError(
            f"Recipe {recipe.label} has several views: {listed(recipe.view_names)}.", "Choose one with --view."
        )
    return recipe.views[0]


def view_of_source(recipe: Recipe, source: str, sources: Mapping[str, str]) -> View:
    """Return the view that a camera sees: the only view, or the one that has this camera in the settings.

    Args:
        recipe: The recipe.
        source: The camera.
        sources: The camera of each view, as the settings have them.

    Raises:
        BadInputError: None of the views belongs to this camera.
    """
    for view in recipe.views:
        if len(recipe.views) == 1 or sources.get(view.name) == source:
            return view
    raise BadInputError(
        f"Recipe {recipe.label} has no view that is taken by {source}.",
        f"Connect the camera that the settings name for one of them: {listed(recipe.view_names)}.",
    )


def place_to_teach(
    entries: Iterable[RecipeEntry], drawn: DrawnPlace | None, name: str, view: str
) -> InspectedPlace | None:
    """Return where a view is taught: what was decided last, in a recipe or before there was one; None if nothing was.

    In recipes it is the region and ignore mask of the newest revision that has the view and is not retired, so a draft
    with another region says what the next teaching learns. It was decided when the first of the newest revisions with
    this place was made: a draft with another limit does not undo what was drawn since.

    Args:
        entries: All revisions.
        drawn: What was drawn for this view outside of recipes; None if nothing was.
        name: The recipe.
        view: The view.
    """
    decided = _decided_in_recipes(entries, name, view)
    known = [each for each in (decided, drawn) if each is not None]
    return max(known, key=lambda each: each.at).place if known else None


def _decided_in_recipes(entries: Iterable[RecipeEntry], name: str, view: str) -> DrawnPlace | None:
    decided: DrawnPlace | None = None
    for entry in sorted(entries, key=lambda one: -one.recipe.revision):
        alive = entry.recipe.name == name and entry.state is not RecipeState.RETIRED
        for seen in entry.recipe.views if alive else ():
            if seen.name.casefold() == view.casefold():
                place = InspectedPlace.of(seen)
                if decided is not None and place != decided.place:
                    return decided
                decided = DrawnPlace(place, entry.created_at)
    return decided


def with_taught_view(
    recipes: Recipes, name: str, taught: View, author: str, reason: str, product: str = ""
) -> Recipe:  # one view of a recipe, by whom and why
    """Return the next revision with this newly taught view; everything else is kept as in the released revision.

    Args:
        recipes: Of the station.
        name: The recipe.
        taught: The view.
        author: Who taught it.
        reason: Why.
        product: What the pictures show; if not given, the product is named like the recipe.

    Raises:
        BadInputError: If views with a name and one without would be in one recipe.
    """
    require_addable(recipes, name, taught.name)
    views = _kept(recipes, name)
    place = taught.name.casefold()
    before = views.get(place, taught)
    views[place] = replace(taught, camera_settings=before.camera_settings, code=before.code)
    begun = next((one.recipe for one in _alive(recipes, name)), Recipe(name, 1, name, (taught,)))
    number = recipes.next_revision(name)
    return replace(
        begun, revision=number, product=product or name, views=tuple(views.values()), author=author, reason=reason
    )


def require_addable(recipes: Recipes, name: str, view: str) -> None:
    """Check before a long training that the view can be added to those of the recipe.

    Raises:
        BadInputError: If views with a name and one without would be in one recipe, or two that differ only in case.
    """
    if view:
        checked_name(view, "view")
    kept = _kept(recipes, name)
    if kept and all(kept) != bool(view):
        raise _unlike(name, kept, view)
    there = kept.get(view.casefold())
    if there and there.name != view:
        raise BadInputError(f"Recipe '{name}' has a view '{there.name}' already.", f"Write --view '{there.name}'.")


def view_mismatch(recipe: Recipe, cameras: Iterable[str]) -> str:
    """Return a sentence on how a recipe's views differ from the cameras; "" if they are the same, or none is set."""
    names = tuple(cameras)
    if not names or recipe.sees(names):
        return ""
    return f"Recipe {recipe.label} sees {listed(recipe.view_names)}, and the cameras are {listed(names)}."


def free_running_warning(sources: Mapping[str, str], trigger: str) -> str:
    """Return a warning if several cameras are not triggered together; "" if they are."""
    live = live_views(sources)
    if len(live) < 2 or trigger != "free":
        return ""
    return f"{listed(live)} run freely, and may not see a part at the same moment"


def _kept(recipes: Recipes, name: str) -> dict[str, View]:
    """Return each view, by its name in lower case, from the released revision, else from the newest one.

    So a second draft keeps the views of the first one. Views of retired revisions are not kept.
    """
    kept: dict[str, View] = {}
    for entry in _alive(recipes, name):
        for view in entry.recipe.views:
            if not kept or all(kept) == bool(view.name):
                kept.setdefault(view.name.casefold(), view)
    return kept


def _alive(recipes: Recipes, name: str) -> list[RecipeEntry]:
    """Return the revisions of a recipe that are not retired: the released one first, then the newest first."""
    alive = [one for one in recipes.entries() if one.recipe.name == name and one.state is not RecipeState.RETIRED]
    return sorted(alive, key=lambda one: one.state is not RecipeState.RELEASED)


def _unlike(name: str, kept: Mapping[str, View], view: str) -> BadInputError:
    if view:
        return BadInputError(
            f"Recipe '{name}' has one view without a name, so a view '{view}' cannot be added.",
            "Leave out --view, or teach every view under the name of another product.",
        )
    names = listed(one.name for one in kept.values())
    return BadInputError(f"Recipe '{name}' has views with names: {names}.", "Name the view that is taught with --view.")
