"""Who a line works with, and whom it tells."""

from collections.abc import Callable
from dataclasses import dataclass

from station.domain.part_images import LivePart
from station.domain.messages import Message
from station.plugin_api.runner import Guests
from station.concurrency.latest import Latest
from station.pipeline.part_disputes import PartDisputes
from station.pipeline.recent_parts import RecentParts
from station.settings import Settings
from station.storage.records.events import Events
from station.storage.records.inspections import Inspections


@dataclass(frozen=True, slots=True)
class Surroundings:
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
    guests: Guests
    live: Latest[LivePart]
    recent: RecentParts
    disputes: PartDisputes
    publish: Callable[[Message], None]
