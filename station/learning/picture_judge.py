"""Judge stored pictures with labels by the code that judges frames on the line."""

import time
from collections import Counter
from dataclasses import replace

import numpy as np

from station.camera.pictures.as_frame import as_frame
from station.camera.pictures.reading import read_picture
from station.domain.errors import BadInputError, FaultError
from station.domain.frame import Frame, Image, NotInspectedCause
from station.domain.inspection import ViewInspection
from station.domain.part_images import ViewResult
from station.domain.picture_form import Colour
from station.domain.recipe import QualityLimits, View
from station.domain.verdict import Prediction
from station.inference.predictor import Predictor
from station.judgement.form_check import other_coding
from station.judgement.inspector import Inspector
from station.learning.layout.labelled import LabelledPicture

_TIMED = 15
"""Pictures whose inference is timed."""
_ANY_QUALITY = QualityLimits(min_brightness=0, max_brightness=255, frozen_after=0)
_REFUSED_BY_QUALITY = {
    NotInspectedCause.TOO_DARK,
    NotInspectedCause.TOO_BRIGHT,
    NotInspectedCause.BLURRED,
    NotInspectedCause.WRONG_PICTURE,
    NotInspectedCause.PART_NOT_FOUND,
    NotInspectedCause.PART_LEAVES_PICTURE,
}


class PictureJudge:
    """Judges stored pictures as the line judges frames.

    Attributes:
        refused: How many pictures the quality limits refused, by their cause.
        differing: How many pictures differ from those of the teaching, by what differs, in words.
    """

    def __init__(self, view: View, predictor: Predictor) -> None:
        self.refused: Counter[NotInspectedCause] = Counter()
        self.differing: Counter[str] = Counter()
        self._form = view.form
        self._sampled = _SampledPredictor(predictor)
        # Two equal pictures in a folder are no sign of a frozen camera.
        # The model is measured here; labelled pictures may come without the code that parts of the line bear.
        view = replace(view, code=None)
        stored = replace(view, quality=replace(view.quality, frozen_after=0))
        self._inspector = Inspector(stored, self._sampled)
        self._without_quality_limits = Inspector(_of_any_quality(view), self._sampled, must_find=False)

    def time_inference(self) -> float | None:
        """Return the median time of one inference, milliseconds, on the first pictures again; None before the first.

        While pictures are judged, others are counted beside: what one inference takes then says nothing of the line.
        """
        return self._sampled.time_inference()

    def inspect_as_line(self, picture: LabelledPicture) -> ViewResult:
        """Return the judgement that the line would give: a picture that the quality limits refuse is NOT INSPECTED.

        Raises:
            BadInputError: The picture cannot be read.
        """
        return self.inspect_frame(as_frame(read_picture(picture.path, picture.page), str(picture.file)))

    def inspect_frame(self, frame: Frame) -> ViewResult:
        """Return the judgement that the line would give of a frame."""
        return self._inspector.inspect(frame)

    def inspect_picture(self, picture: LabelledPicture) -> ViewResult:
        """Return the judgement of one picture.

        Raises:
            BadInputError: The picture cannot be read or does not fit the recipe.
            FaultError: The model failed.
        """
        frame = as_frame(read_picture(picture.path, picture.page), str(picture.file))
        result = self._inspector.inspect(frame)
        if result.inspection.cause is NotInspectedCause.WRONG_PICTURE:
            self.differing[result.inspection.reason] += 1
        if coding := other_coding(self._form, frame.coding):
            self.differing[coding] += 1
        if result.inspection.cause in _REFUSED_BY_QUALITY:
            refused_for = result.inspection.cause
            result = self._without_quality_limits.inspect(frame)
            self.refused[refused_for] += result.inspection.cause is None
        _require_judged(picture, result.inspection)
        return result


def _of_any_quality(view: View) -> View:
    """Return the view without limits on light, size and colour; the depth of its pictures stays known."""
    form = view.form and replace(view.form, colour=Colour.EITHER, width=0, height=0)
    return replace(view, quality=_ANY_QUALITY, form=form)


class _SampledPredictor:
    """A predictor that keeps its first pictures, to be timed on them."""

    def __init__(self, predictor: Predictor) -> None:
        self._samples: list[Image] = []
        self._predictor = predictor

    @property
    def input_size(self) -> tuple[int, int]:
        return self._predictor.input_size

    def predict(self, image: Image) -> Prediction:
        if len(self._samples) < _TIMED:
            self._samples.append(image)
        return self._predictor.predict(image)

    def time_inference(self) -> float | None:
        times_ms = [self._time_ms(image) for image in self._samples]
        return float(np.median(times_ms)) if times_ms else None

    def close(self) -> None:
        self._predictor.close()

    def _time_ms(self, image: Image) -> float:
        began = time.perf_counter()
        self._predictor.predict(image)
        return 1000 * (time.perf_counter() - began)


def _require_judged(picture: LabelledPicture, inspection: ViewInspection) -> None:
    if inspection.cause is NotInspectedCause.WRONG_PICTURE:
        advice = "Use pictures taken with the camera settings of the recipe, or set the region of interest again."
        raise BadInputError(f"{picture.path}: {inspection.reason}", advice)
    if inspection.cause is not None:
        raise FaultError(f"{picture.path}: {inspection.reason}.")
