"""Counts at some limits, and sentences when data are too few."""

import pytest
from scores import bench_of, of_line, of_set

from station.domain.formatting import plain
from station.domain.limit_bench.figures import escapes_in_words, figures_at, overkill_in_words
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, UNLABELLED
from station.domain.rates import Rate, exact_interval
from station.domain.verdict import Limits


def test_that_what_is_labelled_and_what_is_not_are_counted_apart() -> None:
    labelled = of_set([0.1, 0.45, 0.6, 0.2, 0.9], [GOOD, GOOD, GOOD, DEFECT, DEFECT])
    parts = of_line([0.1, 0.45, 0.6, 0.7, 0.3], [UNLABELLED, UNLABELLED, GOOD, UNLABELLED, DEFECT])
    figures = figures_at(bench_of(labelled, parts), Limits(0.5, 0.4))
    assert figures.escapes == Rate(2, 3)
    assert figures.overkill == Rate(1, 3)
    assert figures.for_a_person == Rate(1, 3)
    assert figures.rejected == Rate(2, 5)
    assert figures.reviewed == Rate(1, 5)
    assert figures.called_good == Rate(1, 1)
    assert figures.unlabelled == Rate(1, 3)


def test_that_few_defects_are_said_in_a_sentence_with_what_is_known() -> None:
    assert plain(escapes_in_words(Rate(0, 3))) == "3 of 3 found: detection 29 to 100 %"
    assert plain(escapes_in_words(Rate(0, 0))) == "No labelled defect: how many escape is not known."
    assert plain(overkill_in_words(Rate(0, 5))) == "0 of 5 good ones rejected: overkill 0 to 52 %"
    assert plain(overkill_in_words(Rate(0, 0))).startswith("No labelled picture of a good part")


def test_that_many_are_a_rate_with_its_interval() -> None:
    assert plain(escapes_in_words(Rate(1, 61))) == "Escapes 1.6 % (1 of 61; 0.29 to 8.7 %)"
    assert plain(overkill_in_words(Rate(12, 2310))) == "Overkill 0.52 % (12 of 2 310; 0.30 to 0.91 %)"


@pytest.mark.parametrize(
    ("count", "n", "low", "high"), [(3, 3, 0.2924, 1), (0, 3, 0, 0.7076), (1, 10, 0.0025, 0.4450), (0, 0, 0, 1)]
)
def test_that_the_exact_interval_is_that_of_the_tables(count: int, n: int, low: float, high: float) -> None:
    assert exact_interval(Rate(count, n)) == pytest.approx((low, high), abs=5e-5)
