"""Which recipes the settings of the camera could go into, and what of them would."""

from dataclasses import dataclass

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.formatting import counted
from station.domain.recipe import Recipe, SettingValue

_NAMED = 3


@dataclass(frozen=True, slots=True)
class RecipeOffer:
    """A recipe to copy into.

    Attributes:
        recipe: The revision that would be the pattern.
        loaded: The line judges by it.
        words: What would be copied, or why nothing can be.
        possible: Something can be.
    """

    recipe: Recipe
    loaded: bool
    words: str
    possible: bool


def recipe_offers(station: Station) -> tuple[RecipeOffer, ...]:
    """One for each name, the loaded recipe first, then the newest. Waits for the camera.

    Raises:
        StationError: The camera or the recipes cannot be read.
    """
    newest = sorted(station.recipes.entries(), key=lambda entry: entry.created_at, reverse=True)
    on_line = station.line.recipe.name if station.line.recipe else ""
    names = sorted(dict.fromkeys(entry.recipe.name for entry in newest), key=lambda name: name != on_line)
    settings = station.cameras.settings_for_recipe() if names else {}
    return tuple(_offer(station, station.recipes.find(name).recipe, settings, name == on_line) for name in names)


def _offer(station: Station, recipe: Recipe, settings: dict[str, SettingValue], loaded: bool) -> RecipeOffer:
    if not settings:
        return RecipeOffer(recipe, loaded, "This camera has no settings that a recipe can hold.", possible=False)
    try:
        view = station.cameras.view_for(recipe).name
    except BadInputError as error:
        return RecipeOffer(recipe, loaded, str(error), possible=False)
    return RecipeOffer(recipe, loaded, _what(settings, view), possible=True)


def _what(settings: dict[str, SettingValue], view: str) -> str:
    names = ", ".join(list(settings)[:_NAMED]) + (" \u2026" if len(settings) > _NAMED else "")
    count = counted(len(settings), "setting")
    return f"{names}: {count}{f', view {view}' if view else ''}."
