"""Write a labelled folder of drawn defects, made from pictures of good parts, that says of itself that it is drawn."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from station.camera.pictures.reading import page_content, read_picture
from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.names import readable
from station.domain.synthetic import SyntheticKind
from station.learning.ahead import Background
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress, no_progress, with_progress_of
from station.storage.pictures.encoding import encode_mask, encode_original
from station.vision.synthetic.drawing import draw_defect
from station.vision.synthetic.part_mask import part_in
from station.workspace import sync_folder, write_through

LIST = "synthetic.json"
"""In the folder: that it is synthetic, from which seed, and what was drawn on which picture."""
_MARKED = 255
_MEASURED_SHARE = 4
"""If no good pictures are for measuring, each fourth of all is: a defect is not drawn on what a model learns."""


@dataclass(frozen=True, slots=True)
class SyntheticOrder:
    """What is to be drawn.

    Attributes:
        kinds: The kinds, each `count` times.
        count: Pictures of each kind.
        seed: The same seed, pictures and order give the same bytes.
        size_px: The length of each defect; None for random lengths, 3 to 25 % of the part's shorter side.
    """

    kinds: tuple[SyntheticKind, ...]
    count: int
    seed: int
    size_px: float | None = None


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """One drawn picture: its name and that of its mask in the folder, what it was made of, and the marked pixels."""

    picture: str
    mask: str
    kind: SyntheticKind
    drawn_on: str
    area_px: int
    outlined: bool


def generator_of(seed: int, kind: SyntheticKind, *numbers: int) -> np.random.Generator:
    """Return the chance for one defect. It does not depend on the other defects that are drawn."""
    return np.random.default_rng([seed, list(SyntheticKind).index(kind), *numbers])


def write_synthetic_set(
    good: Sequence[LabelledPicture], out: Path, order: SyntheticOrder, on_progress: OnProgress = no_progress
) -> tuple[DrawnPicture, ...]:
    """Write good pictures and drawn defects as a folder in MVTec layout; return what was drawn.

    Defects are drawn on good pictures for measuring, which are in `test/good` as well; the others are in `train/good`.

    Args:
        good: Pictures of good parts, at least one.
        out: The folder; it must not exist, and does not exist after an error.
        order: What is drawn.
        on_progress: Called after each picture.

    Raises:
        BadInputError: A picture cannot be read, or the folder exists or cannot be written.
    """
    if not good:
        raise BadInputError("There is no picture of a good part to draw on.", "Give a folder with good parts.")
    if out.exists():
        raise BadInputError(f"{readable(str(out))} is there already.", "Name a folder that does not exist yet.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".drawing-", dir=out.parent) as temporary:
            made = Path(temporary) / "made"
            drawn = tuple(_write_all(_with_some_measured(good), made, order, on_progress))
            made.rename(out)
        sync_folder(out.parent)
    except OSError as error:
        raise BadInputError(
            f"{readable(str(out))} cannot be written: {reason_of(error)}.", "Choose another folder."
        ) from error
    return drawn


def _with_some_measured(good: Sequence[LabelledPicture]) -> list[LabelledPicture]:
    """Return the pictures, some of them for measuring."""
    if any(picture.split == "test" for picture in good):
        return list(good)
    last = len(good) - 1
    return [
        replace(each, split="test", name=f"test/{each.name.partition('/')[2]}")
        if (last - place) % _MEASURED_SHARE == 0
        else each
        for place, each in enumerate(good)
    ]


def _write_all(
    good: Sequence[LabelledPicture], folder: Path, order: SyntheticOrder, on_progress: OnProgress
) -> Iterator[DrawnPicture]:
    measured = [picture for picture in good if picture.split == "test"]
    wanted = [(kind, number) for kind in order.kinds for number in range(order.count)]
    for picture in good:
        _write(folder / picture.name, page_content(picture.path, picture.page))
    drawn: list[DrawnPicture] = []
    with Background() as background:
        made = background.each(lambda each: _draw(measured[each[1] % len(measured)], folder, order, *each), wanted)
        drawn += with_progress_of(made, len(wanted), "Drawing defects", on_progress)
    _write(folder / LIST, _list_of(drawn, order))
    yield from drawn


def _draw(good: LabelledPicture, folder: Path, order: SyntheticOrder, kind: SyntheticKind, number: int) -> DrawnPicture:
    read = read_picture(good.path, good.page)
    part = part_in(read.image)
    drawn = draw_defect(kind, read.image, part.mask, generator_of(order.seed, kind, number), order.size_px)
    stem = f"{number:04}"
    picture, mask = f"test/{kind}/{stem}.png", f"ground_truth/{kind}/{stem}_mask.png"
    _write(folder / picture, encode_original(drawn.image, read.significant_bits, read.coding))
    _write(folder / mask, encode_mask(np.where(drawn.mask, np.uint8(_MARKED), np.uint8(0))))
    return DrawnPicture(picture, mask, kind, good.name, int(drawn.mask.sum()), part.outlined)


def _list_of(drawn: Sequence[DrawnPicture], order: SyntheticOrder) -> bytes:
    content = {
        "synthetic": True,
        "note": "These defects were drawn by Lineside. No camera took them; figures of real defects do not count them.",
        "seed": order.seed,
        "size_px": order.size_px,
        "pictures": [
            {"picture": each.picture, "mask": each.mask, "kind": each.kind, "drawn_on": each.drawn_on,
             "area_px": each.area_px, "part_outlined": each.outlined}
            for each in drawn
        ],
    }  # fmt: skip
    return json.dumps(content, indent=1).encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_through(path, content)
