"""The methods of all plug-ins that are installed."""

from collections.abc import Sequence
from typing import cast

from station.plugin_api.hooks import installed_plugins
from station.plugin_api.teaching import TeachingMethod


def installed_methods() -> dict[str, tuple[str, TeachingMethod]]:
    """Return each method by its name, with the name of its plug-in. The first of two with one name counts.

    Raises:
        BadInputError: A plug-in cannot be loaded.
    """
    found: dict[str, tuple[str, TeachingMethod]] = {}
    for implementation in installed_plugins().hook.teaching_methods.get_hookimpls():
        for method in cast("Sequence[TeachingMethod]", implementation.function()):
            found.setdefault(method.name, (implementation.plugin_name, method))
    return found
