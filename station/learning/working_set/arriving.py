"""A picture on its way into a working set: decoded, kept and looked at, before the records name it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from station.camera.pictures.reading import decode_picture
from station.learning.working_set.item_files import ItemFiles
from station.learning.working_set.near_repeats import NearRepeats, signature_text
from station.storage.learning.dataset_items import DatasetItems, NewItem, Why
from station.vision.likeness import Look
from station.vision.preprocess import eight_bit


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A picture whose file is on the disk.

    Attributes:
        sha256, ending, size: Of the file.
        height, width: Pixels.
        look: What it looks like.
    """

    sha256: str
    ending: str
    size: int
    height: int
    width: int
    look: Look


def keep_picture(files: ItemFiles, content: bytes, ending: str, name: str) -> Kept:
    """Decode a picture, and keep its file as it came.

    Raises:
        UnreadablePictureError: It cannot be read; `name` is in the sentence. Nothing was kept.
        StorageError: The disk refused.
    """
    picture = decode_picture(content, name)
    sha256 = files.keep_picture(content, ending)
    image = eight_bit(picture.image, picture.significant_bits)
    _, look = files.keep_small(sha256, image)
    height, width = image.shape[:2]
    return Kept(sha256, ending, len(content), height, width, look)


class Arrivals:
    """Brings kept pictures into one working set, and links each with what it must not be split from."""

    def __init__(self, items: DatasetItems, files: ItemFiles, product: str, view: str) -> None:
        """Read what the working set holds."""
        self._items = items
        self._place = (product, view)
        self._repeats = NearRepeats(items.signatures(product, view), files.look)
        self._lock = Lock()

    def expect(self, kept: list[Kept]) -> None:
        """Learn from pictures that come together how much parts differ."""
        self._repeats.expect([(each.sha256, signature_text(each.look)) for each in kept])

    def add(self, kept: Kept, item: Callable[[Kept, str], NewItem]) -> int | None:
        """Record a picture; return its number, None if the working set has it already.

        Args:
            kept: The picture.
            item: Returns its record, from the picture and its signature.

        Raises:
            StorageError: The disk refused.
        """
        new = item(kept, signature_text(kept.look))
        with self._lock:
            links = self._links(kept.look, new)
            item_id = self._items.add(new, links)
            if item_id is not None:
                self._repeats.add(item_id, kept.sha256, new.signature)
        return item_id

    def _links(self, look: Look, new: NewItem) -> list[tuple[int, Why]]:
        product, view = self._place
        links: list[tuple[int, Why]] = []
        near = self._repeats.find(look)
        if near is not None:
            links.append((near, "near-repeat"))
        if new.part is not None:
            shown = self._items.of_part(product, new.part, new.serial)
            links += [(item_id, "same part") for item_id, its_view in shown if its_view == view and item_id != near]
        return links
