"""A recipe read from its canonical JSON, the text that its hash is computed from."""

import json
from typing import Any

from station.domain.challenge_plan import ChallengePart, ChallengePlan, ExpectedPlace, Known
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.part_code import CodeKind, CodeRule, IfUnread
from station.domain.part_location import PartLocation, SearchRange
from station.domain.picture_form import Colour, PictureForm
from station.domain.recipe import InferenceSettings, ModelReference, QualityLimits, Recipe, View, checked_name
from station.domain.verdict import Limits

_HEAD_FIELDS = ("name", "revision", "product", "author", "reason")


def recipe_from_text(text: str | bytes, name: str) -> Recipe:
    """Return the recipe that was written as `Recipe.text`.

    Args:
        text: Canonical JSON; bytes are UTF-8.
        name: The source of the text, for the error message.

    Raises:
        BadInputError: The text is not a recipe, a limit is out of range, or a view has a forbidden name.
    """
    try:
        return _recipe(json.loads(text))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise BadInputError(f"{name} does not contain a recipe: {error}.", "Export the recipe again.") from error


def _recipe(fields: dict[str, Any]) -> Recipe:
    """Return the recipe of these fields. A recipe with one unnamed view has the view's fields at its own level."""
    head = {name: fields[name] for name in _HEAD_FIELDS} | _kept(fields)
    rest = {name: value for name, value in fields.items() if name not in head}
    if "views" not in rest:
        return Recipe(**head, views=(_view({**rest, "name": ""}),))
    views = tuple(map(_view, rest.pop("views")))
    return Recipe(**head, **rest, views=views)


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: int(fields[name]) for name in ("keep_pass_every",) if name in fields}
    return kept | ({"challenge": _plan(fields["challenge"])} if "challenge" in fields else {})


def _plan(fields: dict[str, Any]) -> ChallengePlan:
    return ChallengePlan(**{**fields, "parts": tuple(map(_challenge_part, fields["parts"]))})


def _challenge_part(fields: dict[str, Any]) -> ChallengePart:
    place = None if fields["place"] is None else ExpectedPlace(**fields["place"])
    return ChallengePart(fields["name"], Known(fields["known"]), place)


def _view(fields: dict[str, Any]) -> View:
    parts = {
        "name": _checked(fields["name"]),
        "model": ModelReference(**fields["model"]),
        "limits": Limits(**fields["limits"]),
        "roi": _region(fields["roi"]),
        "quality": QualityLimits(**fields["quality"]),
        "inference": InferenceSettings(**fields["inference"]),
        "form": _form(fields.get("form")),
        "ignore": _mask(fields.get("ignore")),
        "taught_roi": _region(fields.get("taught_roi")),
        "code": _code(fields.get("code")),
        "location": _location(fields.get("location")),
    }
    return View(**{**fields, **parts})


def _region(fields: dict[str, Any] | None) -> RegionOfInterest | None:
    return None if fields is None else RegionOfInterest(**fields)


def _code(fields: dict[str, Any] | None) -> CodeRule | None:
    if fields is None:
        return None
    kinds = tuple(CodeKind(kind) for kind in fields["kinds"])
    read = {"region": RegionOfInterest(**fields["region"]), "kinds": kinds, "if_unread": IfUnread(fields["if_unread"])}
    return CodeRule(**{**fields, **read})


def _location(fields: dict[str, Any] | None) -> PartLocation | None:
    return None if fields is None else PartLocation(**{**fields, "search": SearchRange(**fields["search"])})


def _mask(fields: dict[str, Any] | None) -> IgnoreMask | None:
    return None if fields is None else IgnoreMask(**fields)


def _form(fields: dict[str, Any] | None) -> PictureForm | None:
    """Return the form; a recipe from before forms were kept has none."""
    return PictureForm(**{**fields, "colour": Colour(fields["colour"])}) if fields else None


def _checked(view: str) -> str:
    """Return the name of a view if it may be part of a file's name."""
    return view if view == "" else checked_name(view, "view")
