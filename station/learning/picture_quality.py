"""Limits of the quality gate, from good pictures, with a wide margin."""

from collections.abc import Sequence
from dataclasses import dataclass

from station.camera.pictures.reading import read_picture
from station.domain.recipe import QualityLimits
from station.learning.layout import LabelledPicture
from station.learning.progress import OnProgress, no_progress, with_progress
from station.vision.preprocess import Preprocessor
from station.vision.quality import brightness, sharpness

_DARKER = 0.5
_SHARPNESS_LEFT = 0.3
_ASPECT = 1.25
_WHITE = 255


@dataclass(frozen=True, slots=True)
class _Measured:
    """The figures that the gate checks on one picture."""

    brightness: float
    sharpness: float
    aspect: float


def quality_from_good(
    pictures: Sequence[LabelledPicture],
    input_size: tuple[int, int],
    on_progress: OnProgress = no_progress,
) -> QualityLimits:
    """Return limits that all of these good pictures meet with a wide margin.

    A picture has to be at least half as bright as the darkest one, at most halfway between the brightest one and white,
    at least 0.3 times as sharp as the least sharp one, and of an aspect within 25 % of theirs. A defect has to be
    judged and not rejected by the gate: only a dead lamp, a lens out of focus or another camera lies outside.

    Args:
        pictures: Good parts.
        input_size: Height and width of the model's input in pixels; sharpness depends on it.
        on_progress: Called after each picture.

    Raises:
        BadInputError: If a picture cannot be read.
    """
    preprocessor = Preprocessor(input_size, None)
    measured = [
        _measure(picture, preprocessor) for picture in with_progress(pictures, "Measuring the light", on_progress)
    ]
    aspects = [each.aspect for each in measured]
    brightest = max(each.brightness for each in measured)
    return QualityLimits(
        min_brightness=round(_DARKER * min(each.brightness for each in measured), 1),
        max_brightness=round((brightest + _WHITE) / 2, 1),
        min_sharpness=round(_SHARPNESS_LEFT * min(each.sharpness for each in measured), 1),
        min_aspect=round(min(aspects) / _ASPECT, 3),
        max_aspect=round(max(aspects) * _ASPECT, 3),
    )


def _measure(picture: LabelledPicture, preprocessor: Preprocessor) -> _Measured:
    read = read_picture(picture.path)
    prepared = preprocessor.run(read.image, read.significant_bits)
    _, _, width, height = prepared.roi
    return _Measured(brightness(prepared.model_input), sharpness(prepared.model_input), width / height)
