"""Tables beside pictures: one that says different things of pictures may say which of them are defective."""

import csv
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from station.learning.layout import vocabulary
from station.learning.layout.json_tables import JSON_ENDINGS, rows_of_json
from station.learning.layout.words import Label, fold, sense_of, words_in

TABLE_ENDINGS = frozenset({".csv", ".tsv", ".txt"}) | JSON_ENDINGS
_BESIDE_ENDINGS = frozenset({".csv", ".tsv"})
UNREAD_ENDINGS = frozenset({".xls", ".xlsx", ".ods"})
_READ_CHARACTERS = 16 * 1024 * 1024
_SAYS_NOTHING = frozenset(fold(word) for word in vocabulary.COLUMNS.split())
_CHECKSUM = re.compile(r"[0-9a-f]{16,}")
_NUMBERED = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True)
class Said:
    """What a table says of a picture that has no label.

    Attributes:
        picture: The picture.
        column: The heading of the column, or "column 2".
        value: What is written there.
    """

    picture: Path
    column: str
    value: str


def said_of_pictures(table: Path, pictures: Collection[Path]) -> Said | None:
    """Return the first value of a table that differs between pictures, or says defective; None without one.

    Columns with times, sizes, checksums and the like say nothing. A table that names only some of the pictures, as a
    list of marks does, sets them apart from the others; so does the name of a bare list: "rejects.txt".
    """
    picture_of = _pictures_by_name(pictures)
    rows = _rows(table, lambda cell: picture_of(cell) is not None)
    found = _of_pictures(rows, picture_of)
    if found and _sets_apart_by_name(table, len(found) < len(pictures)):
        return Said(next(iter(found)), "its own name", table.stem)
    if not found or (table.suffix.lower() == ".txt" and 2 * len(found) < len(rows)):  # a text that names a picture
        return None
    heading = rows[0] if rows[0] not in found.values() else ()
    for column in range(max(map(len, found.values()))):
        name = heading[column] if column < len(heading) else ""
        values = {picture: row[column] for picture, row in found.items() if column < len(row)}
        if _says_something(name, values, len(pictures)):
            picture = next((one for one, value in values.items() if value), next(iter(values)))
            return Said(picture, name or f"column {column + 1}", values[picture])
    return None


def tables_beside(folder: Path) -> tuple[Path, ...]:
    """Return the tables that lie beside a folder, as `train.csv` beside `train_images`; () if that cannot be read."""
    try:
        beside = sorted(folder.parent.iterdir())
        return tuple(path for path in beside if path.suffix.lower() in _BESIDE_ENDINGS and path.is_file())
    except OSError:
        return ()


def is_named_as_labels(table: Path) -> bool:
    """Return whether the name of a table that cannot be read says that labels are in it: "labels.xlsx"."""
    return table.suffix.lower() in UNREAD_ENDINGS and sense_of(table.stem).label is not None


def _sets_apart_by_name(table: Path, names_some: bool) -> bool:
    """Return whether the name of a table says that its pictures are defective, or that only they are good."""
    sense = sense_of(table.stem)
    return not sense.title and (sense.label is Label.DEFECT or (sense.label is Label.GOOD and names_some))


def _says_something(name: str, values: Mapping[Path, str], pictures: int) -> bool:
    texts = set(values.values())
    if any(sense_of(text).label is Label.DEFECT and sense_of(text).generic for text in texts):
        return True
    heading = {word for word in words_in(name) if not word.isdecimal()}
    if (heading and heading <= _SAYS_NOTHING) or all(_CHECKSUM.fullmatch(fold(text)) for text in texts):
        return False
    if any(_is_name_of(text, picture) for picture, text in values.items()):
        return False
    return len(texts) > 1 or (len(values) < pictures and any(texts))


def _rows(table: Path, is_picture: Callable[[str], bool]) -> list[tuple[str, ...]]:
    try:
        with table.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            text = file.read(_READ_CHARACTERS)
    except OSError:
        return []
    if table.suffix.lower() in JSON_ENDINGS:
        return rows_of_json(text, is_picture)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    separator = next((sign for sign in ("\t", ";", ",") if sign in lines[0]), None)
    split = csv.reader(lines, delimiter=separator) if separator else map(str.split, lines)
    try:
        return [tuple(cell.strip() for cell in row) for row in split]
    except csv.Error:
        return []


def _pictures_by_name(pictures: Collection[Path]) -> Callable[[str], Path | None]:
    """Return what finds the picture that a cell names, with or without its folder and its ending."""
    by_name = {fold(picture.stem): picture for picture in pictures if not picture.stem.isdecimal()}
    by_name |= {fold(picture.name): picture for picture in pictures}

    def picture_of(cell: str) -> Path | None:
        name = fold(cell.replace("\\", "/").rpartition("/")[2])
        return by_name.get(name) or by_name.get(_NUMBERED.sub("", name))

    return picture_of


def _of_pictures(
    rows: Sequence[tuple[str, ...]], picture_of: Callable[[str], Path | None]
) -> dict[Path, tuple[str, ...]]:
    """Return the row of each picture that the table names; of several rows the first that is not empty behind it."""
    found: dict[Path, tuple[str, ...]] = {}
    for row in rows:
        for cell in row:
            if (picture := picture_of(cell)) is not None:
                if picture not in found or not any(found[picture][1:]):
                    found[picture] = row
                break
    return found


def _is_name_of(text: str, picture: Path) -> bool:
    return fold(picture.stem) in fold(text)
