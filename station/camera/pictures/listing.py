"""What is in a folder: pictures, videos, what is left out and why, and what the system keeps there for itself."""

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from station.camera.pictures.kinds import (
    HEADER_BYTES,
    PICTURE_SUFFIXES,
    READ_KINDS,
    VIDEO_SUFFIXES,
    surely_picture,
)
from station.camera.pictures.system_files import is_system_file, is_system_folder, name_of_kind
from station.domain.errors import BadInputError
from station.domain.names import few_of

_NAMED_AT_MOST = 5
_TEXT_ENDINGS = """.txt .csv .tsv .json .jsonl .xml .html .htm .md .rst .yaml .yml .toml .ini .cfg .conf .log .doc .docx
.odt .rtf .xls .xlsx .ods .ppt .pptx .py .ipynb .sh .bat .ps1 .m .sha256 .md5 .sha1 .license .names .data .xmp .aae"""
_PROGRAM_ENDINGS = """.db .db-wal .db-shm .db-journal .sqlite .onnx .pt .pth .ckpt .pkl .safetensors .bin .blob .exe
.dll .so .whl .lock .cache .wav .mp3"""
_NO_PICTURES = frozenset(_TEXT_ENDINGS.split() + _PROGRAM_ENDINGS.split())
_TEXT_NAMES = frozenset({"readme", "license", "licence", "copying", "authors", "changelog", "makefile", "checksums"})


class LeftOutBecause(StrEnum):
    """Why a file or folder is left out, in words behind its count."""

    KIND = "of a kind that is not read"
    BROKEN_LINK = "links to nothing"
    LINKED_FOLDER = "links to another folder"
    NO_FILE = "neither a file nor a folder"
    NO_RIGHT = "cannot be opened"


class NoPart(StrEnum):
    """What a picture is that shows no part, in words behind its count."""

    MASK = "mask"
    OUTPUT = "picture made of another one by a program"

    def counted(self, count: int) -> str:
        """Return "1 mask", "8 masks"."""
        what, *more = self.split(" ", 1)
        return " ".join((str(count), what if count == 1 else f"{what}s", *more))


@dataclass(frozen=True, slots=True, order=True)
class LeftOut:
    """A file or folder that may hold pictures and is not read."""

    path: Path
    because: LeftOutBecause


@dataclass(frozen=True, slots=True)
class FolderContent:
    """What is in a folder and its subfolders. All paths are sorted.

    Attributes:
        folder: The folder.
        pictures: The files that are read as pictures; each may hold several pages, see `reading.pages_of`.
        videos: The files that are read as videos.
        left_out: What may hold pictures and is not read.
        texts: Texts, tables, models and programs, which hold no picture of a part.
        of_system: Number of files that a system or a drive keeps there for itself, by the name that they go by:
            {"in @eaDir": 12, ".DS_Store": 1}.
        no_parts: Pictures that belong to other pictures and show no part; none of them is in `pictures`.
    """

    folder: Path
    pictures: tuple[Path, ...]
    videos: tuple[Path, ...]
    left_out: tuple[LeftOut, ...]
    texts: tuple[Path, ...]
    of_system: dict[str, int]
    no_parts: Mapping[Path, NoPart] = field(default_factory=dict)

    def without(self, no_parts: Mapping[Path, NoPart]) -> "FolderContent":
        """Return this content without these pictures, which show no part."""
        pictures = tuple(path for path in self.pictures if path not in no_parts)
        return replace(self, pictures=pictures, no_parts=no_parts)

    @property
    def left_out_names(self) -> tuple[str, ...]:
        """Return what is left out, by its relative path."""
        return tuple(self._name(each.path) for each in self.left_out)

    @property
    def no_part_names(self) -> tuple[str, ...]:
        """Return the pictures that show no part, by their relative paths, sorted."""
        return tuple(self._name(path) for path in sorted(self.no_parts))

    @property
    def left_out_sentence(self) -> str:
        """Return what is left out and why, in one sentence; empty if nothing is."""
        if not self.left_out:
            return ""
        reasons = Counter(each.because for each in self.left_out)
        why = ", ".join(f"{count} {because}" for because, count in reasons.items())
        return f"{_files(len(self.left_out))} left out: {few_of(self.left_out_names, _NAMED_AT_MOST)} ({why})."

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is said once about the folder, in sentences: first what is left out, if anything is."""
        rest = (self._of_system_sentence(), self._texts_sentence())
        return tuple(filter(None, (self.left_out_sentence, *self.no_part_sentences, *rest)))

    @property
    def no_part_sentences(self) -> tuple[str, ...]:
        """Return how many pictures show no part, and in which folders: "8 masks left out: ground_truth/scratch."."""
        return tuple(
            f"{what.counted(len(paths))} left out: {self._places(paths)}."
            for what in NoPart
            if (paths := sorted(path for path, found in self.no_parts.items() if found is what))
        )

    def _places(self, paths: Collection[Path]) -> str:
        """Return the folders of these files; the name of the whole folder for a file that lies in it directly."""
        folders = dict.fromkeys(self._name(path.parent) for path in paths)
        return few_of([self.folder.resolve().name if name == "." else name for name in folders], _NAMED_AT_MOST)

    def _of_system_sentence(self) -> str:
        places = ", ".join(
            f"{_files(count)} {name}" if name.startswith("in ") else f"{count} {name}"
            for name, count in self.of_system.items()
        )
        return f"Files that the system keeps for itself were left out: {places}." if places else ""

    def _texts_sentence(self) -> str:
        names = few_of([self._name(path) for path in self.texts], _NAMED_AT_MOST)
        no_pictures = "is not a picture" if len(self.texts) == 1 else "are not pictures"
        return f"{_files(len(self.texts))} that {no_pictures}: {names}." if names else ""

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


PartsOf = Callable[[FolderContent], FolderContent]
"""Returns the content of a folder without the pictures that show no part."""


def every_picture(content: FolderContent) -> FolderContent:
    """Return the content as it is: every picture shows a part."""
    return content


def list_folder(folder: Path) -> FolderContent:
    """Return what is in a folder and its subfolders.

    What a file is is decided by its name, for an unknown name by its first bytes. Linked folders are not followed.

    Raises:
        BadInputError: The folder does not exist or cannot be opened.
    """
    if not path_exists(folder):
        raise BadInputError(f"There is no folder {folder}.", "Check the path.")
    if not folder.is_dir():
        raise BadInputError(f"{folder} is a file, not a folder.", "Give the folder that holds the pictures.")
    found = _Found()
    try:
        with os.scandir(folder) as entries:
            _sort(list(entries), found)
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be read: {error.strerror}.", "Grant this user read permission."
        ) from error
    return FolderContent(
        folder,
        tuple(sorted(found.pictures)),
        tuple(sorted(found.videos)),
        tuple(sorted(found.left_out)),
        tuple(sorted(found.texts)),
        dict(sorted(found.of_system.items())),
    )


def picture_files(folder: Path) -> list[Path]:
    """Return the files with pictures in a folder and its subfolders, sorted by path.

    Raises:
        BadInputError: The folder does not exist or contains no picture.
    """
    content = list_folder(folder)
    if not content.pictures:
        raise no_picture_error(content)
    return list(content.pictures)


def no_picture_error(content: FolderContent) -> BadInputError:
    """Return the error for a folder without a picture; it names what is there instead."""
    if content.no_parts:
        none = f"No picture of a part in {content.folder}. {' '.join(content.no_part_sentences)}"
        return BadInputError(none, "Give the folder with the pictures that the masks belong to.")
    instead = f" {content.left_out_sentence}" if content.left_out else ""
    return BadInputError(f"No picture in {content.folder}.{instead}", f"Give a folder with {READ_KINDS} files.")


def path_exists(path: Path) -> bool:
    """Return whether the path exists; False for a name that is too long for this system.

    Raises:
        BadInputError: The path cannot be examined, for example without permission.
    """
    try:
        return path.exists()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise _no_right(path, error) from error


def _no_right(path: Path, error: OSError) -> BadInputError:
    return BadInputError(f"{path} cannot be read: {error.strerror}.", "Grant this user read permission.")


class _Found:
    """What was found so far, unsorted."""

    def __init__(self) -> None:
        self.pictures: list[Path] = []
        self.videos: list[Path] = []
        self.left_out: list[LeftOut] = []
        self.texts: list[Path] = []
        self.of_system: Counter[str] = Counter()


def _sort(entries: Iterable["os.DirEntry[str]"], found: _Found) -> None:
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            _sort_folder(path, found)
        elif is_system_file(entry.name):
            found.of_system[name_of_kind(entry.name)] += 1
        elif entry.is_file(follow_symlinks=False):
            _sort_file(path, found)
        elif (because := _unusable(path)) is not None:
            found.left_out.append(LeftOut(path, because))
        else:
            _sort_file(path, found)


def _sort_folder(folder: Path, found: _Found) -> None:
    if is_system_folder(folder.name):
        found.of_system[f"in {folder.name}"] += sum(len(files) for _, _, files in os.walk(folder))
        return
    try:
        with os.scandir(folder) as entries:
            inside = list(entries)
    except OSError:
        found.left_out.append(LeftOut(folder, LeftOutBecause.NO_RIGHT))
        return
    _sort(inside, found)


def _sort_file(path: Path, found: _Found) -> None:
    suffix = path.suffix.lower()
    if suffix in PICTURE_SUFFIXES:
        found.pictures.append(path)
    elif suffix in VIDEO_SUFFIXES:
        found.videos.append(path)
    elif suffix in _NO_PICTURES or (not suffix and path.name.lower() in _TEXT_NAMES):
        found.texts.append(path)
    elif _begins_as_picture(path):
        found.pictures.append(path)
    else:
        found.left_out.append(LeftOut(path, LeftOutBecause.KIND))


def _unusable(path: Path) -> LeftOutBecause | None:
    """Return why a link or a special file is not read as a file: a queue would be waited for, for ever."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return LeftOutBecause.BROKEN_LINK if path.is_symlink() else LeftOutBecause.NO_RIGHT
    if stat.S_ISDIR(mode):
        return LeftOutBecause.LINKED_FOLDER
    return None if stat.S_ISREG(mode) else LeftOutBecause.NO_FILE


def _begins_as_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return surely_picture(file.read(HEADER_BYTES))
    except OSError:
        return False


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
