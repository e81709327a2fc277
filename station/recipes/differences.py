"""What differs between two revisions, by key."""

from collections.abc import Sequence
from dataclasses import asdict
from enum import Enum
from typing import Any

from station.domain.challenge_plan import parts_in_words
from station.domain.recipe import Recipe


class Absent(Enum):
    """In place of a value if a recipe has no such key; None is a value."""

    ABSENT = "-"

    def __str__(self) -> str:
        return self.value


ABSENT = Absent.ABSENT
Difference = tuple[str, object, object]
"""Key such as "limits.image_threshold", or "top.limits.image_threshold" of a view with a name; old value, new value."""


def differences(old: Recipe, new: Recipe) -> list[Difference]:
    """Return what differs, by key. A value is ABSENT if only the other revision has the key."""
    before, after = _flat(fields_of(old)), _flat(fields_of(new))
    keys = sorted(before.keys() | after.keys())
    values = [(key, before.get(key, ABSENT), after.get(key, ABSENT)) for key in keys]
    return [(key, was, now) for key, was, now in values if was != now]


def fields_of(recipe: Recipe) -> dict[str, Any]:
    """Return every field by its key. Keys of a view with a name begin with that name: "top.limits"."""
    fields: dict[str, Any] = {}
    for key, value in asdict(recipe).items():
        fields |= _of_views(value) if key == "views" else {key: value}
    fields["challenge"]["parts"] = parts_in_words(recipe.challenge.parts)
    return fields


def _of_views(views: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        f"{view['name']}.{key}" if view["name"] else key: value
        for view in views
        for key, value in view.items()
        if key != "name"
    }


def _flat(fields: dict[str, Any], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in fields.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat
