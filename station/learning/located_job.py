"""A teaching of parts that lie shifted or turned: where they lie, which pictures are learned, and what room is left."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from station.domain.errors import BadInputError
from station.domain.formatting import counted
from station.domain.inspected_place import InspectedPlace
from station.domain.names import few_of
from station.domain.part_location import Pose
from station.domain.picture_form import PictureForm
from station.domain.recipe import View
from station.learning.jobs import TrainingJob
from station.learning.layout.labelled import LabelledPicture
from station.learning.part_location import found_parts, learn_location
from station.learning.progress import OnProgress
from station.vision.moved_region import leaves_picture

_NAMED_AT_MOST = 5
_TURNS = 25


def located(
    job: TrainingJob,
    good: Sequence[LabelledPicture],
    defects: Sequence[LabelledPicture],
    place: InspectedPlace,
    depth: PictureForm,
    on_progress: OnProgress,
) -> tuple[TrainingJob, Sequence[LabelledPicture]]:
    """Return the job with the place of the part if it is looked for, and the good pictures in which it is found.

    Labelled defects are learned where their part lies, too; those in which it is not found are left out.

    Args:
        job: The job without a place of the part.
        good: The good pictures.
        defects: The labelled defects that are to be learned.
        place: The region of interest, and how far the part is looked for.
        depth: How deep a picture is that does not say it itself.
        on_progress: Called after each picture.

    Raises:
        BadInputError: The part is found in too few pictures, or the region leaves too many of them.
    """
    if place.search is None:
        return job, good
    location = learn_location(good, place.search, place.roi, depth, on_progress)
    found = {each.name for each in found_parts([*good, *defects], location, place.roi, depth, on_progress)}
    if defects and found.isdisjoint(each.name for each in defects):
        raise BadInputError(
            f"The whole part is found in none of {counted(len(defects), 'labelled defect')}.",
            "Give a wider range with --shift and --turn, or teach from good parts alone.",
        )
    left_out = tuple(each.name for each in (*good, *defects) if each.name not in found)
    job = job.model_copy(update={"location": location, "left_out": left_out})
    return job, [each for each in good if each.name in found]


def caution_of(view: View, left_out: Sequence[str], caution: str) -> str:
    """Return a caution with what a person should know besides: pictures that were not learned, and missing room.

    Args:
        view: The view that was taught.
        left_out: Names of the pictures that were not learned, because the whole part is not found in them.
        caution: What else there is to be said; "" if there is nothing.
    """
    return " ".join(filter(None, (caution, *_cautions(view, left_out))))


def _cautions(view: View, left_out: Sequence[str]) -> Iterator[str]:
    if left_out:
        pictures = counted(len(left_out), "picture")
        yield f"The whole part is not found in {pictures}, not learned: {few_of(left_out, _NAMED_AT_MOST)}."
    if _lacks_room(view):
        yield (
            "A part that is moved by the whole range may leave the picture, and is then never PASS: draw a smaller "
            "region around the part for more room."
        )


def _lacks_room(view: View) -> bool:
    form, location = view.form, view.location
    if location is None or form is None or not form.width:
        return False
    region = view.roi.box if view.roi else (0, 0, form.width, form.height)
    most_px, most_deg = location.search.shift_percent / 100 * max(region[2:]), location.search.turn_deg
    shifts = (-most_px, most_px)
    return any(
        leaves_picture(region, Pose(x, y, turn), (form.height, form.width))
        for x, y, turn in product(shifts, shifts, np.linspace(-most_deg, most_deg, _TURNS))
    )
