"""What a study can be, and what an answer of a model means."""

from dataclasses import replace

import pytest
from studied import answers_of, study_of

from station.domain.errors import BadInputError
from station.domain.study.study import Answer, StudyPlan, answer_of, study_sha256
from station.domain.verdict import Verdict

PLAN = StudyPlan("Steel plate", "", good=3, defects=3, people=("Anna", "Ben"), models=("plate@1",), trials=2)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"good": 0}, "needs good parts and defects"),
        ({"defects": 0}, "needs good parts and defects"),
        ({"trials": 0}, "1 to 10 trials"),
        ({"trials": 11}, "1 to 10 trials"),
        ({"good": 499}, "at most 500 parts"),
        ({"people": (), "models": ()}, "1 to 20 appraisers"),
        ({"people": ("Anna", " ")}, "has no name"),
        ({"people": ("Anna", "Anna")}, "same name"),
    ],
)
def test_that_an_impossible_study_is_refused_in_a_sentence(change: dict[str, object], sentence: str) -> None:
    PLAN.require_possible()
    with pytest.raises(BadInputError, match=sentence):
        replace(PLAN, **change).require_possible()  # type: ignore[arg-type]


def test_that_a_model_calls_good_only_what_passes() -> None:
    assert {verdict for verdict in Verdict if answer_of(verdict) is Answer.GOOD} == {Verdict.PASS}
    assert answer_of(Verdict.NOT_INSPECTED) is Answer.NOT_INSPECTED


def test_that_the_hash_of_a_study_changes_with_each_reference_and_answer() -> None:
    answers = answers_of({1: ["gd", "gd"]})
    others = [
        study_sha256(study_of("dd"), answers),
        study_sha256(study_of("gd", ("Anna", "Eve")), answers),
        study_sha256(study_of("gd"), answers[:-1]),
        study_sha256(study_of("gd"), [replace(answers[0], answer=Answer.DEFECT), *answers[1:]]),
    ]
    same = study_sha256(study_of("gd"), answers)
    assert same == study_sha256(study_of("gd"), answers[::-1])
    assert len({same, *others}) == 5
