"""What a study says in words."""

from studied import answers_of, study_of

from station.domain.formatting import plain
from station.domain.study.figures import StudyFigures
from station.reporting.study_statistics import figures_of
from station.reporting.study_wording import lines, pair_rows, rows, sentences

TWENTY = "gd" * 10


def said(figures: StudyFigures) -> list[str]:
    return [plain(each) for each in sentences(figures)]


def test_that_a_perfect_appraiser_is_acceptable_with_what_is_not_known() -> None:
    figures = figures_of(study_of(TWENTY, people=("Anna",)), answers_of({1: [TWENTY, TWENTY]}))
    assert said(figures)[:2] == [
        "Anna is acceptable: every figure keeps the limit of AIAG.",
        "Anna: with this number of parts the 95 % intervals reach into a worse result: effectiveness 83.9 %, "
        "miss rate 16.1 %, false-alarm rate 16.1 %, kappa 0.68.",
    ]
    assert plain(rows(figures)[0][1]) == "100.0 % (20 of 20; at least 83.9 %)"


def test_that_a_poor_appraiser_is_named_with_the_figures_and_limits() -> None:
    figures = figures_of(study_of(TWENTY, people=("Anna",)), answers_of({1: ["gg" * 2 + "gd" * 8, TWENTY]}))
    assert said(figures)[0] == "Anna is not acceptable: miss rate 10.0 % (up to 5.0 % is marginal)."


def test_that_a_marginal_appraiser_is_measured_by_the_better_limit() -> None:
    forty = "gd" * 20
    figures = figures_of(study_of(forty, people=("Anna",)), answers_of({1: ["gg" + "gd" * 19, forty]}))
    assert said(figures)[0] == "Anna is marginal: miss rate 2.5 % (up to 2.0 % is acceptable)."


def test_that_an_undefined_kappa_is_explained() -> None:
    figures = figures_of(study_of("ggg"), answers_of({1: ["ggg", "ggg"], 2: ["ggg", "ggg"]}))
    assert said(figures)[0] == "Anna: what is known keeps the limits of AIAG, but not every figure is known."
    assert (
        "Anna: Every answer is “good”, so that chance alone would agree as well: kappa is not defined. "
        "Choose parts of which about half are defects."
    ) in said(figures)
    assert pair_rows(figures)[0][2] == "not defined"


def test_that_missing_answers_and_answers_without_judgement_are_said() -> None:
    study = study_of("gd", people=("Anna",), models=("cookie@3",))
    figures = figures_of(study, answers_of({1: ["g."], 2: ["g-", "gd"]}))
    assert said(figures)[0] == "Anna has given 1 of 4 answers; the result is open."
    assert any(each.startswith("cookie@3: NOT INSPECTED was answered 1 time.") for each in said(figures))
    assert rows(figures)[0][-1] == "1 of 4 answers"


def test_that_the_whole_result_can_be_read_in_a_terminal() -> None:
    figures = figures_of(study_of("gd"), answers_of({1: ["gd", "gd"], 2: ["gd", "dd"]}))
    text = plain("\n".join(lines(figures)))
    assert "Attribute study 1: cookie: 1 good part, 1 defect, 2 trials, 2 people" in text
    assert "Anna and Ben: same answer 75.0 % (3 of 4; 30.1 to 95.4 %), kappa 0.50 (-0.60 to 0.95)" in text
    assert text.endswith("part 1, good: Anna good, good; Ben good, defect")
