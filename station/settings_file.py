"""`station.toml`: read, checked, and every error named at once with its line, its cause and its remedy."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from station.domain.errors import BadInputError
from station.domain.formatting import counted
from station.settings import Settings

Place = tuple[str | int, ...]
"""Where a value is in the file: ("station", "shifts", 0, "name")."""

PluginModels = Mapping[str, type[BaseModel] | None]
"""The settings model of every installed plug-in by its name; None if it declares no model."""

_PLAIN_PROBLEMS = {
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "literal_error": "must be {expected}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be a text in quotes",
    "string_too_short": "must have at least {min_length} character(s)",
    "string_too_long": "must have at most {max_length} characters",
    "path_type": "must be a path in quotes",
    "time_type": "must be a time such as 06:00:00",
    "time_parsing": "must be a time such as 06:00:00",
    "list_type": "must be a list in square brackets",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "tuple_type": "must be a list in square brackets",
    "missing": "is missing",
}


@dataclass(frozen=True, slots=True)
class SettingError:
    """One value that cannot be used.

    Attributes:
        place: Where it is.
        problem: What is wrong: "must be at least 2, not 1".
        remedy: What to do, or what the setting means. May be empty.
    """

    place: Place
    problem: str
    remedy: str

    def sentence(self, lines: Mapping[Place, int]) -> str:
        """Return the error with its line: "line 4: setting 'camera.ring_slots': must be at least 2, not 1."."""
        line = line_of(self.place, lines)
        key = ".".join(map(str, self.place))
        return f"{f'line {line}: ' if line else ''}setting '{key}': {self.problem}. {self.remedy}".rstrip()


def load_settings(path: Path, plugin_models: PluginModels | None = None) -> Settings:
    """Return the settings in `path`, with defaults for a missing file or key.

    Args:
        path: The file.
        plugin_models: Check the table of each plug-in, too; None leaves these tables unchecked.

    Raises:
        BadInputError: The file cannot be read, is not TOML, or has settings that cannot be used; all of them are named.
    """
    return checked_settings(path, _read_text(path), plugin_models)


def checked_settings(path: Path, text: str, plugin_models: PluginModels | None = None) -> Settings:
    """Return the settings in a text that is, or would be, the content of `path`.

    Raises:
        BadInputError: As `load_settings`.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInputError(
            f"{path} is not valid TOML: {error}.", "Correct the line, or rename the file to start with the defaults."
        ) from error
    errors = [] if plugin_models is None else plugin_errors(values.get("plugins", {}), plugin_models)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise _refusal(path, text, setting_errors(error, Settings) + errors) from error
    if errors:
        raise _refusal(path, text, errors)
    return settings


def plugin_errors(tables: object, models: PluginModels) -> list[SettingError]:
    """Return every error in the tables [plugins.NAME]: settings of a plug-in, and tables of plug-ins not installed."""
    tables = tables if isinstance(tables, dict) else {}
    errors = [_not_installed(name, models) for name in tables if name not in models]
    for name, model in models.items():
        if model is None:
            continue
        try:
            model.model_validate(tables.get(name, {}))
        except ValidationError as error:
            errors += setting_errors(error, model, ("plugins", name))
    return errors


def setting_errors(error: ValidationError, model: type[BaseModel], prefix: Place = ()) -> list[SettingError]:
    """Return every error of a validation in plain words, for a model whose values are at `prefix`."""
    return [_setting_error(each, model, prefix) for each in error.errors(include_url=False)]


def _setting_error(error: ErrorDetails, model: type[BaseModel], prefix: Place) -> SettingError:
    place = error["loc"]
    if error["type"] == "extra_forbidden":
        return SettingError((*prefix, *place), *_unknown(place, model))
    return SettingError((*prefix, *place), _problem(error), _meaning(place, model))


def line_of(place: Place, lines: Mapping[Place, int]) -> int | None:
    """Return the line of this value, or of the table around it; None if the file has neither."""
    around = (place[:length] for length in range(len(place), 0, -1))
    return next((lines[outer] for outer in around if outer in lines), None)


def line_numbers(text: str) -> dict[Place, int]:
    """Return the line number, from 1, of every table and key of a valid TOML text.

    `tomllib` keeps no positions, so each statement is parsed alone. A statement that is not complete yet takes in the
    next line:

        1 [[station.shifts]]       ("station", "shifts", 0)
        2 name = "Early"           ("station", "shifts", 0, "name")
        3 [camera]                 ("camera",)
        4 producers = [            ("camera", "producers")
        5   "/opt/a.cti",          belongs to line 4
        6 ]
    """
    found: dict[Place, int] = {}
    rows: dict[Place, int] = {}
    table: Place = ()
    for number, statement in _statements(text.splitlines()):
        keys = _keys(tomllib.loads(statement))
        if statement.lstrip().startswith("["):
            table = _opened_table(keys, rows, new_row=statement.lstrip().startswith("[["))
            keys = ()
            found.setdefault(table, number)
        for length in range(1, len(keys) + 1):
            found.setdefault((*table, *keys[:length]), number)
    return found


def _statements(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield each table header and each key with its value, and the number of its first line."""
    statement, first = "", 0
    for number, line in enumerate(lines, 1):
        if not statement and (not line.strip() or line.lstrip().startswith("#")):
            continue
        first = first if statement else number
        statement = f"{statement}\n{line}" if statement else line
        if _is_complete(statement):
            yield first, statement
            statement = ""


def _is_complete(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _keys(values: object) -> tuple[str, ...]:
    """Return the dotted key of one parsed statement: {"a": {"b": 1}} is ("a", "b")."""
    if isinstance(values, list):
        return _keys(values[0]) if values else ()
    if not isinstance(values, dict) or len(values) != 1:
        return ()
    key, value = next(iter(values.items()))
    return (key, *_keys(value))


def _opened_table(keys: tuple[str, ...], rows: dict[Place, int], *, new_row: bool) -> Place:
    """Return the place of a header's table, with the index of every array of tables on the way."""
    place: Place = ()
    for depth, key in enumerate(keys, 1):
        place = (*place, key)
        if new_row and depth == len(keys):
            rows[place] = rows.get(place, -1) + 1
        if place in rows:
            place = (*place, rows[place])
    return place


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.", "Grant this user read permission.") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is not valid TOML: {error}.", "Save the file as UTF-8 text.") from error


def _refusal(path: Path, text: str, errors: list[SettingError]) -> BadInputError:
    lines = line_numbers(text)
    errors = sorted(errors, key=lambda error: line_of(error.place, lines) or 0)
    many = f"{path} has {counted(len(errors), 'error')}:"
    sentence = "\n".join([many, *(f"  {error.sentence(lines)}" for error in errors)])
    return BadInputError(sentence, "Correct the file and start again.")


def _not_installed(name: str, models: PluginModels) -> SettingError:
    problem = f"no plug-in of this name is installed; installed: {', '.join(models) or 'none'}"
    return SettingError(("plugins", name), problem, "Install the plug-in, correct the name, or delete the table.")


def _problem(error: ErrorDetails) -> str:
    """Return what is wrong in plain words, with the value if it is short."""
    plain = _PLAIN_PROBLEMS.get(error["type"])
    if plain is None:
        return error["msg"].removeprefix("Value error, ").rstrip(".")
    given = error["input"]
    wrong = f", not {given!r}" if isinstance(given, bool | int | float | str) else ""
    return plain.format(**error.get("ctx", {})) + wrong


def _unknown(place: Place, model: type[BaseModel]) -> tuple[str, str]:
    """Return the problem and the remedy of a name that does not exist."""
    table = _model_at(model, place[:-1])
    names = list(table.model_fields) if table else []
    similar = difflib.get_close_matches(str(place[-1]), names, n=1)
    meant = f"Did you mean '{similar[0]}'? Otherwise delete the line." if similar else "Delete the line."
    return f"there is no such setting; there are: {', '.join(names)}", meant


def _meaning(place: Place, model: type[BaseModel]) -> str:
    """Return the description of this setting, or of the closest one around it."""
    for length in range(len(place), 0, -1):
        table = _model_at(model, place[: length - 1])
        field = table.model_fields.get(str(place[length - 1])) if table else None
        if field is not None and field.description:
            return f"Meaning: {field.description}."
    return ""


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """Return the model of the table at `place`; None if no model describes it."""
    for key in place:
        if isinstance(key, str):
            annotation: Any = model.model_fields[key].annotation if key in model.model_fields else None
            inner = next(iter(get_args(annotation)), annotation)
            if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
                return None
            model = inner
    return model
