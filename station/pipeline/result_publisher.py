"""Publish the verdict of a part: to the reject output first, then to screen, memory, news and record."""

import logging
from collections.abc import Callable, Iterable
from contextlib import ExitStack

from station.concurrency.latest import Latest
from station.domain.inspection import Inspection
from station.domain.messages import Message, PartJudged
from station.domain.part_images import PartResult, without_originals
from station.matching.part_ledger import PartLedger
from station.pipeline.recent_parts import RecentParts
from station.pipeline.recording_queue import RecordingQueue
from station.plugin_api.runner import PluginRunner

_log = logging.getLogger(__name__)


class ResultPublisher:
    """Publishes each part once, in the order of urgency."""

    def __init__(
        self,
        ledger: PartLedger,
        plugins: PluginRunner,
        live: Latest[PartResult],
        recent: RecentParts,
        publish: Callable[[Message], None],
        recording: RecordingQueue,
        watchers: Iterable[Callable[[PartResult], None]] = (),
    ) -> None:
        """Publish to these readers.

        Args:
            ledger: Knows which parts have their verdict.
            plugins: The reject output, before all others.
            live: The newest part, for the screen.
            recent: The last parts, in memory.
            publish: Takes messages; must not wait.
            recording: The queue of the recording worker.
            watchers: Called last with each part, in order: reviews, alarms, a candidate. They must return at once.
        """
        self._ledger = ledger
        self._plugins = plugins
        self._live = live
        self._recent = recent
        self._publish = publish
        self._recording = recording
        self._watchers = tuple(watchers)
        self._failing: frozenset[str] = frozenset()

    def publish_result(self, part: PartResult) -> None:
        """Publish one part, unless it had its verdict before. Nothing is encoded here and no disk is touched."""
        inspection = part.inspection
        if not self._ledger.close_part(inspection.key):
            _log.warning("part %s was judged too late: %s", inspection.key.label, inspection.verdict)
            return
        with ExitStack() as whatever_fails:  # the last callback is called first
            for watch in reversed(self._watchers):
                whatever_fails.callback(watch, part)
            whatever_fails.callback(
                self._recording.put, part, before_it_is_taken=lambda: self._publish(PartJudged(inspection))
            )
            whatever_fails.callback(self._recent.put, part)
            whatever_fails.callback(lambda: self._live.put(without_originals(part)))
            self._call_plugins(inspection)

    def _call_plugins(self, inspection: Inspection) -> None:
        """Report a plug-in that keeps failing once, until it has succeeded again."""
        failures = self._plugins.call_reject_hooks(inspection)
        for failure in failures:
            if failure.plugin not in self._failing:
                _log.error("plug-in %s failed", failure.plugin, exc_info=failure.error)
                self._publish(failure.fault)
        self._failing = frozenset(failure.plugin for failure in failures)
