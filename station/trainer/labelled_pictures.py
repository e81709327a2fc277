"""From the pictures of labelled defects to a head: read, look, learn, choose."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.domain.digest import sha256_hex
from station.domain.geometry import RegionOfInterest
from station.domain.part_location import Pose
from station.learning.jobs import TrainingJob
from station.learning.labelled_defects import LabelledDefects
from station.learning.layout.labelled import LabelledPicture
from station.learning.limits import REJECTED_AT_MOST, exceeded_by
from station.learning.masks import read_mask
from station.learning.progress import OnProgress
from station.trainer.coreset import Rows
from station.trainer.defect_cells import DefectCells
from station.trainer.defect_head import learn_defect_head
from station.trainer.detector import smoothed
from station.trainer.good_parts import GoodParts
from station.trainer.head_choice import HeadChoice, choose_head
from station.trainer.threads import each_on_a_core
from station.trainer.whole_part import WholePart
from station.vision.coverage import coverage
from station.vision.moved_region import turned_back
from station.vision.preprocess import Prepared

AsInput = Callable[[LabelledPicture], Prepared]
_LOOKING = "Looking at labelled defects"
_MAPS = "left_out.npy"


def learn_labelled(
    job: TrainingJob,
    good: GoodParts,
    pictures: Sequence[LabelledPicture],
    features_of: Callable[[NDArray[np.uint8]], Rows],
    as_input: AsInput,
    on_progress: OnProgress,
    whole: WholePart | None = None,
) -> tuple[HeadChoice, LabelledDefects]:
    """Return the head that labelled defects teach, and what it was chosen by; write the maps of the left-out defects.

    Args:
        job: Where to write, the number of cores, and the smoothing.
        good: What good pictures taught.
        pictures: The labelled defects, at least one.
        features_of: Gives the features of a model's input, from several threads.
        as_input: Makes a picture ready for the model, from several threads.
        on_progress: Called after each picture and each head.
        whole: The check of the whole part; labels do not change it.
    """

    def look(picture: LabelledPicture) -> tuple[DefectCells, str]:
        seen = as_input(picture)
        pixels = seen.model_input
        cells = good.cells.axes.project(features_of(pixels))
        r = good.held_out.scale.anomaly(*good.bank.distances(cells))
        defect = DefectCells(picture.kind, cells.astype(np.float16), r, cover_of(picture.masks, r, job.roi, seen.pose))
        return defect, sha256_hex(pixels.tobytes())

    seen = each_on_a_core(look, pictures, job.cores, _LOOKING, on_progress)
    defects = _each_once(seen)
    anomaly = good.held_out.anomaly
    sigma = job.patchcore.smoothing_cells
    limit = exceeded_by(smoothed(anomaly, sigma).max((1, 2)), REJECTED_AT_MOST)
    learned = learn_defect_head(good.cells.projected, anomaly, defects, limit, job.cores, on_progress)
    kinds = [defect.kind for defect in defects]
    choice = choose_head(learned, anomaly, np.stack([defect.anomaly for defect in defects]), kinds, sigma)
    np.save(job.output / _MAPS, choice.left_out)
    return choice, LabelledDefects(
        learned=choice.learned,
        kinds=dict(Counter(kinds)),
        masked=sum(defect.masked for defect in defects),
        caught_by_distance=choice.caught_by_distance,
        caught=choice.caught,
        kinds_left_out=choice.kinds,
        maps=job.output / _MAPS,
        added=() if whole is None else tuple(float(whole.added(one.projected[None])[0]) for one in defects),
        inputs={picture.name: digest for picture, (_, digest) in zip(pictures, seen, strict=True)},
    )


def _each_once(seen: Sequence[tuple[DefectCells, str]]) -> list[DefectCells]:
    """Return the defects of different pictures, of equal ones one with a mask.

    A picture with two names would else teach the model that measures it. Example: a part that was copied into the
    folder, and that is in the records as a missed defect too.

    Args:
        seen: Each defect, with the SHA-256 of its model's input.
    """
    found: dict[str, DefectCells] = {}
    for defect, digest in seen:
        if digest not in found or (defect.masked and not found[digest].masked):
            found[digest] = defect
    return list(found.values())


def cover_of(
    masks: Sequence[Path], anomaly: Rows, roi: RegionOfInterest | None = None, pose: Pose | None = None
) -> Rows | None:
    """Return the share of each cell of a map that any of the masks marks; None without a mask.

    Args:
        masks: Of the size of the picture.
        anomaly: The map, (gh, gw).
        roi: The region that the map covers; None for the whole picture.
        pose: Where the part lies, if it was looked for; the map is that of its usual place.
    """
    if not masks:
        return None
    height, width = anomaly.shape
    marked = np.logical_or.reduce([read_mask(mask, None).marked for mask in masks])
    if pose is not None:
        region = roi.box if roi else (0, 0, marked.shape[1], marked.shape[0])
        marked = turned_back(marked.astype(np.uint8), 1, region, pose) > 0
    elif roi is not None:
        marked = marked[roi.y : roi.y + roi.height, roi.x : roi.x + roi.width]
    return coverage(marked, (height, width))
