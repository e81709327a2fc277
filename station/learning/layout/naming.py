"""Names of labelled pictures in the MVTec layout, in which a data set version keeps them."""

from collections.abc import Sequence
from pathlib import Path

from station.domain.names import file_name, readable
from station.learning.labels import GOOD, Split
from station.learning.layout.kind_names import folder_of_kind
from station.learning.layout.labelled import LabelledPicture
from station.learning.layout.places import Place
from station.learning.layout.tree import File
from station.learning.layout.words import Label

Used = tuple[File, Place, tuple[Path, ...]]


def named_in_layout(used: Sequence[Used]) -> tuple[LabelledPicture, ...]:
    """Return the pictures with names that differ from each other, sorted by name.

    A good part is learned from, unless its folder says that it is for measuring. A defect is never learned from.
    """
    names: set[str] = set()
    stems: set[str] = set()
    pictures = []
    for file, place, masks in used:
        picture = next(
            each
            for each in _namings(file, place, masks)
            if each.name not in names and not (masks and _stem(each) in stems)
        )
        names.add(picture.name)
        if masks:
            stems.add(_stem(picture))
        pictures.append(picture)
    return tuple(sorted(pictures, key=lambda picture: picture.name))


def _namings(file: File, place: Place, masks: tuple[Path, ...]) -> list[LabelledPicture]:
    """Return the shortest name first, then those that cannot be another picture's too."""
    good = place.label is Label.GOOD
    split: Split = "train" if good and place.split != "test" else "test"
    kind = GOOD if good else place.kind
    folder = GOOD if good else folder_of_kind(kind)
    short = [name for index, name in enumerate(file.folders) if index not in place.deciding]
    ending = file.path.suffix.lower().lstrip(".")
    inside = (short, list(file.folders), [*file.folders, ending])
    return [
        LabelledPicture(
            "/".join(map(_kept_name, (split, folder, *folders, file.name))), split, kind, file.path, masks, file.page
        )
        for folders in inside
    ]


def _kept_name(name: str) -> str:
    """Return the name, or a readable one where it has bytes or letters that cannot be written into a list of files."""
    return file_name(name) if readable(name) != name else name


def _stem(picture: LabelledPicture) -> str:
    return picture.mask_name
