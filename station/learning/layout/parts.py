"""Which pictures of a folder show parts: all but masks and what programs made of other pictures."""

from collections.abc import Iterable
from pathlib import Path

from station.camera.pictures.listing import FolderContent, NoPart
from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import pages_of, read_picture
from station.domain.errors import BadInputError
from station.learning.layout.mask_places import looks_like_mask, match, sort_by_name
from station.learning.layout.places import Places
from station.learning.layout.tree import File, Folders
from station.learning.layout.words import Label, sense_of
from station.learning.masks import read_mask

_LEVELS_ABOVE = 3
"""`ground_truth`, `ground_truth/scratch` and `ground_truth/scratch/000` are folders of masks by a name above them."""


def parts_of(content: FolderContent) -> FolderContent:
    """Return the content without masks and without what programs made of other pictures.

    Names decide which pictures are suspects, and only these are opened: one whose pixels are those of a part is kept,
    and so is one that belongs to no picture, unless it is black and white or drawn with a few values. A structure that
    would be refused for teaching is not refused here.
    """
    prefix = _mask_folders_above(content.folder)
    files = [File(path, prefix + path.relative_to(content.folder).parts[:-1]) for path in content.pictures]
    places = Places({file.folders for file in files})
    in_mask_folder = {file.path for file in files if places.of(file.folders).label is Label.MASK}
    found = sort_by_name(files, in_mask_folder)
    if not (found.masks or found.outputs):
        return content
    owned = _owned(found.masks, found.pictures)
    masks = {file.path: NoPart.MASK for file in found.masks if _is_mask(file.path, owned=file.path in owned)}
    return content.without(masks | {file.path: NoPart.OUTPUT for file in found.outputs})


def _mask_folders_above(folder: Path) -> Folders:
    """Return the names from the nearest folder of masks down to this one; () if it lies in none."""
    names = folder.resolve().parts[-_LEVELS_ABOVE:]
    for depth in range(1, len(names) + 1):
        sense = sense_of(names[-depth])
        if sense.label is Label.MASK and sense.generic and sense.whole:
            return names[-depth:]
    return ()


def _owned(masks: Iterable[File], pictures: Iterable[File]) -> set[Path]:
    found, _ = match(masks, [(file, None) for file in pictures])
    return {mask for masks_of_one in found.values() for mask in masks_of_one}


def _is_mask(path: Path, *, owned: bool) -> bool:
    """Return whether a suspect is a mask by its pixels; a file with several pictures is none."""
    if len(pages_of(path)) > 1:
        return False
    try:
        mask = read_mask(path, None)
    except BadInputError:
        return owned and _is_damaged(path)
    return owned or looks_like_mask(path) or mask.is_painted_on_nothing


def _is_damaged(path: Path) -> bool:
    try:
        read_picture(path)
    except UnreadablePictureError:
        return True
    return False
