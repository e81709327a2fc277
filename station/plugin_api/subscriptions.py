"""The news of one plug-in: its own subscription, read on its own thread."""

import logging
import threading
from collections.abc import Callable, Mapping

import pluggy

from station.concurrency.fan_out import FanOut
from station.concurrency.worker import Worker
from station.domain.messages import MessagesMissed
from station.plugin_api.failures import PluginFailure

_LISTEN_S = 0.1
_log = logging.getLogger(__name__)

Hooks = Mapping[str, pluggy.HookImpl]


def call_hook(implementation: pluggy.HookImpl, arguments: Mapping[str, object]) -> object:
    """Call a hook with those of the arguments that it takes."""
    return implementation.function(**{name: arguments[name] for name in implementation.argnames})


class NewsReader:
    """Call the news hooks of one plug-in, in order, for as long as the station is open.

        news_started -> message_received, for each message -> finish() -> the queue is empty -> news_stopped

    A hook that raises is reported once, until a message was handled again. A hook that hangs delays only this thread;
    its queue is bounded.
    """

    def __init__(self, plugin: str, hooks: Hooks, settings: Callable[[], object], news: FanOut) -> None:
        """Subscribe, and call `news_started` on the new thread.

        Args:
            plugin: Its name.
            hooks: Those of the three news hooks that it has, by their names.
            settings: Return its settings.
            news: The station's messages.
        """
        self._plugin = plugin
        self._hooks = hooks
        self._settings = settings
        self._news = news
        self._subscription = news.subscribe()
        self._finishing = threading.Event()
        self._started = self._failing = False
        self._worker = Worker(f"news {plugin}", self._step, lambda *_: None, at_end=self._stop)
        self._worker.start()

    def finish(self) -> None:
        """Receive no more messages; deliver those that wait, then end. Returns at once."""
        self._subscription.close()
        self._finishing.set()

    def wait_for_end(self, timeout_s: float) -> None:
        """Wait until the thread has ended; a hook that hangs for longer is left behind."""
        if not self._worker.join(timeout_s):
            self._worker.stop()
            _log.error("plug-in %s: its news hook did not return, %d messages wait", self._plugin,
                       self._subscription.waiting)  # fmt: skip

    def _step(self) -> bool:
        if not self._started:
            self._started = True
            self._call("news_started", lambda: {"settings": self._settings()})
        message = self._subscription.next_message(0 if self._finishing.is_set() else _LISTEN_S)
        if message is None:
            return not self._finishing.is_set()
        if isinstance(message, MessagesMissed):
            _log.warning("plug-in %s is too slow: %d messages were dropped", self._plugin, message.count)
        self._call("message_received", lambda: {"message": message})
        return True

    def _stop(self) -> None:
        self._call("news_stopped", dict)

    def _call(self, hook: str, arguments: Callable[[], Mapping[str, object]]) -> None:
        if hook not in self._hooks:
            return
        try:
            call_hook(self._hooks[hook], arguments())
            self._failing = False
        except BaseException as error:  # noqa: BLE001 - a plug-in may fail in any way; it is reported
            self._report(error)

    def _report(self, error: BaseException) -> None:
        if not self._failing:
            self._failing = True
            _log.error("plug-in %s failed", self._plugin, exc_info=error)
            self._news.publish(PluginFailure.of_news(self._plugin, error).fault)
