"""Typed settings of plug-ins: one pydantic model for each, checked when the station is opened."""

from collections.abc import Mapping
from typing import cast

import pluggy
from pydantic import BaseModel, ConfigDict, ValidationError

from station.domain.errors import BadInputError
from station.settings_file import setting_errors


class PluginSettings(BaseModel):
    """Base of a plug-in's settings. Each field has a description with its unit, and a range if it is a number.

    Example:
        class LampSettings(PluginSettings):
            port: str = Field("", description="Serial port, such as /dev/ttyUSB0; empty switches the lamp off")
            on_time_s: float = Field(0.5, gt=0, le=10, description="Time that the lamp is on after a FAIL, seconds")
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


def settings_models(plugins: pluggy.PluginManager) -> dict[str, type[PluginSettings] | None]:
    """Return the settings model of every plug-in by its name; None if it declares no model."""
    models: dict[str, type[PluginSettings] | None] = {}
    for name, plugin in plugins.list_name_plugin():
        if plugin is not None:
            models[name] = None
    for implementation in plugins.hook.settings_model.get_hookimpls():
        models[implementation.plugin_name] = cast("type[PluginSettings]", implementation.function())
    return models


def typed_settings(
    plugin: str, model: type[PluginSettings] | None, table: Mapping[str, object]
) -> PluginSettings | Mapping[str, object]:
    """Return the plug-in's table as its model; the table itself if the plug-in declares no model.

    Raises:
        BadInputError: Settings cannot be used; all of them are named.
    """
    if model is None:
        return table
    try:
        return model.model_validate(table)
    except ValidationError as error:
        errors = setting_errors(error, model, ("plugins", plugin))
        sentence = " ".join(each.sentence({}) for each in errors)
        raise BadInputError(f"Plug-in {plugin}: {sentence}", f"Correct [plugins.{plugin}] in station.toml.") from error
