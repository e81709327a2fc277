"""Other recordings of a part beside its pictures: heights as in MVTec 3D AD, normals, infrared."""

from collections.abc import Sequence

from station.learning.layout import vocabulary
from station.learning.layout.tree import File, Folders
from station.learning.layout.words import fold

_OTHERS = frozenset(vocabulary.RECORDINGS.split())
_PICTURES = frozenset(vocabulary.PICTURES.split())


def apart(files: Sequence[File]) -> tuple[tuple[File, ...], tuple[File, ...]]:
    """Return the pictures, and the files in "xyz" that have the name of a picture in "rgb" beside it."""
    beside: dict[tuple[Folders, str], set[str]] = {}
    for file in files:
        for place, name in _with_one_name_left_out(file):
            beside.setdefault(place, set()).add(name)
    others = tuple(
        file
        for file in files
        if any(name in _OTHERS and beside[place] & _PICTURES for place, name in _with_one_name_left_out(file))
    )
    return tuple(file for file in files if file not in set(others)), others


def _with_one_name_left_out(file: File) -> list[tuple[tuple[Folders, str], str]]:
    """Return for the folders that tell recordings apart: where the file is without that folder, and its name."""
    return [
        (((*file.folders[:index], "", *file.folders[index + 1 :]), fold(file.path.stem)), folded)
        for index, name in enumerate(file.folders)
        if (folded := fold(name)) in _OTHERS | _PICTURES
    ]
