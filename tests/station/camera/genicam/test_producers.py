import shutil
from pathlib import Path

import pytest

from station.camera.genicam.producers import SEARCH_VARIABLE, emulated_producer, look_at, producers

TEST_CAMERA = emulated_producer()


@pytest.fixture
def cti(tmp_path: Path) -> Path:
    """A producer that may be loaded."""
    tmp_path.chmod(0o755)
    return Path(shutil.copy(TEST_CAMERA, tmp_path / "a.cti"))


def test_that_the_test_camera_comes_with_the_binding_and_is_found_without_loading_it() -> None:
    assert TEST_CAMERA is not None
    assert TEST_CAMERA.name == "viky.cti"


def test_that_settings_come_before_the_search_path_and_the_test_camera_last(
    cti: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    shutil.copy(cti, vendor / "b.cti")
    monkeypatch.setenv(SEARCH_VARIABLE, f"{vendor}:{tmp_path / 'none'}:")
    found = producers([cti])
    assert [(producer.path, producer.found_by) for producer in found] == [
        (cti, "settings"),
        (vendor / "b.cti", SEARCH_VARIABLE),
        (TEST_CAMERA, "test camera"),
    ]


def test_that_a_producer_named_twice_is_asked_once(cti: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEARCH_VARIABLE, str(cti.parent))
    assert [producer.found_by for producer in producers([cti, cti])] == ["settings", "test camera"]


def test_that_a_proper_producer_may_be_loaded(cti: Path) -> None:
    producer = look_at(cti, "settings")
    assert producer.refusal == ""
    assert producer.bits == 64
    assert producer.owner


@pytest.mark.parametrize("what", ["file", "folder", "folder above"])
def test_that_nothing_is_loaded_that_everybody_could_replace(cti: Path, what: str) -> None:
    inner = cti.parent / "inner"
    inner.mkdir(mode=0o755)
    moved = Path(shutil.move(cti, inner / "a.cti"))
    {"file": moved, "folder": inner, "folder above": inner.parent}[what].chmod(0o777)
    assert "everybody may write" in look_at(moved, "settings").refusal


def test_that_a_link_is_judged_by_where_it_leads(cti: Path, tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    safe.mkdir(mode=0o755)
    (safe / "link.cti").symlink_to(cti)
    cti.chmod(0o666)
    assert "everybody may write" in look_at(safe / "link.cti", "settings").refusal


def test_that_a_library_for_another_width_of_machine_is_named_so(cti: Path) -> None:
    binary = bytearray(cti.read_bytes())
    binary[4] = 1
    cti.write_bytes(binary)
    assert "32-bit library" in look_at(cti, "settings").refusal


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (Path("a.cti"), "no absolute path"),
        (Path("/nowhere/a.cti"), "does not exist"),
        (Path(__file__), "no library"),
    ],
)
def test_that_what_is_no_producer_is_refused_with_its_reason(path: Path, words: str) -> None:
    assert words in look_at(path, "settings").refusal
