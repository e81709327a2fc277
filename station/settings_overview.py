"""Every setting with its meaning, unit, range and value, and the annotated `station.toml` made of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Literal, get_args, get_origin

import tomlkit
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from station.settings import Settings
from station.settings_file import Place, PluginModels, line_of

_UNITS = {"_s": "seconds", "_ms": "milliseconds", "_mb": "MB", "_hz": "1/s", "_px": "pixels"}
_BOUNDS = {"ge": "at least {}", "gt": "more than {}", "le": "at most {}", "lt": "less than {}"}


@dataclass(frozen=True, slots=True)
class SettingDescription:
    """One setting of this station.

    Attributes:
        place: Where it is in the file: ("camera", "ring_slots").
        meaning: What it does, one line.
        unit: Its unit in words; "" without one.
        limits: What values it takes: "at least 2, at most 64" or "free, software or hardware"; "" for any.
        value, default: As in the file: text, number, boolean, list or table.
        line: The line of `station.toml` that sets it; None if the default holds.
    """

    place: Place
    meaning: str
    unit: str
    limits: str
    value: object
    default: object
    line: int | None

    @property
    def key(self) -> str:
        """Return its name as in error messages: "camera.ring_slots"."""
        return ".".join(map(str, self.place))

    @property
    def origin(self) -> str:
        """Return where the value comes from, for people."""
        return "default" if self.line is None else f"station.toml, line {self.line}"


def describe_settings(
    settings: Settings, lines: Mapping[Place, int], plugin_models: PluginModels
) -> tuple[SettingDescription, ...]:
    """Return every setting of the station and of its plug-ins, in the order of their declaration.

    Args:
        settings: What holds now.
        lines: The line of each key in `station.toml`, see `line_numbers`.
        plugin_models: The settings model of every installed plug-in; None if it declares no model.
    """
    found = list(_described(settings, lines, ()))
    for name, model in plugin_models.items():
        if model is not None:
            found += _described(model.model_validate(settings.plugins.get(name, {})), lines, ("plugins", name))
    return tuple(found)


def annotated_toml(descriptions: Sequence[SettingDescription]) -> str:
    """Return a `station.toml` that names every setting; a setting with its default is a comment.

    Example:
        [camera]
        # Frames that wait for inspection before one is given up (at least 2, at most 64)
        # ring_slots = 8
    """
    tables: dict[Place, list[str]] = {}
    for one in descriptions:
        tables.setdefault(one.place[:-1], []).extend(_lines_of(one))
    blocks = ["\n".join([f"[{_dotted(table)}]", *lines]) for table, lines in tables.items()]
    return "\n\n".join(blocks) + "\n"


def _dotted(keys: Iterable[str | int]) -> str:
    return tomlkit.key([str(key) for key in keys]).as_string()


def _lines_of(one: SettingDescription) -> tuple[str, str]:
    limits = ", ".join(filter(None, (one.unit if one.unit not in one.meaning else "", one.limits)))
    assignment = f"{one.place[-1]} = {_toml(one.value)}"
    return f"# {one.meaning}{f' ({limits})' if limits else ''}", assignment if one.line else f"# {assignment}"


def _described(model: BaseModel, lines: Mapping[Place, int], above: Place) -> Iterator[SettingDescription]:
    for name, field in type(model).model_fields.items():
        value, place = getattr(model, name), (*above, name)
        if isinstance(value, BaseModel):
            yield from _described(value, lines, place)
        elif place != ("plugins",):
            default = field.get_default(call_default_factory=True)
            line = line_of(place, lines) if name in model.model_fields_set else None
            yield SettingDescription(
                place, field.description or "", _unit(name), _limits(field), _plain(value), _plain(default), line
            )


def _unit(name: str) -> str:
    return next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "")


def _limits(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        *others, last = map(str, get_args(field.annotation))
        return f"{', '.join(others)} or {last}"
    bounds = ((name, getattr(rule, name, None)) for rule in field.metadata for name in _BOUNDS)
    return ", ".join(_BOUNDS[name].format(bound) for name, bound in bounds if bound is not None)


def _plain(value: object) -> object:
    """Return the value as it is written in the file and in JSON."""
    match value:
        case BaseModel():
            return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
        case Mapping():
            return {str(name): _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case time():
            return value.isoformat()
        case Path():
            return str(value)
    return value


def _toml(value: object) -> str:
    """Return a value on one line."""
    match value:
        case Mapping():
            return (
                "{" + ", ".join(f"{tomlkit.key(name).as_string()} = {_toml(one)}" for name, one in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
    return tomlkit.item(value).as_string()
