"""The methods of installed plug-ins, as `station.learning` teaches them."""

import importlib.util
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, JsonValue

from station.domain.errors import BadInputError
from station.learning.detector_settings import DetectorSettings, Lacking
from station.plugin_api.installed_methods import installed_methods
from station.plugin_api.plugin_settings import typed_settings
from station.plugin_api.teaching import TeachingMethod


class PluginMethod(DetectorSettings):
    """A method that a plug-in teaches and judges by.

    Attributes:
        plugin: Name of the plug-in, and the kind of its model packages.
        purpose: What the plug-in says of the method.
        settings: What differs from the defaults of the method's settings.
    """

    words: ClassVar[str] = "a method of a plug-in"
    licence: ClassVar[str] = "that of the plug-in"
    cost: ClassVar[str] = "as the plug-in says"

    kind: Literal["plugin"] = "plugin"
    plugin: str
    purpose: str = ""
    settings: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def offer(self) -> str:
        """Return what the plug-in says of the method."""
        return self.purpose

    @property
    def package_kind(self) -> str:
        """Return the kind of the packages: the plug-in computes them."""
        return self.plugin

    @property
    def computed(self) -> str:
        """Return how the model is computed."""
        return f"as the plug-in {self.plugin} computes"

    def lacks(self, backbones: Path) -> Lacking | None:
        """Return what is missing on this station; None if nothing is."""
        try:
            method = self.method()
        except BadInputError as error:
            return Lacking(error.sentence.removesuffix("."), error.advice)
        missing = [package for package in method.packages if importlib.util.find_spec(package) is None]
        return Lacking(f"{self.name} needs {' and '.join(missing)}", method.install) if missing else None

    def method(self) -> TeachingMethod:
        """Return the method of the plug-in.

        Raises:
            BadInputError: The plug-in is not installed, or has no such method.
        """
        plugin, method = installed_methods().get(self.name, ("", None))
        if method is None or plugin != self.plugin:
            raise BadInputError(
                f"There is no plug-in '{self.plugin}' with a method '{self.name}' here.",
                "Install it, or choose another.",
            )
        return method

    def typed_settings(self) -> Any:  # noqa: ANN401 - the class is the plug-in's
        """Return the settings as the method wants them.

        Raises:
            BadInputError: They cannot be used, or the plug-in is not installed.
        """
        return typed_settings(self.plugin, self.method().settings, self.settings)


def plugin_methods() -> dict[str, PluginMethod]:
    """Return each method of the installed plug-ins by its name.

    Raises:
        BadInputError: A plug-in cannot be loaded.
    """
    return {
        name: PluginMethod(name=name, plugin=plugin, purpose=method.words, side_px=method.side_px)
        for name, (plugin, method) in installed_methods().items()
    }
