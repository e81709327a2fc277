"""Whatever a person types is kept as the text it is, or refused in a sentence: never a path, markup or a formula."""

import csv
import json
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
from hostile import ENTRIES, TEXTS, kept
from openpyxl import load_workbook

from station.__main__ import main
from station.app import Station
from station.domain.dataset import Label
from station.domain.errors import BadInputError
from station.domain.names import readable_sentence

FOLDERS = {"name of a recipe", "product of a recipe", "name of a dataset", "kind of defects", "view of a dataset"}
"""Are the names of folders too, and refused unless they can be one; everything else takes any text."""
SIGNS = ("=", "+", "-", "@", "\t", "\r")


def _outside(station: Station) -> set[Path]:
    """Everything around the workspace, up to two folders above: "../../x" would be there. Others write further down."""
    root = station.workspace.root
    around = {*root.parent.rglob("*"), *root.parents[1].iterdir()}
    return {path for path in around if root not in (path, *path.parents)}


@pytest.mark.parametrize("entry", ENTRIES)
def test_that_any_text_is_kept_as_it_is_or_refused(station: Station, entry: str) -> None:
    before, refused = _outside(station), set()
    for name, text in TEXTS.items():
        try:
            found = ENTRIES[entry](station, text)
        except BadInputError:
            refused.add(name)
            continue
        assert found in kept(text), name
    assert not refused or entry in FOLDERS
    assert _outside(station) == before
    assert not Path(TEXTS["absolute path"]).exists()


def _cells(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def _runs_as_formula(cell: str) -> bool:
    with suppress(ValueError):
        float(cell)
        return False
    return cell.startswith(SIGNS)


def test_that_every_export_has_the_texts_as_texts(station: Station, tmp_path: Path) -> None:
    for text in TEXTS.values():
        ENTRIES["all that is said of a part"](station, text)
    before, window = _outside(station), station.records.shifts()[0]
    tables = [station.records.write_csv(window), tmp_path / "audit.csv"]
    station.audit.write_csv(tables[1])
    cells = [cell for table in tables for cell in _cells(table)]
    assert not [cell for cell in cells if _runs_as_formula(cell)]
    for text in TEXTS.values():
        assert any(form in (cell, cell.removeprefix("'")) for form in kept(text) for cell in cells), text
    book = load_workbook(station.records.write_xlsx(window))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in found if cell.data_type == "f" or cell.hyperlink]
    station.audit.write_syslog(tmp_path / "audit.log")
    lines = (tmp_path / "audit.log").read_bytes().split(b"\n")
    assert len(lines) == station.audit.count()  # the export itself came after the last line, which is empty
    station.records.write_pdf(window)
    assert _outside(station) == before | {tables[1], tmp_path / "audit.log"}


READING = (
    "audit list", "users list", "lot", "recipes list", "recipes show plate", "recipes show plate@2",
    "review list --all", "review holds", "study list", "datasets list", "settings", "report --part 0001",
)  # fmt: skip


def test_that_no_text_reaches_a_terminal_as_a_command(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("terminal", "direction", "lines", "nul", "half a letter"):
        text = TEXTS[name]
        for entry in ("name of a person", "all that is said of a part"):
            ENTRIES[entry](station, text)
        with suppress(BadInputError):
            ENTRIES["appraiser of a study"](station, text)
    ENTRIES["reason of a draft"](station, TEXTS["terminal"])
    root = str(station.workspace.root)
    capsys.readouterr()
    for command in READING:
        assert main([*command.split(), "--workspace", root]) in (0, 1, 2), command
        said = "".join(capsys.readouterr())
        assert said, command
        assert readable_sentence(said) == said, command


@pytest.mark.parametrize("form", ["export_coco", "export_mvtec"])
def test_that_an_export_of_pictures_stays_in_its_folder(station: Station, tmp_path: Path, form: str) -> None:
    (tmp_path / "named").mkdir()
    for number, text in enumerate(TEXTS.values()):
        shortened = text.replace("/", "_").replace("\0", "_").encode("utf-8", "replace")[:200]
        name = f"{shortened.decode(errors='ignore').lstrip('.')}.png"
        cv2.imwrite(str(tmp_path / "part.png"), np.full((16, 16), number, np.uint8))
        (tmp_path / "part.png").rename(tmp_path / "named" / name)
    added = station.datasets.import_folder(tmp_path / "named", "plate", assumed=Label.GOOD)
    assert len(added.item_ids) == len(TEXTS)
    before = _outside(station)
    target = tmp_path / "exported"
    assert getattr(station.datasets, form)("plate", target) == len(TEXTS)
    made = _outside(station) - before
    assert all(target in (path, *path.parents) for path in made)
    assert len([path for path in made if path.suffix == ".png"]) == len(TEXTS)
    for path in target.rglob("*.json"):
        assert len(json.loads(path.read_text("utf-8"))["images"]) == len(TEXTS)
