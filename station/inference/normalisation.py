"""Convert scores from a model's own unit to the scale of all limits, with the model's threshold at 0.5."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field


class Normalisation(BaseModel):
    """Normalises raw scores by a logistic curve through 0.5 at the model's own threshold.

    The curve is strictly monotone, so normalised scores have the same order as raw ones. It is not clipped: a part far
    above the threshold still differs from one farther above it.

    Attributes:
        image_threshold_raw: Raw score of a whole picture that becomes 0.5.
        image_scale_raw: Raw distance from the threshold that becomes 0.73 above it and 0.27 below.
        pixel_threshold_raw, pixel_scale_raw: The same for the anomaly map.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    image_threshold_raw: float
    image_scale_raw: float = Field(gt=0)
    pixel_threshold_raw: float
    pixel_scale_raw: float = Field(gt=0)

    def pred_score(self, raw_score: float) -> float:
        """Return the normalised score of a whole picture."""
        return float(_logistic(np.asarray(raw_score, np.float64), self.image_threshold_raw, self.image_scale_raw))

    def raw_score(self, pred_score: float) -> float:
        """Return the raw score of a normalised score, which lies strictly between 0 and 1."""
        return self.image_threshold_raw + self.image_scale_raw * float(np.log(pred_score) - np.log1p(-pred_score))

    def anomaly_map(self, raw_map: NDArray[Any]) -> NDArray[np.float32]:
        """Return the normalised anomaly map, same shape, float32."""
        curve = _logistic(raw_map.astype(np.float64), self.pixel_threshold_raw, self.pixel_scale_raw)
        return np.asarray(curve, np.float32)


def _logistic(raw: NDArray[np.float64], threshold: float, scale: float) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-(raw - threshold) / scale)) in float64, without overflow; NaN stays NaN."""
    steps = (raw - threshold) / scale
    tail = np.exp(-np.abs(steps))
    return np.where(steps >= 0, 1.0, tail) / (1.0 + tail)
