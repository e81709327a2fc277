"""Floor 3: what a guest may hook into. A plug-in is a package with an entry point in the group `lineside`."""

from collections.abc import Callable, Mapping

import pluggy

from station.domain.inspection import Inspection, PartKey

hookspec = pluggy.HookspecMarker("lineside")
hookimpl = pluggy.HookimplMarker("lineside")


class StationHooks:
    """The moments a plug-in is told of.

    All calls of one plug-in come on one thread of its own, one after the other. The line waits for it, but not for
    long: what it does not answer in time is a failure, and until it answers it is told of nothing.
    """

    @hookspec
    def station_started(self, settings: Mapping[str, bool | int | float | str], trigger: Callable[[], PartKey]) -> None:
        """Once, before the first part.

        Who cannot do its work raises a StationError: then the line does not start, and says why. 10 s to answer.

        Args:
            settings: The plug-in's own table of `station.toml`.
            trigger: Has the cameras look at a part, where `camera.trigger` is "software": for a light barrier or a
                PLC. From any thread; raises a StationError while the line takes no part.
        """

    @hookspec
    def inspection_judged(self, inspection: Inspection) -> None:
        """Every part, at once after its verdict, before screen and disk: the place to drive a reject output.

        The next part waits for it, 0.25 s at most. NOT_INSPECTED parts come too, and are not PASS.
        """

    @hookspec
    def station_stopped(self) -> None:
        """Once, after the last part, and after a start that failed."""


def installed_plugins() -> pluggy.PluginManager:
    """All installed plug-ins, loaded and checked against the hooks."""
    manager = pluggy.PluginManager("lineside")
    manager.add_hookspecs(StationHooks)
    manager.load_setuptools_entrypoints("lineside")
    manager.check_pending()
    return manager
