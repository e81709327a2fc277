"""Reads the mask of a defect: decides which of its pixels are marked, and says by what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.mask_file import is_own_mask, read_mask_pixels
from station.domain.errors import BadInputError
from station.domain.formatting import counted, one_or_many
from station.domain.names import few_of
from station.learning.mask_levels import Levels, is_mostly_between, levels_of

_ABOVE_ZERO = "everything above 0 is marked"
_TRANSPARENCY = "what is not transparent is marked"
_FEW_COLOURS = 32
_LEAST_GROUND = 0.3
_NAMED_AT_MOST = 5
_HALF = 0.5

Pixels = NDArray[Any]


@dataclass(frozen=True, slots=True)
class MaskNote:
    """What is said of one mask.

    Attributes:
        name: Its place below the folder of masks: "scratch/003_mask.png".
        taken: What was taken for marked, in words: "everything above 0 is marked".
        values: How many grey values were cut at half of their range; 0 if none had to be.
        doubt: Why it is probably not meant so: "marks nothing", "marks 63 % of its picture"; empty if it is not.
    """

    name: str
    taken: str
    values: int
    doubt: str


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """The marked pixels of a defect.

    Attributes:
        marked: True on the defect, shape (H, W).
        taken, values: See `MaskNote`.
    """

    marked: NDArray[np.bool_]
    taken: str
    values: int = 0

    def note(self, path: Path) -> MaskNote:
        """Return what is said of this mask, which was read from `path`."""
        return MaskNote(f"{path.parent.name}/{path.name}", self.taken, self.values, self._doubt)

    @property
    def is_painted_on_nothing(self) -> bool:
        """Return whether its transparency is the mask."""
        return self.taken.endswith(_TRANSPARENCY)

    @property
    def _doubt(self) -> str:
        share = float(self.marked.mean())
        if not share:
            return "marks nothing"
        return f"marks {100 * share:.0f} % of its picture" if share > _HALF else ""


def read_mask(path: Path, picture_size: tuple[int, int] | None) -> Mask:
    """Return the marked pixels of a defect.

    In a mask that the station wrote, everything above 0 is marked. Otherwise, if its transparency varies, that is the
    mask; else its colours are compared with the ground, or its grey values are. Few whole numbers are labels:
    everything above 0 is marked. Many grey values, as JPEG and soft brushes leave them, are cut at half of their
    range. Of two values the rarer one is marked, unless the commoner one is a place in the middle of the picture.

    Args:
        path: PNG, TIFF or any other picture file, of 1 to 32 bits, with a palette or in colour.
        picture_size: Height and width of the part's picture; None if that is not compared.

    Raises:
        BadInputError: If the file is not a picture or damaged, its size is not that of the part's picture, or it is a
            picture of a part.
    """
    stored = read_mask_pixels(path)
    height, width = stored.shape[:2]
    if picture_size is not None and (height, width) != picture_size:
        raise BadInputError(
            f"{path} is {width}x{height} pixels, its picture is {picture_size[1]}x{picture_size[0]}.",
            "Draw the mask at the size of its picture.",
        )
    if is_own_mask(path):
        return Mask(stored > 0, _ABOVE_ZERO)
    alpha = stored[..., -1] if stored.shape[2:] in ((2,), (4,)) else None
    if alpha is not None and alpha.min() != alpha.max():
        return _from_numbers(alpha, _TRANSPARENCY, path)
    colours = stored if stored.ndim == 2 else stored[..., :3]
    if colours.ndim == 2 or (colours == colours[..., :1]).all():
        return _from_numbers(colours if colours.ndim == 2 else colours[..., 0], _ABOVE_ZERO, path)
    return _from_colours(colours, path)


def sentences_on(notes: Iterable[MaskNote]) -> tuple[str, ...]:
    """Return what was taken for marked, a sentence for each way, and one for each doubtful mask.

    Example: "8 masks: everything above 0 is marked", "scratch/003_mask.png marks nothing".
    """
    ways: defaultdict[str, list[MaskNote]] = defaultdict(list)
    for note in notes:
        ways[note.taken].append(note)
    doubts = [f"{note.name} {note.doubt}" for way in ways.values() for note in way if note.doubt]
    more = len(doubts) - _NAMED_AT_MOST
    return (
        *(_sentence(taken, found) for taken, found in ways.items()),
        *doubts[:_NAMED_AT_MOST],
        *([_others(more)] if more > 0 else []),
    )


def _others(count: int) -> str:
    half = f"more than half of {one_or_many(count, 'its', 'their')} picture"
    return f"{counted(count, 'more mask')} {one_or_many(count, 'marks', 'mark')} nothing, or {half}"


def _sentence(taken: str, found: list[MaskNote]) -> str:
    masks = counted(len(found), "mask")
    fewest, most = min(note.values for note in found), max(note.values for note in found)
    if most:
        masks += f" with {fewest if fewest == most else f'{fewest} to {most}'} grey values"
    names = few_of([note.name for note in found], _NAMED_AT_MOST)
    unusual = "" if taken in (_ABOVE_ZERO, _TRANSPARENCY) else f" ({names})"
    return f"{masks}: {taken}{unusual}"


def _from_numbers(numbers: Pixels, taken: str, path: Path) -> Mask:
    levels = levels_of(numbers)
    if len(levels.values) == 1:
        return Mask(numbers > 0, taken)
    if levels.are_labels:
        marked = numbers > levels.ground
        return _of_two(marked, taken, levels) if levels.are_two else Mask(marked, taken)
    if is_mostly_between(numbers, levels):
        raise _not_a_mask(path, counted(len(levels.values), "grey value"))
    cut = "what lies above half of their range is marked"
    found = _of_two(numbers > levels.half, cut, levels)
    return Mask(found.marked, found.taken, len(levels.values))


def _of_two(bright: NDArray[np.bool_], taken: str, levels: Levels) -> Mask:
    """Return the bright pixels as marked, or the dark ones if the bright ones are the ground of the picture.

    A large defect may cover more than half of the picture, but then it does not run along the whole edge as well.
    """
    if bright.mean() <= _HALF or _along_edge(bright) <= _HALF:
        return Mask(bright, taken)
    if not levels.are_two:
        return Mask(~bright, "inverted, what lies below half of their range is marked")
    return Mask(~bright, f"inverted, of their two values the rarer one, {levels.values[0]:g}, is marked")


def _along_edge(marked: NDArray[np.bool_]) -> float:
    """Return the marked share of the outermost pixels."""
    edge = np.concatenate([marked[0], marked[-1], marked[:, 0], marked[:, -1]])
    return float(edge.mean())


def _from_colours(colours: Pixels, path: Path) -> Mask:
    """Return what differs from the ground: from black if the edge is black, otherwise from the commonest colour."""
    flat = colours.reshape(-1, 3)
    palette, codes, counts = np.unique(_as_codes(flat), return_index=True, return_counts=True)
    ground = flat[codes[counts.argmax()]]
    edge = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    if (edge == 0).all(axis=1).mean() >= _HALF:
        ground = np.zeros_like(ground)
    share = float((flat == ground).all(axis=1).mean())
    distance = np.abs(colours.astype(np.float32) - ground).max(axis=2)
    name = "black" if not ground.any() else f"the ground (red {ground[2]}, green {ground[1]}, blue {ground[0]})"
    if len(palette) <= _FEW_COLOURS:
        return Mask(distance > 0, f"every colour but {name} is marked")
    if share < _LEAST_GROUND or is_mostly_between(distance, levels_of(distance)):
        raise _not_a_mask(path, counted(len(palette), "colour"))
    return Mask(distance > distance.max() / 2, f"of many colours, those far from {name} are marked")


def _as_codes(flat: Pixels) -> NDArray[np.uint64]:
    """Return one number for each colour."""
    wide = flat.astype(np.uint64)
    codes: NDArray[np.uint64] = wide @ np.array([1 << 32, 1 << 16, 1], np.uint64)
    return codes


def _not_a_mask(path: Path, has: str) -> BadInputError:
    return BadInputError(
        f"{path} is not a mask: it looks like a picture, with {has}.",
        "Save the painted layer alone: white on black, or on a transparent ground.",
    )
