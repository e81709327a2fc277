"""The picture files of a folder with the names of the folders above them, as far as these are part of the sorting."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from station.camera.pictures.listing import FolderContent, list_folder, no_picture_error
from station.camera.pictures.reading import pages_of
from station.domain.formatting import counted
from station.learning.layout.words import Label, Sense, sense_of

Folders = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A picture file.

    Attributes:
        path: The file.
        folders: Names of the folders above it, from the top of the sorting down.
        page: Which of its pictures, counted from 1; 0 if it holds only one.
    """

    path: Path
    folders: Folders
    page: int = 0

    @property
    def name(self) -> str:
        """Return the name of the file; with its page if it holds several: "stack page 2.tif"."""
        return f"{self.path.stem} page {self.page}{self.path.suffix}" if self.page else self.path.name


@dataclass(frozen=True, slots=True)
class Tree:
    """The picture files of a folder.

    Attributes:
        folder: The folder that was given.
        prefix: Its own name, and those above it, as far as they say what is in it: ("test", "scratch").
        files: The files in the folder, sorted by path.
        outside: Files of mask folders beside the given one, which may mark its pictures.
        notes: What of the folder is not read, in sentences.
        texts: Texts and tables in the folder, which may mark what is in a picture.
    """

    folder: Path
    prefix: Folders
    files: tuple[File, ...]
    outside: tuple[File, ...]
    notes: tuple[str, ...] = ()
    texts: tuple[Path, ...] = ()

    def place(self, folders: Folders) -> str:
        """Return these folders relative to the given one, POSIX; its own name for the given one itself."""
        return "/".join(folders[len(self.prefix) :]) or self.folder.name


def read_tree(folder: Path, only: Collection[Path] | None = None) -> Tree:
    """Return the picture files of a folder; those in `only`, if it is given.

    Raises:
        BadInputError: The folder does not exist or contains no picture.
    """
    content = list_folder(folder)
    if only is not None:
        content = replace(content, pictures=tuple(path for path in content.pictures if path in only), left_out=())
    if not content.pictures:
        raise no_picture_error(content)
    inside = {path.relative_to(folder).parts[:-1] for path in content.pictures}
    full = folder.resolve()
    prefix = _prefix(full, [sense_of(name) for names in inside for name in names])
    files = tuple(
        File(path, prefix + path.relative_to(folder).parts[:-1], picture.page)
        for path in content.pictures
        for picture in pages_of(path)
    )
    return Tree(full, prefix, files, tuple(_masks_beside(full, prefix)), _notes(content), content.texts)


def _notes(content: FolderContent) -> tuple[str, ...]:
    videos = len(content.videos)
    said = f"{counted(videos, 'video')} left out: {content.videos[0].name} ..." if videos else ""
    return (*content.notes, *([said] if said else []))


def children_of(folders: Iterable[Folders]) -> dict[Folders, set[str]]:
    """Return the names of the subfolders of each folder that lies above a file."""
    children: defaultdict[Folders, set[str]] = defaultdict(set)
    for names in folders:
        for depth, name in enumerate(names):
            children[names[:depth]].add(name)
    return dict(children)


def _prefix(folder: Path, inside: list[Sense]) -> Folders:
    """Return the names of the folder and those above it that belong to the sorting; () for a product's folder."""
    own = sense_of(folder.name)
    if _says(own):
        goes_on = own.label is Label.DEFECT and _is_test_with_neighbours(folder.parent)
        return (folder.parent.name, folder.name) if goes_on else (folder.name,)
    if any(sense.split or sense.label for sense in inside):
        return ()
    if _is_test_with_neighbours(folder.parent) or _any_good(_names_beside(folder)):
        return (folder.parent.name, folder.name) if sense_of(folder.parent.name).split == "test" else ()
    for depth, above in enumerate(folder.parents[:3], start=1):
        if sense_of(above.name).label is Label.DEFECT and _any_good(_names_beside(above)):
            return folder.parts[-depth - 1 :]
    return ()


def _says(sense: Sense) -> bool:
    if sense.split:
        return True
    strong = sense.generic or sense.label is Label.DEFECT
    return sense.label is not None and sense.whole and strong and not sense.title


def _is_test_with_neighbours(folder: Path) -> bool:
    """Return whether this is the test folder of a layout; people also call a folder for trials "test"."""
    if sense_of(folder.name).split != "test":
        return False
    beside = [sense_of(name) for name in _names_beside(folder)]
    return any(sense.split == "train" or (sense.label is Label.MASK and sense.generic) for sense in beside)


def _any_good(names: Iterable[str]) -> bool:
    return any(sense_of(name).label is Label.GOOD and sense_of(name).whole for name in names)


def _names_beside(folder: Path) -> list[str]:
    try:
        return [other.name for other in folder.parent.iterdir() if other.name != folder.name and other.is_dir()]
    except OSError:
        return []


def _masks_beside(folder: Path, prefix: Folders) -> Iterable[File]:
    """Yield the files of mask folders beside the folders of the prefix: `ground_truth` beside `test`."""
    above = folder
    for depth in range(len(prefix)):
        for name in sorted(_names_beside(above)):
            sense = sense_of(name)
            if sense.label is Label.MASK and sense.generic:
                beside = above.parent / name
                for path in sorted(beside.rglob("*")):
                    if path.is_file() and not path.name.startswith("."):
                        kept = prefix[: len(prefix) - 1 - depth]
                        yield File(path, (*kept, name, *path.relative_to(beside).parts[:-1]))
        above = above.parent
