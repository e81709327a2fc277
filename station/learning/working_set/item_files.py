"""The files of working sets, named by the hash of their content: written once, never changed, never twice.

`datasets/<product>/items/pictures/ab/abcd....png` is a picture as it came, `masks` holds masks, and `small` what can be
made again at any time: thumbnails and looks.
"""

import io
from pathlib import Path

import numpy as np

from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import decode_picture
from station.domain.digest import sha256_hex, sha256_of_file
from station.domain.disk import reason_of
from station.domain.errors import StorageError
from station.domain.frame import Image
from station.domain.recipe import checked_name
from station.learning.leftovers import remove_leftovers
from station.storage.pictures.encoding import decode_picture as decode_ours
from station.storage.pictures.encoding import encode_mask, encode_thumbnail
from station.vision.likeness import SIDE_PX, Look, look_of
from station.vision.preprocess import eight_bit
from station.workspace import write_atomically

THUMBNAIL_PX = 192
"""Longest side of a thumbnail in the gallery."""


class ItemFiles:
    """The files of the working sets of one product."""

    def __init__(self, datasets: Path, product: str) -> None:
        """Make nothing yet.

        Raises:
            BadInputError: The product has a name that no folder can have.
        """
        self.folder = datasets / checked_name(product, "product") / "items"

    def remove_leftovers(self) -> None:
        """Remove what programs that were killed had begun to write, if it is older than a day."""
        remove_leftovers(self.folder, "*/*/*.tmp")

    def keep_picture(self, content: bytes, ending: str) -> str:
        """Keep the content of a picture's file, and return its SHA-256 when a power cut can no longer lose it.

        Raises:
            StorageError: The disk refused.
        """
        sha256 = sha256_hex(content)
        _keep(self.picture_path(sha256, ending), content)
        return sha256

    def keep_mask(self, mask: Image) -> str:
        """Keep a mask, uint8 (H, W), and return the SHA-256 of its file.

        Raises:
            StorageError: The disk refused.
        """
        content = encode_mask(mask)
        sha256 = sha256_hex(content)
        _keep(self.mask_path(sha256), content)
        return sha256

    def picture_path(self, sha256: str, ending: str) -> Path:
        """Return where the file of a picture is."""
        return self.folder / "pictures" / sha256[:2] / f"{sha256}{ending}"

    def mask_path(self, sha256: str) -> Path:
        """Return where the file of a mask is."""
        return self.folder / "masks" / sha256[:2] / f"{sha256}.png"

    def picture(self, sha256: str, ending: str) -> Image:
        """Return a picture, uint8 (H, W) or (H, W, 3) RGB.

        Raises:
            StorageError: Its file is missing, or was changed.
        """
        content = _unchanged(self.picture_path(sha256, ending), sha256)
        picture = decode_picture(content, f"The picture {sha256[:12]}")
        return eight_bit(picture.image, picture.significant_bits)

    def mask(self, sha256: str) -> Image:
        """Return a mask, uint8 (H, W): 0 is good, k is the k-th kind of defect.

        Raises:
            StorageError: Its file is missing, or was changed.
        """
        return decode_ours(_unchanged(self.mask_path(sha256), sha256))

    def require_unchanged(self, sha256: str, ending: str) -> Path:
        """Return the path of a picture, whose content is still what it was.

        Raises:
            StorageError: It is missing, or was changed.
        """
        path = self.picture_path(sha256, ending)
        try:
            same = sha256_of_file(path) == sha256
        except OSError as error:
            raise _missing(path, error) from error
        if not same:
            raise _changed(path)
        return path

    def keep_small(self, sha256: str, image: Image) -> tuple[bytes, Look]:
        """Keep and return what the gallery and the search for repeats need of a picture, 8 bits.

        A disk that refuses this loses nothing: it is made again when it is needed.
        """
        thumbnail, look = encode_thumbnail(image, THUMBNAIL_PX), look_of(image)
        content = io.BytesIO()
        np.save(content, look, allow_pickle=False)
        for path, data in ((self._small(sha256, ".jpg"), thumbnail), (self._small(sha256, ".npy"), content.getvalue())):
            _keep_if_possible(path, data)
        return thumbnail, look

    def thumbnail(self, sha256: str, ending: str) -> Image:
        """Return a small picture, uint8 (h, w) or (h, w, 3) RGB, at most THUMBNAIL_PX on its longer side.

        Raises:
            StorageError: Its picture is missing, or was changed.
        """
        small = self.kept_thumbnail(sha256)
        if small is not None:
            return small
        content, _ = self.keep_small(sha256, self.picture(sha256, ending))
        return decode_ours(content)

    def kept_thumbnail(self, sha256: str) -> Image | None:
        """Return a thumbnail that was made before; None if it was not, or a power cut left half of it."""
        try:
            return decode_picture(self._small(sha256, ".jpg").read_bytes(), sha256).image
        except (OSError, UnreadablePictureError):
            return None

    def look(self, sha256: str) -> Look | None:
        """Return what a picture looks like; None if that is not kept."""
        try:
            look: Look = np.load(self._small(sha256, ".npy"), allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        return look if look.shape == (SIDE_PX, SIDE_PX) and look.dtype == np.uint8 else None

    def _small(self, sha256: str, ending: str) -> Path:
        return self.folder / "small" / sha256[:2] / f"{sha256}{ending}"


def _keep(path: Path, content: bytes) -> None:
    if path.is_file() and path.stat().st_size == len(content):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {reason_of(error)}.") from error


def _keep_if_possible(path: Path, content: bytes) -> None:
    """Write without waiting for the disk: half a file is noticed when it is read, and made again."""
    temporary = path.with_suffix(f"{path.suffix}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        return


def _unchanged(path: Path, sha256: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _missing(path, error) from error
    if sha256_hex(content) != sha256:
        raise _changed(path)
    return content


def _missing(path: Path, error: OSError) -> StorageError:
    return StorageError(f"{path} of a dataset cannot be read: {reason_of(error)}.", "Put a copy of the folder back.")


def _changed(path: Path) -> StorageError:
    return StorageError(f"{path} was changed after it came into the dataset.", "Put a copy of the file back.")
