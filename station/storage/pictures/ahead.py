"""Pictures that are on the disk before it is the turn of their part: synced, under temporary names."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from station.domain.inspection import PartKey
from station.domain.shift import StoredPicture
from station.storage.pictures.encoding import Role

Views: TypeAlias = Sequence[tuple[str, Mapping[Role, bytes]]]
"""Name and picture files of each view of a part."""


@dataclass(frozen=True, slots=True)
class WrittenAhead:
    """The pictures of one part.

    Attributes:
        views: What was written.
        stored: What the records say of it, of each view.
        temporaries: Where it is now, by the names that the files get for good.
    """

    views: Views
    stored: tuple[Mapping[Role, StoredPicture], ...]
    temporaries: Mapping[Path, Path]

    def is_of(self, pictures: Sequence[Mapping[Role, bytes]]) -> bool:
        """Return whether these contents, and no equal ones, were written: nothing has to be compared byte by byte."""
        mine = [dict(view) for _, view in self.views]
        return len(mine) == len(pictures) and all(
            one.keys() == other.keys() and all(one[role] is other[role] for role in one)
            for one, other in zip(mine, pictures, strict=True)
        )


class AheadOfTheirTurn:
    """What was written ahead, by part. A part that lost its pictures while it waited may be there twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: dict[PartKey, list[WrittenAhead]] = defaultdict(list)

    def add(self, key: PartKey, ahead: WrittenAhead) -> None:
        """Keep what was written."""
        with self._lock:
            self._parts[key].append(ahead)

    def take(self, key: PartKey, pictures: Sequence[Mapping[Role, bytes]]) -> WrittenAhead | None:
        """Return these pictures of a part, which are no longer here then; None if they were not written ahead."""
        with self._lock:
            found = next((each for each in self._parts.get(key, ()) if each.is_of(pictures)), None)
            if found is not None:
                self._parts[key].remove(found)
        return found

    def forget(self, key: PartKey | None = None) -> None:
        """Remove what is left of a part, or of all parts, from the disk."""
        with self._lock:
            keys = list(self._parts) if key is None else [key]
            left = list(chain.from_iterable(self._parts.pop(each, ()) for each in keys))
        for ahead in left:
            remove_all(ahead.temporaries.values())


def remove_all(paths: Iterable[Path]) -> None:
    """Remove files as far as the disk lets it; what is left is found by its name after the next start."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)
