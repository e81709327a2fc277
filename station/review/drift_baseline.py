"""The calibration that parts are compared with: what is normal for one view, kept in a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from station.domain.drift import Stream
from station.review.drift_detector import Spread
from station.review.drift_figures import Figures
from station.workspace import write_atomically

PARTS = 100
"""Parts that a calibration is made of: enough to know the spread within a tenth."""
LEAST = {
    Stream.SCORE: 0.3,
    Stream.BRIGHTNESS: 0.02,
    Stream.COLOUR: 0.01,
    Stream.SHARPNESS: 0.1,
    Stream.ACROSS: 0.004,
    Stream.DOWN: 0.004,
}
"""A smaller spread is taken for this: less does not matter, however steady a line is."""


Baseline = Mapping[Stream, Spread]
"""What is normal of each figure."""


def baseline_of(parts: Sequence[Figures]) -> Baseline:
    """Return the calibration that these parts give."""
    return {
        stream: Spread.of(np.array([each[stream] for each in parts], np.float64), LEAST[stream]) for stream in Stream
    }


class _Kept(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    spreads: dict[Stream, tuple[float, float]]


def read_baseline(file: Path) -> Baseline | None:
    """Return the calibration in a file; None if there is none that can be read: then the line is calibrated again."""
    try:
        kept = _Kept.model_validate_json(file.read_bytes()).spreads
    except (OSError, ValidationError):
        return None
    if set(kept) != set(Stream):
        return None
    return {stream: Spread(*kept[stream]) for stream in Stream}


def write_baseline(file: Path, baseline: Baseline) -> None:
    """Keep the calibration.

    Raises:
        OSError: The disk refused.
    """
    kept = _Kept(spreads={stream: (each.middle, each.spread) for stream, each in baseline.items()})
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, kept.model_dump_json(indent=1).encode())
