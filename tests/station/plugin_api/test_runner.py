"""Plug-ins are told at the same time, and waited for no longer than agreed."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pluggy
import pytest

from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.verdict import Verdict
from station.plugin_api.hooks import StationHooks, hookimpl
from station.plugin_api.runner import PluginRunner
from station.settings import Settings

A_WHILE_S = 30.0


class Breaking:
    @hookimpl
    def station_stopped(self) -> None:
        raise ValueError("mad")


class Counting:
    def __init__(self) -> None:
        self.parts: list[int] = []
        self.stops = 0
        self.settings: object = None
        self.threads: set[threading.Thread] = set()

    @hookimpl
    def station_started(self, settings: object) -> None:
        self.settings = settings
        self.threads.add(threading.current_thread())

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        self.parts.append(inspection.key.part)
        self.threads.add(threading.current_thread())

    @hookimpl
    def station_stopped(self) -> None:
        self.stops += 1
        self.threads.add(threading.current_thread())


class Hanging(Counting):
    def __init__(self) -> None:
        super().__init__()
        self.let_go, self.answered = threading.Event(), threading.Event()

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        self.parts.append(inspection.key.part)
        assert self.let_go.wait(A_WHILE_S)
        self.answered.set()


def part(number: int) -> Inspection:
    view = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.1)
    return Inspection(PartKey(1, number), datetime(2026, 11, 22, tzinfo=UTC), (view,))


@pytest.fixture
def invite() -> Iterator[Callable[..., PluginRunner]]:
    invited: list[PluginRunner] = []

    def make(judged_within_s: float = A_WHILE_S, **plugins: object) -> PluginRunner:
        manager = pluggy.PluginManager("lineside")
        manager.add_hookspecs(StationHooks)
        for name, plugin in plugins.items():
            manager.register(plugin, name=name)
        invited.append(PluginRunner(manager, judged_within_s=judged_within_s))
        return invited[-1]

    yield make
    for guests in invited:
        guests.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lineside plug-in")] == []


def test_that_a_failing_guest_keeps_no_other_from_being_told(invite) -> None:
    first, last = Counting(), Counting()
    failures = invite(first=first, breaking=Breaking(), last=last).stop()
    assert (first.stops, last.stops) == (1, 1)
    assert [(f.plugin, f.error.sentence) for f in failures] == [
        ("breaking", "The plug-in breaking failed: ValueError: mad.")
    ]


def test_that_a_guest_is_given_its_own_settings_only(invite) -> None:
    mine, other = Counting(), Counting()
    settings = Settings(plugins={"mine": {"port": "A"}, "stranger": {"port": "B"}})
    assert invite(mine=mine, other=other).start(settings, lambda: PartKey(1, 1)) == ()
    assert (mine.settings, other.settings) == ({"port": "A"}, {})


def test_that_all_calls_of_a_guest_come_on_one_thread_of_its_own(invite) -> None:
    one, other = Counting(), Counting()
    guests = invite(one=one, other=other)
    guests.start(Settings(), lambda: PartKey(1, 1))
    guests.judged(part(1))
    guests.stop()
    assert len(one.threads) == len(other.threads) == 1
    assert one.threads.isdisjoint(other.threads | {threading.current_thread()})


def test_that_a_guest_that_hangs_is_a_failure_is_not_called_until_it_answers_and_keeps_no_other(invite) -> None:
    mad, well = Hanging(), Counting()
    guests = invite(judged_within_s=0.5, mad=mad, well=well)
    sentences = [failure.error.sentence for number in (1, 2, 3) for failure in guests.judged(part(number))]
    assert sentences == ["The plug-in mad did not answer in time."] * 3
    assert (mad.parts, well.parts) == ([1], [1, 2, 3])
    mad.let_go.set()
    assert mad.answered.wait(A_WHILE_S)
    while guests.judged(part(4)):
        pass
    assert mad.parts[:2] == [1, 4]


def test_that_nobody_waits_for_a_guest_that_hangs_already_and_nothing_calls_it_at_the_end(invite) -> None:
    mad = Hanging()
    hasty = invite(judged_within_s=0.05, mad=mad)
    hasty.judged(part(1))
    hasty._judged_within_s = A_WHILE_S * 1000
    assert [failure.plugin for failure in hasty.judged(part(2))] == ["mad"]
    assert hasty.stop() == ()
    assert mad.stops == 0
    mad.let_go.set()
    assert mad.answered.wait(A_WHILE_S)
    while hasty.judged(part(3)):
        pass
    hasty.stop()
    assert mad.stops == 1


def test_that_the_shipped_guests_are_found() -> None:
    assert PluginRunner().stop() == ()
