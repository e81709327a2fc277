"""A recipe from a file that anybody may have written: each value is of the kind that a station writes.

A limit that is not a number would let every part pass, and a name that is not a text would stop the program.
"""

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

_LARGEST = 2**53
"""Whole numbers up to here are exact in every program that reads JSON."""


def misfit(value: object, kind: Any, place: str = "") -> str:  # noqa: ANN401 - any annotation of a recipe
    """Return the place of the first value that is not of its kind, such as "views.0.limits.min_area_px"; "" if all are.

    Args:
        value: A recipe, or a part of one.
        kind: What it should be, as an annotation.
        place: Where it is.
    """
    origin, args = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        if not isinstance(value, kind):
            return place
        inside = [(getattr(value, name), of, name) for name, of in get_type_hints(kind).items()]
    elif origin is UnionType:
        return "" if any(not misfit(value, each, "here") for each in args) else place
    elif origin is tuple:
        if not isinstance(value, tuple):
            return place
        inside = [(each, args[0], str(number)) for number, each in enumerate(value)]
    elif origin is dict:
        if not isinstance(value, Mapping):
            return place
        inside = [(each, of, str(key)) for key, one in value.items() for each, of in ((key, args[0]), (one, args[1]))]
    else:
        return "" if _is(value, kind) else place
    found = (misfit(each, of, f"{place}.{name}".removeprefix(".")) for each, of, name in inside)
    return next(filter(None, found), "")


def _is(value: object, kind: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether a value without parts is of a kind; a kind that is not known here has no value."""
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
    if kind is str:
        return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return isinstance(value, kind) if kind is bool or kind is type(None) or issubclass(kind, Enum) else False
