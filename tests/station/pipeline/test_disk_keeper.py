"""Records go on when the disk is full; pictures stop, those of passed parts are given up first, and come again."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from view_result import view_result

from station.__main__ import main
from station.domain.alarm import AlarmKind
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.hold import Hold
from station.domain.inspection import Inspection, PartKey, PartViews, ViewInspection
from station.domain.messages import FaultReported, Message
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Verdict
from station.matching.part_ledger import PartLedger
from station.pipeline import disk_keeper
from station.pipeline.disk_keeper import DiskKeeper
from station.pipeline.recent_parts import RecentParts
from station.pipeline.record_stores import Stores
from station.pipeline.recording import Kept, Recording
from station.pipeline.recording_queue import RecordingQueue
from station.review.alarm_list import AlarmList
from station.settings import RecordingSettings
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.pictures.reserve import DiskReserve
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.given_up import GivenUp, GivenUpPictures
from station.storage.records.holds import Holds
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import verify_records

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PICTURE = np.random.default_rng(1).integers(0, 255, (400, 400), np.uint8)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no mount")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


class Line:
    """The recording of a line on a disk, step by step, with its keeper."""

    def __init__(self, root: Path, **recording: float) -> None:
        self.news: list[Message] = []
        self.database = Database.open(root / "station.db")
        self.inspections = Inspections(self.database, PictureStore(root / "pictures"))
        self.feedback = FeedbackRecords(self.database)
        self.alarms = AlarmList(self.news.append)
        settings = RecordingSettings(**{"least_free_gb": 0.0, "reserve_mb": 24} | recording)
        reserve = DiskReserve(root / ".reserve", settings.reserve_mb * 10**6)
        given_up = GivenUpPictures(self.database, self.inspections.pictures)
        self.now = NOON
        self.keeper = DiskKeeper(root, reserve, given_up, settings, self.alarms, now=lambda: self.now)
        self.keeper._try_to_write()
        recipe = Recipe("tile", 1, "tile", (View(ModelReference("m", "0" * 64)),))
        self.run = self.inspections.begin_run(recipe, camera="", program_version="", started_at=NOON)
        self.queue, self.ledger = RecordingQueue(24), PartLedger(self.run.run_id)
        self.recording = Recording(
            self.queue,
            Stores(self.inspections, None, self.feedback, space=self.keeper),
            self.ledger,
            RecentParts(),
            self.news.append,
            kept=Kept(1, previews=False),
            wait_s=0,
        )
        self.parts = 0

    def judged(self, verdict: Verdict = Verdict.PASS, *, pictures: bool = True) -> PartKey:
        """Let one part come, and the recording do one step."""
        part = self.arrived(verdict, pictures=pictures)
        self.recording.step()
        return part.inspection.key

    def arrived(self, verdict: Verdict, *, pictures: bool = True) -> PartViews:
        """Let one part come."""
        self.parts += 1
        key = PartKey(self.run.run_id, self.parts)
        self.ledger.open_part("drawn")
        self.ledger.close_part(key)
        seen = ViewInspection(verdict, "", "", 1.0, pred_score=0.1, image_threshold=0.5, width=400, height=400)
        view = view_result(PICTURE, PICTURE, np.zeros((4, 4), np.float32)) if pictures else view_result()
        part = PartViews(Inspection(key, NOON + timedelta(seconds=self.parts), (seen,)), (view,))
        self.queue.put(part)
        return part

    def kept(self, key: PartKey) -> bool:
        return self.inspections.find_part(key).views[0].original is not None

    def close(self) -> None:
        self.recording.close()
        assert self.queue.parts == 0
        assert verify_records(self.database, self.inspections.pictures, lambda _: None) == ()
        self.database.close()


@pytest.fixture
def line(small_disk: Path) -> Iterator[Line]:
    line = Line(small_disk)
    yield line
    line.close()


def until_stopped(line: Line, verdict: Verdict) -> list[PartKey]:
    keys = []
    while not line.keeper.stopped:
        keys.append(line.judged(verdict))
        assert len(keys) < 1000
    return keys


def filler_of(root: Path) -> Path:
    """Take all the space that is left, as another program would."""
    path = root / "filler"
    with path.open("wb", buffering=0) as filler:
        for size in (2**20, 2**12, 1):
            with suppress(OSError):
                while True:
                    filler.write(bytes(size))
    return path


def commands_go_on(disk: Path, elsewhere: Path, triggers: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Verify the records and report a shift by the commands, while the line runs on a full disk."""
    assert main(["verify", "--workspace", str(disk)]) == 0
    assert capsys.readouterr().out.endswith("clean\n")
    times = [NOON.isoformat(), (NOON + timedelta(days=1)).isoformat()]
    words = ["report", "--from", times[0], "--to", times[1], "--csv", str(elsewhere / "parts.csv"), "--json", "-"]
    assert main([*words, "--workspace", str(disk)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["parts"] == triggers
    assert len((elsewhere / "parts.csv").read_text("utf-8-sig").splitlines()) == triggers + 1


@pytest.mark.slow
def test_that_ten_thousand_parts_have_their_records_after_the_pictures_stopped(
    line: Line, small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = until_stopped(line, Verdict.FAIL)
    assert all(line.kept(key) for key in keys[:-1])
    line.keeper.look()
    assert line.keeper.stopped  # nothing may be given up
    (alarm,) = line.alarms.open
    assert alarm.kind is AlarmKind.DISK_FULL
    assert alarm.alarm.cause
    assert alarm.alarm.action
    for _ in range(100):
        line.judged()
    for _ in range(9_900):
        line.judged(pictures=False)
    assert line.inspections.count_parts(NOON, NOON + timedelta(days=1)).triggers == len(keys) + 10_000
    assert len([message for message in line.news if isinstance(message, FaultReported)]) == 1
    commands_go_on(small_disk, tmp_path, len(keys) + 10_000, capsys)

    subprocess.run(["mount", "-o", "remount,size=128m", str(small_disk)], check=True)
    line.keeper.look()
    assert not line.keeper.stopped
    line.judged()
    assert line.kept(line.judged(Verdict.FAIL))
    assert line.alarms.open[0].returned is not None


def test_that_the_space_is_held_against_other_programs_too(line: Line, small_disk: Path) -> None:
    filler = filler_of(small_disk)
    until_stopped(line, Verdict.FAIL)
    for _ in range(100):
        line.judged()
    assert line.queue.parts == 0
    filler.unlink()
    line.keeper.look()
    assert line.kept(line.judged(Verdict.FAIL)) or line.kept(line.judged(Verdict.FAIL))


@pytest.mark.slow
def test_that_pictures_of_passed_parts_make_room_for_the_others(line: Line) -> None:
    disputed = line.judged()
    line.feedback.add(OperatorFeedback(disputed, Disposition.MISSED_DEFECT, "", "Ada", NOON))
    failed = [line.judged(Verdict.FAIL) for _ in range(5)]
    passed = until_stopped(line, Verdict.PASS)
    line.keeper.look()
    assert not line.keeper.stopped
    assert line.alarms.open == ()  # no person has to do anything
    assert all(line.kept(key) for key in [disputed, *failed])
    gone = [key for key in passed if not line.kept(key)]
    assert gone[:-1] == passed[: len(gone) - 1]  # the oldest, and the one that came when the disk was full
    line.judged(Verdict.FAIL)
    assert line.kept(line.judged(Verdict.FAIL))


@pytest.mark.slow
def test_that_pictures_on_hold_stay_on_a_full_disk_and_the_alarm_says_so(line: Line) -> None:
    passed = [line.judged() for _ in range(4)]
    holds = Holds(line.database, AuditLog.beside(line.database, "here"))
    holds.set([Hold(key, "complaint", "Ada", NOON) for key in passed[:3]], held=True)
    until_stopped(line, Verdict.FAIL)
    line.keeper.look()
    assert [line.kept(key) for key in passed] == [True, True, True, False]
    (alarm,) = line.alarms.open
    assert alarm.alarm.cause.endswith("left to give up, but of 3 parts on hold, which is never done.")
    holds.set([Hold(passed[1], "solved", "Ada", NOON)], held=False)
    line.keeper.look()
    assert [line.kept(key) for key in passed] == [True, False, True, False]


def test_that_a_long_search_that_finds_nothing_rests_until_a_part_is_released(tmp_path: Path, monkeypatch) -> None:
    line, asked = Line(tmp_path), []
    key = line.judged()
    holds = Holds(line.database, AuditLog.beside(line.database, "here"))
    holds.set([Hold(key, "complaint", "Ada", NOON)], held=True)
    give_up = GivenUpPictures.give_up

    def slow(*words: object, **more: object) -> GivenUp:
        asked.append(words)
        time.sleep(0.06)
        return give_up(*words, **more)

    monkeypatch.setattr(disk_keeper, "_REST_AFTER_NOTHING", 1000)
    monkeypatch.setattr(GivenUpPictures, "give_up", slow)
    monkeypatch.setattr(line.keeper, "_free", lambda: 0)
    for _ in range(4):
        line.keeper.look()
    assert len(asked) == 2
    holds.set([Hold(key, "solved", "Ada", NOON)], held=False)
    line.keeper.look()
    assert not line.kept(key)
    line.close()


@pytest.mark.slow
def test_that_pictures_of_passed_parts_go_before_the_disk_is_full(line: Line) -> None:
    failed = []
    for _ in range(130):
        line.judged()
        failed.append(line.judged(Verdict.FAIL))
        line.keeper.look()
        assert not line.keeper.stopped
    assert all(line.kept(key) for key in failed)
    assert not line.kept(PartKey(line.run.run_id, 1))


@pytest.mark.slow
def test_that_a_disk_that_frees_space_late_loses_no_more_pictures_than_it_must(tmp_path: Path, monkeypatch) -> None:
    line = Line(tmp_path)
    for _ in range(60):
        line.judged()
    least, size = line.keeper._reserve.size // 4, line.keeper._pictures.size() // 60
    monkeypatch.setattr(line.keeper, "_free", lambda: least - 3 * size)  # as if nothing were removed
    for _ in range(5):
        line.keeper.look()
    gone = 60 - sum(line.kept(PartKey(line.run.run_id, number)) for number in range(1, 61))
    assert 3 <= gone <= 4
    line.close()


def test_that_what_waits_for_a_dispute_goes_before_recorded_pictures(tmp_path: Path, monkeypatch) -> None:
    line = Line(tmp_path)
    for _ in range(10):
        line.judged()
    least, size = line.keeper._reserve.size // 4, line.keeper._pictures.size() // 10
    ring = [4 * size]
    monkeypatch.setattr(line.keeper, "_give_way", lambda most: ring.pop() if most and ring else 0)
    monkeypatch.setattr(line.keeper, "_free", lambda: least - 3 * size)
    line.keeper.look()
    assert ring == []
    assert all(line.kept(PartKey(line.run.run_id, number)) for number in range(1, 11))
    monkeypatch.setattr(line.keeper, "_free", lambda: least - 6 * size)
    line.keeper.look()
    assert not line.kept(PartKey(line.run.run_id, 1))
    line.close()


def test_that_a_part_that_waited_while_the_disk_was_full_keeps_its_picture_once_there_is_room(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.keeper.stopped = True
    first, second = line.arrived(Verdict.FAIL), line.arrived(Verdict.FAIL)
    line.recording.step()
    line.recording._ahead.result(second)  # it is encoded already, without its original
    line.keeper.stopped = False
    line.recording.step()
    assert not line.kept(first.inspection.key)
    assert line.kept(second.inspection.key)
    line.close()


def test_that_quotas_in_days_and_bytes_are_kept(tmp_path: Path) -> None:
    line = Line(tmp_path, pass_days=3, pictures_gb=0.002, reserve_mb=1)
    for _ in range(10):
        line.judged()
    failed = line.judged(Verdict.FAIL)
    line.keeper.look()
    assert line.keeper._pictures.size() <= 2_000_000
    kept = [number for number in range(1, 11) if line.kept(PartKey(line.run.run_id, number))]
    assert kept == list(range(11 - len(kept), 11))
    line.now = NOON + timedelta(days=3, seconds=9)
    line.keeper.look()
    assert [number for number in range(1, 11) if line.kept(PartKey(line.run.run_id, number))] == [9, 10]
    assert line.kept(failed)
    line.close()


def test_that_quotas_are_kept_after_the_clock_was_set_back(tmp_path: Path) -> None:
    line = Line(tmp_path, pictures_gb=0.002, reserve_mb=1)
    line.keeper.look()
    for _ in range(15):
        line.judged()
    assert line.keeper._pictures.size() > 2_000_000
    line.now = NOON - timedelta(days=365)
    line.keeper.look()
    assert line.keeper._pictures.size() <= 2_000_000
    line.close()


def test_that_a_disk_that_never_had_room_stops_pictures_before_the_first_part(small_disk: Path) -> None:
    line = Line(small_disk, reserve_mb=100)
    assert line.keeper.stopped
    assert line.alarms.open[0].kind is AlarmKind.DISK_FULL
    assert not line.kept(line.judged(Verdict.FAIL))
    line.close()
