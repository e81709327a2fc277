"""A name is a name: whatever a folder, a picture, a product or a view is called, records land in the named folder."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from contrast_model import release_plate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.__main__ import main
from station.app import Station
from station.domain.errors import BadInputError
from station.domain.names import expanded, file_name, readable
from station.domain.recipe import checked_name
from station.storage.engine.database import Database

ODD = (
    "Linie%204", "Halle?1", "Halle?mode=memory", "a#b", "a&b", "a b ", "größe", "a\\b", "[1]*", "{0}", "%s %(x)s", "~x",
    "-x", "@x", "=1+1", "x.", "a\nb", "a\tb", "\u202egnp", "'q'", '"q"', "$HOME", "file:x", "x;y", "a:b", ":memory:",
    "x" * 200,
)  # fmt: skip
ANY_NAME = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=("Cs",)) | st.sampled_from("%?#&[]{}~ .\\:*\n\t"),
    min_size=1,
    max_size=40,
).filter(lambda name: name not in (".", "..") and len(os.fsencode(name)) < 200)


def _tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).parts[0] for path in folder.rglob("*")}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows fewer names")
def test_that_records_land_in_the_folder_that_was_named(name: str, tmp_path: Path) -> None:
    for other in ("Linie 4", "Halle", "home"):
        (tmp_path / other).mkdir()
    Station.open(tmp_path / name).close()
    assert (tmp_path / name / "station.db").stat().st_size > 0
    assert _tree(tmp_path) == {"Linie 4", "Halle", "home", name}
    assert list((tmp_path / "Linie 4").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows fewer names")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANY_NAME)
def test_that_a_database_of_any_name_of_a_folder_is_made_there_and_read_again(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    above = tmp_path_factory.mktemp("any")
    (above / name).mkdir()
    path = above / name / "station.db"
    Database.open(path).close()
    assert path.stat().st_size > 0
    assert _tree(above) == {name}
    opened = Database.open_to_read(path)
    opened.close()
    assert opened.path == path


@given(name=st.text(st.characters(), max_size=60))
def test_that_any_text_is_written_readably(name: str) -> None:
    shown = readable(name)
    assert shown.encode().decode() == shown
    assert not any(
        ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 or "\u202a" <= letter <= "\u202e" for letter in shown
    )
    assert json.loads(json.dumps(shown, ensure_ascii=False)) == shown
    assert readable(shown) == shown


@given(name=st.binary(min_size=1, max_size=40))
def test_that_any_bytes_of_a_name_are_written_readably(name: bytes) -> None:
    assert readable(os.fsdecode(name)).encode()


@given(name=st.text(max_size=60))
def test_that_a_file_of_any_name_stays_in_its_folder(name: str) -> None:
    made = file_name(name)
    assert Path(made).name == made
    assert made not in ("", ".", "..")
    assert not set(made) & set('\\/:*?"<>|\0\n')


@given(name=st.text(max_size=90))
def test_that_a_name_of_a_product_is_one_folder_or_refused(name: str) -> None:
    try:
        made = checked_name(name)
    except BadInputError:
        return
    assert Path(made).name == made
    assert len(os.fsencode(made)) <= 180
    assert checked_name(made) == made


@pytest.mark.parametrize("name", ["Gehäuse", "プレート", "लाल प्लेट", "แผ่น", "صفيحة", "Плита 4", "板_2", "plate-4.1"])
def test_that_a_product_may_be_named_in_every_writing(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize("name", ["CON", "nul.x", "plate.", "plate ", "..", "a/b", "a\\b", "𠀀" * 80, "-x", "~x", ""])
def test_that_a_name_that_is_none_everywhere_is_refused(name: str) -> None:
    with pytest.raises(BadInputError):
        checked_name(name)


def test_that_an_umlaut_of_one_letter_and_of_two_is_the_same_name() -> None:
    assert checked_name("Geha\u0308use") == checked_name("Gehäuse") == "Gehäuse"


def test_that_a_leading_tilde_of_a_name_that_exists_is_a_letter(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert expanded(Path("~nobody-of-this-name/x")) == Path("~nobody-of-this-name/x")
    assert expanded(Path("~")) == Path.home()
    Path("~").mkdir()
    assert expanded(Path("~")) == Path("~")


@pytest.fixture
def plate(tmp_path: Path, tiny_package) -> Path:
    root = tmp_path / "station"
    release_plate(root, tiny_package)
    return root


PICTURES = (
    b"Geh\xe4use_0.png", b"\xff\xfe.png", b"a\nb.png", b"a\x1b[31mb.png", "\u202egnp.png".encode(), b"<b>1.png",
    b"=1+1.png", b"@SUM.png", b"-x.png", b"~x.png", b"100%s %(x)s {0}.png", b"[1]*.png", b"a&b;c.png", b"a\\b.png",
    b"x" * 240 + b".png",
)  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are not UTF-8")
@pytest.mark.parametrize("language", ["C.UTF-8", "POSIX"])
def test_that_pictures_of_any_name_are_inspected_and_written_readably_everywhere(
    plate: Path, tmp_path: Path, draw_part: Callable[..., object], language: str
) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    for number, name in enumerate(PICTURES):
        (folder / os.fsdecode(name)).write_bytes(cv2.imencode(".png", draw_part(number))[1].tobytes())
    command = [sys.executable, "-m", "station", "inspect", folder, "--recipe", "plate", "--kind", "production"]
    words = os.environ | {"LC_ALL": language}
    outputs = ["--json", tmp_path / "a.json", "--maps", tmp_path / "maps", "--workspace", plate]
    done = subprocess.run([*command, *outputs], env=words, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr.decode("utf-8", "replace")
    lines = done.stdout.decode("utf-8").splitlines()
    *parts, summary = [json.loads(line) for line in (tmp_path / "a.json").read_text("utf-8").splitlines()]
    assert (len(parts), summary["PASS"], len(lines)) == (len(PICTURES), len(PICTURES), len(PICTURES) + 1)
    sources = {part["source"] for part in parts}
    assert {r"Geh\xe4use_0.png", r"a\x0ab.png", r"a\x1b[31mb.png", r"\u202egnp.png", "<b>1.png"} <= sources
    assert len(list((tmp_path / "maps").rglob("*.tiff"))) == len(PICTURES)
    with Station.open(plate) as station:
        window = station.records.shifts()[0]
        station.records.write_csv(window, tmp_path / "a.csv")
        station.records.write_pdf(window, tmp_path / "a.pdf")
        assert {part.deciding.origin for part in station.records.recent()} == sources
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as table:
        cells = [row["origin"] for row in csv.DictReader(table)]
    assert {cell.removeprefix("'") for cell in cells} == sources
    assert not any(cell.startswith(("=", "@", "-", "+")) for cell in cells)
    assert (tmp_path / "a.pdf").stat().st_size > 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are not UTF-8")
def test_that_a_workspace_that_is_not_utf_8_is_refused_by_name(tmp_path: Path, capsys) -> None:
    root = os.fsdecode(os.fsencode(tmp_path) + b"/Linie\xe4")
    assert main(["recipes", "import", "x", "--workspace", root]) == 2
    assert r"Linie\xe4 has a name that is not UTF-8" in capsys.readouterr().err
