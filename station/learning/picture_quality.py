"""What good pictures look like: limits of the quality gate, with a wide margin, and the form that all have."""

from collections.abc import Sequence
from dataclasses import dataclass

from station.camera.pictures.picture import Picture
from station.camera.pictures.reading import read_picture
from station.domain.geometry import RegionOfInterest
from station.domain.part_location import PartLocation
from station.domain.picture_form import PictureFacts, PictureForm, common_form, judged_bits
from station.domain.recipe import QualityLimits
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress, no_progress, with_progress
from station.vision.conversion import colour_spread
from station.vision.preprocess import Preprocessor
from station.vision.quality import brightness, sharpness

_DARKER = 0.5
_SHARPNESS_LEFT = 0.3
_ASPECT = 1.25
_WHITE = 255


@dataclass(frozen=True, slots=True)
class GoodPictures:
    """What good pictures look like.

    Attributes:
        quality: Limits that all of them meet with a wide margin.
        form: What they have in common.
    """

    quality: QualityLimits
    form: PictureForm


@dataclass(frozen=True, slots=True)
class _Measured:
    """The figures that the gate checks on one picture, and what its form is made of."""

    brightness: float
    sharpness: float
    aspect: float
    facts: PictureFacts


def measure_good(
    pictures: Sequence[LabelledPicture],
    input_size: tuple[int, int],
    depth: PictureForm | None = None,
    on_progress: OnProgress = no_progress,
    roi: RegionOfInterest | None = None,
    location: PartLocation | None = None,
) -> GoodPictures:
    """Return the limits and the form of these good pictures.

    A picture has to be at least half as bright as the darkest one, at most halfway between the brightest one and white,
    at least 0.3 times as sharp as the least sharp one, and of an aspect within 25 % of theirs. A defect has to be
    judged and not rejected by the gate: only a dead lamp, a lens out of focus or another camera lies outside.

    Args:
        pictures: Good parts.
        input_size: Height and width of the model's input in pixels; sharpness depends on it.
        depth: How deep a picture is that does not say it itself, see `unstated_depth`.
        on_progress: Called after each picture.
        roi: The region of interest; None for the whole picture.
        location: How the part is found; None if it always lies in one place.

    Raises:
        BadInputError: If a picture cannot be read, or does not hold the region.
    """
    preprocessor = Preprocessor(input_size, roi, location)
    measured = [
        _measure(read_picture(picture.path, picture.page), preprocessor, depth)
        for picture in with_progress(pictures, "Measuring the light", on_progress)
    ]
    return GoodPictures(_limits(measured), common_form([each.facts for each in measured]))


def _limits(measured: Sequence[_Measured]) -> QualityLimits:
    aspects = [each.aspect for each in measured]
    brightest = max(each.brightness for each in measured)
    return QualityLimits(
        min_brightness=round(_DARKER * min(each.brightness for each in measured), 1),
        max_brightness=round((brightest + _WHITE) / 2, 1),
        min_sharpness=round(_SHARPNESS_LEFT * min(each.sharpness for each in measured), 1),
        min_aspect=round(min(aspects) / _ASPECT, 3),
        max_aspect=round(max(aspects) * _ASPECT, 3),
    )


def _measure(read: Picture, preprocessor: Preprocessor, depth: PictureForm | None) -> _Measured:
    stored_bits = 8 * read.image.dtype.itemsize
    bits = judged_bits(depth, stored_bits, read.significant_bits, read.depth_from)
    prepared = preprocessor.run(read.image, bits)
    _, _, across, down = prepared.roi
    height, width = read.image.shape[:2]
    spread = colour_spread(read.image, prepared.model_input)
    facts = PictureFacts(spread, bits, stored_bits, width, height, read.coding)
    return _Measured(brightness(prepared.model_input), sharpness(prepared.model_input), across / down, facts)
