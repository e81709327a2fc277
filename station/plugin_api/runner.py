"""Run the hooks of the plug-ins: reject hooks with a time limit, news hooks on threads that nothing waits for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue

import pluggy

from station.concurrency.fan_out import FanOut
from station.concurrency.worker import Worker
from station.domain.errors import FaultError
from station.domain.inspection import Inspection, PartKey
from station.plugin_api.failures import PluginFailure, hanging
from station.plugin_api.hooks import installed_plugins
from station.plugin_api.plugin_settings import settings_models, typed_settings
from station.plugin_api.subscriptions import NewsReader, call_hook
from station.settings import Settings

_START_WITHIN_S = 10.0
_STOP_WITHIN_S = 5.0
_LISTEN_S = 0.1
_NEWS_HOOKS = ("news_started", "message_received", "news_stopped")


@dataclass(frozen=True, slots=True)
class _Call:
    """A hook to be called, and its outcome: the error that it raised, or None."""

    work: Callable[[], object]
    outcome: SimpleQueue[BaseException | None] = field(default_factory=SimpleQueue)

    def run(self) -> BaseException | None:
        try:
            self.work()
        except BaseException as error:  # noqa: BLE001 - a plug-in may fail in any way; it is reported
            return error
        return None


class _RejectThread:
    """One plug-in and the thread of its reject hooks.

        idle --begin_call()--> busy --the hook returns or raises--> idle

    The caller waits for the outcome with a time limit. While a hook hangs, no other hook of this thread is called.
    """

    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._worker = Worker(f"plug-in {plugin}", self._step, lambda *_: None)
        self._worker.start()
        self.busy = False

    def begin_call(self, work: Callable[[], object]) -> _Call:
        """Call a hook on this thread. Returns at once."""
        call = _Call(work)
        if self.busy:
            call.outcome.put(self._hangs())
        else:
            self.busy = True
            self._calls.put(call)
        return call

    def wait_for_failure(self, call: _Call, until_s: float) -> PluginFailure | None:
        """Wait for the outcome until `until_s` on the monotonic clock; None if the hook succeeded."""
        try:
            error = call.outcome.get(timeout=max(0.0, until_s - time.monotonic()))
        except Empty:
            error = self._hangs()
        return None if error is None else PluginFailure.of(self._plugin, error)

    def end(self) -> None:
        """End the thread, unless a hook hangs."""
        if not self.busy:
            self._calls.put(None)
            self._worker.join(_STOP_WITHIN_S)

    def _hangs(self) -> FaultError:
        return hanging(self._plugin)

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
    """Call all plug-ins at the same time. A plug-in that fails or hangs delays no other plug-in."""

    def __init__(
        self,
        manager: pluggy.PluginManager | None = None,
        news: FanOut | None = None,
        judged_within_s: float = 0.25,
    ) -> None:
        """Call no plug-in yet.

        Args:
            manager: The plug-ins; the installed ones if not given.
            news: The station's messages.
            judged_within_s: Longest wait for the reject hooks of a part, seconds.
        """
        self._manager = manager or installed_plugins()
        self._news = news or FanOut()
        self._judged_within_s = judged_within_s
        self._threads: dict[str, _RejectThread] = {}
        self._readers: dict[str, NewsReader] = {}

    def start_plugins(self, settings: Settings, trigger: Callable[[], PartKey]) -> tuple[PluginFailure, ...]:
        """Call `station_started` of every plug-in with its own settings, and start their news.

        Returns:
            The plug-ins that failed or whose settings cannot be used.
        """
        self.start_news(settings)

        def given(plugin: str) -> dict[str, object]:
            return {"settings": self._settings_of(plugin, settings), "trigger": trigger}

        return self._call_all("station_started", given, _START_WITHIN_S)

    def call_reject_hooks(self, inspection: Inspection) -> tuple[PluginFailure, ...]:
        """Call `inspection_judged` of every plug-in."""
        return self._call_all("inspection_judged", lambda _: {"inspection": inspection}, self._judged_within_s)

    def stop_plugins(self) -> tuple[PluginFailure, ...]:
        """Call `station_stopped` of every plug-in and end their reject threads, unless a hook hangs."""
        failures = self._call_all("station_stopped", lambda _: {}, _STOP_WITHIN_S, also_hanging=False)
        for thread in self._threads.values():
            thread.end()
        self._threads = {plugin: thread for plugin, thread in self._threads.items() if thread.busy}
        return failures

    def start_news(self, settings: Settings) -> None:
        """Subscribe every plug-in that has a news hook. Plug-ins that are subscribed already go on."""
        for plugin, hooks in self._news_hooks().items():
            if plugin not in self._readers:
                own_settings = partial(self._settings_of, plugin, settings)
                self._readers[plugin] = NewsReader(plugin, hooks, own_settings, self._news)

    def stop_news(self) -> None:
        """Deliver the messages that wait, call `news_stopped`, and end the news threads, unless a hook hangs."""
        for reader in self._readers.values():
            reader.finish()
        for reader in self._readers.values():
            reader.wait_for_end(_STOP_WITHIN_S)
        self._readers.clear()

    def _call_all(
        self, hook: str, arguments: Callable[[str], dict[str, object]], within_s: float, *, also_hanging: bool = True
    ) -> tuple[PluginFailure, ...]:
        until_s = time.monotonic() + within_s
        calls = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            thread = self._thread(implementation.plugin_name)
            if also_hanging or not thread.busy:
                calls.append((thread, thread.begin_call(_hook_call(implementation, arguments))))
        failures = [thread.wait_for_failure(call, until_s) for thread, call in calls]
        return tuple(failure for failure in failures if failure)

    def _thread(self, plugin: str) -> _RejectThread:
        if plugin not in self._threads:
            self._threads[plugin] = _RejectThread(plugin)
        return self._threads[plugin]

    def _settings_of(self, plugin: str, settings: Settings) -> object:
        return typed_settings(plugin, settings_models(self._manager).get(plugin), settings.plugins.get(plugin, {}))

    def _news_hooks(self) -> dict[str, dict[str, pluggy.HookImpl]]:
        """The news hooks of each plug-in that has one."""
        found: dict[str, dict[str, pluggy.HookImpl]] = {}
        for hook in _NEWS_HOOKS:
            for implementation in getattr(self._manager.hook, hook).get_hookimpls():
                found.setdefault(implementation.plugin_name, {})[hook] = implementation
        return found


def _hook_call(implementation: pluggy.HookImpl, arguments: Callable[[str], dict[str, object]]) -> Callable[[], object]:
    return lambda: call_hook(implementation, arguments(implementation.plugin_name))
