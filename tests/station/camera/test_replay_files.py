"""What lies in a folder or a file beside the first picture: it is delivered, or it is named."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from picture_samples import COLOUR, GREY, npy, opencv, pgm, tiff

from station.camera.pictures.videos import video_pictures
from station.camera.replay import ReplayCamera
from station.domain.errors import BadInputError
from station.domain.frame import EndOfFrames, Frame, LostFrame

FRAMES = 40
CODECS = [(".avi", "MJPG"), (".avi", "XVID"), (".mkv", "MJPG"), (".mkv", "mp4v"), (".mkv", "FFV1"), (".webm", "VP80")]


def taken(camera: ReplayCamera) -> list[Frame | LostFrame]:
    camera.start()
    got = []
    while not isinstance(delivery := camera.fetch(1), EndOfFrames):
        assert delivery is not None
        got.append(delivery)
    camera.close()
    return got


def recorded(path: Path, codec: str) -> bytes:
    """A video of `FRAMES` pictures with a bar that moves."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), 10, (160, 120))
    ground = cv2.resize(COLOUR, (160, 120))
    for number in range(FRAMES):
        picture = ground.copy()
        picture[20:90, 2 * number : 2 * number + 30] = (0, 0, 255)
        writer.write(picture)
    writer.release()
    return path.read_bytes()


def test_that_each_page_of_a_file_is_delivered_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(opencv(".png", GREY))
    (tmp_path / "stack.tif").write_bytes(tiff(np.stack([GREY, GREY[::-1]]), photometric="minisblack"))
    camera = ReplayCamera(tmp_path)
    first, page1, page2 = taken(camera)
    assert [page1.origin, page2.origin] == ["stack.tif page 1", "stack.tif page 2"]
    assert np.array_equal(page2.image, GREY[::-1])
    assert (camera.info.left_out, camera.info.notes, first.frame_id, page2.frame_id) == ((), (), 1, 3)
    assert len(taken(ReplayCamera(tmp_path / "stack.tif"))) == 2


def test_that_one_damaged_page_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    content = bytearray(tiff(np.stack([GREY, GREY[::-1], GREY]), photometric="minisblack", compression="zlib"))
    place = tifffile.TiffFile(io.BytesIO(content)).pages[1].dataoffsets[0]
    content[place + 100 : place + 140] = bytes(40)
    (tmp_path / "stack.tif").write_bytes(content)
    kinds = [type(each) for each in taken(ReplayCamera(tmp_path))]
    assert kinds == [Frame, LostFrame, Frame]


def test_that_a_folder_of_every_usual_kind_is_read_whole(tmp_path: Path) -> None:
    for suffix in (".png", ".webp", ".jp2", ".bmp", ".tif", ".jpg", ".ppm"):
        (tmp_path / f"part{suffix}").write_bytes(opencv(suffix, COLOUR))
    (tmp_path / "part.pgm").write_bytes(pgm(GREY, 255))
    (tmp_path / "part.npy").write_bytes(npy(GREY))
    assert [type(each) for each in taken(ReplayCamera(tmp_path))] == [Frame] * 9


def test_that_kinds_that_are_not_read_are_named_by_the_source(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(opencv(".png", GREY))
    (tmp_path / "b.heic").write_bytes(b"0")
    info = ReplayCamera(tmp_path).info
    assert info.left_out == ("b.heic",)
    assert info.notes == ("1 file left out: b.heic (1 of a kind that is not read).",)


def test_that_a_file_with_more_pictures_than_are_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(opencv(".png", GREY))
    (tmp_path / "b.jpg").write_bytes(2 * opencv(".jpg", GREY))
    camera = ReplayCamera(tmp_path)
    _, second = taken(camera)
    assert isinstance(second, LostFrame)
    assert camera.info.left_out == ("b.jpg",)


@pytest.mark.parametrize(("suffix", "codec"), [*CODECS, (".mp4", "mp4v"), (".mov", "mp4v")])
def test_that_a_whole_video_is_read_to_its_end(tmp_path: Path, suffix: str, codec: str) -> None:
    recorded(tmp_path / f"film{suffix}", codec)
    camera = ReplayCamera(tmp_path)
    got = taken(camera)
    assert [type(each) for each in got] == [Frame] * FRAMES
    assert got[-1].origin == f"film{suffix} frame {FRAMES}"
    assert camera.info.left_out == ()


@pytest.mark.slow
@pytest.mark.parametrize(("suffix", "codec"), CODECS)
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_that_each_missing_picture_of_a_cut_off_video_is_not_inspected(tmp_path, suffix, codec, kept) -> None:
    path = tmp_path / f"film{suffix}"
    content = recorded(path, codec)
    whole = [picture.picture.image for picture in video_pictures(path)]
    path.write_bytes(content[: int(kept * len(content))])
    camera = ReplayCamera(path)
    got = taken(camera)
    assert len(got) == FRAMES
    delivered = [each for each in got if isinstance(each, Frame)]
    assert 0 < len(delivered) < FRAMES
    for frame, expected in zip(delivered, whole, strict=False):
        assert np.array_equal(frame.image, expected)
    assert "is cut off" in got[-1].detail
    assert camera.info.left_out == (path.name,)
    assert "missing" in got[-1].detail


def test_that_pictures_that_a_recorder_dropped_are_not_inspected(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    content = bytearray(recorded(path, "MJPG"))
    place = content.index(b"00dc", len(content) // 2)
    content[place : place + 4] = b"JUNK"
    path.write_bytes(content)
    camera = ReplayCamera(path)
    got = taken(camera)
    assert [type(each) for each in got].count(LostFrame) == 1
    assert "1 of 40 pictures are missing" in got[-1].detail
    assert camera.info.left_out == ("film.avi",)


def test_that_a_folder_with_videos_alone_is_a_source(tmp_path: Path) -> None:
    recorded(tmp_path / "film.avi", "MJPG")
    assert len(taken(ReplayCamera(tmp_path))) == FRAMES


def test_that_a_folder_without_pictures_names_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a.cr2").write_bytes(b"0")
    with pytest.raises(BadInputError, match=r"No picture in .*1 file left out: a\.cr2"):
        ReplayCamera(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no video at all"])
def test_that_a_video_without_a_picture_is_not_inspected_beside_others(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(opencv(".png", GREY))
    (tmp_path / "film.mp4").write_bytes(content)
    camera = ReplayCamera(tmp_path)
    part, lost = taken(camera)
    assert isinstance(part, Frame)
    assert lost.detail.endswith("is not a readable video: it contains no frame.")
    assert camera.info.left_out == ("film.mp4",)
