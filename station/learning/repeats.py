"""Pictures that were learned and are measured again: their figures would say more than is known."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import decode_picture, page_content
from station.domain.digest import sha256_hex
from station.domain.formatting import one_or_many
from station.domain.names import few_of
from station.learning.labels import GOOD
from station.learning.layout.labelled import LabelledPicture
from station.vision.likeness import SIDE_PX, Look, look_of, nearest
from station.workspace import write_through

_LOOKS = "looks.npy"
_MANIFEST = "manifest.json"
_NAMED_AT_MOST = 5


def keep_looks(folder: Path, looks: Sequence[Look]) -> None:
    """Keep beside the pictures of a dataset version what they look like, in the order of its manifest."""
    content = io.BytesIO()
    np.save(content, np.stack(looks), allow_pickle=False)
    write_through(folder / _LOOKS, content.getvalue())


def repeats_in(dataset: Path) -> tuple[str, ...]:
    """Return which pictures of a dataset version to measure with are among those to learn from, in sentences."""
    known = _Learned.read(dataset)
    measured = [(place, entry) for place, entry in enumerate(known.entries) if entry["split"] == "test"]
    same = [entry["name"] for _, entry in measured if entry["sha256"] in known.contents]
    others = [(entry["name"], place) for place, entry in measured if entry["sha256"] not in known.contents]
    looks = known.looks
    alike = [] if looks is None else known.alike([(name, looks[place]) for name, place in others])
    return _sentences(len(measured), same, alike)


def repeats_of_learned(
    dataset: Path, measured: Sequence[LabelledPicture], *, with_defects: bool = False
) -> tuple[str, ...]:
    """Return which of the measured pictures were learned, in sentences; empty if none was, or nothing is known of it.

    Args:
        dataset: Folder of the dataset version that was learned; it may be missing, as for an imported recipe.
        measured: The pictures to measure with.
        with_defects: The labelled defects of the version were learned too.
    """
    known = _Learned.read(dataset, with_defects=with_defects)
    if not known.names:
        return ()
    same: list[str] = []
    others: list[tuple[str, Look]] = []
    for picture in measured:
        try:
            content = page_content(picture.path, picture.page)
            if sha256_hex(content) in known.contents:
                same.append(picture.name)
            elif known.looks is not None:
                others.append((picture.name, look_of(decode_picture(content, str(picture.file)).image)))
        except UnreadablePictureError:
            continue  # the evaluation names it
    return _sentences(len(measured), same, known.alike(others))


def learned_contents(dataset: Path, *, with_defects: bool = False) -> frozenset[str]:
    """Return the SHA-256 of the pictures that were learned from a dataset version; none if it is missing.

    Args:
        dataset: Folder of the dataset version.
        with_defects: The labelled defects of the version were learned too.
    """
    return _Learned.read(dataset, with_defects=with_defects).contents


@dataclass(frozen=True, slots=True)
class _Learned:
    """What is kept of the pictures of a dataset version.

    Attributes:
        entries: Those of its manifest.
        learned: Whether each of them was learned.
        names: The names of the learned pictures.
        contents: SHA-256 of their files.
        looks: What each of `entries` looks like; None for a version of before that was kept, or a damaged file.
    """

    entries: list[dict[str, str]]
    learned: list[bool]
    names: list[str]
    contents: frozenset[str]
    looks: list[Look] | None

    @classmethod
    def read(cls, dataset: Path, *, with_defects: bool = False) -> "_Learned":
        """Return what is kept in this folder; nothing if it is missing."""
        entries = _entries(dataset)
        learned = [entry["split"] == "train" or (with_defects and entry["kind"] != GOOD) for entry in entries]
        known = [entry for entry, is_learned in zip(entries, learned, strict=True) if is_learned]
        contents = frozenset(entry["sha256"] for entry in known)
        looks = _kept_looks(dataset, len(entries))
        return cls(entries, learned, [entry["name"] for entry in known], contents, looks)

    def alike(self, others: Sequence[tuple[str, Look]]) -> list[str]:
        """Return which of these pictures look as a learned one: "test/good/3.png as train/good/7.png"."""
        if self.looks is None:
            return []
        learned = [look for look, is_learned in zip(self.looks, self.learned, strict=True) if is_learned]
        found = nearest(learned, [look for _, look in others])
        pairs = zip(others, found, strict=True)
        return [f"{name} as {self.names[place]}" for (name, _), place in pairs if place is not None]


def _sentences(total: int, same: list[str], alike: list[str]) -> tuple[str, ...]:
    return (
        *_sentence(total, same, ("was", "were"), "learned: what is measured there says nothing of new parts"),
        *_sentence(total, alike, ("looks", "look"), "as one that was learned does: it may be the same part"),
    )


def _sentence(total: int, names: list[str], verb: tuple[str, str], what: str) -> list[str]:
    if not names:
        return []
    said = f"{one_or_many(len(names), *verb)} {what}"
    return [f"{len(names)} of {total} pictures to measure with {said}: {few_of(names, _NAMED_AT_MOST)}"]


def _entries(dataset: Path) -> list[dict[str, str]]:
    try:
        pictures: list[dict[str, str]] = json.loads((dataset / _MANIFEST).read_bytes())["pictures"]
    except (OSError, ValueError, KeyError):
        return []
    return pictures


def _kept_looks(dataset: Path, count: int) -> list[Look] | None:
    """Return the looks; None for a version of before they were kept, or a damaged file."""
    try:
        looks = np.load(dataset / _LOOKS, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return list(looks) if looks.shape == (count, SIDE_PX, SIDE_PX) and looks.dtype == np.uint8 else None
