"""View results for tests that look only at their pictures."""

import time

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image, NotInspectedCause
from station.domain.inspection import ViewInspection
from station.domain.part_images import ViewResult
from station.domain.verdict import Verdict

_RECORD = ViewInspection(Verdict.NOT_INSPECTED, "", "", 0.0, cause=NotInspectedCause.STOPPED)


def view_result(
    original: Image | None = None, thumbnail: Image | None = None, anomaly_map: NDArray[np.float32] | None = None
) -> ViewResult:
    """Return a result with these pictures; the thumbnail is its only level."""
    levels = () if thumbnail is None else (thumbnail,)
    return ViewResult(_RECORD, original, levels, (0, 0, 0, 0), anomaly_map, 0.5, time.monotonic_ns())
