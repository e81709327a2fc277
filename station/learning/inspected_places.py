"""Region of interest and ignore mask while a product is taught: what is refused, and what the limits rest on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.domain.errors import BadInputError
from station.domain.frame import SMALLEST_SIDE_PX
from station.domain.inspected_place import InspectedPlace
from station.learning.presets import AnyMethod, Ensemble, Method, UseOfDefects

_ANOTHER_REGION = "Give another region: --roi X,Y,WIDTH,HEIGHT of 'linesidectl teach', or draw it again in the window."


def require_maskable(place: InspectedPlace, method: AnyMethod, use: UseOfDefects) -> None:
    """Do nothing if the method can leave out what the ignore mask covers.

    Raises:
        BadInputError: The look of the whole part, or a limit from labels alone, would still depend on it.
    """
    if place.ignore is None:
        return
    if not method.has_map:
        raise BadInputError(
            f"{method.name} has no map, so that it cannot leave out what an ignore mask covers.",
            "Choose another method, or retire the revision that has the mask.",
        )
    if isinstance(method, Ensemble):
        raise BadInputError(
            f"{method.name} averages the highest scores of its members, wherever they are, so that it cannot leave out "
            "what an ignore mask covers.",
            "Teach one of them alone, or retire the revision that has the mask.",
        )
    if isinstance(method, Method) and method.whole_part:
        raise BadInputError(
            "The look of the whole part cannot be checked with an ignore mask.", "Teach without --whole-part."
        )
    if use.limit_from == "labels" and not use.learned:
        raise BadInputError(
            "With an ignore mask the limit cannot come from labels that are not learned.",
            "Teach with --limit-from good, or with --with-defects.",
        )


def require_fitting(place: InspectedPlace, shapes: Sequence[tuple[int, int]]) -> None:
    """Do nothing if region and mask fit all pictures, of which height and width are given.

    Raises:
        BadInputError: The region is too small or ignored as a whole, or a picture is too small for it or has another
            size than the ignore mask.
    """
    roi, mask = place.roi, place.ignore
    if roi and min(roi.width, roi.height) < SMALLEST_SIDE_PX:
        raise BadInputError(f"The {place.words} is less than {SMALLEST_SIDE_PX} pixels wide or high.", _ANOTHER_REGION)
    if roi and mask and mask.covers(roi.box):
        raise BadInputError("The ignore mask covers the whole region of interest.", _ANOTHER_REGION)
    for height, width in shapes:
        if roi and not roi.fits(height, width):
            raise BadInputError(
                f"The {place.words} does not fit a picture of {width} x {height} pixels.", _ANOTHER_REGION
            )
        if mask and not mask.fits(height, width):
            raise BadInputError(
                f"The ignore mask was drawn for {mask.width} x {mask.height} pixels, and a picture has "
                f"{width} x {height}.",
                "Draw the mask of the newest revision again, or retire that revision.",
            )


def judged_places(place: InspectedPlace, maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return raw maps with the lowest score of all in the places that are not judged.

    Args:
        place: The place that the maps cover.
        maps: (n, gh, gw) float32.
    """
    box = place.box
    if place.ignore is None or box is None or not maps.size:
        return maps
    ignored = place.ignore.cells(box, (maps.shape[1], maps.shape[2]))
    return np.where(ignored, maps.min(), maps)
