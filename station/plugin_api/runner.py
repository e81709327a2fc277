"""Plug-ins on the line: each is called on a thread of its own, with a time limit for every call."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import pluggy

from station.concurrency.worker import Worker
from station.domain.errors import FaultError, StationError
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import FaultReported
from station.plugin_api.hooks import installed_plugins
from station.settings import Settings

_START_WITHIN_S = 10.0
_STOP_WITHIN_S = 5.0
_LISTEN_S = 0.1
_HANGS_ADVICE = "It is told of nothing until it answers. Check what it drives; start the station anew if it never does."

_FOR_OPERATOR = "A device beside the line is not told of the parts. Take bad parts off by hand and call the engineer."


@dataclass(frozen=True, slots=True)
class PluginFailure:
    """A plug-in that raised or did not answer, in words for people."""

    plugin: str
    error: StationError

    @property
    def trouble(self) -> FaultReported:
        """The news of it."""
        return FaultReported.of(self.plugin, self.error)


@dataclass(frozen=True, slots=True)
class _Call:
    """Something a guest is asked to do, and what came of it: the error it raised, or None."""

    work: Callable[[], object]
    outcome: SimpleQueue[BaseException | None] = field(default_factory=SimpleQueue)

    def run(self) -> BaseException | None:
        try:
            self.work()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a guest may fail in any way; the caller publishes it
            return error
        return None


class _Plugin:
    """One plug-in and its thread.

        listening --call()--> busy --it returns or raises--> listening

    Who calls waits for the outcome as long as agreed. A guest that is busy at the next call hangs: it is not called.
    """

    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._worker = Worker(f"guest {plugin}", self._step, lambda *_: None)
        self._worker.start()
        self.busy = False

    def call(self, work: Callable[[], object]) -> _Call:
        """Have it do this, beginning now."""
        call = _Call(work)
        if self.busy:
            call.outcome.put(self._hangs())
        else:
            self.busy = True
            self._calls.put(call)
        return call

    def failure(self, call: _Call, until_s: float) -> PluginFailure | None:
        """What went wrong with a call; None when it was done by then, on the monotonic clock."""
        try:
            error = call.outcome.get(timeout=max(0.0, until_s - time.monotonic()))
        except Empty:
            error = self._hangs()
        return None if error is None else PluginFailure(self._plugin, _in_words(self._plugin, error))

    def end(self) -> None:
        """Let its thread end. One that hangs is left alone."""
        if not self.busy:
            self._calls.put(None)
            self._worker.join(_STOP_WITHIN_S)

    def _hangs(self) -> FaultError:
        sentence = f"The plug-in {self._plugin} did not answer in time."
        return FaultError(sentence, _HANGS_ADVICE, for_operator=_FOR_OPERATOR)

    def _step(self) -> bool:
        try:
            call = self._calls.get(timeout=_LISTEN_S)
        except Empty:
            return True
        if call is None:
            return False
        error = call.run()
        self.busy = False
        call.outcome.put(error)
        return True


class PluginRunner:
    """The installed plug-ins, all told at the same time: one that fails or hangs keeps none of the others waiting."""

    def __init__(self, manager: pluggy.PluginManager | None = None, judged_within_s: float = 0.25) -> None:
        """Nobody is told anything yet.

        Args:
            manager: The plug-ins; those installed where not given.
            judged_within_s: So long a verdict waits for the guests on its way to screen and disk.
        """
        self._manager = manager or installed_plugins()
        self._judged_within_s = judged_within_s
        self._guests: dict[str, _Plugin] = {}

    def start(self, settings: Settings, trigger: Callable[[], PartKey]) -> tuple[PluginFailure, ...]:
        """Tell each of the start, with its own table of the settings, and how it may trigger the line."""

        def given(plugin: str) -> dict[str, object]:
            return {"settings": settings.plugins.get(plugin, {}), "trigger": trigger}

        return self._tell("station_started", given, _START_WITHIN_S)

    def judged(self, inspection: Inspection) -> tuple[PluginFailure, ...]:
        """Tell each of a part's verdict."""
        return self._tell("inspection_judged", lambda _: {"inspection": inspection}, self._judged_within_s)

    def stop(self) -> tuple[PluginFailure, ...]:
        """Tell each of the stop and end its thread, but those that hang."""
        failures = self._tell("station_stopped", lambda _: {}, _STOP_WITHIN_S, also_hanging=False)
        for guest in self._guests.values():
            guest.end()
        self._guests = {plugin: guest for plugin, guest in self._guests.items() if guest.busy}
        return failures

    def _tell(
        self, hook: str, arguments: Callable[[str], dict[str, object]], within_s: float, *, also_hanging: bool = True
    ) -> tuple[PluginFailure, ...]:
        until_s = time.monotonic() + within_s
        calls = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            guest = self._guest(implementation.plugin_name)
            if also_hanging or not guest.busy:
                calls.append((guest, guest.call(_work(implementation, arguments(implementation.plugin_name)))))
        failures = [guest.failure(call, until_s) for guest, call in calls]
        return tuple(failure for failure in failures if failure)

    def _guest(self, plugin: str) -> _Plugin:
        if plugin not in self._guests:
            self._guests[plugin] = _Plugin(plugin)
        return self._guests[plugin]


def _work(implementation: pluggy.HookImpl, given: dict[str, object]) -> Callable[[], object]:
    return lambda: implementation.function(**{name: given[name] for name in implementation.argnames})


def _in_words(plugin: str, error: BaseException) -> StationError:
    if isinstance(error, StationError):
        return error
    sentence = f"The plug-in {plugin} failed: {type(error).__name__}: {error}."
    words = FaultError(sentence, "Check the plug-in.", for_operator=_FOR_OPERATOR)
    words.__cause__ = error
    return words
