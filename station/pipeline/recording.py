"""The recording worker: every judged part becomes a durable record, in order, whatever the disk does."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from station.domain.errors import BadInputError, FaultError, StorageError, is_lack_of_memory
from station.domain.feedback import OperatorFeedback
from station.domain.inspection import Inspection, PartViews
from station.domain.messages import FaultReported, Message, PartRecorded
from station.domain.part_images import PartResult, ViewResult, level_within
from station.domain.shift import StationEvent
from station.domain.verdict import Verdict
from station.matching.part_ledger import PartLedger
from station.pipeline.bare_record import BARE, bare
from station.pipeline.encoding_ahead import EncodingAhead
from station.pipeline.recent_parts import PREVIEW_SIDE_PX, Jpegs, RecentParts
from station.pipeline.record_stores import Stores
from station.pipeline.recording_queue import Recordable, RecordingQueue
from station.storage.pictures.encoding import PictureFormatError, Role, encode_preview, encode_thumbnail, encode_view
from station.storage.records.inspections import PartRefusedError

_log = logging.getLogger(__name__)
_SHEDDING_ADVICE = "Records go on without pictures. Free the disk."
_MOST_FAILURES = 3
_DISK_FULL = "The disk is full."
_NO_PICTURES = "Parts are recorded without their pictures. Call the engineer."
_FEEDBACK_LOST = "Your feedback on a part could not be kept. Call the engineer."


class PartLeftOutError(FaultError):
    """A part has a verdict and no record; its run is not complete."""

    advice = "The cause is in the log. Call the engineer."


def log_without_record(inspection: Inspection) -> None:
    """Write a verdict into the log that no disk has taken: it was given, and the reject output has acted."""
    views = ", ".join(f"{view.name} {view.reason}".strip() for view in inspection.views)
    _log.error(
        "part %s of run %d has no record: %s at %s, serial %r, %s",
        inspection.key.label, inspection.key.run_id, inspection.verdict, inspection.triggered_at.isoformat(),
        inspection.serial, views,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """Which pictures are kept.

    Attributes:
        pass_every: On the disk every n-th original of the parts that passed, 0 for none; of other parts each.
        previews: In memory a picture of each recent part large enough for the window; else only its thumbnail.
        behind_from: Waiting parts from which on originals are no longer compressed, so that none is lost to a camera
            that does not wait; None if the pictures come no faster than they are recorded.
    """

    pass_every: int
    previews: bool = True
    behind_from: int | None = None


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A part with encoded pictures: views with their files, JPEGs that stay in memory; `whole` with the originals."""

    views: tuple[ViewResult, ...]
    jpegs: tuple[Jpegs | None, ...]
    whole: bool


class Recording:
    """The step of the recording worker. It ends when its queue has ended.

    The pictures of the next parts are encoded and written on other threads meanwhile; the records keep their order.
    What cannot be done there is tried once more in its turn, where its error has its meaning.

    An item that the disk refuses stays in the queue and is tried again: first whole, then, because a record is worth
    more than its picture, without pictures. The first refusal is reported.

    A part that no disk can take (a number that fits no column) is recorded with its verdict alone, and its reason says
    so. The same is done with a part at which this step has failed once: it would fail again until the worker gives up,
    and every part behind it would be lost. If even that fails, the part is left out, and its run stays unfinished.

    A lack of memory passes: nothing is left out for it. A part that needs too much of it again and again is recorded
    with its verdict alone.

    Attributes:
        left_out: A part was left out.
    """

    def __init__(
        self,
        queue: RecordingQueue,
        stores: Stores,
        ledger: PartLedger,
        recent: RecentParts,
        publish: Callable[[Message], None],
        *,
        kept: Kept,
        wait_for_reader: Callable[[], None] = lambda: None,
        wait_s: float = 0.1,
    ) -> None:
        self._queue = queue
        self._stores = stores
        self._ledger = ledger
        self._recent = recent
        self._publish = publish
        self._keep_pass_every = kept.pass_every
        self._wait_for_reader = wait_for_reader
        self._wait_s = wait_s
        self._passed = 0
        self._refusing = False
        self._shedding = False
        self._retry = threading.Event()
        self._tried: Recordable | None = None
        self._failures = self._lacks = 0
        self._behind_from = kept.behind_from
        self._ahead = EncodingAhead(self._encode)
        self._previews = kept.previews
        self.left_out = False

    @property
    def refusing(self) -> bool:
        """Return whether the disk refuses records at present."""
        return self._refusing

    def step(self) -> bool:
        """Record the oldest item of the queue. Return False after the last one."""
        item = self._queue.oldest(self._wait_s)
        if item is None:
            return not self._queue.ended
        self._ahead.begin(self._next_parts())
        self._failures, self._tried = self._failures + 1 if item is self._tried else 0, item
        try:
            if self._failures:
                self._record_after_failure(item)
            else:
                self._record(item)
        except StorageError as error:
            if self._stores.space:
                self._stores.space.refuse(error)
            self._report_refusal(error)
            self._retry.wait(self._wait_s)
        except BaseException as error:
            if is_lack_of_memory(error):
                self._note_lack(item)
            raise
        else:
            self._lacks = 0
            self._finish(item)
        self._tried = None
        return True

    def _note_lack(self, item: Recordable) -> None:
        self._lacks, self._failures = self._lacks + 1, 0
        if self._lacks < _MOST_FAILURES or not isinstance(item, PartViews):
            self._tried = None

    def close(self) -> None:
        """End the threads that encode. Nothing is recorded afterwards."""
        self._ahead.close()
        self._stores.parts.forget_ahead()

    def _encode(self, part: PartResult, keep_picture: bool) -> _Encoded:
        """Encode the pictures of a part and write them ahead. Called on other threads."""
        behind = self._behind_from is not None and self._queue.parts >= self._behind_from
        stopped = self._pictures_stopped
        encoded = _encoded(part, keep_picture and not stopped, previews=self._previews, compressed=not behind)
        if not (stopped or self._shedding):
            with suppress(StorageError):  # in its turn it is tried again, and reported
                self._stores.parts.write_ahead(part.inspection, encoded.views)
        return encoded

    @property
    def _pictures_stopped(self) -> bool:
        return self._stores.space is not None and self._stores.space.stopped

    def _next_parts(self) -> Iterator[tuple[PartResult, bool]]:
        """Yield the next parts, and whether their pictures are kept."""
        passed = self._passed
        for part in self._queue.oldest_parts(self._ahead.depth):
            passed += part.inspection.verdict is Verdict.PASS
            yield part, self._keeps_picture(part.inspection.verdict, passed)

    def _record_after_failure(self, item: Recordable) -> None:
        """Record what is possible of an item at which the step has failed; the worker's log has the cause."""
        if not isinstance(item, PartViews):
            _log.error("cannot be recorded, and is left out: %s", item)
            return
        label = item.inspection.key.label
        if self._failures >= _MOST_FAILURES:
            self.left_out = True
            self._queue.remove_oldest()
            self._ahead.forget(item.inspection.key)
            log_without_record(item.inspection)
            raise PartLeftOutError(f"Part {label} cannot be recorded at all.")
        self._record_bare(item.inspection, PartRefusedError(f"Part {label} cannot be recorded as it is."))

    def _record(self, item: Recordable) -> None:
        if isinstance(item, StationEvent):
            self._stores.events.add_event(item)
        elif isinstance(item, OperatorFeedback):
            self._record_feedback(item)
        else:
            self._record_part(item)

    def _record_feedback(self, feedback: OperatorFeedback) -> None:
        try:
            self._stores.feedback.add(feedback)
        except BadInputError as error:
            _log.error("feedback is left out: %s: %s", feedback, error)
            advice = "Its part could not be recorded. The cause is in the log."
            self._publish(FaultReported("recording", error.sentence, advice, _FEEDBACK_LOST))

    def _record_part(self, part: PartResult) -> None:
        try:
            self._record_with_pictures(part)
        except PartRefusedError as error:
            self._record_bare(part.inspection, error)

    def _record_with_pictures(self, part: PartResult) -> None:
        encoded = self._ahead.result(part)
        passed = self._passed + (part.inspection.verdict is Verdict.PASS)
        keep = self._keeps_picture(part.inspection.verdict, passed)
        if self._pictures_stopped:
            self._record_without_pictures(part.inspection, StorageError(_DISK_FULL))
            return
        views = encoded.views if encoded and (encoded.whole or not keep) else part.views  # the disk was full until now
        try:
            self._stores.parts.record_part(part.inspection, views, keep_picture=keep)
            self._shedding = False
        except PartRefusedError:
            raise
        except StorageError as error:
            if not any(view.levels or view.original is not None for view in part.views):
                raise
            self._record_without_pictures(part.inspection, error)

    def _record_without_pictures(self, inspection: Inspection, refusal: StorageError) -> None:
        self._stores.parts.forget_ahead(inspection.key)
        if self._stores.space and not self._pictures_stopped:
            self._stores.space.refuse(refusal)
        self._stores.parts.record_part(inspection, (), keep_picture=False)
        if not self._shedding:
            _log.warning("parts from %s on are recorded without pictures: %s", inspection.key.label, refusal)
            self._shedding = True
            self._publish(FaultReported("recording", refusal.sentence, _SHEDDING_ADVICE, _NO_PICTURES))

    def _record_bare(self, inspection: Inspection, refusal: PartRefusedError) -> None:
        """Record the verdict alone. If even this is refused, the part is not the cause."""
        self._stores.parts.record_part(bare(inspection), (), keep_picture=False)
        _log.error("part %s is %s: %s", inspection.key.label, BARE, refusal)
        advice = f"It is {BARE}. Its verdict is unchanged."
        self._publish(FaultReported("recording", refusal.sentence, advice, _NO_PICTURES))

    def _keeps_picture(self, verdict: Verdict, passed: int) -> bool:
        """Return whether to keep the pictures of a part; `passed` counts the good parts up to this one."""
        if verdict is not Verdict.PASS:
            return True
        return self._keep_pass_every > 0 and passed % self._keep_pass_every == 0

    def _report_refusal(self, error: StorageError) -> None:
        if not self._refusing:
            self._refusing = True
            _log.error("the disk refuses records: %s", error)
            self._publish(FaultReported.of("recording", error))

    def _finish(self, item: Recordable) -> None:
        self._refusing = False
        self._queue.remove_oldest()
        if isinstance(item, PartViews):
            self._finish_part(item)

    def _finish_part(self, part: PartResult) -> None:
        key = part.inspection.key
        self._passed += part.inspection.verdict is Verdict.PASS
        self._ledger.mark_recorded(key)
        self._publish(PartRecorded(key))
        encoded = self._ahead.result(part)
        self._recent.compress(key, encoded.jpegs if encoded else [_jpegs_of(view) for view in part.views])
        self._ahead.forget(key)
        self._stores.parts.forget_ahead(key)
        self._offer_original(part)
        self._wait_for_reader()

    def _offer_original(self, part: PartResult) -> None:
        """Let the original of a passed part wait for a dispute, if it was not kept and the disk takes pictures."""
        verdict, originals = part.inspection.verdict, self._stores.originals
        if originals and not (self._shedding or self._keeps_picture(verdict, self._passed)):
            originals.offer(part)


def _encoded(part: PartResult, keep_picture: bool, *, previews: bool, compressed: bool = True) -> _Encoded:
    """Return the part with all its picture files; `keep_picture` as in `RecordStore.record_part`.

    Without `previews` the thumbnail is all that stays in memory.

    Raises:
        PictureFormatError: A picture is too large for its format.
    """
    files = [encode_view(view, keep_picture=keep_picture, compressed=compressed) for view in part.views]
    views = tuple(_with_files(view, each) for view, each in zip(part.views, files, strict=True))
    thumbnails = [each.get(Role.THUMBNAIL) for each in files]
    if not previews:
        return _Encoded(views, tuple((each, each) if each else None for each in thumbnails), keep_picture)
    return _Encoded(views, tuple(map(_jpegs_of, part.views, thumbnails)), keep_picture)


def _with_files(view: ViewResult, files: Mapping[Role, bytes]) -> ViewResult:
    return replace(view, encoded={role.value: content for role, content in files.items()})


def _jpegs_of(view: ViewResult, thumbnail: bytes | None = None) -> Jpegs | None:
    preview = level_within(view.levels, PREVIEW_SIDE_PX)
    if preview is None:
        return None
    try:
        return encode_preview(preview), thumbnail or encode_thumbnail(preview)
    except PictureFormatError as error:
        _log.warning("part without a picture in memory: %s", error)
        return None
