"""The recipes of a product: several may inspect one type of part, such as one by day and one by night."""

from collections.abc import Iterable, Sequence

from station.domain.errors import BadInputError
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, checked_name, listed
from station.storage.recipes.recipes import Recipes


def names_of(entries: Iterable[RecipeEntry], product: str) -> tuple[str, ...]:
    """Return the names of the recipes that inspect a product, also of those that are retired.

    If no recipe inspects the product, it is the one that is named like it: "plate" teaches the recipe "plate" of the
    product "Steel plate", so what people said of its parts counts.
    """
    recipes = [entry.recipe for entry in entries]
    inspecting = {recipe.name for recipe in recipes if recipe.product == product}
    return tuple(sorted(inspecting or {recipe.name for recipe in recipes if recipe.name == product}))


def released_for(entries: Iterable[RecipeEntry], product: str) -> tuple[Recipe, ...]:
    """Return the released revisions for a product, by the names of their recipes."""
    released = (entry.recipe for entry in entries if entry.state is RecipeState.RELEASED)
    return tuple(sorted((one for one in released if one.product == product), key=lambda recipe: recipe.name))


def recipe_for(entries: Iterable[RecipeEntry], product: str) -> Recipe | None:
    """Return what judges pictures of a product best: a released revision, else the newest draft; None without any.

    If no recipe inspects the product, one that is named like it is taken.
    """
    rank = {RecipeState.RELEASED: 0, RecipeState.RETIRED: 2}
    found = [entry for entry in entries if product in (entry.recipe.product, entry.recipe.name)]
    found.sort(key=lambda one: (one.recipe.product != product, rank.get(one.state, 1), -one.recipe.revision))
    return found[0].recipe if found else None


def recipe_to_teach(recipes: Recipes, product: str, wanted: str = "") -> str:
    """Return the name of the recipe that gets a model of a product.

    Without a wish it is the recipe that is named like the product, else the only one that inspects the product, else a
    new one that is named like it.

    Args:
        recipes: Of the station.
        product: The type of part.
        wanted: The name of the recipe; "" if nobody said one.

    Raises:
        BadInputError: That recipe inspects another product, or nobody said which of several is wanted.
    """
    entries = recipes.entries()
    if not wanted:
        return _unsaid(_alive_names(entries, product), product)
    name = checked_name(wanted, "recipe")
    others = {entry.recipe.product for entry in entries if entry.recipe.name == name} - {product}
    if others and name != product:
        raise BadInputError(
            f"Recipe '{name}' inspects '{min(others)}', not '{product}'.", "Choose another recipe, or another name."
        )
    return name


def takes_place_of_product(entries: Sequence[RecipeEntry], product: str, name: str) -> bool:
    """Return whether a region that was drawn for a product is meant for this recipe, and not for one beside it.

    A recipe for the night may look at another region than that for the day.
    """
    return name == product or _alive_names(entries, product) in ((), (name,))


def _alive_names(entries: Sequence[RecipeEntry], product: str) -> tuple[str, ...]:
    alive = [entry for entry in entries if entry.state is not RecipeState.RETIRED]
    return names_of(alive, product) or names_of(entries, product)


def _unsaid(names: tuple[str, ...], product: str) -> str:
    if product in names or not names:
        return product
    if len(names) > 1:
        raise BadInputError(
            f"Several recipes inspect '{product}': {listed(names)}.", "Choose the one that gets the new model."
        )
    return names[0]
