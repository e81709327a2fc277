from datetime import UTC, datetime

import numpy as np
import pytest
from view_result import view_result

from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, PartKey, PartViews, ViewInspection
from station.domain.part_images import PartResult, has_originals, level_within, without_originals, without_pictures
from station.domain.verdict import Verdict

PICTURE = np.zeros((8, 8), np.uint8)
LEVELS = tuple(np.zeros((2048 >> n, 2048 >> n), np.uint8) for n in range(4))


def part(*verdicts: Verdict) -> PartResult:
    """A part with a view for each verdict, all with the same picture."""
    scores = {Verdict.PASS: 0.1, Verdict.FAIL: 0.9}
    inspections = tuple(
        ViewInspection(
            verdict, "", "", 1.0, f"view {place}",
            None if verdict in scores else NotInspectedCause.STOPPED, scores.get(verdict),
        )
        for place, verdict in enumerate(verdicts)
    )  # fmt: skip
    inspection = Inspection(PartKey(1, 1), datetime(2026, 11, 22, tzinfo=UTC), inspections)
    return PartViews(inspection, tuple(view_result(PICTURE, PICTURE) for _ in verdicts))


def test_that_the_entry_of_the_deciding_view_is_found_by_its_place() -> None:
    several = part(Verdict.PASS, Verdict.FAIL, Verdict.NOT_INSPECTED)
    assert several.deciding is several.views[1]
    assert several.view_names == ("view 0", "view 1", "view 2")


def test_that_a_part_can_be_made_by_its_alias() -> None:
    one = part(Verdict.PASS)
    assert PartResult(one.inspection, one.views) == one


def test_that_pictures_are_released_in_two_steps() -> None:
    one = part(Verdict.PASS)
    assert has_originals(one)
    shown = without_originals(one)
    assert not has_originals(shown)
    assert shown.views[0].levels[0] is PICTURE
    assert without_pictures(one).views[0].levels[-1] is PICTURE
    assert not has_originals(without_pictures(one))


@pytest.mark.parametrize(("side", "height"), [(5000, 2048), (1024, 1024), (1500, 1024), (10, 256)])
def test_that_the_largest_level_that_fits_is_chosen(side: int, height: int) -> None:
    level = level_within(LEVELS, side)
    assert level is not None
    assert level.shape[0] == height
    assert level_within((), side) is None
