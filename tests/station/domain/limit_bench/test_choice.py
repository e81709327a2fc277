"""A limit chosen by what a person wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scores import bench_of, of_line, of_set

from station.domain.limit_bench.choice import at_least_detection, at_most_overkill, least_cost
from station.domain.limit_bench.curves import labelled_curves
from station.domain.limit_bench.figures import figures_at
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD
from station.domain.rates import Rate
from station.domain.verdict import Limits

scores = st.lists(st.floats(0, 1), min_size=1, max_size=30)
shares = st.floats(0, 1)
TENTH, HALF = Rate(10, 99), Rate(50, 99)


def of(good, defects, areas=(), min_area_px=0):
    return labelled_curves(
        bench_of(of_set([*good, *defects], [GOOD] * len(good) + [DEFECT] * len(defects), areas)), min_area_px
    )


def test_that_one_of_ten_good_parts_may_be_rejected_if_a_person_accepts_ten_percent() -> None:
    curves = of([i / 10 for i in range(10)], [0.85])
    assert at_most_overkill(curves, 0.1).limit == 0.8
    assert at_most_overkill(curves, 0.0).limit == 0.9


def test_that_of_limits_that_find_all_defects_the_middle_of_the_gap_is_chosen() -> None:
    curves = of([0.1, 0.2, 0.3], [0.7, 0.8])
    assert at_least_detection(curves, 1.0).limit == 0.5
    assert least_cost(curves, 10, TENTH).limit == 0.5


def test_that_a_dear_escape_lowers_the_limit_and_a_cheap_one_raises_it() -> None:
    curves = of([0.1, 0.2, 0.4, 0.6], [0.5, 0.7])
    dear, cheap = least_cost(curves, 1000, HALF), least_cost(curves, 0.1, HALF)
    assert 0.4 <= dear.limit < 0.5
    assert 0.6 <= cheap.limit < 0.7
    assert "4 good pictures and 2 defects" in dear.sentence
    assert "50.0\u00a0% bad parts, as the line rejects now" in dear.sentence


@given(scores, scores, shares)
def test_that_no_more_good_parts_are_rejected_than_wanted(good, defects, wanted) -> None:
    curves = of(good, defects)
    chosen = at_most_overkill(curves, wanted)
    if chosen.limit is None:
        assert curves.at(0.9989)[0] > wanted * len(good) - 1e-6
    else:
        assert curves.at(chosen.limit)[0] <= wanted * len(good) + 1e-6


@given(scores, scores, shares)
def test_that_at_least_as_many_defects_are_found_as_wanted_and_no_limit_of_them_rejects_fewer(
    good, defects, wanted
) -> None:
    curves = of(good, defects)
    chosen = at_least_detection(curves, wanted)
    if chosen.limit is None:
        assert curves.at(0.001)[1] < wanted * len(defects)
        return
    wrong, found = curves.at(chosen.limit)
    assert found >= wanted * len(defects) - 1e-6
    others = [curves.at(limit) for limit in (0.001, *good, *defects, 0.998) if 0.001 <= limit < 0.999]
    assert all(wrong <= other for other, finds in others if finds >= wanted * len(defects))


@given(scores, scores, st.floats(0.1, 1000), st.integers(0, 98))
def test_that_no_other_limit_costs_less(good, defects, escape_costs, rejected) -> None:
    curves, bad_parts = of(good, defects), max(rejected, 1) / 100

    def cost(limit):
        wrong, found = curves.at(limit)
        escapes = 1 - found / len(defects)
        return escape_costs * bad_parts * escapes + (1 - bad_parts) * wrong / len(good)

    chosen = least_cost(curves, escape_costs, Rate(rejected, 99)).limit
    others = [limit for limit in (*good, *defects, 0.001) if 0.001 <= limit < 0.999]
    assert all(cost(chosen) <= cost(limit) + 1e-9 for limit in others)


@given(scores, scores, st.sampled_from([0, 50]), st.floats(0.001, 0.998))
def test_that_the_curve_and_the_judgement_count_the_same(good, defects, min_area_px, limit) -> None:
    areas = [place % 3 * 40 for place in range(len(good) + len(defects))]
    wrong, found = of(good, defects, areas, min_area_px).at(limit)
    bench = bench_of(of_set([*good, *defects], [GOOD] * len(good) + [DEFECT] * len(defects), areas))
    figures = figures_at(bench, Limits(limit, min_area_px=min_area_px))
    assert (figures.overkill.count, figures.escapes.count) == (wrong, len(defects) - found)


def test_that_a_limit_that_cannot_be_had_is_not_made_up() -> None:
    assert "not known" in at_most_overkill(of([], [0.5]), 0.1).sentence
    assert "not known" in at_least_detection(of([0.5], []), 0.9).sentence
    assert least_cost(of([0.5], []), 10, TENTH).limit is None
    assert least_cost(of([], [0.5]), 10, TENTH).limit is None
    assert at_most_overkill(of([1.0, 1.0], [1.0]), 0.4).limit is None
    small = at_least_detection(of([0.1], [0.9, 0.9], [1, 5, 500], min_area_px=50), 1.0)
    assert (small.limit, "minimum area" in small.sentence) == (None, True)


def test_that_without_good_pictures_parts_of_the_line_stand_in_and_it_is_said() -> None:
    bench = bench_of(of_set([0.9], [DEFECT]), of_line([0.1, 0.2, 0.3, 0.8], [2, 2, 2, DEFECT]))
    chosen = at_most_overkill(labelled_curves(bench, 0), 0.0)
    assert chosen.limit == 0.3
    assert "3 parts of the line that nobody called a defect and 2 defects" in chosen.sentence


def test_that_bad_parts_are_counted_as_the_line_rejects_or_assumed_and_it_is_said() -> None:
    curves = of([0.1], [0.9])
    assert "1.0\u00a0% bad parts, as the line rejects now" in least_cost(curves, 10, Rate(0, 99)).sentence
    assert "1.0\u00a0% bad parts, assumed" in least_cost(curves, 10, Rate(0, 0)).sentence


def test_that_roc_and_precision_recall_run_from_nothing_to_everything() -> None:
    curves = of([0.1, 0.2, 0.6], [0.5, 0.9])
    wrong, found = curves.roc()
    assert (wrong[0], found[0]) == (0, 0)
    assert (wrong[-1], found[-1]) == (1, 1)
    recall, precision = curves.precision_recall()
    assert precision[0] == 1
    assert (recall[-1], precision[-1]) == pytest.approx((1, 2 / 5))
