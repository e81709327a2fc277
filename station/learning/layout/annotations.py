"""Finds defects that another program has marked in a text: labelme, COCO, Pascal VOC, YOLO, or a table."""

import json
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from station.domain.errors import BadInputError
from station.learning.layout.tables import TABLE_ENDINGS, is_named_as_labels, said_of_pictures
from station.learning.layout.words import Label, fold, sense_of

_LARGEST_BYTES = 16 * 1024 * 1024
_LONGEST_WORDS = 40
_LISTS = ("shapes", "annotations", "objects", "regions", "labels")
_YOLO = re.compile(r"^\d+(?: -?\d*\.\d+| -?[01]){4,}\s*$", re.MULTILINE)
_VOC = re.compile(r"<annotation\b.*<object\b", re.DOTALL)


def require_nothing_marked(texts: Collection[Path], assumed_good: Collection[Path], remedy: str) -> None:
    """Raise `BadInputError` if a text marks something in a picture that is taken as good without a label."""
    found = _marking(texts, assumed_good)
    if found is not None:
        raise BadInputError(
            f"{found[0]} marks something in {found[1]}, which has no label: it would be taken as good.", remedy
        )
    for text in texts:
        said = said_of_pictures(text, assumed_good) if text.suffix.lower() in TABLE_ENDINGS else None
        if said is not None:
            raise BadInputError(
                f"{text} says '{said.value}' of {said.picture.name} ({said.column}), which has no label otherwise: it "
                "would be taken as good.",
                f"{remedy} Move the table away if it says nothing of defects.",
            )
        if is_named_as_labels(text) and assumed_good:
            raise BadInputError(f"{text} is not read, and its name says that it has labels of pictures.", remedy)


def _marking(texts: Iterable[Path], pictures: Collection[Path]) -> tuple[Path, Path] | None:
    """Return a text that marks something, and the picture that it marks; None if none of the texts does.

    A text belongs to the picture of its stem. A list for a whole set (COCO) is taken to mark the first of them.
    """
    of_stem = {fold(picture.stem): picture for picture in sorted(pictures, reverse=True)}
    for text in texts:
        picture = of_stem.get(fold(text.stem)) or of_stem.get(fold(Path(text.stem).stem))
        if picture is not None and _marks_one(text):
            return text, picture
        if picture is None and of_stem and text.suffix.lower() == ".json" and _marks_many(text):
            return text, min(pictures)
    return None


def _marks_one(text: Path) -> bool:
    content = _content(text)
    match text.suffix.lower():
        case ".json":
            known = _parsed(content)
            marks = any(isinstance(known.get(name), list) and known[name] for name in _LISTS)
            return marks or any(isinstance(said, str) and _says_defective(said) for said in known.values())
        case ".xml":
            return _VOC.search(content) is not None
        case ".txt":
            return _YOLO.search(content) is not None or _says_defective(content.strip())
    return False


def _says_defective(text: str) -> bool:
    """Return whether a short text beside a picture says no more than that it is defective: "ng"."""
    sense = sense_of(text) if len(text) <= _LONGEST_WORDS else None
    return sense is not None and sense.label is Label.DEFECT and sense.generic


def _marks_many(text: Path) -> bool:
    known = _parsed(_content(text))
    return isinstance(known.get("images"), list) and bool(known.get("annotations"))


def _parsed(content: str) -> dict[str, object]:
    try:
        known = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _content(text: Path) -> str:
    try:
        if text.stat().st_size > _LARGEST_BYTES:
            return ""
        return text.read_text("utf-8", errors="replace")
    except OSError:
        return ""
