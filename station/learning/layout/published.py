"""Data sets whose labels are in a file: VisA (a table of splits) and Real-IAD (JSON)."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from station.domain.errors import BadInputError
from station.domain.formatting import counted, one_or_many
from station.learning.labels import Split
from station.learning.layout.words import Label, sense_of

_VISA = "split_csv"
_VISA_TABLE = "1cls.csv"


@dataclass(frozen=True, slots=True)
class Listed:
    """A picture as the file of a data set lists it.

    Attributes:
        path: The picture's file.
        split: What it is for.
        kind: The kind of defect; "" for a good part.
        mask: The file that marks the defect's pixels; None without one.
    """

    path: Path
    split: Split
    kind: str
    mask: Path | None


@dataclass(frozen=True, slots=True)
class Published:
    """What such a file says.

    Attributes:
        source: The file.
        pictures: Those of the given folder.
    """

    source: Path
    pictures: tuple[Listed, ...]


def read_published(folder: Path) -> Published | None:
    """Return what the file of a data set says of a folder; None if there is no such file.

    Raises:
        BadInputError: The file is damaged, or names pictures that are not there, or several products.
    """
    for read in (_read_visa, _read_real_iad):
        found = read(folder.resolve())
        if found is not None and found.pictures:
            missing = [listed.path for listed in found.pictures if not listed.path.is_file()]
            if missing:
                pictures, are = counted(len(missing), "picture"), one_or_many(len(missing), "is", "are")
                raise BadInputError(
                    f"{found.source} names {pictures} that {are} not there: {missing[0]}.",
                    "Unpack the data set again, or move that file away to go by the names of the folders.",
                )
            return found
    return None


def _read_visa(folder: Path) -> Published | None:
    for root in (folder, folder.parent):
        table = root / _VISA / _VISA_TABLE
        if table.is_file():
            rows = [row for row in _visa_rows(table) if root == folder or row[0] == folder.name]
            products = sorted({product for product, _ in rows})
            if len(products) > 1:
                raise _several(folder, products)
            pictures = [listed for _, listed in rows]
            return Published(table, tuple(pictures))
    return None


def _visa_rows(table: Path) -> Iterator[tuple[str, Listed]]:
    root = table.parent.parent
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                split = sense_of(row["split"]).split
                label = sense_of(row["label"]).label
                if split is None or label not in (Label.GOOD, Label.DEFECT):
                    raise ValueError(row)
                mask = root / row["mask"] if row.get("mask") else None
                kind = "" if label is Label.GOOD else row["label"]
                yield row["object"], Listed(root / row["image"], split, kind, mask)
    except (OSError, KeyError, ValueError, TypeError, csv.Error) as error:
        raise _damaged(table) from error


def _read_real_iad(folder: Path) -> Published | None:
    places = (folder, *sorted(folder.parent.glob("*json*")), *sorted(folder.parent.parent.glob("*json*")))
    for place in places:
        file = place / f"{folder.name}.json"
        pictures = tuple(_real_iad_pictures(file, folder)) if file.is_file() else ()
        if pictures:
            return Published(file, pictures)
    return None


def _real_iad_pictures(file: Path, folder: Path) -> Iterator[Listed]:
    """Yield the pictures; a JSON file of another form is none of a data set and yields nothing."""
    try:
        content = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return
    if not isinstance(content, dict) or not isinstance(content.get("meta"), dict) or "train" not in content:
        return
    try:
        good = content["meta"].get("normal_class", "OK")
        splits: tuple[Split, ...] = ("train", "test")
        for split in splits:
            for row in content.get(split, ()):
                kind = "" if row["anomaly_class"] == good else str(row["anomaly_class"])
                mask = folder / row["mask_path"] if row.get("mask_path") else None
                yield Listed(folder / row["image_path"], split, kind, mask)
    except (KeyError, TypeError) as error:
        raise _damaged(file) from error


def _several(folder: Path, products: list[str]) -> BadInputError:
    return BadInputError(
        f"{folder} holds {len(products)} products: {', '.join(products)}.", "Give the folder of one of them."
    )


def _damaged(file: Path) -> BadInputError:
    return BadInputError(
        f"{file} cannot be read as the list of a data set.",
        "Unpack the data set again, or move that file away to go by the names of the folders.",
    )
