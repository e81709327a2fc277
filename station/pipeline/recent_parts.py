"""The recent parts in memory: the strip shows them at once, exactly as they were."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from station.domain.frame import Image
from station.domain.inspection import PartKey, PartViews
from station.domain.part_images import PartResult, ViewResult, level_within
from station.storage.pictures.encoding import decode_picture

KEPT_PARTS = 300
PREVIEW_SIDE_PX = 1280
_UNCOMPRESSED_PARTS = 24

Jpegs: TypeAlias = tuple[bytes, bytes]
"""The preview and the thumbnail of one view, as JPEG."""


class RecentParts:
    """The last 300 parts: of each view a thumbnail, a preview of at most 1280 px, and the small anomaly map.

    The inspection thread adds a part by reference, without any work; the recording thread compresses its previews. Of
    the parts that are not compressed yet only the newest 24 keep their previews, so a blocked disk cannot fill the
    memory.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: OrderedDict[PartKey, PartResult] = OrderedDict()
        self._jpegs: dict[PartKey, tuple[Jpegs | None, ...]] = {}

    def put(self, part: PartResult) -> None:
        """Add a judged part."""
        key = part.inspection.key
        previews = PartViews(part.inspection, tuple(_preview(view) for view in part.views))
        with self._lock:
            self._parts[key] = previews
            if len(self._parts) > KEPT_PARTS:
                oldest, _ = self._parts.popitem(last=False)
                self._jpegs.pop(oldest, None)
            self._drop_old_preview()

    def compress(self, key: PartKey, jpegs: Sequence[Jpegs | None]) -> None:
        """Replace the previews of a part by JPEG, None for a view without a picture. Ignore a part that has left."""
        with self._lock:
            if part := self._parts.get(key):
                self._parts[key] = _without_levels(part)
                self._jpegs[key] = tuple(jpegs)

    def thumbnail(self, key: PartKey) -> Image | None:
        """Return the small picture of the deciding view, else of the first view that has one, else None."""
        with self._lock:
            part, jpegs = self._parts.get(key), self._jpegs.get(key)
        if part is None:
            return None
        if jpegs is None:
            levels = (view.levels for view in (part.deciding, *part.views))
            return next((each[0] for each in levels if each), None)
        compressed = (PartViews(part.inspection, jpegs).deciding, *jpegs)
        return next((decode_picture(each[1]) for each in compressed if each), None)

    def part(self, key: PartKey) -> PartResult | None:
        """Return the part with its previews; None if it is not in memory."""
        with self._lock:
            part, jpegs = self._parts.get(key), self._jpegs.get(key)
        if part is None or jpegs is None:
            return part
        pairs = zip(part.views, jpegs, strict=True)
        return PartViews(part.inspection, tuple(_decoded(view, each) for view, each in pairs))

    def _drop_old_preview(self) -> None:
        if len(self._parts) > _UNCOMPRESSED_PARTS:
            key = list(self._parts)[-_UNCOMPRESSED_PARTS - 1]
            self._parts[key] = _without_levels(self._parts[key])


def _preview(view: ViewResult) -> ViewResult:
    preview = level_within(view.levels, PREVIEW_SIDE_PX)
    return replace(view.without_original(), levels=() if preview is None else (preview,), received_ns=None)


def _without_levels(part: PartResult) -> PartResult:
    return PartViews(part.inspection, tuple(replace(view, levels=()) for view in part.views))


def _decoded(view: ViewResult, jpegs: Jpegs | None) -> ViewResult:
    return replace(view, levels=() if jpegs is None else (decode_picture(jpegs[0]),))
