"""Guests are told one by one."""

import pluggy

from station.plugin_api import Guests, StationHooks, hookimpl
from station.settings import Settings


class Breaking:
    @hookimpl
    def station_stopped(self) -> None:
        raise ValueError("mad")


class Counting:
    def __init__(self) -> None:
        self.stops = 0
        self.settings: object = None

    @hookimpl
    def station_started(self, settings: object) -> None:
        self.settings = settings

    @hookimpl
    def station_stopped(self) -> None:
        self.stops += 1


def guests(**plugins: object) -> Guests:
    manager = pluggy.PluginManager("lineside")
    manager.add_hookspecs(StationHooks)
    for name, plugin in plugins.items():
        manager.register(plugin, name=name)
    return Guests(manager)


def test_that_a_failing_guest_keeps_no_other_from_being_told() -> None:
    first, last = Counting(), Counting()
    failures = guests(first=first, breaking=Breaking(), last=last).stop()
    assert (first.stops, last.stops) == (1, 1)
    assert [(f.plugin, str(f.error)) for f in failures] == [("breaking", "mad")]


def test_that_a_guest_is_given_its_own_settings_only() -> None:
    mine, other = Counting(), Counting()
    settings = Settings(plugins={"mine": {"port": "A"}, "stranger": {"port": "B"}})
    assert guests(mine=mine, other=other).start(settings) == ()
    assert (mine.settings, other.settings) == ({"port": "A"}, {})


def test_that_the_shipped_guests_are_found() -> None:
    assert Guests().stop() == ()
