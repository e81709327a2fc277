"""Two revisions are compared on the stored parts of the last shifts: by scores, by maps, or by the kept pictures."""

from dataclasses import replace

import pytest
from drafts import run_line

from station.app import Station
from station.domain.permissions import PermissionRefusedError, Role
from station.domain.recipe import Recipe
from station.domain.revision_flips import Basis, FlipPlan
from station.domain.verdict import Limits, Verdict
from station.learning.progress import Progress

PARTS, FAILS = 12, 4
"""The pictures of parts that pass are not kept here."""
LAX = 10**7


@pytest.fixture
def judged(station: Station) -> Station:
    """The line has judged some parts."""
    run_line(station, "plate", PARTS)
    return station


def plan_with(station: Station, limits: Limits | None = None, **view) -> FlipPlan:
    old = station.recipes.find("plate").recipe
    changed = replace(old.views[0], limits=limits or old.views[0].limits, **view)
    return station.flips.plan(old, replace(old, revision=2, views=(changed,)))


def test_that_other_limits_are_compared_on_every_part_without_a_picture(judged: Station) -> None:
    plan = plan_with(judged, Limits(min_area_px=LAX))
    assert (plan.basis, plan.keys) == (Basis.SCORES, ())
    flips = judged.flips.find(plan)
    assert (flips.compared, dict(flips.counts)) == (PARTS, {(Verdict.FAIL, Verdict.PASS): FAILS})
    assert flips.now_pass == FAILS
    assert {judged.records.part(flip.key).inspection.verdict for flip in flips.first} == {Verdict.FAIL}


def test_that_another_pixel_limit_is_compared_by_the_stored_maps(judged: Station) -> None:
    plan = plan_with(judged, Limits(pixel_threshold=0.6, min_area_px=LAX))
    assert (plan.basis, len(plan.keys), plan.without) == (Basis.MAPS, FAILS, PARTS - FAILS)
    flips = judged.flips.find(plan)
    assert (flips.compared, flips.now_pass, flips.without_picture) == (FAILS, FAILS, PARTS - FAILS)


def test_that_a_damaged_map_counts_as_not_judged(judged: Station) -> None:
    plan = plan_with(judged, Limits(pixel_threshold=0.6, min_area_px=LAX))
    files = judged._core.inspections.find_part(plan.keys[0]).views[0]
    assert files.anomaly_map is not None
    (judged.workspace.pictures / files.anomaly_map.path).unlink()
    flips = judged.flips.find(plan)
    assert (flips.compared, flips.not_judged) == (FAILS - 1, 1)


def test_that_another_way_to_see_is_compared_on_the_kept_pictures(judged: Station) -> None:
    view: Recipe = judged.recipes.find("plate").recipe
    plan = plan_with(judged, Limits(min_area_px=LAX), quality=replace(view.views[0].quality, min_brightness=1.0))
    assert (plan.basis, len(plan.keys), plan.without) == (Basis.PICTURES, FAILS, PARTS - FAILS)
    steps: list[Progress] = []
    flips = judged.flips.find(plan, steps.append)
    assert [step.done for step in steps] == list(range(FAILS + 1))
    assert (flips.compared, flips.now_pass, flips.without_picture) == (FAILS, FAILS, PARTS - FAILS)
    assert not flips.unfinished


def test_that_a_comparison_that_is_stopped_says_what_it_found_until_then(judged: Station) -> None:
    view: Recipe = judged.recipes.find("plate").recipe
    plan = plan_with(judged, Limits(min_area_px=LAX), quality=replace(view.views[0].quality, min_brightness=1.0))
    flips = judged.flips.find(plan, wanted=lambda: False)
    assert (flips.compared, flips.unfinished) == (1, FAILS - 1)
    assert f"{FAILS - 1} left when it was stopped" in flips.sentences[-1]


def test_that_an_operator_may_not_judge_the_pictures_again(judged: Station) -> None:
    view: Recipe = judged.recipes.find("plate").recipe
    plan = plan_with(judged, quality=replace(view.views[0].quality, min_brightness=1.0))
    with pytest.raises(PermissionRefusedError):
        judged.acting_as(Role.OPERATOR).flips.find(plan)
