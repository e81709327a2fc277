"""The originals of passed parts wait for a dispute, hold nobody up, and are kept for good if one comes."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from view_result import view_result
from waiting import until

from station.domain.errors import StorageError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Inspection, PartKey, PartViews, ViewInspection
from station.domain.part_images import PartResult
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Verdict
from station.pipeline import recent_originals
from station.pipeline.recent_originals import RecentOriginals, WhereKept
from station.review.pending_feedback import PendingFeedback
from station.storage.engine.database import Database
from station.storage.pictures.passed_ring import PassedRing
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import verify_records
from station.storage.records.later_pictures import LaterPictures

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Disk:
    """The records of a station with a run, and a ring of three parts beside them."""

    def __init__(self, root: Path) -> None:
        self.database = Database.open(root / "station.db")
        self.inspections = Inspections(self.database, PictureStore(root / "pictures"))
        self.feedback = FeedbackRecords(self.database)
        recipe = Recipe("tile", 1, "tile", (View(ModelReference("m", "0" * 64)),))
        self.run = self.inspections.begin_run(recipe, camera="", program_version="", started_at=NOON)
        self.ring = PassedRing(root / "pictures" / ".recent", 3, 10**9)
        self.opened: list[RecentOriginals] = []

    def originals(self, ring: PassedRing | None = None) -> RecentOriginals:
        where = WhereKept(
            ring or self.ring, LaterPictures(self.database, self.inspections.pictures), self.feedback.last_words_on
        )
        self.opened.append(RecentOriginals(where))
        return self.opened[-1]

    def recorded(self, number: int) -> PartResult:
        """Record a part as one of which only the thumbnail is kept."""
        seen = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.1, image_threshold=0.5, width=8, height=8)
        inspection = Inspection(PartKey(self.run.run_id, number), NOON + timedelta(seconds=number), (seen,))
        picture, heat = np.full((8, 8), number, np.uint8), np.full((2, 2), 0.5, np.float32)
        view = view_result(picture, picture, heat)
        self.inspections.record_part(inspection, [view], keep_picture=False)
        return PartViews(inspection, (view,))

    def say(self, originals: RecentOriginals, number: int) -> None:
        key = PartKey(self.run.run_id, number)
        pending = PendingFeedback(self.feedback, originals.keep)
        pending.add(OperatorFeedback(key, Disposition.MISSED_DEFECT, "", "Ada", NOON))

    def kept(self) -> list[int]:
        """Return the numbers of the parts with an original in their record, which is what it was."""
        found = []
        for record in self.inspections.recent_parts(100, NOON - timedelta(days=1)):
            if original := record.views[0].original:
                number = record.inspection.key.part
                assert self.inspections.pictures.read_picture(original).tolist() == [[number] * 8] * 8
                assert record.views[0].anomaly_map is not None
                found.append(number)
        return sorted(found)

    def close(self) -> None:
        for originals in self.opened:
            originals.__exit__()
        assert verify_records(self.database, self.inspections.pictures, lambda _: None) == ()
        self.database.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path)
    yield disk
    disk.close()


def waiting(disk: Disk) -> Callable[[list[int]], Callable[[], bool]]:
    return lambda parts: lambda: [key.part for key in disk.ring.keys] == parts


def offer(disk: Disk, originals: RecentOriginals, *numbers: int) -> None:
    for number in numbers:
        originals.offer(disk.recorded(number))
        until(lambda number=number: number in [key.part for key in disk.ring.keys])


def test_that_a_part_that_is_disputed_in_time_keeps_its_original_and_the_oldest_go(disk: Disk) -> None:
    originals = disk.originals()
    originals.__enter__()
    offer(disk, originals, 1, 2, 3)
    disk.say(originals, 2)
    assert disk.kept() == [2]  # at once: whoever looks for it after the word finds it
    offer(disk, originals, 4, 5)
    until(waiting(disk)([3, 4, 5]))
    disk.say(originals, 1)
    assert disk.kept() == [2]


def test_that_a_part_that_is_disputed_before_it_is_in_the_ring_is_kept_too(disk: Disk) -> None:
    originals = disk.originals()
    part = disk.recorded(1)
    originals.keep(part.inspection.key)
    originals.offer(part)
    originals.__enter__()
    until(lambda: disk.kept() == [1])
    until(waiting(disk)([]))


def test_that_a_lot_is_kept_by_one_look_into_the_folder(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    originals, asked = disk.originals(), []
    originals.__enter__()
    offer(disk, originals, 1, 2, 3)
    contents = PassedRing.contents
    monkeypatch.setattr(PassedRing, "contents", lambda ring, key: asked.append(key) or contents(ring, key))
    run = disk.run.run_id
    before = [PartKey(0, number) for number in range(1, 3000)]
    originals.keep_all([*before, *(PartKey(run, number) for number in (1, 3, 4))])
    assert disk.kept() == [1, 3]
    assert len(asked) <= 50
    originals.offer(disk.recorded(4))
    until(lambda: 4 in disk.kept())


def test_that_the_word_of_the_station_itself_keeps_nothing(disk: Disk) -> None:
    originals = disk.originals()
    originals.__enter__()
    offer(disk, originals, 1)
    pending = PendingFeedback(disk.feedback, originals.keep)
    pending.add(OperatorFeedback(PartKey(disk.run.run_id, 1), Disposition.REVIEW_TIMED_OUT, "", "", NOON))
    assert disk.kept() == []


def test_that_a_restart_takes_over_the_ring_and_keeps_what_was_disputed_when_the_power_went(disk: Disk) -> None:
    before = disk.originals()
    before.__enter__()
    offer(disk, before, 1, 2, 3)
    before.__exit__()
    key = PartKey(disk.run.run_id, 2)
    disk.feedback.add(OperatorFeedback(key, Disposition.MISSED_DEFECT, "", "Ada", NOON))  # and then the crash

    disk.ring = PassedRing(disk.ring.folder, 3, 10**9)
    after = disk.originals()
    disk.say(after, 3)  # before a line runs: the window is open already
    assert disk.kept() == [3]
    after.__enter__()
    until(lambda: disk.kept() == [2, 3])
    until(waiting(disk)([1]))


def test_that_more_parts_than_can_be_written_hold_nobody_up(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    held, encode = threading.Event(), recent_originals.encode_whole

    def slow(view, *, compressed):
        assert held.wait(10)
        return encode(view, compressed=compressed)

    monkeypatch.setattr(recent_originals, "encode_whole", slow)
    originals = disk.originals()
    originals.__enter__()
    parts = [disk.recorded(number) for number in range(1, 21)]
    for part in parts:
        originals.offer(part)
    assert originals.left_out >= 15
    held.set()
    until(waiting(disk)([18, 19, 20]))


def test_that_a_part_that_a_person_wants_is_not_left_out_for_those_that_come_after_it(disk: Disk) -> None:
    originals = disk.originals()
    parts = [disk.recorded(number) for number in range(1, 21)]
    originals.offer(parts[0])
    disk.say(originals, 1)
    for part in parts[1:]:
        originals.offer(part)
    originals.__enter__()
    until(lambda: disk.kept() == [1])
    until(waiting(disk)([18, 19, 20]))
    assert originals.left_out == 16


def test_that_no_more_of_the_ring_goes_than_is_wanted(disk: Disk) -> None:
    originals = disk.originals()
    originals.__enter__()
    offer(disk, originals, 1, 2, 3)
    until(waiting(disk)([1, 2, 3]))
    before = disk.ring.size
    assert originals.give_way(before / 3 + 1) == before - disk.ring.size
    assert waiting(disk)([3])()
    disk.say(originals, 3)
    assert originals.give_way() == 0


def test_that_a_file_that_another_program_holds_is_given_up_later(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    originals = disk.originals()
    originals.__enter__()
    offer(disk, originals, 1, 2, 3)
    unlink = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.name.startswith("000001-000001-"):
            raise PermissionError(13, "The process cannot access the file")
        unlink(path, missing_ok)

    with monkeypatch.context() as holding:
        holding.setattr(Path, "unlink", held)
        originals.give_way()
        until(waiting(disk)([1]))
        offer(disk, originals, 4, 5, 6, 7)
        until(waiting(disk)([1, 5, 6, 7]))
    offer(disk, originals, 8)
    until(waiting(disk)([6, 7, 8]))


def test_that_a_disk_that_is_full_gets_back_what_the_ring_has_taken(disk: Disk, monkeypatch) -> None:
    originals = disk.originals()
    originals.__enter__()
    offer(disk, originals, 1, 2)
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.parent == disk.ring.folder:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    originals.offer(disk.recorded(3))
    until(waiting(disk)([]))
    assert list(disk.ring.folder.iterdir()) == []
    monkeypatch.undo()
    offer(disk, originals, 4)
    until(waiting(disk)([4]))


def test_that_a_file_that_cannot_be_written_costs_no_other_part(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    originals = disk.originals()
    originals.__enter__()
    offer(disk, originals, 1, 2)
    write, tried = Path.write_bytes, threading.Event()

    def held(path: Path, content: bytes) -> int:
        if path.name.startswith("000001-000003-"):
            tried.set()
            raise PermissionError(13, "The process cannot access the file")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", held)
    originals.offer(disk.recorded(3))
    assert tried.wait(10)
    offer(disk, originals, 4)
    disk.say(originals, 2)
    assert disk.kept() == [2]


def test_that_a_disputed_original_that_the_disk_refuses_is_not_given_up_and_kept_later(disk: Disk, monkeypatch) -> None:
    monkeypatch.setattr(recent_originals, "_AGAIN_S", 0.2)
    originals = disk.originals()
    originals.__enter__()
    offer(disk, originals, 1)
    with monkeypatch.context() as refusing:

        def refuse(*_: object) -> None:
            raise StorageError("No space left on device.")

        refusing.setattr(LaterPictures, "add", refuse)
        disk.say(originals, 1)
        offer(disk, originals, 2, 3, 4, 5)
        assert 1 in [key.part for key in disk.ring.keys]
    until(lambda: disk.kept() == [1])


def test_that_a_ring_that_is_not_wanted_is_emptied_and_stays_empty(disk: Disk) -> None:
    before = disk.originals()
    before.__enter__()
    offer(disk, before, 1, 2)
    before.__exit__()
    disk.ring = PassedRing(disk.ring.folder, 0, 10**9)
    after = disk.originals()
    after.__enter__()
    after.offer(disk.recorded(3))
    until(lambda: list(disk.ring.folder.iterdir()) == [])
