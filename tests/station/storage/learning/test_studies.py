"""Studies in the database: answers are added, and neither the program nor the database lets one be changed."""

from dataclasses import replace

import pytest
from behind import REFUSALS, behind, in_words_of
from studied import answers_of, study_of

from station.domain.errors import BadInputError
from station.domain.study.study import Answer
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.learning.studies import Studies


@pytest.fixture
def studies(database: Database) -> Studies:
    return Studies(database)


def test_that_a_study_is_read_back_as_it_was_kept(studies: Studies) -> None:
    wanted = study_of("gdg", models=("cookie@3",))
    first, second = studies.add(wanted), studies.add(wanted)
    assert (first.number, second.number) == (1, 2)
    assert studies.find(2) == replace(wanted, number=2)
    assert studies.all() == (second, first)
    with pytest.raises(BadInputError, match="no study 3"):
        studies.find(3)


def test_that_answers_are_read_back_and_belong_to_their_study(studies: Studies) -> None:
    for _ in range(2):
        studies.add(study_of("gd"))
    given = answers_of({1: ["gd", "dd"], 2: ["g."]})
    given[0] = replace(given[0], answer=Answer.NOT_INSPECTED, verdict=Verdict.NOT_INSPECTED)
    given[1] = replace(given[1], verdict=Verdict.FAIL, pred_score=0.81)
    studies.add_answers(2, given)
    assert studies.answers(2) == tuple(given)
    assert studies.answers(1) == ()
    assert studies.answered(2, 2) == {(1, 1)}


def test_that_an_answer_is_given_once_and_all_or_none_are_kept(studies: Studies) -> None:
    studies.add(study_of("gd"))
    studies.add_answers(1, answers_of({1: ["g"]}))
    with pytest.raises(BadInputError, match="Part 1 was judged in trial 1 of study 1 before"):
        studies.add_answers(1, answers_of({2: ["g"], 1: ["d"]}))
    assert studies.answers(1) == tuple(answers_of({1: ["g"]}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE study_answer SET answer = 'defect'",
        "DELETE FROM study_answer",
        "INSERT OR REPLACE INTO study_answer SELECT 9, study, appraiser, trial, part, 'defect', at, person, verdict, "
        "pred_score FROM study_answer",
        "INSERT OR REPLACE INTO study_answer SELECT number, study, appraiser, 2, part, 'defect', at, person, verdict, "
        "pred_score FROM study_answer",
        "UPDATE study SET content = replace(content, 'good', 'defect')",
        "DELETE FROM study",
    ],
)
def test_that_the_database_refuses_to_change_study_and_answers(
    studies: Studies, database: Database, engine: str, statement: str
) -> None:
    studies.add(study_of("gd"))
    studies.add_answers(1, answers_of({1: ["g"]}))
    with behind(database) as other, pytest.raises(REFUSALS, match=r"rows of study(_answer)? are only added"):
        other.execute(in_words_of(engine, statement))
    assert studies.answers(1) == tuple(answers_of({1: ["g"]}))
