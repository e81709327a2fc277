"""The recent parts in memory: what a touch on the strip shows at once, exactly as it was."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from station.domain.frame import Image
from station.domain.inspection import PartKey
from station.domain.live import LivePicture, PartView
from station.storage.images import decode_picture

KEPT_PARTS = 300
PREVIEW_SIDE_PX = 1280
_UNCOMPRESSED_PARTS = 24


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """One part: its preview is a picture first, and JPEG after the recording thread had time for it."""

    live: LivePicture
    picture: Image | None
    preview: bytes = b""
    thumbnail: bytes = b""


class RecentParts:
    """The last 300 parts: a thumbnail, a preview of at most 1280 px, and the small anomaly map of each.

    The inspection thread puts a part in by reference, without any work; the recording thread compresses it. Of parts
    that are not compressed yet only the newest keep their preview, so that a blocked disk cannot fill the memory.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: OrderedDict[PartKey, _Kept] = OrderedDict()

    def put(self, live: LivePicture) -> None:
        """A part was judged."""
        kept = _Kept(replace(live, levels=()), level_within(live.levels, PREVIEW_SIDE_PX))
        with self._lock:
            self._parts[live.inspection.key] = kept
            if len(self._parts) > KEPT_PARTS:
                self._parts.popitem(last=False)
            self._let_go_of_a_picture()

    def compress(self, key: PartKey, preview: bytes, thumbnail: bytes) -> None:
        """Hold the part as JPEG from now on; one that has left the memory is no error."""
        with self._lock:
            if kept := self._parts.get(key):
                self._parts[key] = replace(kept, picture=None, preview=preview, thumbnail=thumbnail)

    def thumbnail(self, key: PartKey) -> Image | None:
        """The part's small picture; None when no picture came or the part is not in memory."""
        kept = self._parts.get(key)
        if kept is None:
            return None
        return decode_picture(kept.thumbnail) if kept.thumbnail else kept.picture

    def part(self, key: PartKey) -> PartView | None:
        """The part as it was; None when it is not in memory."""
        kept = self._parts.get(key)
        if kept is None:
            return None
        live = kept.live
        picture = decode_picture(kept.preview) if kept.preview else kept.picture
        thumbnail = self.thumbnail(key)
        return PartView(live.inspection, picture, live.anomaly_map, live.roi, live.pixel_threshold, thumbnail)

    def _let_go_of_a_picture(self) -> None:
        if len(self._parts) > _UNCOMPRESSED_PARTS:
            key = list(self._parts)[-_UNCOMPRESSED_PARTS - 1]
            self._parts[key] = replace(self._parts[key], picture=None)


def level_within(levels: tuple[Image, ...], side_px: int) -> Image | None:
    """The largest level whose longer side is at most `side_px`; the smallest level where none is, None without any."""
    for level in levels:
        if max(level.shape[:2]) <= side_px:
            return level
    return levels[-1] if levels else None
