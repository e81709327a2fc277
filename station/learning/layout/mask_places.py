"""Finds the masks of pictures where people keep them, and the masks that belong to no picture."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import read_picture
from station.domain.frame import Image
from station.learning.layout.tree import File, Folders
from station.learning.layout.words import Label, fold, mask_name_of, output_name_of, sense_of
from station.learning.masks import read_mask
from station.vision.conversion import as_grey

_FEW_VALUES = 4
_SAMPLES = 24
"""As few rows and columns are enough to see that a picture has more values than a mask."""
_NEAR_THE_ENDS = 0.98


@dataclass(frozen=True, slots=True)
class Sorted:
    """The files of a tree by what they are.

    Attributes:
        pictures: Pictures of parts.
        masks: Files that mark the defects of a picture.
        outputs: What another program made of a picture: heat maps, overlays.
    """

    pictures: tuple[File, ...]
    masks: tuple[File, ...]
    outputs: tuple[File, ...]


def sort_by_name(files: Sequence[File], in_mask_folder: Collection[Path]) -> Sorted:
    """Tell masks from pictures by folder, by name, and for two files of one stem by their pixels."""
    masks = [file for file in files if file.path in in_mask_folder]
    others = [file for file in files if file.path not in in_mask_folder]
    pictures: list[File] = []
    outputs: list[File] = []
    for _, group in groupby(others, key=lambda file: file.path.parent):
        together = list(group)
        stems = {fold(file.path.stem) for file in together}
        for file in together:
            name = mask_name_of(file.path.stem)
            if name is not None and (name.sure or name.base in stems):
                masks.append(file)
            elif output_name_of(file.path.stem) in stems:
                outputs.append(file)
            else:
                pictures.append(file)
    twins = _masks_among_twins(pictures)
    return Sorted(
        tuple(file for file in pictures if file not in twins), (*masks, *sorted(twins, key=_path)), tuple(outputs)
    )


def match(
    masks: Iterable[File], pictures: Sequence[tuple[File, Label | None]]
) -> tuple[dict[Path, list[Path]], list[Path]]:
    """Return the masks of each picture, and the masks that belong to none or might belong to several."""
    index = _Index(pictures)
    found: defaultdict[Path, list[Path]] = defaultdict(list)
    unused = []
    for mask in masks:
        owners = index.owners_of(mask)
        for owner in owners:
            found[owner].append(mask.path)
        if not owners:
            unused.append(mask.path)
    return dict(found), unused


def marks_nothing(paths: Iterable[Path]) -> bool:
    """Return whether no pixel is marked in any of these masks.

    Raises:
        BadInputError: One of them is damaged, or a picture of a part.
    """
    return not any(read_mask(path, None).marked.any() for path in paths)


def is_few_valued(image: Image) -> bool:
    """Return whether a picture is black-and-white only, or drawn with a few label numbers: a mask, never a part."""
    rows, columns = (max(1, side // _SAMPLES) for side in image.shape[:2])
    if len(_values(image[::rows, ::columns])) > _FEW_VALUES:
        return False
    values = _values(image)
    if len(values) <= 2:
        return True
    return len(values) <= _FEW_VALUES and 0 in values


class _Index:
    """The pictures by stem, with the folders that tell pictures of one stem apart."""

    def __init__(self, pictures: Sequence[tuple[File, Label | None]]) -> None:
        self._by_stem: defaultdict[str, list[tuple[File, Label | None]]] = defaultdict(list)
        for file, label in pictures:
            self._by_stem[fold(file.path.stem)].append((file, label))

    def owners_of(self, mask: File) -> list[Path]:
        """Return the picture that the mask belongs to; several only if they have one stem and lie in one folder."""
        folders = tuple(name for name in mask.folders if sense_of(name).label is not Label.MASK)
        name = mask_name_of(mask.path.stem)
        stems = [fold(mask.path.stem), *([name.base] if name else [])]
        asked = [(stem, folders) for stem in stems]
        if folders:
            asked.append((fold(folders[-1]), folders[:-1]))
        for stem, above in asked:
            if found := self._in_same_folders(stem, above):
                return found
        if not all(_says_no_kind(name) for name in folders):
            return []
        return next(filter(None, (self._only_one(stem) for stem, _ in asked)), [])

    def _in_same_folders(self, stem: str, above: Folders) -> list[Path]:
        candidates = self._by_stem.get(stem, ())
        for key in (_key, _key_without_split, _key_of_labels):
            found = [file for file, _ in candidates if key(file.folders) == key(above)]
            if len({file.folders for file in found}) == 1:
                return [file.path for file in found]
        return []

    def _only_one(self, stem: str) -> list[Path]:
        """Return the only picture of this stem that is not good; with good ones alone, the only one of them."""
        candidates = self._by_stem.get(stem, ())
        bad = [file.path for file, label in candidates if label is not Label.GOOD]
        found = bad or [file.path for file, _ in candidates]
        return found if len(found) == 1 else []


def _path(file: File) -> Path:
    return file.path


def _key(folders: Folders) -> tuple[str, ...]:
    return tuple(fold(name) for name in folders if not _only_groups(name))


def _key_without_split(folders: Folders) -> tuple[str, ...]:
    return tuple(fold(name) for name in folders if not _only_groups(name) and sense_of(name).split is None)


def _key_of_labels(folders: Folders) -> tuple[str, ...]:
    """Return the names without days, cameras and numbers, which masks may not be sorted by."""
    senses = [(name, sense_of(name)) for name in folders]
    return tuple(fold(name) for name, sense in senses if not sense.neutral and sense.split is None)


def _says_no_kind(name: str) -> bool:
    """Return whether masks in a folder of this name may belong to pictures elsewhere: "NG", "test", "images"."""
    sense = sense_of(name)
    return sense.neutral or sense.split is not None or (sense.label is Label.DEFECT and sense.generic)


def _only_groups(name: str) -> bool:
    return sense_of(name).neutral and not any(letter.isdecimal() for letter in name)


def _masks_among_twins(pictures: Sequence[File]) -> set[File]:
    """Return the masks that have the very stem of a picture in the same folder: "7.jpg" and "7.png"."""
    by_stem: defaultdict[tuple[Path, str], list[File]] = defaultdict(list)
    for file in pictures:
        if not file.page:
            by_stem[file.path.parent, fold(file.path.stem)].append(file)
    masks: set[File] = set()
    for twins in by_stem.values():
        looks = [file for file in twins if looks_like_mask(file.path)] if len(twins) > 1 else []
        if len(looks) < len(twins):
            masks.update(looks)
    return masks


def looks_like_mask(path: Path) -> bool:
    """Return whether the file is few-valued, or black-and-white with the scars that JPEG leaves."""
    try:
        image = read_picture(path).image
    except UnreadablePictureError:
        return False
    if is_few_valued(image):
        return True
    grey = as_grey(image)
    share = grey / np.float32(np.iinfo(grey.dtype).max)
    return bool(np.mean((share < 0.15) | (share > 0.85)) > _NEAR_THE_ENDS and (share < 0.15).mean() > 0.5)


def _values(image: Image) -> set[int]:
    grey = image if image.ndim == 2 else image.reshape(-1, image.shape[2]) @ np.array([65536, 256, 1])
    return set(np.unique(grey).tolist())
