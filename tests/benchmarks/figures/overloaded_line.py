"""A line that gets parts at five times its capacity for a minute: verdicts, their latency, and memory.

The line, its camera and its model of a known speed are those of the soak (`tests/soak/overload.py`).
"""

import sys
import tempfile
from pathlib import Path

from figure import Figure, Setting

sys.path.insert(0, str(Path(__file__).parents[2] / "doubles"))
sys.path.insert(0, str(Path(__file__).parents[2] / "soak"))

from overload import PART_S, TIMES_THE_CAPACITY, Overload, overload

NAME = "a line at five times its capacity"
_SECONDS, _QUICK_SECONDS = 60.0, 20.0
_LATEST_MS, _MOST_GROWTH_MB = 3000.0, 10.0
"""As in the soak; the second has room for the records that wait for a busy disk."""


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return what was lost, how late the judged parts were, and how much memory grew."""
    seconds = _QUICK_SECONDS if setting.quick else _SECONDS
    with tempfile.TemporaryDirectory(dir=setting.folder) as folder:
        seen = Overload(**overload(Path(folder) / "line", seconds))
    unexplained = abs(seen.triggers - seen.recorded) + seen.gaps + abs(seen.triggers - seen.judged - seen.given_up)
    what = f"{seen.triggers:,} parts at {TIMES_THE_CAPACITY / PART_S:.0f} a second for {seconds:.0f} s"
    judged = f"{seen.judged:,} judged, {seen.given_up:,} not inspected, each with its cause"
    return (
        Figure("overload: parts without verdict, record or cause", unexplained, None, "parts", None, 0, 1, what),
        Figure("overload: p99 of a judged part", seen.p99_ms, None, "ms", None, _LATEST_MS, seen.judged, judged),
        Figure("overload: growth", seen.growth_mb, None, "MB", None, _MOST_GROWTH_MB, 1),
    )
