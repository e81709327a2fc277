"""The figures of an attribute study: those of published examples and libraries, and rules that hold for all answers."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studied import answers_of, study_of

from station.domain.study.figures import EFFECTIVENESS, FALSE_ALARM_RATE, KAPPA, MISS_RATE, Grade, Kappa
from station.domain.study.study import Answer
from station.reporting.study_statistics import cohen_kappa, figures_of, fleiss_kappa

GOOD, DEFECT = Answer.GOOD, Answer.DEFECT
LETTERS = st.sampled_from("gd")

AIAG = [
    ("A x B", (44, 6, 3, 97), 0.86, (0.7763, 0.9496)),
    ("A x C", (43, 7, 8, 92), 0.78, (0.6690, 0.8833)),
    ("B x C", (42, 5, 9, 94), 0.79, (0.6828, 0.8933)),
    ("A x reference", (45, 5, 3, 97), 0.88, (0.7972, 0.9604)),
    ("B x reference", (45, 2, 3, 100), 0.92, (0.8566, 0.9893)),
    ("C x reference", (42, 9, 6, 93), 0.77, (0.6659, 0.8820)),
]
"""Cross tables of three appraisers, 50 parts and three trials, with the kappas that the manual of AIAG gives (MSA, 4th
edition, attribute study), and the intervals of statsmodels 0.15.0 (`cohens_kappa`)."""

TEN_SUBJECTS = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip
"""The worked example of Fleiss' kappa in Wikipedia: ten subjects, 14 raters, five categories."""


def pairs_of(table: tuple[int, int, int, int]) -> list[tuple[Answer, Answer]]:
    both = [(DEFECT, DEFECT), (DEFECT, GOOD), (GOOD, DEFECT), (GOOD, GOOD)]
    return [pair for pair, count in zip(both, table, strict=True) for _ in range(count)]


@pytest.mark.parametrize(("name", "table", "published", "usual"), AIAG, ids=[each[0] for each in AIAG])
def test_that_kappas_are_those_of_the_manual(
    name: str, table: tuple[int, int, int, int], published: float, usual: tuple[float, float]
) -> None:
    kappa = cohen_kappa(pairs_of(table), parts=sum(table))
    assert kappa.value is not None
    assert round(kappa.value, 2) == published, name
    assert (kappa.low, kappa.high) == pytest.approx(usual, abs=0.04)


def test_that_the_interval_rests_on_the_parts_and_not_on_the_trials() -> None:
    three_trials, one = (cohen_kappa(pairs_of((45, 5, 3, 97)), parts=parts) for parts in (50, 150))
    assert three_trials.value == one.value
    assert three_trials.low < one.low < one.high < three_trials.high


def test_that_kappa_of_two_is_that_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn comes with the extra 'train'")
    chosen = random.Random(3)
    for _ in range(20):
        pairs = [(chosen.choice(list(Answer)), chosen.choice(list(Answer))) for _ in range(30)]
        expected = metrics.cohen_kappa_score([one for one, _ in pairs], [two for _, two in pairs])
        assert cohen_kappa(pairs, 30).value == pytest.approx(expected, abs=1e-12)


def test_that_kappa_of_many_is_that_of_the_published_example() -> None:
    judged = [[category for category, n in enumerate(row) for _ in range(n)] for row in TEN_SUBJECTS]
    assert fleiss_kappa(judged).value == pytest.approx(0.20993070442195522, abs=1e-12)


def test_that_kappa_of_three_trials_is_that_of_statsmodels() -> None:
    judged = ["ggg", "ddd", "ggd", "ggg", "gdd", "ddd", "ggg", "ddd", "ggd", "ddd"]
    assert fleiss_kappa(judged).value == pytest.approx(0.5982142857142856, abs=1e-12)


def test_that_figures_are_counted_as_in_the_manual() -> None:
    """16 defects and 34 good parts, three trials: appraiser A misses 3 of 48 and calls 5 of 102 defects."""
    first = "g" + "d" * 15 + "d" * 2 + "g" * 32
    others = ["gg" + "d" * 14 + "ddd" + "g" * 31, "d" * 16 + "g" * 34]
    study = study_of("d" * 16 + "g" * 34, people=("A",), trials=3)
    figures = figures_of(study, answers_of({1: [first, *others]})).appraisers[0]
    assert (figures.misses.count, figures.misses.n) == (3, 48)
    assert (figures.false_alarms.count, figures.false_alarms.n) == (5, 102)
    assert (figures.effectiveness.count, figures.effectiveness.n) == (45, 50)
    assert (figures.right.count, figures.right.n) == (142, 150)
    assert [grade for _, grade in figures.grades] == [
        Grade.ACCEPTABLE, Grade.NOT_ACCEPTABLE, Grade.ACCEPTABLE, Grade.ACCEPTABLE,
    ]  # fmt: skip
    assert figures.grade is Grade.NOT_ACCEPTABLE


@pytest.mark.parametrize(
    ("scale", "grades"),
    [
        (EFFECTIVENESS, {0.90: 1, 0.8999: 2, 0.80: 2, 0.7999: 3}),
        (MISS_RATE, {0.02: 1, 0.0201: 2, 0.05: 2, 0.0501: 3}),
        (FALSE_ALARM_RATE, {0.05: 1, 0.0501: 2, 0.10: 2, 0.1001: 3}),
        (KAPPA, {0.75: 1, 0.7499: 2, 0.40: 2, 0.3999: 3}),
    ],
)
def test_that_a_figure_on_a_limit_meets_it(scale: object, grades: dict[float, int]) -> None:
    assert {value: scale.grade(value) for value in grades} == grades  # type: ignore[attr-defined]


def test_that_kappa_of_equal_answers_is_said_to_be_undefined() -> None:
    """statsmodels 0.15.0 answers nan here, with a warning, for two and for many."""
    figures = figures_of(study_of("ggg"), answers_of({1: ["ggg", "ggg"], 2: ["ggg", "ggg"]}))
    kappas = [figures.between_kappa, figures.pairs[0].kappa]
    kappas += [kappa for each in figures.appraisers for kappa in (each.within, each.with_reference)]
    assert {kappa.value for kappa in kappas} == {None}
    assert all("is not defined" in kappa.undefined and "good" in kappa.undefined for kappa in kappas)
    assert (kappas[0].low, kappas[0].high) == (-1.0, 1.0)


def test_that_an_undefined_kappa_makes_nobody_acceptable() -> None:
    figures = figures_of(study_of("ggg", people=("A",)), answers_of({1: ["ggg", "ggg"]})).appraisers[0]
    assert figures.grade is Grade.UNKNOWN


def test_that_one_constant_appraiser_has_a_kappa_of_zero() -> None:
    assert cohen_kappa([(GOOD, GOOD), (GOOD, DEFECT)], 2).value == 0.0


def test_that_a_model_without_judgement_is_neither_right_nor_a_found_defect() -> None:
    study = study_of("gd", people=(), models=("cookie@3",), trials=1)
    figures = figures_of(study, answers_of({1: ["--"]})).appraisers[0]
    assert (figures.not_inspected, figures.right.count) == (2, 0)
    assert (figures.misses.count, figures.false_alarms.count) == (1, 1)


def test_that_a_part_counts_when_all_its_trials_were_answered() -> None:
    figures = figures_of(study_of("gdg"), answers_of({1: ["gdd", "gd."]}))
    first, second = figures.appraisers
    assert (first.answered, first.complete, first.grade) == (5, False, Grade.UNKNOWN)
    assert (first.effectiveness.count, first.effectiveness.n) == (2, 2)
    assert (second.answered, second.right.n) == (0, 0)
    assert (figures.all_right.count, figures.all_right.n) == (2, 2)
    assert (figures.pairs, figures.between.n) == ((), 0)
    assert [(each.part.number, each.wrong) for each in figures.disagreements] == [(3, 1)]


def test_that_one_trial_says_nothing_of_repeatability() -> None:
    figures = figures_of(study_of("gd", trials=1), answers_of({1: ["gd"], 2: ["gd"]}))
    assert figures.appraisers[0].repeatability.n == 0
    assert figures.appraisers[0].within.undefined == "It takes two trials to compare."
    assert figures.between_kappa.value == 1.0


def test_that_a_study_without_answers_has_figures() -> None:
    figures = figures_of(study_of("gd"), [])
    assert (figures.complete, figures.all_right.n, figures.disagreements) == (False, 0, ())


@st.composite
def answered_studies(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """References, and the answers of two appraisers in two trials."""
    size = draw(st.integers(1, 12))
    letters = st.text("gd", min_size=size, max_size=size)
    return draw(letters), draw(st.lists(st.lists(letters, min_size=2, max_size=2), min_size=2, max_size=2))


@given(answered_studies(), st.randoms(use_true_random=False))
def test_that_the_order_of_parts_and_appraisers_changes_no_figure(
    studied: tuple[str, list[list[str]]], chosen: random.Random
) -> None:
    references, said = studied
    places = list(range(len(references)))
    chosen.shuffle(places)

    def moved(letters: str) -> str:
        return "".join(letters[place] for place in places)

    before = figures_of(study_of(references), answers_of({1: said[0], 2: said[1]}))
    turned = {1: [moved(each) for each in said[1]], 2: [moved(each) for each in said[0]]}
    after = figures_of(study_of(moved(references)), answers_of(turned))
    assert (before.between, before.all_right) == (after.between, after.all_right)
    assert before.between_kappa.value == pytest.approx(after.between_kappa.value, nan_ok=True)
    for one, other in zip(before.appraisers, reversed(after.appraisers), strict=True):
        assert one.repeatability == other.repeatability
        assert one.effectiveness == other.effectiveness
        assert (one.misses, one.false_alarms) == (other.misses, other.false_alarms)
        assert one.with_reference.value == pytest.approx(other.with_reference.value)


@given(answered_studies())
def test_that_every_interval_holds_its_figure(studied: tuple[str, list[list[str]]]) -> None:
    references, said = studied
    figures = figures_of(study_of(references), answers_of({1: said[0], 2: said[1]}))
    kappas = [figures.between_kappa, *(each.kappa for each in figures.pairs)]
    rates = [figures.between, figures.all_right, *(each.same for each in figures.pairs)]
    for each in figures.appraisers:
        kappas += [each.within, each.with_reference]
        rates += [each.repeatability, each.effectiveness, each.right, each.misses, each.false_alarms]
    for kappa in kappas:
        assert _holds(kappa)
    for rate in rates:
        assert rate.value is None or rate.interval[0] <= rate.value <= rate.interval[1]


def _holds(kappa: Kappa) -> bool:
    if kappa.value is None:
        return bool(kappa.undefined) and (kappa.low, kappa.high) == (-1.0, 1.0)
    return -1 <= kappa.low <= kappa.value <= kappa.high <= 1 and not math.isnan(kappa.value)


@given(st.text("gd", min_size=2, max_size=30).filter(lambda letters: len(set(letters)) == 2))
def test_that_perfect_agreement_is_one_and_its_interval_is_not(references: str) -> None:
    figures = figures_of(study_of(references), answers_of({1: [references] * 2, 2: [references] * 2}))
    kappas = [figures.between_kappa, figures.pairs[0].kappa, figures.appraisers[0].within]
    kappas.append(figures.appraisers[1].with_reference)
    assert {(kappa.value, kappa.high) for kappa in kappas} == {(1.0, 1.0)}
    assert all(kappa.low < 1 for kappa in kappas)
    assert {each.grade for each in figures.appraisers} == {Grade.ACCEPTABLE}
