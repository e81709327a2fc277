"""Changes `station.toml` by value: comments and all other lines stay as a person wrote them."""

from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from station.domain.errors import BadInputError
from station.settings import Settings
from station.settings_file import PluginModels, checked_settings, load_settings
from station.workspace import write_for_person


def set_in_table(path: Path, table: str, values: Mapping[str, object], models: PluginModels) -> Settings:
    """Set values of one table in the file, and return all settings as they are then.

    The file is written only if all of it can be used with the new values.

    Args:
        path: The file; it may be missing.
        table: Name of the table, "camera".
        values: The new values by their keys; a key with the value None is removed. Of a table in it only the keys that
            are given change.
        models: As in `load_settings`.

    Raises:
        BadInputError: The file cannot be read, changed or written, or a value cannot be used. Nothing was changed.
    """
    load_settings(path, models)  # what is wrong already is named as at a start
    try:
        document = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
        section = document.setdefault(table, tomlkit.table())
        assert isinstance(section, Table), "the settings were checked: it is a table"
        for key, value in values.items():
            if value is None:
                section.pop(key, None)
            elif isinstance(value, Mapping) and key in section:
                section[key].update(value)
            else:
                section[key] = value
        text = tomlkit.dumps(document)
    except (OSError, TOMLKitError) as error:
        raise BadInputError(f"{path} cannot be changed: {error}.", "Change it with an editor.") from error
    settings = checked_settings(path, text, models)
    write_for_person(path, text.encode(), "Make the workspace writable for this user.")
    return settings
