"""What the limits page shows is resolved without a window."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from scores import RECIPE, VIEW, bench_of, of_line, of_set

from station.domain.formatting import plain
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, UNLABELLED, LimitBench
from ui.pages.limits.score_histogram import ScoreHistogram
from ui.pages.limits.shown_limits import resolve, scored_in_words

LABELS = st.sampled_from([GOOD, DEFECT, UNLABELLED])


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


@given(st.lists(st.tuples(st.floats(0, 1), LABELS), max_size=40), st.lists(st.tuples(st.floats(0, 1), LABELS)))
def test_that_the_head_and_the_histogram_count_the_same_pictures(labelled, parts) -> None:
    bench = bench_of(of_set(*columns(labelled)), of_line(*columns(parts)))
    counts = [bench.count(label) for label in (GOOD, DEFECT, UNLABELLED)]
    assert [each.total for each in counts] == [int(bench.histogram(label).sum()) for label in range(3)]
    assert sum(each.of_set for each in counts) == len(labelled)
    assert sum(each.of_line for each in counts) == len(parts)
    head = plain(scored_in_words(bench))
    good, defects, bare = (each.total for each in counts)
    assert head.startswith(f"{good} good, {defects} defect{'s' * (defects != 1)}, {bare} without a label.")
    assert f"Line: {len(parts)} part" in head


def test_that_the_lanes_of_the_histogram_carry_the_counts_of_the_head(qtbot) -> None:
    histogram = ScoreHistogram()
    qtbot.addWidget(histogram)
    bench = bench_of(
        of_set([0.1, 0.9, 0.8], [GOOD, DEFECT, DEFECT]), of_line([0.2, 0.3, 0.7], [GOOD, UNLABELLED, DEFECT])
    )
    histogram.show_bench(bench)
    assert histogram.lane_names() == ("Defects 3", "Good 2", "No label 1")
    assert scored_in_words(bench).startswith("2 good, 3 defects, 1 without a label. Labelled set: 3 pictures.")


def columns(rows):
    return [score for score, _ in rows], [label for _, label in rows]
