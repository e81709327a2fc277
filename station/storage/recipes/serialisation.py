"""A recipe read from the canonical JSON that it writes itself, and that its hash is taken over."""

import json
from typing import Any

from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.recipe import InferenceSettings, ModelReference, QualityLimits, Recipe, View, checked_name
from station.domain.verdict import Limits

_OF_THE_RECIPE = ("name", "revision", "product", "author", "reason")


def recipe_from_text(text: str | bytes, name: str) -> Recipe:
    """The recipe that was written as `Recipe.text`.

    Args:
        text: Canonical JSON, UTF-8 where bytes.
        name: Where the text is from, for the sentence.

    Raises:
        BadInputError: The text is no recipe, one with a limit out of range, or a view cannot be named so.
    """
    try:
        return _recipe(json.loads(text))
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError(f"{name} holds no recipe: {error}.", "Export the recipe again.") from error


def _recipe(fields: dict[str, Any]) -> Recipe:
    """The fields of the only view without a name stand beside those of the recipe."""
    head = {name: fields[name] for name in _OF_THE_RECIPE}
    rest = {name: value for name, value in fields.items() if name not in head}
    if "views" not in rest:
        return Recipe(**head, views=(_view({**rest, "name": ""}),))
    views = tuple(map(_view, rest.pop("views")))
    return Recipe(**head, **rest, views=views)


def _view(fields: dict[str, Any]) -> View:
    roi = fields["roi"]
    parts = {
        "name": _checked(fields["name"]),
        "model": ModelReference(**fields["model"]),
        "limits": Limits(**fields["limits"]),
        "roi": None if roi is None else RegionOfInterest(**roi),
        "quality": QualityLimits(**fields["quality"]),
        "inference": InferenceSettings(**fields["inference"]),
    }
    return View(**{**fields, **parts})


def _checked(view: str) -> str:
    """It becomes part of the names of files."""
    return view if view == "" else checked_name(view, "view")
