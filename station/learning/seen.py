"""What was seen of each picture of a dataset version when it was imported: nobody has to decode it again for that.

The file may be missing, as in a version of before it was kept; then the pictures are read.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from station.camera.pictures.picture import Picture
from station.camera.pictures.reading import read_picture
from station.domain.picture_form import PictureForm
from station.learning.depth import Depth, DepthSearch
from station.learning.layout.labelled import LabelledPicture
from station.workspace import write_through

_SEEN = "seen.json"
_GRID = 32


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one picture.

    Attributes:
        height, width: Pixels.
        depth: How deep it is.
    """

    height: int
    width: int
    depth: Depth

    @classmethod
    def of(cls, picture: Picture) -> "Seen":
        """Return what there is to see of a picture."""
        height, width = picture.image.shape[:2]
        return cls(height, width, Depth.of(picture))


_ByName = TypeAdapter(dict[str, Seen])


def keep_seen(folder: Path, seen: Mapping[str, Seen]) -> None:
    """Keep beside the pictures of a dataset version what was seen of each, by its name."""
    write_through(folder / _SEEN, _ByName.dump_json(dict(seen)))


def read_seen(folder: Path) -> dict[str, Seen]:
    """Return what was seen of each picture, by its name; empty if it was not kept, or the file is damaged."""
    try:
        return _ByName.validate_json((folder / _SEEN).read_bytes())
    except (OSError, ValidationError):
        return {}


def look_at(
    folder: Path, pictures: Sequence[LabelledPicture], others: Sequence[LabelledPicture]
) -> tuple[list[tuple[int, int]], PictureForm]:
    """Return height and width of each picture, and the depth of those that do not state it.

    Args:
        folder: Folder of the dataset version.
        pictures: Its pictures to learn from.
        others: Its other pictures; only their depth counts.
    """
    known = read_seen(folder)
    search = DepthSearch()
    shapes = []
    for picture in pictures:
        seen = known.get(picture.name) or Seen.of(read_picture(picture.path, picture.page))
        shapes.append((seen.height, seen.width))
        search.add(seen.depth)
    return shapes, search.result(others, {name: seen.depth for name, seen in known.items()})


def input_size(shapes: Sequence[tuple[int, int]], side_px: int) -> tuple[int, int]:
    """Return height and width of the model's input: median aspect of the pictures, area of a square of `side_px`.

    Sides are multiples of 32, because the backbone halves them five times. Example: pictures of 600x900 with a side of
    320 give 256x384.
    """
    stretch = math.sqrt(float(np.median([height / width for height, width in shapes])))
    return _on_grid(side_px * stretch), _on_grid(side_px / stretch)


def _on_grid(side_px: float) -> int:
    return max(2 * _GRID, round(side_px / _GRID) * _GRID)
