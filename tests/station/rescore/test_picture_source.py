"""Pictures come from a folder, a share or an S3-compatible store, and are what was recorded or are refused."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError, StorageError
from station.domain.shift import StoredPicture
from station.rescore.picture_source import PicturesUnreachableError, open_pictures

CONTENT = b"a picture"
STORED = StoredPicture("2026-11-22/run-000001/0001.png", sha256_hex(CONTENT), len(CONTENT))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = tmp_path / "pictures" / STORED.path
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    return tmp_path / "pictures"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3-compatible server of its own on loopback."""
    pytest.importorskip("moto", reason="moto is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)]
    with (tmp_path_factory.mktemp("s3") / "server.txt").open("wb") as out:
        running = subprocess.Popen([sys.executable, *words], stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and running.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(30)


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket with one picture, for whoever has the keys."""
    s3fs = pytest.importorskip("s3fs", reason="the extra 's3' is not installed")
    for name, value in (
        ("AWS_ENDPOINT_URL", server),
        ("AWS_ACCESS_KEY_ID", "station"),
        ("AWS_SECRET_ACCESS_KEY", "station"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    files = s3fs.S3FileSystem()
    files.mkdir("line-3")
    files.pipe_file(f"line-3/pictures/{STORED.path}", CONTENT)
    yield "s3://line-3/pictures"
    files.rm("line-3", recursive=True)
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["folder", "file", "s3"])
def test_that_a_picture_is_read_from_every_place_and_checked(kind: str, request: pytest.FixtureRequest) -> None:
    if kind == "s3":
        place = request.getfixturevalue("bucket")
    else:
        place = f"{'file://' if kind == 'file' else ''}{request.getfixturevalue('folder')}"
    source = open_pictures(place)
    assert source.read(STORED) == CONTENT
    with pytest.raises(StorageError, match=r"0002\.png (cannot be read|is not in)"):
        source.read(StoredPicture("2026-11-22/run-000001/0002.png", STORED.sha256, 9))
    with pytest.raises(StorageError, match=r"(was changed after it was|is not the one that was) recorded"):
        source.read(StoredPicture(STORED.path, "0" * 64, 9))
    with pytest.raises(PicturesUnreachableError, match=r"(no folder of|no) pictures at"):
        open_pictures(f"{place}-elsewhere")


@pytest.mark.slow
def test_that_a_store_that_does_not_answer_says_nothing_of_a_picture(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs  # noqa: PLC0415 - an extra

    there = os.environ["AWS_ENDPOINT_URL"]
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(PicturesUnreachableError, match="cannot be read"):
        open_pictures(bucket)
    monkeypatch.setenv("AWS_ENDPOINT_URL", there)
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.slow
def test_that_a_folder_that_goes_away_in_the_middle_says_nothing_of_a_picture(folder: Path) -> None:
    source = open_pictures(str(folder))
    folder.rename(folder.with_name("gone"))
    with pytest.raises(PicturesUnreachableError, match="no folder of pictures"):
        source.read(STORED)


@pytest.mark.slow
def test_that_a_url_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadInputError, match="tape://archive cannot be opened"):
        open_pictures("tape://archive")
