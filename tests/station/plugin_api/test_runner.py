"""The reject hooks of all plug-ins are called at the same time, and waited for no longer than agreed."""

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
        self.wake, self.answered = threading.Event(), threading.Event()

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        self.parts.append(inspection.key.part)
        assert self.wake.wait(A_WHILE_S)
        self.answered.set()


def part(number: int) -> Inspection:
    view = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.1)
    return Inspection(PartKey(1, number), datetime(2026, 11, 22, tzinfo=UTC), (view,))


@pytest.fixture
def runner_of() -> Iterator[Callable[..., PluginRunner]]:
    runners: list[PluginRunner] = []

    def make(judged_within_s: float = A_WHILE_S, **plugins: object) -> PluginRunner:
        manager = pluggy.PluginManager("lineside")
        manager.add_hookspecs(StationHooks)
        for name, plugin in plugins.items():
            manager.register(plugin, name=name)
        runners.append(PluginRunner(manager, judged_within_s=judged_within_s))
        return runners[-1]

    yield make
    for runner in runners:
        runner.stop_plugins()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lineside plug-in")] == []


def test_that_a_failing_plug_in_keeps_no_other_from_its_call(runner_of) -> None:
    first, last = Counting(), Counting()
    failures = runner_of(first=first, breaking=Breaking(), last=last).stop_plugins()
    assert (first.stops, last.stops) == (1, 1)
    assert [(f.plugin, f.error.sentence) for f in failures] == [
        ("breaking", "The plug-in breaking failed: ValueError: mad.")
    ]


def test_that_a_plug_in_receives_its_own_settings_only(runner_of) -> None:
    mine, other = Counting(), Counting()
    settings = Settings(plugins={"mine": {"port": "A"}, "stranger": {"port": "B"}})
    assert runner_of(mine=mine, other=other).start_plugins(settings, lambda: PartKey(1, 1)) == ()
    assert (mine.settings, other.settings) == ({"port": "A"}, {})


def test_that_all_reject_hooks_of_a_plug_in_run_on_one_thread_of_its_own(runner_of) -> None:
    one, other = Counting(), Counting()
    runner = runner_of(one=one, other=other)
    runner.start_plugins(Settings(), lambda: PartKey(1, 1))
    runner.call_reject_hooks(part(1))
    runner.stop_plugins()
    assert len(one.threads) == len(other.threads) == 1
    assert one.threads.isdisjoint(other.threads | {threading.current_thread()})


def test_that_a_plug_in_that_hangs_is_a_failure_and_is_not_called_until_it_answers(runner_of) -> None:
    mad, well = Hanging(), Counting()
    runner = runner_of(judged_within_s=0.5, mad=mad, well=well)
    sentences = [failure.error.sentence for number in (1, 2, 3) for failure in runner.call_reject_hooks(part(number))]
    assert sentences == ["The plug-in mad did not answer in time."] * 3
    assert (mad.parts, well.parts) == ([1], [1, 2, 3])
    mad.wake.set()
    assert mad.answered.wait(A_WHILE_S)
    while runner.call_reject_hooks(part(4)):
        pass
    assert mad.parts[:2] == [1, 4]


def test_that_the_line_does_not_wait_for_a_plug_in_that_hangs_already(runner_of) -> None:
    mad = Hanging()
    hasty = runner_of(judged_within_s=0.05, mad=mad)
    hasty.call_reject_hooks(part(1))
    hasty._judged_within_s = A_WHILE_S * 1000
    assert [failure.plugin for failure in hasty.call_reject_hooks(part(2))] == ["mad"]
    assert hasty.stop_plugins() == ()
    assert mad.stops == 0
    mad.wake.set()
    assert mad.answered.wait(A_WHILE_S)
    while hasty.call_reject_hooks(part(3)):
        pass
    hasty.stop_plugins()
    assert mad.stops == 1


def test_that_the_shipped_plug_ins_are_found() -> None:
    assert PluginRunner().stop_plugins() == ()
