"""The picture files of the parts: encoded, hashed, and safely on the disk before anybody writes their names down."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.errors import StorageError
from station.domain.frame import Image
from station.domain.inspection import PartKey
from station.domain.shift import StoredPicture
from station.workspace import sync_folder, write_through

THUMBNAIL_PX = 320
"""Longest side of a stored thumbnail."""

_MAP_STEPS = 65535
# Differences to the left, then run lengths: on camera pictures less than half the time of OpenCV's own choice
# at its quickest, and smaller files.
_QUICK_PNG = [
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_SUB),
]
_UNFINISHED = ".tmp"
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w .-]")
_MOST_OF_A_NAME = 40


class NoFileForItError(cv2.error):
    """A picture that its file format does not take, however large the disk is."""


class Role(StrEnum):
    """What a picture file is to its part; the value is stored."""

    ORIGINAL = "original"
    THUMBNAIL = "thumbnail"
    MAP = "map"


@dataclass(frozen=True, slots=True, eq=False)
class ViewImages:
    """What a camera and the model made of one view of a part, for the disk.

    Attributes:
        original: As it came from the camera, 8 or 16 bits, grey or RGB; None when no picture came.
        thumbnail: 8 bits, grey or RGB; always kept.
        anomaly_map: (h, w) normalised; kept with the original.
    """

    original: Image | None = None
    thumbnail: Image | None = None
    anomaly_map: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture ready to be written."""

    suffix: str
    content: bytes


def encode(images: ViewImages, *, keep_picture: bool) -> dict[Role, EncodedPicture]:
    """The pictures of one view that are kept: original and map only where `keep_picture` says so.

    Raises:
        NoFileForItError: One of them is too large for its format.
    """
    pictures = {}
    if images.thumbnail is not None:
        pictures[Role.THUMBNAIL] = encode_thumbnail(images.thumbnail)
    if keep_picture and images.original is not None:
        pictures[Role.ORIGINAL] = encode_original(images.original)
    if keep_picture and images.anomaly_map is not None:
        pictures[Role.MAP] = encode_map(images.anomaly_map)
    return pictures


def encode_original(image: Image) -> EncodedPicture:
    """The picture without any loss: PNG of 8 or 16 bits, grey or RGB."""
    return EncodedPicture(".png", _encoded(".png", _bgr(image), _QUICK_PNG))


def encode_thumbnail(image: Image) -> EncodedPicture:
    """A small JPEG of an 8-bit picture, at most THUMBNAIL_PX on its longer side.

    Raises:
        NoFileForItError: JPEG does not take it.
    """
    longest = max(image.shape[:2])
    if longest > THUMBNAIL_PX:
        height, width = (max(1, round(side * THUMBNAIL_PX / longest)) for side in image.shape[:2])
        image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return EncodedPicture("-thumbnail.jpg", _encoded(".jpg", _bgr(image), [cv2.IMWRITE_JPEG_QUALITY, 80]))


def encode_map(anomaly_map: NDArray[np.float32]) -> EncodedPicture:
    """The normalised map in steps of 1/65535. A place without a number is kept as the worst, never as good."""
    levels = np.nan_to_num(anomaly_map, nan=1.0).clip(0, 1) * _MAP_STEPS
    return EncodedPicture("-map.png", _encoded(".png", np.rint(levels).astype(np.uint16), _QUICK_PNG))


def encode_preview(image: Image) -> bytes:
    """A JPEG of an 8-bit picture at its own size, good enough to look at; kept in memory, never on the disk.

    Raises:
        NoFileForItError: JPEG does not take it.
    """
    return _encoded(".jpg", _bgr(image), [cv2.IMWRITE_JPEG_QUALITY, 85])


def decode_picture(content: bytes) -> Image:
    """The pixels of a picture that was encoded here, grey or RGB."""
    image = _decoded(content)
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


class PictureStore:
    """A folder of pictures, by day and run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(
        self, key: PartKey, triggered_at: datetime, views: Sequence[tuple[str, Mapping[Role, EncodedPicture]]]
    ) -> tuple[Mapping[Role, StoredPicture], ...]:
        """Put the pictures of one part on the disk, and come back when they are there to stay.

        A file's name carries the start of the content's hash, so that no picture ever replaces another.

        Args:
            key: The part.
            triggered_at: The day they are filed under.
            views: Name and pictures of each view.

        Returns:
            The files of each view.

        Raises:
            StorageError: The disk refused.
        """
        folder = self.folder / f"{triggered_at.astimezone(UTC):%Y-%m-%d}" / _run_name(key.run_id)
        stored: list[dict[Role, StoredPicture]] = []
        contents: dict[Path, bytes] = {}
        for place, (name, pictures) in enumerate(views, 1):
            beginning = folder / _beginning(key, place, name)
            stored.append({role: self._describe(beginning, picture) for role, picture in pictures.items()})
            contents |= {self.path(stored[-1][role]): picture.content for role, picture in pictures.items()}
        if contents:
            _write_for_good(key, folder, contents)
        return tuple(stored)

    def path(self, picture: StoredPicture) -> Path:
        """Where the file lies."""
        return self.folder / picture.path

    def files(self) -> Iterator[str]:
        """Every file there is, named as in `StoredPicture.path`, sorted."""
        return self._files("*/*/*")

    def files_of_run(self, run_id: int) -> Iterator[str]:
        """The files of one run, whatever its days."""
        return self._files(f"*/{_run_name(run_id)}/*")

    def read_bytes(self, picture: StoredPicture) -> bytes:
        """The file's content, if it is still what was written.

        Raises:
            StorageError: It is missing, or its hash is another.
        """
        try:
            content = self.path(picture).read_bytes()
        except OSError as error:
            raise StorageError(f"The picture {picture.path} cannot be read: {error.strerror or error}.") from error
        if hashlib.sha256(content).hexdigest() != picture.sha256:
            raise StorageError(
                f"The picture {picture.path} was changed after it was recorded.", "Run 'linesidectl verify'."
            )
        return content

    def read(self, picture: StoredPicture) -> Image:
        """The pixels of an original or a thumbnail, grey or RGB, as they were given.

        Raises:
            StorageError: The file is missing or changed.
        """
        return decode_picture(self.read_bytes(picture))

    def read_map(self, picture: StoredPicture) -> NDArray[np.float32]:
        """A stored anomaly map, (h, w), normalised.

        Raises:
            StorageError: The file is missing or changed.
        """
        return _decoded(self.read_bytes(picture)).astype(np.float32) / np.float32(_MAP_STEPS)

    def _files(self, pattern: str) -> Iterator[str]:
        return (path.relative_to(self.folder).as_posix() for path in sorted(self.folder.glob(pattern)))

    def _describe(self, beginning: Path, picture: EncodedPicture) -> StoredPicture:
        digest = hashlib.sha256(picture.content).hexdigest()
        path = beginning.with_name(f"{beginning.name}-{digest[:8]}{picture.suffix}")
        return StoredPicture(path.relative_to(self.folder).as_posix(), digest, len(picture.content))


def is_temporary(path: str) -> bool:
    """True of the name that a picture has until it is complete."""
    return path.endswith(_UNFINISHED)


def _run_name(run_id: int) -> str:
    return f"run-{run_id:06d}"


def _beginning(key: PartKey, place: int, view: str) -> str:
    """Of a file's name: the part, and where views have names which of them, whatever characters that has."""
    return f"{key.label}-{place}-{_NOT_IN_A_FILE_NAME.sub('_', view)[:_MOST_OF_A_NAME]}" if view else key.label


def _temporary(path: Path) -> Path:
    return path.with_name(path.name + _UNFINISHED)


def _make_durable_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        sync_folder(folder.parent.parent)


def _write_for_good(key: PartKey, folder: Path, contents: Mapping[Path, bytes]) -> None:
    try:
        _make_durable_folder(folder)
        _write_together(contents, folder)
    except OSError as error:
        raise StorageError(
            f"The pictures of part {key.label} cannot be written to {folder}: {error.strerror or error}."
        ) from error


def _write_together(contents: Mapping[Path, bytes], folder: Path) -> None:
    """Write files of one folder so that each is there whole or not at all; the folder is synced once for all."""
    try:
        for path, content in contents.items():
            write_through(_temporary(path), content)
        for path in contents:
            _temporary(path).replace(path)
    except OSError:
        for path in contents:
            _temporary(path).unlink(missing_ok=True)
        raise
    sync_folder(folder)


def _bgr(image: Image) -> Image:
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)


def _encoded(kind: str, image: Image, options: list[int]) -> bytes:
    encoded, content = cv2.imencode(kind, image, options)
    if not encoded:  # JPEG takes 65,500 pixels on a side
        raise NoFileForItError(f"a picture of {image.shape[1]} x {image.shape[0]} pixels cannot be kept as {kind}")
    return content.tobytes()


def _decoded(content: bytes) -> Image:
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None, "the content's hash is that of a picture we wrote"
    return image
