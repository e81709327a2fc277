"""Who a line works with, and whom it tells."""

from collections.abc import Callable
from dataclasses import dataclass

from station.concurrency.latest import Latest
from station.domain.messages import Message
from station.domain.part_images import PartResult
from station.pipeline.recent_parts import RecentParts
from station.plugin_api.runner import PluginRunner
from station.review.pending_feedback import PendingFeedback
from station.settings import Settings
from station.storage.records.events import Events
from station.storage.records.inspections import Inspections


@dataclass(frozen=True, slots=True)
class LineContext:
    """What every run on this station has around it.

    Attributes:
        settings: This machine's.
        inspections, events: The records.
        guests: The plug-ins.
        live: The screen's newest part.
        recent: The parts in memory.
        disputes: What people say of parts, also of those whose record waits.
        publish: Takes the news, from any thread, and never waits.
    """

    settings: Settings
    inspections: Inspections
    events: Events
    guests: PluginRunner
    live: Latest[PartResult]
    recent: RecentParts
    disputes: PendingFeedback
    publish: Callable[[Message], None]
