"""Stored pictures of parts from wherever they lie: the station's folder, a share, or an S3-compatible store."""

from pathlib import Path, PurePosixPath
from typing import Protocol

from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError, FaultError, StorageError
from station.domain.shift import StoredPicture
from station.storage.pictures.picture_store import PictureStore

_GO_ON = "Give the same command again when it can be reached: it goes on where it stopped."


class PicturesUnreachableError(FaultError):
    """The whole place of the pictures does not answer, so that nothing can be said of any part."""


class PictureSource(Protocol):
    """Where the pictures lie, by their paths in the records."""

    def read(self, picture: StoredPicture) -> bytes:
        """Return the file's content, if it is what was recorded.

        Raises:
            StorageError: This file is missing or changed.
            PicturesUnreachableError: The place itself cannot be reached.
        """
        ...


def open_pictures(place: str) -> PictureSource:
    """Return the pictures at a place.

    Args:
        place: A folder, or a URL that fsspec opens, such as s3://bucket/line-3.

    Raises:
        BadInputError: Nothing here opens such a URL.
        PicturesUnreachableError: There is no such place, or it does not answer.
    """
    return _InStore(place) if "://" in place else _InFolder(Path(place))


class _InFolder:
    def __init__(self, folder: Path) -> None:
        self._store = PictureStore(folder)
        self._require_there()

    def read(self, picture: StoredPicture) -> bytes:
        try:
            return self._store.read_bytes(picture)
        except StorageError:
            self._require_there()
            raise

    def _require_there(self) -> None:
        if not self._store.folder.is_dir():
            raise PicturesUnreachableError(f"There is no folder of pictures at {self._store.folder}.", _GO_ON)


class _InStore:
    """Any file system of fsspec. Keys and the address of an S3-compatible store come from the environment."""

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra; a folder needs none

            self._files, root = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise BadInputError(
                f"{url} cannot be opened: {error}.",
                "For s3://, in the folder of Lineside: pip install '.[s3]' -c installer/constraints.txt",
            ) from error
        self._root = PurePosixPath(root)
        self._require_there()

    def read(self, picture: StoredPicture) -> bytes:
        try:
            content: bytes = self._files.cat_file(str(self._root / picture.path))
        except FileNotFoundError as error:
            self._require_there()
            raise StorageError(f"The picture {picture.path} is not in {self._url}.") from error
        except Exception as error:  # each store has failures of its own
            raise self._unreachable(error) from error
        if sha256_hex(content) != picture.sha256:
            raise StorageError(f"The picture {picture.path} in {self._url} is not the one that was recorded.")
        return content

    def _require_there(self) -> None:
        try:
            there = self._files.exists(str(self._root))
        except Exception as error:  # each store has failures of its own
            raise self._unreachable(error) from error
        if not there:
            raise PicturesUnreachableError(f"There are no pictures at {self._url}.", _GO_ON)

    def _unreachable(self, error: Exception) -> PicturesUnreachableError:
        return PicturesUnreachableError(f"The pictures at {self._url} cannot be read: {error}.", _GO_ON)
