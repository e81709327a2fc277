import errno
import shutil
from pathlib import Path

import pytest

from station.camera.genicam.producers import (
    SEARCH_VARIABLE,
    checksum,
    emulated_producer,
    examine,
    folders_without_producer,
    producers,
)

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


def test_that_a_producer_named_twice_is_listed_once(cti: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEARCH_VARIABLE, str(cti.parent))
    assert [producer.found_by for producer in producers([cti, cti])] == ["settings", "test camera"]


def test_that_several_paths_to_one_file_are_one_producer(cti: Path, tmp_path: Path) -> None:
    link = tmp_path / "b.cti"
    link.symlink_to(cti)
    spellings = [tmp_path / "inner" / ".." / "a.cti", cti, link]
    (tmp_path / "inner").mkdir()
    assert [(found.path, found.library) for found in producers(spellings)[:-1]] == [(spellings[0], cti.resolve())]


def test_that_a_producer_is_loaded_by_the_path_that_is_allowed(cti: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(cti.parent)
    found = producers([Path(cti.name), cti])
    assert [(each.path, each.refusal) for each in found[:-1]] == [(cti, "")]


def test_that_a_protected_producer_may_be_loaded(cti: Path) -> None:
    producer = examine(cti, "settings")
    assert producer.refusal == ""
    assert producer.bits == 64
    assert producer.owner


@pytest.mark.parametrize("what", ["file", "folder", "folder above"])
def test_that_a_producer_that_any_user_could_replace_is_not_loaded(cti: Path, what: str) -> None:
    inner = cti.parent / "inner"
    inner.mkdir(mode=0o755)
    moved = Path(shutil.move(cti, inner / "a.cti"))
    {"file": moved, "folder": inner, "folder above": inner.parent}[what].chmod(0o777)
    assert "every user may write" in examine(moved, "settings").refusal


def test_that_a_link_is_judged_by_its_target(cti: Path, tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    safe.mkdir(mode=0o755)
    (safe / "link.cti").symlink_to(cti)
    cti.chmod(0o666)
    assert "every user may write" in examine(safe / "link.cti", "settings").refusal


@pytest.mark.parametrize("mode", [0o777, 0o1777])
@pytest.mark.parametrize("what", ["link to the file", "link to its folder", "link to a link"])
def test_that_a_link_that_any_user_could_replace_is_not_followed(
    cti: Path, tmp_path: Path, what: str, mode: int
) -> None:
    """A sticky folder protects a link from other users, but another user may have created the link."""
    public, safe = tmp_path / "public", tmp_path / "safe"
    public.mkdir()
    safe.mkdir(mode=0o755)
    (public / "b.cti").symlink_to(cti)
    (public / "folder").symlink_to(cti.parent)
    (safe / "c.cti").symlink_to("../public/b.cti")
    public.chmod(mode)
    named = {"link to the file": public / "b.cti", "link to its folder": public / "folder" / "a.cti"}
    refusal = examine(named.get(what, safe / "c.cti"), "settings").refusal
    assert f"every user may write to {safe / '../public' if what == 'link to a link' else public}." in refusal


def test_that_a_folder_below_a_sticky_one_may_hold_links(cti: Path, tmp_path: Path) -> None:
    sticky = tmp_path / "sticky"
    safe = sticky / "safe"
    safe.mkdir(mode=0o755, parents=True)
    (safe / "b.cti").symlink_to(cti)
    sticky.chmod(0o1777)
    assert examine(safe / "b.cti", "settings").refusal == ""


def test_that_a_32_bit_library_is_refused(cti: Path) -> None:
    binary = bytearray(cti.read_bytes())
    binary[4] = 1
    cti.write_bytes(binary)
    assert "32-bit library" in examine(cti, "settings").refusal


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (Path("a.cti"), "not an absolute path"),
        (Path("/nowhere/a.cti"), "does not exist"),
        (Path(__file__).parent, "is a folder; name the .cti file in it"),
        (Path("'/nowhere/a.cti'"), "leave out the quotation marks"),
        (Path("~/a.cti"), "write the home folder in full"),
        (Path(__file__), "not a library"),
    ],
)
def test_that_a_file_that_is_not_a_producer_is_refused_with_its_reason(path: Path, words: str) -> None:
    assert words in examine(path, "settings").refusal


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("{folder}/a.cti", "is a file; give its folder, {folder}."),
        ("{folder}/notes.txt", "is a file; give its folder, {folder}."),
        ("'{folder}'", "leave out the quotation marks."),
        ('"{folder}"', "leave out the quotation marks."),
        ("{folder} ", "leave out the spaces around it."),
        ("{folder};{folder}", "separate several folders by ':', not by ';'."),
        ("~/producers", "write the home folder in full instead of ~."),
        ("{folder}/missing", "cannot be read: No such file or directory."),
        ("{folder}/empty", "contains no .cti file."),
    ],
)
def test_that_a_mistyped_search_path_is_named_with_the_remedy(
    typed: str, words: str, cti: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").write_text("no producer")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv(SEARCH_VARIABLE, typed.format(folder=tmp_path))
    (why,) = folders_without_producer()
    assert why.startswith(f"{typed.format(folder=tmp_path)}, which {SEARCH_VARIABLE} names, ")
    assert why.endswith(words.format(folder=tmp_path))


@pytest.mark.parametrize("what", ["file", "folder on the way"])
def test_that_a_producer_that_cannot_be_read_is_refused_with_the_reason(
    cti: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """By a stand-in for the system's refusal, because root may read everything."""

    asked = {"file": "open", "folder on the way": "is_file"}[what]
    real = getattr(Path, asked)

    def refused(path: Path, *how: str) -> object:
        if path == cti:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *how)

    monkeypatch.setattr(Path, asked, refused)
    assert [producer.refusal for producer in producers([cti])] == [f"{cti} cannot be read: Permission denied.", ""]


def test_that_a_folder_is_not_a_producer(tmp_path: Path) -> None:
    assert examine(tmp_path, "settings").refusal == f"{tmp_path} is a folder; name the .cti file in it."


def test_that_a_file_with_only_a_library_header_is_not_a_library(cti: Path) -> None:
    cti.write_bytes(b"\x7fELF")
    assert "not a library" in examine(cti, "settings").refusal


def test_that_a_file_that_cannot_be_read_has_no_checksum(tmp_path: Path) -> None:
    assert checksum(tmp_path) == ""
