"""Attribute studies through their commands: blind, resumed after a kill, and closed until all have answered."""

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pypdf import PdfReader

from station.app import Station
from station.domain.dataset import Label
from station.domain.errors import BadInputError
from station.domain.permissions import PermissionRefusedError, Role
from station.domain.person import KnownBy, Person
from station.domain.study.figures import Grade
from station.domain.study.study import Answer, StudyPlan
from station.domain.verdict import Verdict

PLAN = StudyPlan("Steel plate", "", good=3, defects=3, people=("Anna", "Ben"), models=("plate@1",), trials=2, seed=4)


@pytest.fixture
def labelled(station: Station, tmp_path: Path, draw_part: Callable[..., NDArray[np.uint8]]) -> Station:
    """The station with three good parts, one of them pictured twice, and three defects in its dataset."""
    for number in range(7):
        defective = number >= 4
        folder = tmp_path / "labelled" / ("dent" if defective else "good")
        folder.mkdir(parents=True, exist_ok=True)
        picture = draw_part(2 if number == 3 else number, defective=defective)
        picture[0, 0] = number
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    station.datasets.import_folder(tmp_path / "labelled", "Steel plate", person="maria")
    return station


def truth(station: Station, number: int, item_id: int) -> Answer:
    return next(part.reference for part in station.studies.find(number).parts if part.item_id == item_id)


def judge_all(station: Station, number: int, name: str, wrong: int = 0) -> None:
    """Answer everything; the first `wrong` answers are wrong."""
    task = station.studies.task(number, name)
    while task is not None:
        right = truth(station, number, task.item_id)
        other = Answer.DEFECT if right is Answer.GOOD else Answer.GOOD
        task = station.studies.answer(task, other if task.position <= wrong else right)


def test_that_parts_are_chosen_by_lot_one_of_each_part(labelled: Station) -> None:
    people_only = replace(PLAN, models=())
    study = labelled.studies.create(people_only, "sam")
    assert [part.number for part in study.parts] == list(range(1, 7))
    assert {part.reference_by for part in study.parts} == {"label of the dataset by maria"}
    assert len({labelled.datasets.item(part.item_id).group for part in study.parts}) == 6
    assert labelled.studies.create(people_only, "sam").parts == study.parts
    assert labelled.studies.create(replace(people_only, seed=5)).parts != study.parts
    for change, sentence in (
        ({"defects": 4}, "4 defects of 'Steel plate' are wanted, and 3 different ones"),
        ({"trials": 0}, "1 to 10 trials"),
        ({"models": ("plate",)}, "does not name a revision"),
        ({"models": ("plate@7",)}, "plate@7|revision 7"),
    ):
        with pytest.raises(BadInputError, match=sentence):
            labelled.studies.create(replace(PLAN, **change))  # type: ignore[arg-type]
    assert len(labelled.studies.all()) == 3


def test_that_a_picture_that_a_model_has_learned_is_not_chosen(labelled: Station) -> None:
    version = labelled.datasets.freeze("Steel plate", person="maria").version
    recipe = labelled.recipes.find("plate").recipe
    labelled.recipes.add(replace(recipe, revision=2, views=(replace(recipe.views[0], dataset_version=version),)))
    learned = sum(item.split == "train" for item in labelled.datasets.items("Steel plate"))
    assert learned
    with pytest.raises(BadInputError, match="pictures that a model of the study has learned do not count"):
        labelled.studies.create(replace(PLAN, models=("plate@2",)))


def test_that_a_study_runs_to_its_result(labelled: Station, tmp_path: Path) -> None:
    labelled.studies.create(PLAN, "sam")
    judge_all(labelled, 1, "Anna")
    judge_all(labelled, 1, "Ben", wrong=3)
    given = labelled.studies.judge_by_model(1, "plate@1", "sam")
    assert len(given) == 12
    assert all((each.answer is Answer.GOOD) == (each.verdict is Verdict.PASS) for each in given)
    figures = labelled.studies.figures(1)
    anna, ben, model = figures.appraisers
    assert (anna.right.count, anna.grade) == (12, Grade.ACCEPTABLE)
    assert (ben.right.count, ben.grade) == (9, Grade.NOT_ACCEPTABLE)
    assert (model.right.count, model.repeatability.count, model.complete) == (12, 6, True)
    assert len(figures.disagreements) == 3
    path = labelled.studies.write_pdf(figures, tmp_path / "study.pdf")
    assert len([image for page in PdfReader(path).pages for image in page.images]) == 3
    for name in ("Anna", "plate@1"):
        with pytest.raises(BadInputError):
            labelled.studies.judge_by_model(1, name)


def test_that_an_answer_is_given_once_and_in_its_turn(labelled: Station) -> None:
    labelled.studies.create(PLAN, "sam")
    first = labelled.studies.task(1, "Anna")
    assert first is not None
    second = labelled.studies.answer(first, Answer.GOOD)
    assert second is not None
    assert (second.position, second.of) == (2, 12)
    for answer in (Answer.GOOD, Answer.DEFECT):
        with pytest.raises(BadInputError, match=r"Answer 1 of Anna in study 1 is not the one"):
            labelled.studies.answer(first, answer)
    with pytest.raises(BadInputError, match="says good or defect"):
        labelled.studies.answer(second, Answer.NOT_INSPECTED)
    with pytest.raises(BadInputError, match="plate@1 is a model"):
        labelled.studies.task(1, "plate@1")
    assert labelled.studies.task(1, "Anna") == second
    assert {each.name: given for each, given in labelled.studies.progress(1)} == {
        "Anna": 1, "Ben": 0, "plate@1": 0,
    }  # fmt: skip


def test_that_nobody_judges_in_the_name_of_another_person(labelled: Station) -> None:
    labelled.studies.create(replace(PLAN, models=()))
    at_window = labelled.at_window("Attribute study page")
    labelled.people.session.begin(Person("ANNA", frozenset({Role.OPERATOR}), KnownBy.PIN))
    for name in ("Anna", "Ben"):
        task = at_window.studies.task(1, name)
        assert task is not None
        if name == "Anna":
            at_window.studies.answer(task, Answer.GOOD)
        else:
            with pytest.raises(BadInputError, match=r"ANNA is logged in, so the answer would not be that of Ben\."):
                at_window.studies.answer(task, Answer.GOOD)
    labelled.people.session.end()
    task = at_window.studies.task(1, "Ben")
    assert task is not None
    at_window.studies.answer(task, Answer.GOOD)
    assert [each.person for each in labelled.studies._studies.answers(1)] == ["ANNA", "operator, Attribute study page"]


def test_that_the_result_is_closed_until_every_person_has_answered(labelled: Station) -> None:
    labelled.studies.create(PLAN, "sam")
    judge_all(labelled, 1, "Anna")
    with pytest.raises(BadInputError, match="Study 1 is not over: Ben 0 of 12 answers"):
        labelled.studies.figures(1)
    with pytest.raises(PermissionRefusedError):
        labelled.acting_as(Role.OPERATOR).studies.figures(1, so_far=True)
    assert labelled.studies.figures(1, so_far=True, person="sam").appraisers[0].complete
    judge_all(labelled, 1, "Ben")
    assert not labelled.studies.figures(1).complete  # the model has not judged: its part of the result is open


def test_that_set_up_end_and_early_looks_are_in_the_audit_trail(labelled: Station) -> None:
    labelled.studies.create(replace(PLAN, models=()), "sam")
    judge_all(labelled, 1, "Anna")
    labelled.studies.figures(1, so_far=True, person="sam")
    with closing(sqlite3.connect(labelled.workspace.database)) as plain:
        rows = plain.execute("SELECT action, subject, new FROM audit_log WHERE subject = 'study 1'").fetchall()
    assert [row[0] for row in rows] == ["study created", "study judged", "study result opened"]
    assert rows[0][2] == "6 parts of Steel plate, 2 trials, Anna, Ben"
    assert rows[1][2].startswith("Anna: 12 answers, SHA-256 ")


def _answer_until_killed(root: Path, answered: "multiprocessing.synchronize.Semaphore") -> None:
    with Station.open(root) as station:
        task = station.studies.task(1, "Anna")
        while task is not None:
            task = station.studies.answer(task, Answer.GOOD)
            answered.release()


def test_that_a_killed_program_loses_no_answer_and_the_study_goes_on(labelled: Station) -> None:
    labelled.studies.create(PLAN, "sam")
    before = labelled.studies.task(1, "Anna")
    start = multiprocessing.get_context("spawn")
    answered = start.Semaphore(0)
    program = start.Process(target=_answer_until_killed, args=(labelled.workspace.root, answered))
    program.start()
    for _ in range(3):
        assert answered.acquire(timeout=60)
    assert program.pid is not None
    os.kill(program.pid, signal.SIGKILL)
    program.join(60)
    acknowledged = 3
    while answered.acquire(block=False):
        acknowledged += 1
    given = {each.name: given for each, given in labelled.studies.progress(1)}["Anna"]
    assert acknowledged <= given <= acknowledged + 1
    task = labelled.studies.task(1, "Anna")
    assert task is None or (before is not None and task.position == given + 1)
    judge_all(labelled, 1, "Anna")
    assert labelled.studies.task(1, "Anna") is None


def test_that_a_label_that_changes_later_changes_no_reference(labelled: Station) -> None:
    study = labelled.studies.create(replace(PLAN, models=()))
    labelled.datasets.label([part.item_id for part in study.parts], Label.GOOD, person="ben")
    assert labelled.studies.find(1) == study
