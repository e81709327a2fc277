"""Floor 3: what a guest may hook into. A plug-in is a package with an entry point in the group `lineside`."""

from collections.abc import Mapping

import pluggy

from station.domain.inspection import Inspection
from station.settings import Settings

hookspec = pluggy.HookspecMarker("lineside")
hookimpl = pluggy.HookimplMarker("lineside")


class StationHooks:
    """The moments a plug-in is told of."""

    @hookspec
    def station_started(self, settings: Mapping[str, bool | int | float | str]) -> None:
        """Once, before the first part. `settings` is the plug-in's own table of `station.toml`."""

    @hookspec
    def inspection_judged(self, inspection: Inspection) -> None:
        """Every part, at once after its verdict, before screen and disk: the place to drive a reject output.

        Called on the inspection thread; the next part waits for it. NOT_INSPECTED parts come too, and are not PASS.
        """

    @hookspec
    def station_stopped(self) -> None:
        """Once, after the last part."""


def plugin_manager() -> pluggy.PluginManager:
    """All installed plug-ins, loaded and checked against the hooks."""
    manager = pluggy.PluginManager("lineside")
    manager.add_hookspecs(StationHooks)
    manager.load_setuptools_entrypoints("lineside")
    manager.check_pending()
    return manager


def own_settings(settings: Settings, name: str) -> Mapping[str, bool | int | float | str]:
    """The table of the plug-in called `name`, empty where there is none."""
    return settings.plugins.get(name, {})
