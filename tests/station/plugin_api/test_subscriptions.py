"""A plug-in receives every message on its own thread, and can delay nothing with it."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pluggy
import pytest
from inbox import all_waiting
from waiting import until

from station.concurrency.fan_out import QUEUE_CAPACITY, FanOut
from station.domain.errors import BadInputError, FaultError
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.messages import FaultReported, LineState, LineStateChanged, MessagesMissed, PartRecorded
from station.domain.verdict import Verdict
from station.plugin_api import PluginSettings, hookimpl
from station.plugin_api.hooks import StationHooks
from station.plugin_api.runner import PluginRunner
from station.settings import Settings


class BrokerSettings(PluginSettings):
    host: str = "localhost"


class Broker:
    """Records what it receives, and on which thread."""

    def __init__(self) -> None:
        self.calls: list[object] = []
        self.rejects: list[int] = []
        self.threads: set[threading.Thread] = set()

    @hookimpl
    def settings_model(self) -> type[BrokerSettings]:
        return BrokerSettings

    @hookimpl
    def news_started(self, settings: BrokerSettings) -> None:
        self.calls.append(settings)

    @hookimpl
    def message_received(self, message: object) -> None:
        self.threads.add(threading.current_thread())
        self.calls.append(message)

    @hookimpl
    def news_stopped(self) -> None:
        self.calls.append("stopped")

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        self.rejects.append(inspection.key.part)


class Sleeper(Broker):
    def __init__(self) -> None:
        super().__init__()
        self.asleep, self.wake = threading.Event(), threading.Event()

    @hookimpl
    def message_received(self, message: object) -> None:
        self.calls.append(message)
        self.asleep.set()
        assert self.wake.wait(30)


class Failing(Broker):
    @hookimpl
    def message_received(self, message: object) -> None:
        super().message_received(message)
        if not isinstance(message, LineStateChanged):
            raise ValueError("mad")


def message(number: int) -> PartRecorded:
    return PartRecorded(PartKey(1, number))


def part(number: int) -> Inspection:
    return Inspection(
        PartKey(1, number),
        datetime(2026, 11, 22, tzinfo=UTC),
        (ViewInspection(Verdict.FAIL, "", "", 1.0, pred_score=0.9),),
    )


@pytest.fixture
def news() -> FanOut:
    return FanOut()


@pytest.fixture
def runner_of(news: FanOut) -> Iterator[Callable[..., PluginRunner]]:
    runners: list[PluginRunner] = []

    def make(**plugins: object) -> PluginRunner:
        manager = pluggy.PluginManager("lineside")
        manager.add_hookspecs(StationHooks)
        for name, plugin in plugins.items():
            manager.register(plugin, name=name)
        runners.append(PluginRunner(manager, news))
        return runners[-1]

    yield make
    for runner in runners:
        runner.stop_plugins()
        runner.stop_news()


def test_that_a_plug_in_receives_its_settings_every_message_in_order_and_the_end(runner_of, news) -> None:
    broker = Broker()
    runner = runner_of(broker=broker)
    runner.start_news(Settings(plugins={"broker": {"host": "line-4"}}))
    runner.start_news(Settings())  # a second start of the line changes nothing
    for number in range(50):
        news.publish(message(number))
    runner.stop_news()
    assert broker.calls == [BrokerSettings(host="line-4"), *map(message, range(50)), "stopped"]
    (thread,) = broker.threads
    assert not thread.is_alive()


def test_that_a_plug_in_without_a_news_hook_gets_no_thread(runner_of) -> None:
    class Relay:
        @hookimpl
        def inspection_judged(self, inspection: Inspection) -> None:
            pass

    before = threading.active_count()
    runner_of(relay=Relay()).start_news(Settings())
    assert threading.active_count() == before


def test_that_a_plug_in_that_hangs_in_its_news_delays_neither_its_reject_hook_nor_another(runner_of, news) -> None:
    sleeper, broker = Sleeper(), Broker()
    runner = runner_of(sleeper=sleeper, broker=broker)
    runner.start_news(Settings())
    news.publish(message(0))
    assert sleeper.asleep.wait(30)
    began = time.monotonic()
    for number in range(QUEUE_CAPACITY + 100):
        news.publish(message(number + 1))
    assert [runner.call_reject_hooks(part(number)) for number in range(20)] == [()] * 20
    assert time.monotonic() - began < 20, "nothing waited for the sleeper's 30 s"
    assert sleeper.rejects == list(range(20))
    until(lambda: broker.calls[-1] == message(QUEUE_CAPACITY + 100))
    sleeper.wake.set()
    until(lambda: len(sleeper.calls) > 2)
    missed = sleeper.calls[2]
    assert isinstance(missed, MessagesMissed)
    assert missed.count == 100


def test_that_a_failing_news_hook_is_reported_once_until_it_succeeds(runner_of, news) -> None:
    inbox = news.subscribe(FaultReported)
    failing = Failing()
    runner = runner_of(failing=failing)
    runner.start_news(Settings())
    for sent in (message(1), message(2), LineStateChanged(LineState.WAITING), message(3)):
        known = len(failing.calls)
        news.publish(sent)
        until(lambda known=known: len(failing.calls) > known)
    runner.stop_news()
    faults = all_waiting(inbox)
    assert {(fault.where, fault.sentence) for fault in faults} == {
        ("failing", "The plug-in failing failed: ValueError: mad.")
    }
    assert len(faults) == 2
    assert "inspected as before" in faults[0].for_operator
    assert failing.calls[-1] == "stopped"


def test_that_a_plug_in_that_cannot_connect_is_reported_and_still_receives(runner_of, news) -> None:
    class Offline(Broker):
        @hookimpl
        def news_started(self, settings: BrokerSettings) -> None:
            raise FaultError("The broker does not answer.")

    inbox, offline = news.subscribe(FaultReported), Offline()
    runner = runner_of(offline=offline)
    runner.start_news(Settings())
    news.publish(message(1))
    runner.stop_news()
    assert [fault.sentence for fault in all_waiting(inbox)] == ["The broker does not answer."]
    assert message(1) in offline.calls


def test_that_settings_that_cannot_be_used_refuse_the_start_and_are_all_named(runner_of) -> None:
    settings = Settings(plugins={"broker": {"host": 3, "prot": 1}})

    class Gate(Broker):
        @hookimpl
        def station_started(self, settings: BrokerSettings) -> None:
            raise AssertionError("not called")

    (failure,) = runner_of(broker=Gate()).start_plugins(settings, lambda: PartKey(1, 1))
    assert isinstance(failure.error, BadInputError)
    assert "'plugins.broker.host': must be a text in quotes, not 3" in failure.error.sentence
    assert "'plugins.broker.prot': there is no such setting" in failure.error.sentence
