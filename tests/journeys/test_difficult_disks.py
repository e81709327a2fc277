"""What only reads goes on reading on a full disk and on a disk that cannot be written, and changes nothing there."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from station.__main__ import main
from station.app import Station
from station.cli import doctor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="disks are made by mount")

OLD = Path(__file__).parents[1] / "fixtures" / "workspace_0002"
SHIFT = "2026-11-27/Night"
EMPTY_PDF_BYTES = 1000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; root may write anywhere, so permissions are no help."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,nr_inodes=300", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no mount")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor without the machine: only the station is looked at."""
    monkeypatch.setattr(doctor, "_machine", list)


def _closed(root: Path) -> None:
    """A station that was closed in order."""
    Station.open(root).close()


def _cut_off(root: Path) -> None:
    """A station whose newest record is in the log alone, as after a power cut."""
    Station.open(root).close()
    kept = root.with_name("kept")
    with closing(sqlite3.connect(root / "station.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE recipe_state SET person = 'the newest record' WHERE name = 'plate'")
        kept.mkdir()
        for name in ("station.db", "station.db-wal"):
            shutil.copyfile(root / name, kept / name)
    for name in ("station.db", "station.db-wal"):
        (kept / name).replace(root / name)


def _old(_root: Path) -> None:
    """A station of an older version."""


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while True:
                    filler.write(bytes(size))
    with suppress(OSError):
        for number in range(100_000):
            (disk / f"filler-{number}").touch()


def _write_protect(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)


def _content(root: Path) -> dict[str, bytes]:
    """All files; on a full disk SQLite leaves a log without content, and its index."""
    files = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".db-shm")
    return {str(path): content for path in files if (content := path.read_bytes()) or path.suffix != ".db-wal"}


@pytest.mark.parametrize("spoil", [_fill, _write_protect], ids=["full", "read-only"])
@pytest.mark.parametrize("state", [_closed, _cut_off, _old], ids=["closed", "cut off", "old"])
def test_that_reading_commands_work_and_change_nothing(
    state: Callable[[Path], object],
    spoil: Callable[[Path], object],
    disk: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    small_doctor: None,
) -> None:
    root = Path(shutil.copytree(OLD, tmp_path / "station"))
    state(root)
    here = Path(shutil.copytree(root, disk / "station"))
    spoil(disk)
    before = _content(here)

    def call(*words: object) -> tuple[int, str, str]:
        code = main([*map(str, words), "--workspace", str(here)])
        return code, *capsys.readouterr()

    assert call("verify")[:2] == (0, "clean\n")
    code, out, err = call("recipes", "list")
    assert (code, len(out.splitlines())) == (0, 4)
    assert "Traceback" not in err
    assert ("the newest record" in call("recipes", "show", "plate")[1]) is (state is _cut_off)
    assert call("recipes", "diff", "bracket@1", "bracket@2")[0] == 1
    assert call("recipes", "export", "bracket@2", tmp_path / "bracket.recipe")[0] == 0
    assert call("report", "--shift", SHIFT, "--pdf", tmp_path / "a.pdf", "--csv", tmp_path / "a.csv")[0] == 0
    assert (tmp_path / "a.pdf").stat().st_size > EMPTY_PDF_BYTES
    code, out, _ = call("doctor")
    assert code == 1
    assert "records: database and pictures are complete and unchanged" in out
    assert _content(here) == before


@pytest.mark.parametrize("spoil", [_fill, _write_protect], ids=["full", "read-only"])
def test_that_what_would_write_is_refused_in_one_sentence(
    spoil: Callable[[Path], object], disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Path(shutil.copytree(OLD, disk / "station"))
    Station.open(here).close()
    spoil(disk)
    for words in (["recipes", "release", "bracket@3", "--reason", "better"], ["report", "--shift", SHIFT]):
        assert main([*words, "--workspace", str(here)]) in (2, 3)
        err = capsys.readouterr().err
        assert "Traceback" not in err
        assert err.splitlines()[-1].startswith("linesidectl: ")
        assert ("the disk is full" in err) is (spoil is _fill)


def test_that_records_that_need_a_copy_are_refused_without_room_for_it(
    disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(shutil.copytree(OLD, tmp_path / "station"))
    _cut_off(root)
    here = Path(shutil.copytree(root, disk / "station"))
    monkeypatch.setattr("tempfile.tempdir", str(disk))
    _write_protect(disk)
    assert main(["recipes", "list", "--workspace", str(here)]) == 3
    assert "TMPDIR" in capsys.readouterr().err
