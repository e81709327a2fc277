"""Pictures that were learned and are measured again: their figures would say more than is known."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import decode_picture, page_content
from station.domain.digest import sha256_hex
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


def repeats_of_learned(dataset: Path, measured: Sequence[LabelledPicture]) -> tuple[str, ...]:
    """Return which of the measured pictures were learned, in sentences; empty if none was, or nothing is known of it.

    Args:
        dataset: Folder of the dataset version that was learned; it may be missing, as for an imported recipe.
        measured: The pictures to measure with.
    """
    entries = _entries(dataset)
    learned = [place for place, entry in enumerate(entries) if entry["split"] == "train"]
    if not learned or not measured:
        return ()
    of_content = {entries[place]["sha256"]: entries[place]["name"] for place in learned}
    looks = _kept_looks(dataset, len(entries))
    names = [entries[place]["name"] for place in learned]
    same: list[str] = []
    others: list[tuple[LabelledPicture, Look]] = []
    for picture in measured:
        try:
            content = page_content(picture.path, picture.page)
            if sha256_hex(content) in of_content:
                same.append(picture.name)
            elif looks is not None:
                others.append((picture, look_of(decode_picture(content, str(picture.file)).image)))
        except UnreadablePictureError:
            continue  # the evaluation names it
    alike = _alike(names, [] if looks is None else [looks[place] for place in learned], others)
    return (
        *_sentence(len(measured), same, "were learned, so their figures say nothing of new parts"),
        *_sentence(len(measured), alike, "look as one that was learned does, so they may show the same part"),
    )


def _alike(names: Sequence[str], learned: Sequence[Look], others: Sequence[tuple[LabelledPicture, Look]]) -> list[str]:
    found = nearest(learned, [look for _, look in others])
    return [
        f"{picture.name} as {names[place]}"
        for (picture, _), place in zip(others, found, strict=True)
        if place is not None
    ]


def _sentence(total: int, names: list[str], what: str) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
    return [f"{len(names)} of {total} pictures to measure with {what}: {', '.join(names[:_NAMED_AT_MOST])}{more}"]


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
