import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.camera import replay
from station.camera.connection import CameraConnection
from station.camera.frame_timer import TriggerKind
from station.camera.pictures.picture import Picture
from station.camera.pictures.reading import PictureFile, read_picture
from station.camera.replay import ReplayCamera
from station.domain.errors import BadInputError
from station.domain.frame import EndOfFrames, Frame, LostFrame, NotInspectedCause


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures, the second no picture at all, the third in a folder below."""
    (tmp_path / "more").mkdir()
    for name, level in (("a.png", 10), ("more/c.png", 30)):
        cv2.imwrite(str(tmp_path / name), np.full((24, 32), level, np.uint8))
    (tmp_path / "b.png").write_text("broken")
    return tmp_path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "parts.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for level in range(0, 250, 50):
        writer.write(np.full((48, 64, 3), (0, 0, level), np.uint8))
    writer.release()
    return path


def taken(camera: ReplayCamera) -> list[Frame | LostFrame]:
    """Everything up to the end."""
    camera.start()
    got = []
    while not isinstance(delivery := camera.fetch(1), EndOfFrames):
        assert delivery is not None
        got.append(delivery)
    return got


def test_that_pictures_are_delivered_in_sorted_order_with_their_path(folder: Path) -> None:
    got = taken(ReplayCamera(folder))
    assert [delivery.origin for delivery in got] == ["a.png", "b.png", "more/c.png"]
    assert [delivery.frame_id for delivery in got] == [1, 2, 3]


def test_that_a_broken_picture_is_a_lost_frame_and_the_next_one_follows(folder: Path) -> None:
    first, broken, last = taken(ReplayCamera(folder))
    assert isinstance(broken, LostFrame)
    assert broken.cause is NotInspectedCause.UNREADABLE_PICTURE
    assert "b.png is not a picture" in broken.detail
    assert isinstance(first, Frame)
    assert isinstance(last, Frame)


def test_that_a_picture_deleted_while_running_is_a_lost_frame(folder: Path) -> None:
    camera = ReplayCamera(folder)
    (folder / "more/c.png").unlink()
    assert taken(camera)[-1].cause is NotInspectedCause.UNREADABLE_PICTURE


def test_that_the_end_is_reported_at_every_fetch(folder: Path) -> None:
    camera = ReplayCamera(folder)
    taken(camera)
    assert isinstance(camera.fetch(1), EndOfFrames)


def test_that_the_end_is_reported_without_a_trigger(folder: Path) -> None:
    camera = ReplayCamera(folder / "a.png", trigger="software")
    camera.start()
    camera.trigger()
    assert isinstance(camera.fetch(1), Frame)
    assert isinstance(camera.fetch(1), EndOfFrames)


def test_that_a_loop_continues_with_new_frame_ids(folder: Path) -> None:
    camera = ReplayCamera(folder, loop=True)
    camera.start()
    got = [camera.fetch(1) for _ in range(7)]
    assert [delivery.frame_id for delivery in got] == list(range(1, 8))
    assert got[6].origin == "a.png"


def test_that_a_single_picture_can_be_replayed(folder: Path) -> None:
    (frame,) = taken(ReplayCamera(folder / "a.png"))
    assert frame.origin == "a.png"
    assert frame.pixel_format == "Mono8"


def test_that_a_frame_has_the_depth_and_conversion_of_its_picture(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "deep.png"), np.full((32, 32, 4), 40000, np.uint16))
    (frame,) = taken(ReplayCamera(tmp_path))
    assert (frame.pixel_format, frame.significant_bits) == ("RGB16", 16)
    assert frame.conversion == "transparency dropped, 16 bits kept"


def test_that_pictures_at_a_rate_are_not_early(folder: Path) -> None:
    camera = ReplayCamera(folder, rate_hz=20)
    began_s = time.monotonic()
    assert len(taken(camera)) == 3
    assert time.monotonic() - began_s >= 2 / 20


def test_that_a_replay_at_a_rate_reports_its_frame_rate(folder: Path) -> None:
    slow = ReplayCamera(folder, rate_hz=0.1)
    assert slow.settings() == {"AcquisitionFrameRate": 0.1}
    link = CameraConnection(slow, {}, runs_free=True, lost_after_s=1.0)
    link.apply_settings()
    link.start_acquisition()
    assert link.expected_interval_s == 10, "so that it is not taken for silent before two of them"
    slow.close()


@pytest.mark.parametrize(("rate_hz", "trigger"), [(0.0, "free"), (0.1, "software")])
def test_that_a_replay_on_demand_reports_no_frame_rate(folder: Path, rate_hz: float, trigger: TriggerKind) -> None:
    assert ReplayCamera(folder, rate_hz=rate_hz, trigger=trigger).settings() == {}


def test_that_a_video_gives_its_frames_in_rgb(video: Path) -> None:
    frames = taken(ReplayCamera(video))
    assert [frame.origin for frame in frames] == [f"parts.avi frame {number}" for number in range(1, 6)]
    reds = [int(frame.image[24, 32, 0]) for frame in frames]
    assert reds == pytest.approx([0, 50, 100, 150, 200], abs=6)


def test_that_a_video_can_be_started_again(video: Path) -> None:
    camera = ReplayCamera(video)
    assert len(taken(camera)) == len(taken(camera)) == 5


def test_that_a_text_file_named_as_a_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(BadInputError, match=r"film\.mp4 is not a readable video"):
        ReplayCamera(tmp_path / "film.mp4")


def test_that_a_folder_without_one_readable_picture_is_refused_by_the_first(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_text("broken")
    with pytest.raises(BadInputError, match=r"a\.png is not a picture"):
        ReplayCamera(tmp_path)


@pytest.mark.parametrize(("name", "words"), [("none", "no folder or picture"), ("", "No picture in")])
def test_that_a_missing_or_empty_folder_is_refused(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        ReplayCamera(tmp_path / name)


def test_that_the_next_pictures_are_read_meanwhile_each_once_and_in_order(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, str]] = []

    def note(path: Path, page: int) -> Picture:
        read.append((path.name, threading.current_thread().name))
        return read_picture(path, page)

    camera = ReplayCamera(folder)
    monkeypatch.setattr(replay, "read_picture", note)
    got = taken(camera)
    camera.close()
    assert [delivery.origin for delivery in got] == ["a.png", "b.png", "more/c.png"]
    assert sorted(name for name, _ in read) == ["a.png", "b.png", "c.png"]
    assert all(thread.startswith("lineside reading") for _, thread in read)


def test_that_a_stop_ends_the_threads_that_read_also_the_next_picture(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(path: Path, page: int) -> Picture:
        time.sleep(0.3 if path.name == "b.png" else 0)
        return read_picture(path, page)

    before = set(threading.enumerate())
    camera = ReplayCamera(folder, loop=True)
    monkeypatch.setattr(replay, "read_picture", slowly)
    camera.start()
    assert isinstance(camera.fetch(1), Frame)
    camera.stop()
    begun = set(threading.enumerate()) - before
    assert not [each for each in begun if each.name.startswith("lineside reading")]


@pytest.mark.parametrize(("rate_hz", "trigger"), [(5.0, "free"), (0.0, "software")])
def test_that_a_replay_that_waits_for_its_time_reads_no_picture_before(
    folder: Path, rate_hz: float, trigger: TriggerKind
) -> None:
    camera = ReplayCamera(folder, rate_hz=rate_hz, trigger=trigger)
    camera.start()
    (folder / "a.png").unlink()
    if trigger == "software":
        camera.trigger()
    assert isinstance(camera.fetch(1), LostFrame)


@pytest.mark.parametrize("trigger", ["free", "software"])
def test_that_an_unknown_error_is_raised_in_its_turn_and_never_taken_for_the_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch, trigger: TriggerKind
) -> None:
    known = replay.pages_of

    def fail_at_b(file: Path) -> tuple[PictureFile, ...]:
        if file.name == "b.png":
            raise RuntimeError("a bug")
        return known(file)

    camera = ReplayCamera(folder, trigger=trigger)
    monkeypatch.setattr(replay, "pages_of", fail_at_b)
    camera.start()
    for _ in range(4):
        if trigger == "software":
            camera.trigger()
    first = camera.fetch(1)
    assert isinstance(first, Frame)
    assert first.origin == "a.png"
    for _ in range(3):
        with pytest.raises(RuntimeError, match="a bug"):
            camera.fetch(1)
    camera.close()


def test_that_a_picture_too_large_for_the_memory_is_lost_and_the_next_one_follows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = replay.pages_of

    def lack_at_b(file: Path) -> tuple[PictureFile, ...]:
        if file.name == "b.png":
            raise MemoryError
        return known(file)

    camera = ReplayCamera(folder)
    monkeypatch.setattr(replay, "pages_of", lack_at_b)
    camera.start()
    first, lost, third = (camera.fetch(1) for _ in range(3))
    camera.close()
    assert isinstance(lost, LostFrame)
    assert (lost.origin, lost.cause) == ("b.png", NotInspectedCause.STATION_FAILED)
    assert [each.origin for each in (first, third) if isinstance(each, Frame)] == ["a.png", "more/c.png"]
