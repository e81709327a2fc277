"""A first look at what a recipe would see: defects of many kinds and sizes, drawn on good parts and judged."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.as_frame import as_frame
from station.camera.pictures.picture import Picture
from station.camera.pictures.reading import read_picture
from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.part_images import ViewResult
from station.domain.recipe import View
from station.domain.synthetic import DrawnLook, DrawnSize, LookOrder, SyntheticKind
from station.domain.verdict import Verdict
from station.inference.predictor import Predictor
from station.learning.ahead import Background
from station.learning.layout.labelled import LabelledPicture
from station.learning.picture_judge import PictureJudge
from station.learning.progress import OnProgress, no_progress, with_progress_of
from station.learning.spread import spread_out
from station.learning.synthetic_set import generator_of
from station.vision.synthetic.drawing import draw_defect
from station.vision.synthetic.part_mask import PartMask, part_in

_SHARES = (0.01, 0.02, 0.04, 0.08, 0.16)
"""Lengths of defects, as shares of the shorter side of what is inspected."""
_SMALLEST_PX = 2
_MOST_PICTURES = 20
"""Good pictures that are drawn on; all of them are in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class _Good:
    """A good picture that passes, and where its part is."""

    name: str
    picture: Picture
    part: PartMask


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """One drawn defect and its judgement."""

    kind: SyntheticKind
    size_px: int
    result: ViewResult
    mask: NDArray[np.bool_]


def look_at_drawn(
    good: Sequence[LabelledPicture],
    view: View,
    predictor: Predictor,
    order: LookOrder,
    on_progress: OnProgress = no_progress,
    *,
    learned: bool = False,
) -> DrawnLook:
    """Draw defects on good pictures, judge each as on the line, and count which are found.

    A good picture that does not pass as it is would be found whatever is drawn on it, so it is left out.

    Args:
        good: Pictures of good parts; at most 20 of them are used, spread evenly.
        view: The view that judges, with its limits.
        predictor: Its model.
        order: What is drawn.
        on_progress: Called after each defect.
        learned: The model has learned these pictures; the result says so.

    Raises:
        BadInputError: A picture cannot be read, or none passes as it is.
        FaultError: The model failed.
    """
    judge = PictureJudge(view, predictor)
    chosen = spread_out(good, _MOST_PICTURES)
    passing = [found for each in chosen if (found := _passing(each, judge, view)) is not None]
    if not passing:
        raise BadInputError(
            f"None of {len(chosen)} good pictures passes, so a drawn defect would show nothing.",
            "Give pictures of the product that the recipe is for, or set its limits first.",
        )
    sizes = order.sizes_px or _sizes_in(passing[0].picture.image, view)
    wanted = [(kind, size, number) for kind in order.kinds for size in sizes for number in range(order.count)]
    with Background() as background:
        drawn = background.each(
            lambda each: _draw_and_judge(passing[each[2] % len(passing)], judge, order.seed, *each), wanted
        )
        judged = with_progress_of(drawn, len(wanted), "Judging drawn defects", on_progress)
        counted = _counted(judged, order.kinds, sizes)
    outlined = sum(each.part.outlined for each in passing)
    return DrawnLook(len(passing), len(chosen) - len(passing), learned, outlined, counted)


def _passing(picture: LabelledPicture, judge: PictureJudge, view: View) -> _Good | None:
    read = read_picture(picture.path, picture.page)
    seen = judge.inspect_frame(as_frame(read, str(picture.file)))
    if seen.inspection.verdict is not Verdict.PASS:
        return None
    return _Good(str(picture.file), read, part_in(read.image, _inspected(read.image, view)))


def _box(image: Image, view: View) -> Box:
    height, width = image.shape[:2]
    return view.roi.box if view.roi else (0, 0, width, height)


def _inspected(image: Image, view: View) -> NDArray[np.bool_]:
    """Return which pixels are judged: those of the region of interest that are not ignored."""
    x, y, width, height = _box(image, view)
    inspected = np.zeros(image.shape[:2], np.bool_)
    inspected[y : y + height, x : x + width] = True
    return inspected & ~view.ignore.pixels() if view.ignore else inspected


def _sizes_in(image: Image, view: View) -> tuple[int, ...]:
    _, _, width, height = _box(image, view)
    sizes = (max(_SMALLEST_PX, round(share * min(width, height))) for share in _SHARES)
    return tuple(sorted(set(sizes)))


def _draw_and_judge(
    good: _Good, judge: PictureJudge, seed: int, kind: SyntheticKind, size_px: int, number: int
) -> _Judged:
    rng = generator_of(seed, kind, size_px, number)
    drawn = draw_defect(kind, good.picture.image, good.part.mask, rng, size_px)
    frame = as_frame(replace(good.picture, image=drawn.image, file=b""), f"{good.name} with a {kind}")
    return _Judged(kind, size_px, judge.inspect_frame(frame), drawn.mask)


def _counted(judged: Iterable[_Judged], kinds: Sequence[SyntheticKind], sizes: Sequence[int]) -> tuple[DrawnSize, ...]:
    drawn: Counter[tuple[SyntheticKind, int]] = Counter()
    found, placed, blind = drawn.copy(), drawn.copy(), drawn.copy()
    for each in judged:
        key, verdict = (each.kind, each.size_px), each.result.inspection.verdict
        drawn[key] += 1
        blind[key] += verdict is Verdict.NOT_INSPECTED
        is_found = verdict in (Verdict.REVIEW, Verdict.FAIL)
        found[key] += is_found
        placed[key] += is_found and _marked(each)
    return tuple(
        DrawnSize(*key, drawn[key], found[key], placed[key], blind[key])
        for key in ((kind, size) for kind in kinds for size in sizes)
    )


def _marked(judged: _Judged) -> bool:
    """Return whether the box of a mark holds a pixel of the defect."""
    return any(
        judged.mask[mark.y : mark.y + mark.h, mark.x : mark.x + mark.w].any()
        for mark in judged.result.inspection.regions
    )
