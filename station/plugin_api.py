"""Floor 3: what a guest may hook into. A plug-in is a package with an entry point in the group `lineside`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class GuestFailure:
    """A plug-in that raised, and what it said."""

    plugin: str
    error: Exception | SystemExit


class Guests:
    """The installed plug-ins, called one by one: one that fails keeps none of the others from being told."""

    def __init__(self, manager: pluggy.PluginManager | None = None) -> None:
        self._manager = manager or installed_plugins()

    def start(self, settings: Settings) -> tuple[GuestFailure, ...]:
        """Tell each of the start, with its own table of the settings."""
        return self._tell("station_started", lambda name: {"settings": settings.plugins.get(name, {})})

    def judged(self, inspection: Inspection) -> tuple[GuestFailure, ...]:
        """Tell each of a part's verdict."""
        return self._tell("inspection_judged", lambda _: {"inspection": inspection})

    def stop(self) -> tuple[GuestFailure, ...]:
        """Tell each of the stop."""
        return self._tell("station_stopped", lambda _: {})

    def _tell(self, hook: str, arguments: Callable[[str], dict[str, object]]) -> tuple[GuestFailure, ...]:
        failures = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            given = arguments(implementation.plugin_name)
            try:
                implementation.function(**{name: given[name] for name in implementation.argnames})
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a guest may fail in any way; the caller publishes it
                failures.append(GuestFailure(implementation.plugin_name, error))
        return tuple(failures)


def installed_plugins() -> pluggy.PluginManager:
    """All installed plug-ins, loaded and checked against the hooks."""
    manager = pluggy.PluginManager("lineside")
    manager.add_hookspecs(StationHooks)
    manager.load_setuptools_entrypoints("lineside")
    manager.check_pending()
    return manager
