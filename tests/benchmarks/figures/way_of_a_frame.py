"""The way of a frame of 5 MP in memory to verdict, regions and overlay, over bare `infer()` of the same compiled model.

Nothing else runs; `whole_line` measures it with live view, database and picture writing.
"""

import numpy as np
from figure import Figure, Setting, of_pairs
from prepared import taught

from station.cli.bench import Timing
from station.cli.bench import measure as timed

NAME = "way of a frame at 5 MP, nothing beside it"
MOST_RATIO, MOST_TAIL = 1.05, 1.3
_LEAST = 100  # of fewer, p99 is the slowest one


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the median of both kinds over `infer()`, and how far their slow frames are from the median."""
    with taught(setting) as (_, one):
        timings = {
            kind: timed(one.view, one.predictor, frames, max(_LEAST, setting.pairs(300)))
            for kind, frames in (("grey", one.grey), ("colour", one.colour))
        }
    return tuple(figure for kind, timing in timings.items() for figure in _figures(kind, timing))


def _figures(kind: str, timing: Timing) -> tuple[Figure, Figure]:
    median = of_pairs(f"way of a frame, {kind}", timing.whole_way_ms, timing.infer_ms, "ms", MOST_RATIO)
    p99, p50 = (float(np.percentile(timing.whole_way_ms, share)) for share in (99, 50))
    note = f"peer: p50; bare infer() has {np.percentile(timing.infer_ms, 99) / np.percentile(timing.infer_ms, 50):.2f}"
    tail = Figure(f"way of a frame, {kind}, p99", p99, p50, "ms", p99 / p50, MOST_TAIL, len(timing.infer_ms), note)
    return median, tail
