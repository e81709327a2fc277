"""When a picture is too unlike the good ones to be judged at all: limits for the quality gate, with a wide margin."""

from collections.abc import Sequence
from dataclasses import dataclass

from station.camera.pictures import read_picture
from station.domain.recipe import QualityLimits
from station.learning.layout import LabelledPicture
from station.learning.progress import OnProgress, silent, told
from station.vision.preprocess import Preprocessor
from station.vision.quality import brightness, sharpness

_DARKER = 0.5
_SHARPNESS_LEFT = 0.3
_ASPECT = 1.25
_WHITE = 255


@dataclass(frozen=True, slots=True)
class _Look:
    """What the gate measures of one picture."""

    brightness: float
    sharpness: float
    aspect: float


def quality_from_good(
    pictures: Sequence[LabelledPicture],
    input_size: tuple[int, int],
    on_progress: OnProgress = silent,
) -> QualityLimits:
    """Limits that all of these good pictures keep with room to spare.

    A picture must be half as bright as the darkest, no nearer to white than halfway from the brightest, have 0.3 of
    the sharpness of the least sharp, and a shape within a quarter of theirs. A defect is to be judged, not to be
    turned away: only what no part explains - a dead lamp, a lens out of focus, another camera - lies outside.

    Args:
        pictures: Good parts.
        input_size: Height and width that the model wants; sharpness depends on it.
        on_progress: Told after each picture.

    Raises:
        BadInputError: A picture cannot be read.
    """
    preprocessor = Preprocessor(input_size, None)
    looks = [_look(picture, preprocessor) for picture in told(pictures, "Measuring the light", on_progress)]
    aspects = [look.aspect for look in looks]
    brightest = max(look.brightness for look in looks)
    return QualityLimits(
        min_brightness=round(_DARKER * min(look.brightness for look in looks), 1),
        max_brightness=round((brightest + _WHITE) / 2, 1),
        min_sharpness=round(_SHARPNESS_LEFT * min(look.sharpness for look in looks), 1),
        min_aspect=round(min(aspects) / _ASPECT, 3),
        max_aspect=round(max(aspects) * _ASPECT, 3),
    )


def _look(picture: LabelledPicture, preprocessor: Preprocessor) -> _Look:
    read = read_picture(picture.path)
    prepared = preprocessor.run(read.image, read.significant_bits)
    _, _, width, height = prepared.roi
    return _Look(brightness(prepared.model_input), sharpness(prepared.model_input), width / height)
