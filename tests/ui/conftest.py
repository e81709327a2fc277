"""Every test of the window runs in the program's own dress and cleans up after itself; parts to show."""

import time
from datetime import UTC, datetime

import numpy as np
import pytest

from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, PartKey
from station.domain.live import LivePicture
from station.domain.verdict import Region, Verdict

SCORES = {Verdict.PASS: 0.2, Verdict.REVIEW: 0.45, Verdict.FAIL: 0.9}
REGION = Region(400, 300, 40, 30, 700, 0.9, "lower right")


@pytest.fixture(autouse=True)
def _clean_and_dressed(dressed, nothing_left_behind):
    """Both for all."""


@pytest.fixture
def make_inspection():
    return _inspection


@pytest.fixture
def make_live():
    return _live


def _inspection(part: int = 1, verdict: Verdict = Verdict.PASS, **other) -> Inspection:
    judged = verdict is not Verdict.NOT_INSPECTED
    score = SCORES.get(verdict)
    fields = {
        "key": PartKey(1, part),
        "triggered_at": datetime(2026, 11, 22, 9, 41, part % 60, tzinfo=UTC),
        "verdict": verdict,
        "reason": "mark 700 px2, lower right" if verdict is Verdict.FAIL else "",
        "origin": f"part {part}",
        "elapsed_ms": 9.0,
        "cause": None if judged else NotInspectedCause.TOO_DARK,
        "pred_score": score,
        "raw_score": score,
        "image_threshold": 0.5 if judged else None,
        "regions": (REGION,) if verdict is Verdict.FAIL else (),
        "width": 640,
        "height": 480,
    }
    return Inspection(**(fields | other))


def _live(inspection: Inspection, colour: tuple[int, int, int] = (200, 120, 40)) -> LivePicture:
    full = np.full((480, 640, 3), colour, np.uint8)
    anomaly_map = np.zeros((24, 32), np.float32)
    if inspection.regions:
        anomaly_map[15:17, 20:22] = 0.9
    levels = (full, np.ascontiguousarray(full[::2, ::2]))
    return LivePicture(levels, (0, 0, 640, 480), anomaly_map, 0.5, inspection, time.monotonic_ns())
