"""The parts of the station that a running line uses."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from station.camera.pictures.listing import PartsOf, every_picture
from station.concurrency.fan_out import FanOut
from station.concurrency.latest import Latest
from station.domain.inspection import Inspection, PartKey, RunKind
from station.domain.lot_order import LotOrder
from station.domain.messages import Message
from station.domain.part_images import PartResult
from station.pipeline.disk_keeper import DiskKeeper
from station.pipeline.recent_originals import RecentOriginals
from station.pipeline.recent_parts import RecentParts
from station.plugin_api.runner import PluginRunner
from station.review.alarm_list import AlarmList
from station.review.challenge_watch import ChallengeWatch
from station.review.pending_feedback import PendingFeedback
from station.settings import Settings
from station.storage.records.events import Events
from station.storage.records.inspections import Inspections


def _to_nobody(_message: Message) -> None:
    """Take a message that nobody reads."""


def _no_reader() -> None:
    """Do not wait: the window reads when it can, and parts are not held for it."""


def _nothing_waits() -> None:
    """Do nothing: without a scanner no serial waits, and without records no lot is set."""


@dataclass(frozen=True, slots=True)
class LineContext:
    """The parts of the station that every run uses.

    Attributes:
        settings: The settings of this machine.
        inspections, events: The records.
        plugin_runner: Runs the plug-ins.
        live: The newest part, for the screen.
        recent: The last parts, in memory.
        feedback: What people say about parts, including parts that are not recorded yet.
        news: Where the line publishes its messages.
        verdict_watchers: Called with each judged part, in order: reviews and alarms. They return at once.
        part_watchers: Called with each judged part and its pictures, behind these. They return at once.
        open_reviews: Returns the parts whose reviews have not ended yet.
        alarms: What needs a person.
        message_watchers: Called with each message, on the thread that publishes it. They return at once.
        wait_for_reader: Called by the recording worker after each part; a program without a window may be slow.
        take_serial: Returns the scanned serial of the part that is opened now; "" if it has none.
        forget_serial: Forgets a serial that waits for its part.
        made_now: Returns lot and order of the part that is opened now.
        refresh_lot: Takes over a lot or an order that another program has set.
        parts_of: Returns the content of a folder without the pictures that show no part, such as masks.
        originals: Where originals of passed parts wait for a dispute; None if they are not wanted.
        space: Keeps room on the disk; None if nobody does.
        beside: What works while the line runs, and ends with it.
        challenge: Knows whether a check with challenge parts is due; None if nobody asks.
        previews: Keep of each recent part a picture large enough for the window; else only its thumbnail.
    """

    settings: Settings
    inspections: Inspections
    events: Events
    plugin_runner: PluginRunner
    live: Latest[PartResult]
    recent: RecentParts
    feedback: PendingFeedback
    news: FanOut
    verdict_watchers: tuple[Callable[[Inspection], None], ...] = ()
    open_reviews: Callable[[], Collection[PartKey]] = tuple
    alarms: AlarmList = field(default_factory=lambda: AlarmList(_to_nobody))
    message_watchers: tuple[Callable[[Message], None], ...] = ()
    wait_for_reader: Callable[[], None] = _no_reader
    take_serial: Callable[[], str] = str
    forget_serial: Callable[[], None] = _nothing_waits
    made_now: Callable[[], LotOrder] = LotOrder
    refresh_lot: Callable[[], None] = _nothing_waits
    parts_of: PartsOf = every_picture
    previews: bool = True
    part_watchers: tuple[Callable[[PartResult], None], ...] = ()
    originals: RecentOriginals | None = None
    space: DiskKeeper | None = None
    beside: tuple[AbstractContextManager[object], ...] = ()
    challenge: ChallengeWatch | None = None

    def publish(self, message: Message) -> None:
        """Add a message to the queue of every subscriber. Never waits; callable from any thread."""
        self.news.publish(message)
        for watch in self.message_watchers:
            watch(message)

    def of_kind(self, kind: RunKind) -> "LineContext":
        """Return the context for a run of this kind: only the parts of production belong to the lot that is made."""
        return self if kind is RunKind.PRODUCTION else replace(self, made_now=LotOrder)

    def for_check(self) -> "LineContext":
        """Return the context for challenge parts: no review, no alarm on rows, no serial; the station triggers."""
        camera = self.settings.camera.model_copy(update={"trigger": "software"})
        settings = self.settings.model_copy(update={"camera": camera})
        return replace(
            self, settings=settings, verdict_watchers=(), part_watchers=(), take_serial=str, challenge=None
        )  # fmt: skip

    def keeping(self, pass_every: int | None) -> "LineContext":
        """Return the context for a recipe that keeps the pictures of every n-th good part; None changes nothing."""
        if pass_every is None:
            return self
        recording = self.settings.recording.model_copy(update={"keep_pass_every": pass_every})
        return replace(self, settings=self.settings.model_copy(update={"recording": recording}))
