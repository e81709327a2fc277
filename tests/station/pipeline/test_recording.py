from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from station.domain.errors import BadInputError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.messages import FaultReported, PartRecorded
from station.domain.part_images import has_originals
from station.domain.shift import EventKind, StationEvent
from station.domain.verdict import Verdict
from station.pipeline import recording
from station.pipeline.encoding_ahead import EncodingAhead
from station.pipeline.recording import PartLeftOutError
from station.storage.pictures.encoding import PictureFormatError, decode_picture, encode_original


def feedback(number: int, reason: str = "dust") -> OperatorFeedback:
    return OperatorFeedback(
        PartKey(1, number), Disposition.GOOD_PART, reason, "Ada", datetime(2026, 11, 22, tzinfo=UTC)
    )


def test_that_a_refused_part_is_kept_tried_again_and_reported_once(rig) -> None:
    rig.store.refuses = True
    rig.come("good", "good")
    rig.flow(5)
    assert not rig.news_of(PartRecorded)
    assert len(rig.news_of(FaultReported)) == 1
    assert rig.recording.refusing
    rig.store.refuses = False
    rig.flow(5)
    assert [message.key.part for message in rig.news_of(PartRecorded)] == [1, 2]
    assert not rig.recording.refusing


def test_that_a_disk_full_for_pictures_still_takes_the_record(rig) -> None:
    rig.store.refuses_pictures = True
    rig.come("defective", "defective")
    rig.flow(4)
    assert rig.verdicts == [(1, Verdict.FAIL, None), (2, Verdict.FAIL, None)]
    (trouble,) = rig.news_of(FaultReported)
    assert "without pictures" in trouble.advice


@pytest.mark.parametrize("disk_is_full", [False, True])
def test_that_a_part_that_cannot_be_written_loses_neither_its_verdict_nor_the_parts_after_it(
    rig, picture, disk_is_full
) -> None:
    rig.store.refuses_pictures = disk_is_full
    rig.come(replace(picture("defective"), timestamp_ns=2**64 - 1), "good")
    rig.flow(3)
    assert rig.verdicts == [(1, Verdict.FAIL, None), (2, Verdict.PASS, None)]
    bare = rig.store.parts[0].deciding
    assert bare.reason.endswith("(recorded without pictures and numbers)")
    assert (bare.pred_score, bare.camera_timestamp_ns) == (0.9, None)
    assert "Part 0001 was refused." in [trouble.sentence for trouble in rig.news_of(FaultReported)]


@pytest.fixture
def step(rig):
    """One step of the recording worker; a failing one is a failing step and no more, as in a Worker."""

    def step() -> bool:
        with suppress(ValueError, ZeroDivisionError):
            return rig.recording.step()
        return True

    return step


def test_that_a_part_at_which_the_worker_fails_is_recorded_bare_and_those_behind_it_whole(rig, step) -> None:
    whole = rig.store.record_part

    def record(inspection, views, *, keep_picture) -> None:
        if inspection.key.part == 2 and any(each.original is not None for each in views):
            raise ValueError("a bug")
        inspection.deciding.origin.encode()
        whole(inspection, views, keep_picture=keep_picture)

    rig.store.record_part = record
    rig.come("good", replace(rig.frame("defective"), origin="part3-gr\udcfcn.png"), "good")
    for _ in range(3):
        rig.acquisition.step()
        rig.judge()
    assert [step() for _ in range(4)]
    assert rig.verdicts == [(1, Verdict.PASS, None), (2, Verdict.FAIL, None), (3, Verdict.PASS, None)]
    assert rig.store.parts[1].deciding.reason.endswith("(recorded without pictures and numbers)")
    assert [trouble.sentence for trouble in rig.news_of(FaultReported)] == ["Part 0002 cannot be recorded as it is."]
    assert rig.ledger.unrecorded == 0


def test_that_an_event_at_which_the_worker_fails_holds_up_no_part(rig, step, monkeypatch) -> None:
    monkeypatch.setattr(rig.store, "add_event", lambda event: 1 / 0)
    rig.queue.put(StationEvent(datetime(2026, 11, 22, tzinfo=UTC), EventKind.PAUSE, "paused"))
    rig.come("good")
    rig.acquisition.step()
    rig.judge()
    for _ in range(3):
        step()
    assert rig.verdicts == [(1, Verdict.PASS, None)]


def test_that_a_lack_of_memory_leaves_out_no_event_and_no_part(rig, monkeypatch) -> None:
    def starved(whole, lacks):
        def call(*what, **how):
            if next(lacks, False):
                raise MemoryError
            return whole(*what, **how)

        return call

    monkeypatch.setattr(rig.store, "add_event", starved(rig.store.add_event, iter([True] * 5)))
    monkeypatch.setattr(
        rig.store, "record_part", starved(rig.store.record_part, iter([True] * 2 + [False] + [True] * 9))
    )
    rig.queue.put(StationEvent(datetime(2026, 11, 22, tzinfo=UTC), EventKind.PAUSE, "paused"))
    rig.come("good", "defective")
    for _ in range(2):
        rig.acquisition.step()
        rig.judge()
    for _ in range(20):
        with suppress(MemoryError):
            rig.recording.step()
    assert rig.verdicts == [(1, Verdict.PASS, None), (2, Verdict.FAIL, None)]
    assert not rig.store.parts[0].deciding.reason.endswith("(recorded without pictures and numbers)")
    assert rig.store.parts[1].deciding.reason.endswith("(recorded without pictures and numbers)")
    assert [event.sentence for event in rig.store.events] == ["paused"]
    assert not rig.recording.left_out


def test_that_a_part_whose_picture_cannot_be_kept_in_memory_is_published_as_recorded(rig, monkeypatch) -> None:
    def too_large(preview) -> bytes:
        raise PictureFormatError("too large")

    monkeypatch.setattr(recording, "encode_preview", too_large)
    rig.come("good", "good")
    rig.flow(4)
    assert [message.key.part for message in rig.news_of(PartRecorded)] == [1, 2]
    assert rig.recent.part(rig.store.parts[0].key).deciding.levels == ()


def test_that_feedback_on_a_part_whose_record_waits_is_shown_at_once_and_written_after_the_part(rig) -> None:
    rig.store.refuses = True
    rig.come("defective", "good")
    rig.flow(3)
    said = feedback(1)
    rig.feedback.add(said)
    assert rig.feedback.of(said.key) == (said,)
    rig.recording.step()
    assert rig.store.said == []
    rig.store.refuses = False
    rig.recording.step()
    rig.store.refuses = True
    rig.recording.step()
    assert ([part.key.part for part in rig.store.parts], rig.store.said) == ([1], [])
    assert rig.feedback.of(said.key) == (said,)
    rig.store.refuses = False
    rig.flow(3)
    assert rig.store.said == [said]
    assert rig.feedback.of(said.key) == (said,)
    rig.feedback.add(feedback(1, "once more"))
    assert len(rig.store.said) == 2


def test_that_the_end_of_the_run_waits_for_feedback(rig) -> None:
    rig.come("good")
    rig.acquisition.step()
    rig.judge()
    rig.feedback.add(feedback(1))
    rig.finish()
    assert rig.store.said == [feedback(1)]


def test_that_feedback_on_an_unknown_or_unrecorded_part_is_refused(rig) -> None:
    with pytest.raises(BadInputError):
        rig.feedback.add(feedback(1))
    rig.store.refuses = True
    rig.come("good")
    rig.flow(3)
    rig.feedback.use_queue(None)
    rig.store.refuses = False
    with pytest.raises(BadInputError):
        rig.feedback.add(feedback(1))


def test_that_pictures_are_shed_before_records_and_those_of_good_parts_first(make_rig) -> None:
    rig = make_rig(picture_slots=2)
    rig.come("good", "good", "defective", "defective")
    for _ in range(4):
        rig.acquisition.step()
        rig.judge()
    rig.finish()
    assert [number for number, _, _ in rig.verdicts] == [1, 2, 3, 4]
    assert rig.store.pictures == {1: True, 2: False, 3: False, 4: True}
    assert rig.queue.pictures_shed == 2


def test_that_a_long_queue_keeps_no_more_pictures_than_it_has_slots(make_rig) -> None:
    rig = make_rig(picture_slots=2, slots=20)
    rig.store.refuses = True
    rig.come(*["good"] * 9)
    rig.flow(9)
    rig.store.refuses = False
    rig.flow(4)
    rig.store.refuses = True
    rig.come(*["good"] * 4)
    rig.flow(4)
    assert [place.item.inspection.key.part for place in rig.queue._with_picture] == [
        place.item.inspection.key.part for place in rig.queue._waiting if has_originals(place.item)
    ]
    assert len(rig.queue._with_picture) == 2


@pytest.mark.parametrize(("every", "kept"), [(0, []), (1, [1, 2, 3, 5, 6, 7]), (3, [3, 7])])
def test_that_every_nth_pass_picture_is_kept_and_every_other_verdict(make_rig, every, kept) -> None:
    rig = make_rig(keep_pass_every=every)
    rig.come("good", "good", "good", "defective", "good", "good", "good")
    rig.flow(10)

    assert [part for part, keeps in rig.store.pictures.items() if keeps] == sorted([*kept, 4])


@pytest.mark.parametrize(("every", "offered"), [(0, [1, 2, 3, 5]), (1, []), (2, [1, 3])])
def test_that_only_originals_that_are_not_kept_wait_for_a_dispute(make_rig, monkeypatch, every, offered) -> None:
    rig, waiting = make_rig(keep_pass_every=every), []
    originals = SimpleNamespace(offer=waiting.append)
    monkeypatch.setattr(rig.recording, "_stores", replace(rig.recording._stores, originals=originals))
    rig.come("good", "good", "good", "defective", "good")
    rig.flow(8)
    rig.store.refuses_pictures = True
    rig.come("good")
    rig.flow(8)
    assert [part.inspection.key.part for part in waiting] == offered
    assert all(part.views[0].original is not None for part in waiting)


def test_that_pictures_are_kept_by_the_order_of_the_parts_however_many_are_encoded_ahead(make_rig) -> None:
    rig = make_rig(keep_pass_every=3, slots=20, picture_slots=20)
    rig.come("good", "good", "good", "defective", "good", "good", "good")
    for _ in range(7):
        rig.acquire()
        rig.judge()
    rig.flow(8)
    assert [number for number, _, _ in rig.verdicts] == list(range(1, 8))
    assert [part for part, keeps in rig.store.pictures.items() if keeps] == [3, 4, 7]
    rig.recording.close()


@pytest.mark.parametrize(("waits", "uncompressed"), [(False, [True, True, True, False]), (True, [False] * 4)])
def test_that_originals_are_kept_uncompressed_while_the_recording_is_behind_a_camera_that_does_not_wait(
    make_rig, waits: bool, uncompressed: list[bool]
) -> None:
    rig = make_rig(slots=20, picture_slots=16, waits=waits)
    image = np.random.default_rng(1).integers(100, 140, (64, 64), np.uint8)
    files = []
    whole = rig.store.record_part

    def record(inspection, views, *, keep_picture) -> None:
        files.append(views[0].encoded["original"])
        whole(inspection, views, keep_picture=keep_picture)

    rig.store.record_part = record
    rig.come(*(replace(rig.frame("good"), image=image) for _ in range(4)))
    for _ in range(3):
        rig.acquire()
        rig.judge()
    while rig.queue.parts:
        rig.recording.step()
    rig.flow(2)
    rig.recording.close()
    assert [content == encode_original(image, compressed=False) for content in files] == uncompressed
    assert all(np.array_equal(decode_picture(content), image) for content in files)


def test_that_parts_leave_memory_compressed(rig) -> None:
    rig.come("good")
    rig.flow(3)
    key = rig.store.parts[0].key
    kept = rig.recent.part(key)
    assert kept.deciding.levels[0].shape == (32, 32)
    assert rig.recent.thumbnail(key).shape == (32, 32)
    assert kept.inspection == rig.store.parts[0]


def test_that_a_line_without_a_window_keeps_only_thumbnails_in_memory(rig) -> None:
    rig.recording._ahead = EncodingAhead(partial(recording._encoded, previews=False))
    large = np.random.default_rng(1).integers(100, 140, (640, 480), np.uint8)
    rig.come(replace(rig.frame("good"), image=large))
    rig.flow(3)
    key = rig.store.parts[0].key
    assert rig.recent.part(key).deciding.levels[0].shape == rig.recent.thumbnail(key).shape == (320, 240)


def test_that_feedback_on_a_part_that_cannot_be_recorded_is_reported_and_holds_up_no_part(rig, step, caplog) -> None:
    whole = rig.store.record_part

    def refuse(inspection, views, *, keep_picture) -> None:
        if inspection.key.part == 1:
            raise ValueError("a bug")
        whole(inspection, views, keep_picture=keep_picture)

    rig.store.record_part = refuse
    rig.come("defective", "good")
    for _ in range(2):
        rig.acquisition.step()
        rig.judge()
    rig.feedback.add(feedback(1))
    for _ in range(6):
        with suppress(PartLeftOutError):
            step()
    assert rig.verdicts == [(2, Verdict.PASS, None)]
    assert rig.store.said == []
    assert "has no record: FAIL" in caplog.text
    assert "There is no such part." in [fault.sentence for fault in rig.news_of(FaultReported)]
