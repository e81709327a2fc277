"""Learn from good pictures what a part looks like in its usual place, so that it is found where it lies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.reading import read_picture
from station.domain.errors import BadInputError
from station.domain.geometry import Box, RegionOfInterest
from station.domain.names import few_of
from station.domain.part_location import MOST_SHIFT_PERCENT, MOST_TURN_DEG, PartLocation, Pose, SearchRange
from station.domain.picture_form import PictureForm, judged_bits
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress, no_progress, with_progress
from station.learning.spread import spread_out
from station.vision.moved_region import leaves_picture
from station.vision.part_locator import PartLocator, SmallPicture, small_picture
from station.vision.preprocess import eight_bit, pyramid

_LEARNED_FROM = 60
_ROUNDS = 2
_LIKENESS_LEFT = 0.7
"""Of the least likeness of a good picture: a defect changes little of a part, another product nearly all."""
_NAMED_AT_MOST = 5
_OUTSIDE_AT_MOST = 0.1
"""Of good pictures. A few that nobody looked through must not stop a teaching; they are not learned."""


def learn_location(
    good: Sequence[LabelledPicture],
    search: SearchRange,
    roi: RegionOfInterest | None,
    depth: PictureForm,
    on_progress: OnProgress = no_progress,
) -> PartLocation:
    """Return how the part of these good pictures is found.

    The usual place is that of the picture in the middle of all. The reference is the mean of the pictures, each turned
    back to that place, so no single part decides what is looked for.

    Args:
        good: Good parts; at most 60 of them, spread over all, are looked at.
        search: How far a part may lie from the usual place.
        roi: The region of interest; None for the whole picture.
        depth: How deep a picture is that does not say it itself.
        on_progress: Called after each picture.

    Raises:
        BadInputError: The pictures differ in size, or in more than a tenth of them the part lies outside of the range,
            or its region leaves the picture.
    """
    pictures = spread_out(good, _LEARNED_FROM)
    wide = SearchRange(min(MOST_SHIFT_PERCENT, 2 * search.shift_percent), min(MOST_TURN_DEG, 2 * search.turn_deg))
    read = [_Read.of(each, roi, depth, wide) for each in with_progress(pictures, "Looking for the part", on_progress)]
    region, smalls = _common_region(read), [each.small for each in read]
    reference = _middle(smalls, _found(smalls, smalls[0].region, wide))
    for _ in range(_ROUNDS):
        poses = _found(smalls, reference, search)
        turned = [small.turned_back(pose) for small, pose in zip(smalls, poses, strict=True)]
        reference = np.rint(np.mean(turned, 0)).astype(np.uint8)
    poses = _found(smalls, reference, search)
    location = PartLocation.of(reference, search, 0.0)
    names = [picture.name for picture in pictures]
    _require_found(location, region, names, poses)
    found = [at for at, pose in enumerate(poses) if location.accepts(pose, region)]
    _require_in_picture([names[at] for at in found if read[at].lacks_part_of(poses[at])], len(found), roi)
    least = min(poses[at].likeness for at in found)
    return replace(location, min_likeness=round(_LIKENESS_LEFT * least, 2))


def found_parts(
    good: Sequence[LabelledPicture],
    location: PartLocation,
    roi: RegionOfInterest | None,
    depth: PictureForm,
    on_progress: OnProgress = no_progress,
) -> tuple[LabelledPicture, ...]:
    """Return the good pictures in which the whole part is found: the line passes no others, so no others are learned.

    Args:
        good: Good parts.
        location: How a part is found.
        roi: The region of interest; None for the whole picture.
        depth: How deep a picture is that does not say it itself.
        on_progress: Called after each picture.
    """
    locator = PartLocator(location)

    def is_found(picture: LabelledPicture) -> bool:
        read = _Read.of(picture, roi, depth, location.search)
        pose = locator.find_in(read.small)
        return location.accepts(pose, read.region) and not read.lacks_part_of(pose)

    return tuple(each for each in with_progress(good, "Looking for the part", on_progress) if is_found(each))


@dataclass(frozen=True, slots=True)
class _Read:
    """What is kept of one picture.

    Attributes:
        region: The inspected region, x, y, width, height in pixels.
        small: Its surroundings.
        size: Height and width of the picture, pixels.
    """

    region: Box
    small: SmallPicture
    size: tuple[int, int]

    def lacks_part_of(self, pose: Pose) -> bool:
        """Return whether the region of a part that lies so leaves the picture."""
        return leaves_picture(self.region, pose, self.size)

    @classmethod
    def of(
        cls, picture: LabelledPicture, roi: RegionOfInterest | None, depth: PictureForm, search: SearchRange
    ) -> "_Read":
        read = read_picture(picture.path, picture.page)
        bits = judged_bits(depth, 8 * read.image.dtype.itemsize, read.significant_bits, read.depth_from)
        height, width = read.image.shape[:2]
        region = roi.box if roi else (0, 0, width, height)
        return cls(region, small_picture(pyramid(eight_bit(read.image, bits)), region, search), (height, width))


def _common_region(read: Sequence[_Read]) -> Box:
    regions = {each.region for each in read}
    if len(regions) > 1:
        raise BadInputError(
            "The pictures differ in size, so a part has no usual place in them.",
            "Teach without --locate, or set a region of interest that all pictures have.",
        )
    return regions.pop()


def _found(smalls: Sequence[SmallPicture], reference: NDArray[np.uint8], search: SearchRange) -> list[Pose]:
    locator = PartLocator(PartLocation.of(np.ascontiguousarray(reference), search, 0.0))
    return [locator.find_in(small) for small in smalls]


def _middle(smalls: Sequence[SmallPicture], poses: Sequence[Pose]) -> NDArray[np.uint8]:
    """Return the region of the picture whose pose is nearest to the median of all poses."""
    places = np.array([(pose.x_px / smalls[0].scale, pose.y_px / smalls[0].scale, pose.turn_deg) for pose in poses])
    apart = np.abs(places - np.median(places, 0)).sum(1)
    return smalls[int(apart.argmin())].region


def _require_found(location: PartLocation, region: Box, names: Sequence[str], poses: Sequence[Pose]) -> None:
    outside = [name for name, pose in zip(names, poses, strict=True) if not location.accepts(pose, region)]
    if len(outside) > _OUTSIDE_AT_MOST * len(names):
        raise BadInputError(
            f"In {len(outside)} of {len(names)} good pictures the part lies farther from its usual place than "
            f"{location.search.words}: {few_of(outside, _NAMED_AT_MOST)}.",
            "Give a wider range with --shift and --turn, or leave these pictures out.",
        )


def _require_in_picture(leaving: Sequence[str], count: int, roi: RegionOfInterest | None) -> None:
    if len(leaving) <= _OUTSIDE_AT_MOST * count:
        return
    region, wanted = ("the region", "a smaller region") if roi else ("the region, the whole picture,", "a region")
    raise BadInputError(
        f"In {len(leaving)} of {count} good pictures {region} moves out of the picture with the part, "
        f"and such a part is never PASS: {few_of(leaving, _NAMED_AT_MOST)}.",
        f"Draw {wanted} around the part that stays in the picture wherever the part lies (guide or Recipes page, or "
        "'linesidectl teach' with --roi X,Y,WIDTH,HEIGHT), and teach again.",
    )
