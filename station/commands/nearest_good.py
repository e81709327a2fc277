"""The good part to compare a rejected one with: of the parts that passed just before and after it, the most alike."""

from functools import lru_cache

from station.domain.errors import StationError
from station.domain.inspection import PartKey
from station.domain.shift import StoredPicture
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.passed_parts import PassedParts
from station.vision.likeness import Look, distances, look_of

_MOST_EACH_WAY = 24
_KEPT = 2_000


class NearestGood:
    """Compares small pictures: 48 of them take a tenth of a second. Safe from any thread.

    Small pictures are kept of most passed parts, whole ones of few; so all candidates are compared by their small ones.
    """

    def __init__(self, passed: PassedParts, pictures: PictureStore) -> None:
        self._passed = passed
        self._pictures = pictures
        self._look = lru_cache(_KEPT)(self._read)

    def of(self, key: PartKey, view: str, thumbnail: StoredPicture | None) -> PartKey | None:
        """Return the most similar good part; the nearest in time if the part itself has no picture.

        Args:
            key: The part.
            view: The name of the view to compare.
            thumbnail: The part's own small picture of it; None if it has none.

        Returns:
            None if no small picture of a good part is kept.
        """
        found = self._passed.around(key, view, _MOST_EACH_WAY)
        mine = None if thumbnail is None else self._look(thumbnail)
        if mine is None:
            return found[0].key if found else None
        seen = [(each.key, theirs) for each in found if (theirs := self._look(each.thumbnail)) is not None]
        unlike = distances(mine, [theirs for _, theirs in seen])
        return min(zip(unlike, seen, strict=True), key=lambda each: each[0])[1][0] if seen else None

    def _read(self, thumbnail: StoredPicture) -> Look | None:
        try:
            return look_of(self._pictures.read_picture(thumbnail))
        except StationError:  # missing or changed: `verify` reports it, and another part will do
            return None
