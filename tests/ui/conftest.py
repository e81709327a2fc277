"""Every test of the window runs in the program's own dress and cleans up after itself; parts to show."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import Inspection, PartKey, PartViews, ViewInspection
from station.domain.part_images import PartResult, ViewResult
from station.domain.verdict import Verdict

VIEW_NAMES = ("top", "side", "left", "right", "below", "hole")
REASONS = {Verdict.FAIL: "mark 700 px2, lower right", Verdict.NOT_INSPECTED: "the picture is too dark"}
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


@pytest.fixture
def make_past():
    """The same part, taken from the records."""
    return _past


def _inspection(part: int = 1, *verdicts: Verdict, views: Sequence[str] = (), **other) -> Inspection:
    """A part with a view for each verdict, one PASS where none is given; several are named "top", "side" ..."""
    verdicts = verdicts or (Verdict.PASS,)
    names = views or (VIEW_NAMES[: len(verdicts)] if len(verdicts) > 1 else ("",))
    seen = [_view(part, name, verdict, **other) for name, verdict in zip(names, verdicts, strict=True)]
    return Inspection(PartKey(1, part), datetime(2026, 11, 22, 9, 41, part % 60, tzinfo=UTC), tuple(seen))


def _view(part: int, name: str, verdict: Verdict, **other) -> ViewInspection:
    judged = verdict is not Verdict.NOT_INSPECTED
    score = SCORES.get(verdict)
    fields = {
        "verdict": verdict,
        "reason": REASONS.get(verdict, ""),
        "origin": f"part {part}",
        "elapsed_ms": 9.0,
        "name": name,
        "cause": None if judged else NotInspectedCause.TOO_DARK,
        "pred_score": score,
        "raw_score": score,
        "image_threshold": 0.5 if judged else None,
        "regions": (REGION,) if verdict is Verdict.FAIL else (),
        "width": 640,
        "height": 480,
    }
    return ViewInspection(**(fields | other))


def _live(
    inspection: Inspection, colour: tuple[int, int, int] = (200, 120, 40), missing: Sequence[str] = ()
) -> PartResult:
    """Its pictures, all in one colour; the views in `missing` have none."""
    views = tuple(_picture(view, colour, came=view.name not in missing) for view in inspection.views)
    return PartViews(inspection, views)


def _picture(view: ViewInspection, colour: tuple[int, int, int], *, came: bool) -> ViewResult:
    if not came:
        return ViewResult(view, None, (), (0, 0, 0, 0), None, 0.5, time.monotonic_ns())
    full = np.full((480, 640, 3), colour, np.uint8)
    anomaly_map = np.zeros((24, 32), np.float32)
    if view.regions:
        anomaly_map[15:17, 20:22] = 0.9
    levels = (full, np.ascontiguousarray(full[::2, ::2]))
    return ViewResult(view, full, levels, (0, 0, 640, 480), anomaly_map, 0.5, time.monotonic_ns())


def _past(live: PartResult) -> PartResult:
    views = (replace(view, original=None, levels=view.levels[:1], received_ns=None) for view in live.views)
    return PartViews(live.inspection, tuple(views))
