"""The recent parts in memory: what a touch on the strip shows at once, exactly as it was."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from station.domain.frame import Image
from station.domain.inspection import Inspection, PartKey
from station.domain.part_images import PartResult, StoredPart, StoredView, ViewResult
from station.storage.pictures.encoding import decode_picture

KEPT_PARTS = 300
PREVIEW_SIDE_PX = 1280
_UNCOMPRESSED_PARTS = 24


@dataclass(frozen=True, slots=True, eq=False)
class Compressed:
    """The preview and the thumbnail of one view, as JPEG."""

    preview: bytes
    thumbnail: bytes


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """One view: its preview is a picture first, and JPEG after the recording thread had time for it."""

    live: ViewResult
    picture: Image | None
    compressed: Compressed | None = None

    @classmethod
    def of(cls, live: ViewResult) -> Self:
        return cls(replace(live, levels=()), level_within(live.levels, PREVIEW_SIDE_PX))

    @property
    def thumbnail(self) -> Image | None:
        return decode_picture(self.compressed.thumbnail) if self.compressed else self.picture

    def past(self) -> StoredView:
        live = self.live
        picture = decode_picture(self.compressed.preview) if self.compressed else self.picture
        return StoredView(live.view, picture, live.anomaly_map, live.roi, live.pixel_threshold, self.thumbnail)


@dataclass(frozen=True, slots=True, eq=False)
class _KeptPart:
    inspection: Inspection
    views: tuple[_Kept, ...]


class RecentParts:
    """The last 300 parts: a thumbnail, a preview of at most 1280 px, and the small anomaly map of each view.

    The inspection thread puts a part in by reference, without any work; the recording thread compresses it. Of parts
    that are not compressed yet only the newest keep their preview, so that a blocked disk cannot fill the memory.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: OrderedDict[PartKey, _KeptPart] = OrderedDict()

    def put(self, live: PartResult) -> None:
        """A part was judged."""
        kept = _KeptPart(live.inspection, tuple(_Kept.of(picture) for picture in live.pictures))
        with self._lock:
            self._parts[live.inspection.key] = kept
            if len(self._parts) > KEPT_PARTS:
                self._parts.popitem(last=False)
            self._let_go_of_a_picture()

    def compress(self, key: PartKey, packed: Sequence[Compressed | None]) -> None:
        """Hold the views of the part as JPEG from now on, those that have a picture; it may have left the memory."""
        with self._lock:
            if kept := self._parts.get(key):
                pairs = zip(kept.views, packed, strict=True)
                views = tuple(replace(view, picture=None, compressed=jpeg) for view, jpeg in pairs)
                self._parts[key] = replace(kept, views=views)

    def thumbnail(self, key: PartKey) -> Image | None:
        """The small picture of the view that decided, else of the first that has one; None when there is none."""
        kept = self._parts.get(key)
        if kept is None:
            return None
        pictures = (view.thumbnail for view in (kept.inspection.of_deciding(kept.views), *kept.views))
        return next((picture for picture in pictures if picture is not None), None)

    def part(self, key: PartKey) -> StoredPart | None:
        """The part as it was; None when it is not in memory."""
        kept = self._parts.get(key)
        return StoredPart(kept.inspection, tuple(view.past() for view in kept.views)) if kept else None

    def _let_go_of_a_picture(self) -> None:
        if len(self._parts) > _UNCOMPRESSED_PARTS:
            key = list(self._parts)[-_UNCOMPRESSED_PARTS - 1]
            views = tuple(replace(view, picture=None) for view in self._parts[key].views)
            self._parts[key] = replace(self._parts[key], views=views)


def level_within(levels: tuple[Image, ...], side_px: int) -> Image | None:
    """The largest level whose longer side is at most `side_px`; the smallest level where none is, None without any."""
    for level in levels:
        if max(level.shape[:2]) <= side_px:
            return level
    return levels[-1] if levels else None
