"""The recording worker: every judged part becomes a durable record, in order, whatever the disk does."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from station.domain.errors import FaultError, StorageError
from station.domain.feedback import OperatorFeedback
from station.domain.inspection import Inspection, ViewInspection
from station.domain.messages import FaultReported, Message, PartRecorded
from station.domain.shift import StationEvent
from station.domain.verdict import Verdict
from station.matching.capture import JudgedPart, JudgedShot
from station.matching.part_ledger import PartLedger
from station.pipeline.recent_parts import PREVIEW_SIDE_PX, Compressed, RecentParts, level_within
from station.review.pending_feedback import PendingFeedback
from station.storage.pictures.encoding import PictureFormatError, ViewImages, encode_preview, encode_thumbnail
from station.storage.records.inspections import PartRefusedError

_log = logging.getLogger(__name__)
_SHEDDING_ADVICE = "Records go on without pictures. Free the disk."
Recordable = JudgedPart | StationEvent | OperatorFeedback
_MOST_FAILURES = 3
_BARE = "recorded without pictures and numbers"
_NO_PICTURES = "Parts are recorded without their pictures. Call the engineer."


class PartLeftOutError(FaultError):
    """A part has a verdict and no record; its run is not complete."""

    advice = "The cause is in the log. Call the engineer."


class RecordStore(Protocol):
    """Where records go; `station.storage` on the line."""

    def record(self, inspection: Inspection, images: Sequence[ViewImages], *, keep_picture: bool) -> object:
        """Make one part durable, the pictures of its views first.

        Raises:
            PartRefusedError: It cannot be recorded as it is, on whatever disk; nothing was recorded.
            StorageError: Nothing was recorded.
        """
        ...


class EventStore(Protocol):
    """Where events go."""

    def add(self, event: StationEvent) -> object:
        """Make one event durable.

        Raises:
            StorageError: It was not recorded.
        """
        ...


@dataclass(slots=True, eq=False)
class _Place:
    """Where a part waits; its picture may be taken away meanwhile."""

    part: JudgedPart


class RecordingQueue:
    """Judged parts on their way to the disk. Never refuses a record; at most `picture_slots` parts have pictures.

    When one more comes, those of a PASS are given up first; the log says so once, and how many it were once all that
    waited is recorded. How many records may wait is decided where parts are opened: the line stops taking new ones.
    """

    def __init__(self, picture_slots: int) -> None:
        self._picture_slots = picture_slots
        self._changed = threading.Condition()
        self._waiting: deque[_Place] = deque()
        self._with_picture: deque[_Place] = deque()
        self._words: deque[StationEvent | OperatorFeedback] = deque()
        self._closed = False
        self.pictures_shed = 0
        self._told_of = 0

    @property
    def ended(self) -> bool:
        """Nothing waits and nothing more will come."""
        with self._changed:
            return self._closed and not self._waiting and not self._words

    def put(self, part: JudgedPart) -> None:
        """Hand over a part; never waits."""
        with self._changed:
            self._waiting.append(place := _Place(part))
            if part.has_pictures:
                self._with_picture.append(place)
            if len(self._with_picture) > self._picture_slots:
                self._shed_a_picture()
            self._changed.notify()

    def note(self, words: StationEvent | OperatorFeedback) -> None:
        """Hand over an event, or a dispute of a part that is recorded; never waits. They go before the parts."""
        with self._changed:
            self._words.append(words)
            self._changed.notify()

    def head(self, timeout_s: float) -> Recordable | None:
        """What is to be recorded next, left in its place; None when nothing came within `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._words or self._closed, timeout_s)
            if self._words:
                return self._words[0]
            return self._waiting[0].part if self._waiting else None

    def done(self, item: Recordable) -> None:
        """The head was recorded."""
        with self._changed:
            if not isinstance(item, JudgedPart):
                self._words.popleft()
                return
            place = self._waiting.popleft()
            if place.part.has_pictures:
                self._with_picture.popleft()
            if not self._waiting:
                self._tell_what_was_shed()

    def close(self) -> None:
        """Nothing more will be put. What waits is still recorded."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _shed_a_picture(self) -> None:
        """Not the head's: it may be on its way to the disk."""
        others = [place for place in self._with_picture if place is not self._waiting[0]]
        passed = [place for place in others if place.part.inspection.verdict is Verdict.PASS]
        chosen = (passed or others)[0]
        chosen.part = chosen.part.without_pictures()
        self._with_picture.remove(chosen)
        if self.pictures_shed == self._told_of:
            _log.warning("the disk is behind: pictures are shed from part %s on", chosen.part.inspection.key.label)
        self.pictures_shed += 1

    def _tell_what_was_shed(self) -> None:
        if shed := self.pictures_shed - self._told_of:
            _log.warning("the disk has caught up: %d parts have no picture but a thumbnail", shed)
            self._told_of = self.pictures_shed


class Recording:
    """The step of the recording worker. It ends when its queue has ended.

    What the disk refuses stays at the head of the queue and is tried again: first whole, then, because a record is
    worth more than its picture, without pictures. The first refusal and the first success after it are news.

    A part that is refused for its own sake (a number that no column takes) would be refused for ever: it is recorded
    with its verdict alone, and says so in its reason. So is a part at which this step failed before: it would fail
    until the worker gives up, and everything behind the part would be lost. Where even that fails, the part is left
    out, and its run stays unfinished.

    Attributes:
        left_out: There is such a part.
    """

    def __init__(  # noqa: PLR0913 - the worker's whole surroundings
        self,
        queue: RecordingQueue,
        store: RecordStore,
        events: EventStore,
        ledger: PartLedger,
        recent: RecentParts,
        disputes: PendingFeedback,
        publish: Callable[[Message], None],
        *,
        keep_pass_every: int,
        wait_for_reader: Callable[[], None] = lambda: None,
        wait_s: float = 0.1,
    ) -> None:
        self._queue = queue
        self._store = store
        self._events = events
        self._ledger = ledger
        self._recent = recent
        self._disputes = disputes
        self._publish = publish
        self._keep_pass_every = keep_pass_every
        self._wait_for_reader = wait_for_reader
        self._wait_s = wait_s
        self._passed = 0
        self._refusing = False
        self._shedding = False
        self._retry = threading.Event()
        self._tried: Recordable | None = None
        self._failures = 0
        self.left_out = False

    @property
    def refusing(self) -> bool:
        """The disk takes nothing at present."""
        return self._refusing

    def step(self) -> bool:
        """Make the next part, event or dispute durable."""
        item = self._queue.head(self._wait_s)
        if item is None:
            return not self._queue.ended
        self._failures, self._tried = self._failures + 1 if item is self._tried else 0, item
        try:
            if self._failures:
                self._record_what_can_be(item)
            else:
                self._make_durable(item)
        except StorageError as error:
            self._refused(error)
            self._retry.wait(self._wait_s)
        else:
            self._accepted(item)
        self._tried = None
        return True

    def _record_what_can_be(self, item: Recordable) -> None:
        """After a failure that was no refusal: its cause is in the worker's log."""
        if not isinstance(item, JudgedPart):
            _log.error("cannot be recorded, and is left out: %s", item)
            return
        label = item.inspection.key.label
        if self._failures >= _MOST_FAILURES:
            self.left_out = True
            self._queue.done(item)
            raise PartLeftOutError(f"Part {label} cannot be recorded at all.")
        self._record_bare(item.inspection, PartRefusedError(f"Part {label} cannot be recorded as it is."))

    def _make_durable(self, item: Recordable) -> None:
        if isinstance(item, StationEvent):
            self._events.add(item)
            return
        if isinstance(item, OperatorFeedback):
            self._disputes.write(item)
            return
        try:
            self._record_what_fits(item)
        except PartRefusedError as error:
            self._record_bare(item.inspection, error)

    def _record_what_fits(self, part: JudgedPart) -> None:
        try:
            self._record(part)
            self._shedding = False
        except PartRefusedError:
            raise
        except StorageError as error:
            if not part.has_pictures and not any(shot.live.levels for shot in part.shots):
                raise
            self._record_without_pictures(part, error)

    def _record(self, part: JudgedPart) -> None:
        images = [_images(shot) for shot in part.shots]
        self._store.record(part.inspection, images, keep_picture=self._keeps(part.inspection))

    def _record_without_pictures(self, part: JudgedPart, refusal: StorageError) -> None:
        self._store.record(part.inspection, _none_of(part.inspection), keep_picture=False)
        _log.warning("part %s is recorded without its pictures: %s", part.inspection.key.label, refusal)
        if not self._shedding:
            self._shedding = True
            self._publish(FaultReported("recording", refusal.sentence, _SHEDDING_ADVICE, _NO_PICTURES))

    def _record_bare(self, inspection: Inspection, refusal: PartRefusedError) -> None:
        """When even this is refused, what stands in the way is not the part."""
        self._store.record(_bare(inspection), _none_of(inspection), keep_picture=False)
        _log.error("part %s is %s: %s", inspection.key.label, _BARE, refusal)
        advice = f"It is {_BARE}. Its verdict stands."
        self._publish(FaultReported("recording", refusal.sentence, advice, _NO_PICTURES))

    def _keeps(self, inspection: Inspection) -> bool:
        if inspection.verdict is not Verdict.PASS:
            return True
        return self._keep_pass_every > 0 and (self._passed + 1) % self._keep_pass_every == 0

    def _keep_in_memory(self, part: JudgedPart) -> None:
        self._recent.compress(part.inspection.key, [_compressed(shot) for shot in part.shots])

    def _refused(self, error: StorageError) -> None:
        if not self._refusing:
            self._refusing = True
            _log.error("the disk refuses records: %s", error)
            self._publish(FaultReported.of("recording", error))

    def _accepted(self, item: Recordable) -> None:
        self._refusing = False
        if isinstance(item, JudgedPart):
            for dispute in self._disputes.recorded(item.inspection.key):
                self._queue.note(dispute)
        self._queue.done(item)
        if isinstance(item, JudgedPart):
            self._recorded(item)

    def _recorded(self, part: JudgedPart) -> None:
        self._passed += part.inspection.verdict is Verdict.PASS
        self._ledger.mark_recorded(part.inspection.key)
        self._publish(PartRecorded(part.inspection.key))
        self._keep_in_memory(part)
        self._wait_for_reader()


def _images(shot: JudgedShot) -> ViewImages:
    live = shot.live
    return ViewImages(shot.original, live.levels[-1] if live.levels else None, live.anomaly_map)


def _none_of(inspection: Inspection) -> list[ViewImages]:
    return [ViewImages() for _ in inspection.views]


def _compressed(shot: JudgedShot) -> Compressed | None:
    preview = level_within(shot.live.levels, PREVIEW_SIDE_PX)
    if preview is None:
        return None
    try:
        return Compressed(encode_preview(preview), encode_thumbnail(preview).content)
    except PictureFormatError as error:
        _log.warning("part without a picture in memory: %s", error)
        return None


def _bare(inspection: Inspection) -> Inspection:
    """The same verdict with nothing that came from a camera or a model, but the scores that it stands on."""
    return replace(inspection, views=tuple(_bare_view(view) for view in inspection.views))


def _bare_view(view: ViewInspection) -> ViewInspection:
    return replace(
        view,
        reason=_writable(f"{view.reason} ({_BARE})".lstrip()),
        origin=_writable(view.origin),
        elapsed_ms=0.0,
        raw_score=None,
        regions=(),
        frame_id=None,
        camera_timestamp_ns=None,
        width=0,
        height=0,
    )


def _writable(text: str) -> str:
    """A file's name may have bytes that are no text."""
    return text.encode(errors="replace").decode()
