"""The picture files of the parts: safely on the disk before the database names them."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.domain.digest import sha256_hex
from station.domain.disk import reason_of
from station.domain.errors import StorageError
from station.domain.frame import Image
from station.domain.inspection import PartKey
from station.domain.shift import StoredPicture
from station.storage.pictures.ahead import AheadOfTheirTurn, Views, WrittenAhead, remove_all
from station.storage.pictures.encoding import Role, decode_map, decode_picture
from station.workspace import sync_folder, write_all_through

_UNFINISHED = ".tmp"
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w .-]")
_LONGEST_VIEW_NAME = 40
_RUN_NAME = re.compile(r"run-(\d+)")
_PART_NUMBER = re.compile(r"\d+")
_numbers = count()


class PictureStore:
    """A folder of pictures, by day and run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ahead = AheadOfTheirTurn()

    def write_pictures(
        self, key: PartKey, triggered_at: datetime, views: Views
    ) -> tuple[Mapping[Role, StoredPicture], ...]:
        """Put the pictures of one part on the disk, and return when a power cut can no longer lose them.

        A file's name carries the start of the content's hash, so that no picture ever replaces another.

        Args:
            key: The part.
            triggered_at: The day they are filed under.
            views: Name and pictures of each view.

        Returns:
            The files of each view, in the order of `views`.

        Raises:
            StorageError: The disk refused.
        """
        ahead = self._ahead.take(key, [pictures for _, pictures in views])
        if ahead is None and not any(pictures for _, pictures in views):
            return tuple({} for _ in views)
        folder = self._folder_of(key, triggered_at)
        if ahead is None:
            stored, contents = self._described(folder, key, views)
            ahead = WrittenAhead(views, stored, _write_temporaries(key, folder, contents))
        if ahead.temporaries:
            _rename_for_good(key, folder, ahead.temporaries)
        return ahead.stored

    def write_ahead(self, key: PartKey, triggered_at: datetime, views: Views) -> None:
        """Put the pictures of one part on the disk under temporary names, on any thread, before it is its turn.

        `write_pictures` with the same pictures then only has to rename them.

        Raises:
            StorageError: The disk refused.
        """
        folder = self._folder_of(key, triggered_at)
        stored, contents = self._described(folder, key, views)
        self._ahead.add(key, WrittenAhead(views, stored, _write_temporaries(key, folder, contents)))

    def forget_ahead(self, key: PartKey | None = None) -> None:
        """Remove what was written ahead of a part and is not wanted any more; of all parts if none is named."""
        self._ahead.forget(key)

    def path_of(self, picture: StoredPicture) -> Path:
        """Return the absolute path of the file."""
        return self.folder / picture.path

    def all_files(self) -> Iterator[str]:
        """Return every file, named as in `StoredPicture.path`, sorted."""
        return self._files("*/*/*")

    def files_of_run(self, run_id: int) -> Iterator[str]:
        """Return the files of one run, from all days, sorted."""
        return self._files(f"*/{_run_name(run_id)}/*")

    def runs(self) -> frozenset[int]:
        """Return the numbers of the runs that have a picture."""
        folders = (entry for day in _folders(self.folder) for entry in _folders(day))
        named = ((_RUN_NAME.fullmatch(folder.name), folder) for folder in folders)
        return frozenset(int(match[1]) for match, folder in named if match and next(folder.iterdir(), None))

    def last_part(self, run_id: int) -> int:
        """Return the highest number of a part of this run that has a picture; 0 if none has.

        What was written ahead of its turn is left out: after a crash it may be of several parts without a record.
        """
        paths = self.folder.glob(f"*/{_run_name(run_id)}/*")
        names = (path.name for path in paths if not is_temporary(path.name))
        return max((int(match[0]) for name in names if (match := _PART_NUMBER.match(name))), default=0)

    def read_bytes(self, picture: StoredPicture) -> bytes:
        """Return the file's content, if it is unchanged.

        Raises:
            StorageError: The file is missing or changed.
        """
        try:
            content = self.path_of(picture).read_bytes()
        except OSError as error:
            raise StorageError(f"The picture {picture.path} cannot be read: {reason_of(error)}.") from error
        if sha256_hex(content) != picture.sha256:
            raise StorageError(
                f"The picture {picture.path} was changed after it was recorded.", "Run 'linesidectl verify'."
            )
        return content

    def read_picture(self, picture: StoredPicture) -> Image:
        """Return the pixels of a picture that was encoded here, (H, W) grey or (H, W, 3) RGB.

        An original may be the file that the part came from; the camera room reads those.

        Raises:
            StorageError: The file is missing or changed.
        """
        return decode_picture(self.read_bytes(picture))

    def read_map(self, picture: StoredPicture) -> NDArray[np.float32]:
        """Return a stored anomaly map, (h, w) float32, normalised.

        Raises:
            StorageError: The file is missing or changed.
        """
        return decode_map(self.read_bytes(picture))

    def _files(self, pattern: str) -> Iterator[str]:
        return (path.relative_to(self.folder).as_posix() for path in sorted(self.folder.glob(pattern)))

    def _folder_of(self, key: PartKey, triggered_at: datetime) -> Path:
        return self.folder / f"{triggered_at.astimezone(UTC):%Y-%m-%d}" / _run_name(key.run_id)

    def _described(
        self, folder: Path, key: PartKey, views: Views
    ) -> tuple[tuple[Mapping[Role, StoredPicture], ...], Mapping[Path, bytes]]:
        """Return what the records say of the pictures of each view, and the contents by their paths."""
        stored: list[Mapping[Role, StoredPicture]] = []
        contents: dict[Path, bytes] = {}
        for place, (name, pictures) in enumerate(views, 1):
            beginning = folder / _beginning(key, place, name)
            stored.append({role: self._describe(beginning, role, content) for role, content in pictures.items()})
            contents |= {self.path_of(stored[-1][role]): content for role, content in pictures.items()}
        return tuple(stored), contents

    def _describe(self, beginning: Path, role: Role, content: bytes) -> StoredPicture:
        digest = sha256_hex(content)
        path = beginning.with_name(f"{beginning.name}-{digest[:8]}{role.suffix(content)}")
        return StoredPicture(path.relative_to(self.folder).as_posix(), digest, len(content))


def _folders(folder: Path) -> Iterator[Path]:
    """Yield the folders in a folder; none if it does not exist."""
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.is_dir())


def is_temporary(path: str) -> bool:
    """Return whether this is the name that a picture has until it is complete."""
    return path.endswith(_UNFINISHED)


def _run_name(run_id: int) -> str:
    return f"run-{run_id:06d}"


def _beginning(key: PartKey, place: int, view: str) -> str:
    """Return the first words of a file's name: the part and, if views have names, the view: "0007-1-top"."""
    return f"{key.label}-{place}-{_NOT_IN_A_FILE_NAME.sub('_', view)[:_LONGEST_VIEW_NAME]}" if view else key.label


def temporary_name(path: Path) -> Path:
    """Return the name that a picture has until it is complete."""
    return path.with_name(path.name + _UNFINISHED)


def _make_durable_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        sync_folder(folder.parent.parent)


def _write_temporaries(key: PartKey, folder: Path, contents: Mapping[Path, bytes]) -> dict[Path, Path]:
    """Write and sync files under names of their own; return these by the names that the files get for good."""
    temporaries = {path: temporary_name(path.with_name(f"{path.name}.{next(_numbers)}")) for path in contents}
    try:
        _make_durable_folder(folder)
        write_all_through({temporaries[path]: content for path, content in contents.items()})
    except OSError as error:
        remove_all(temporaries.values())
        raise _refused(key, folder, error) from error
    return temporaries


def _rename_for_good(key: PartKey, folder: Path, temporaries: Mapping[Path, Path]) -> None:
    try:
        for path, temporary in temporaries.items():
            temporary.replace(path)
        sync_folder(folder)
    except OSError as error:
        remove_all((*temporaries, *temporaries.values()))
        raise _refused(key, folder, error) from error


def _refused(key: PartKey, folder: Path, error: OSError) -> StorageError:
    return StorageError(f"The pictures of part {key.label} cannot be written to {folder}: {reason_of(error)}.")
