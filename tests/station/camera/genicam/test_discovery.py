import shutil
import sys
from pathlib import Path

import pytest
from tlsimu import tlsimu

from station.camera.genicam.discovery import discover
from station.camera.genicam.producers import SEARCH_VARIABLE, emulated_producer
from station.domain.camera import DiscoveryResult

pytestmark = pytest.mark.genicam


@pytest.fixture(autouse=True)
def no_search_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SEARCH_VARIABLE, raising=False)


def found_by(*producers: Path) -> DiscoveryResult:
    return discover(producers)


def test_that_the_test_cameras_are_found_and_marked_as_such() -> None:
    found = found_by()
    assert [device.source for device in found.devices] == ["genicam:0", "genicam:1", "genicam:2"]
    assert all(device.test_camera and device.model == "Viky" and device.access == "free" for device in found.devices)
    assert found.producers[0].devices == 3
    assert len(found.producers[0].sha256) == 64


def test_that_an_empty_list_says_that_no_producer_was_named() -> None:
    assert len(found_by().reasons) == 1
    assert SEARCH_VARIABLE in found_by().reasons[0]


def test_that_every_folder_of_the_search_path_that_gives_no_producer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, absent, file = (tmp_path / name for name in ("empty", "absent", "file"))
    empty.mkdir()
    file.touch()
    monkeypatch.setenv(SEARCH_VARIABLE, ":".join(map(str, (empty, absent, file))))
    named = f"which {SEARCH_VARIABLE} names,"
    assert found_by().reasons == (
        f"{empty}, {named} contains no .cti file.",
        f"{absent}, {named} cannot be read: No such file or directory.",
        f"{file}, {named} is a file; give its folder, {tmp_path}.",
    )


def test_that_a_missing_library_is_named(tmp_path: Path) -> None:
    alone = Path(shutil.copy(tlsimu(), tmp_path / "alone.cti"))
    found = found_by(alone)
    assert found.producers[0].missing_libraries == ("libVirtualFG.so",)
    assert found.reasons == (f"{alone} needs libVirtualFG.so, which this machine does not have.",)


def test_that_a_world_writable_producer_is_not_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    found = found_by(Path(shutil.copy(emulated_producer(), folder / "a.cti")))
    assert "every user may write" in found.reasons[0]
    assert found.producers[0].devices == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs a shared library that is not a producer")
def test_that_a_library_without_a_producer_harms_no_other_producer() -> None:
    library = next(Path("/usr/lib").rglob("libz.so.1")).resolve()
    found = found_by(library)
    assert str(library) in found.producers[0].error
    assert len(found.devices) == 3


def test_that_a_real_producer_leaves_nothing_to_explain() -> None:
    found = found_by(tlsimu())
    assert found.reasons == ()
    assert [device.model for device in found.devices if not device.test_camera] == ["TLSimuMono", "TLSimuColor"] * 2
