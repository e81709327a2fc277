"""What the limits page shows is resolved without a window."""

from dataclasses import replace

from scores import RECIPE, VIEW

from station.domain.limit_bench.scored_pictures import LimitBench
from ui.pages.limits.shown_limits import resolve


def test_that_limits_that_were_not_moved_change_nothing() -> None:
    shown = resolve(LimitBench(RECIPE, VIEW), VIEW.limits)
    assert not shown.changed
    assert shown.turned == "Move a limit to see which parts get another verdict."
    assert shown.sentences[2] == "No part of the line was judged by this model."


def test_that_the_pixel_limit_says_what_the_counts_rest_on() -> None:
    moved = replace(VIEW.limits, pixel_threshold=0.7)
    assert "without a minimum area it changes no verdict" in resolve(LimitBench(RECIPE, VIEW), moved).caution
    with_area = replace(moved, min_area_px=40)
    assert "judged with 0.70" in resolve(LimitBench(RECIPE, VIEW), with_area).caution
