"""Attribute studies and their answers in the database: both are only ever added."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from station.domain.errors import BadInputError
from station.domain.study.study import Answer, Appraiser, AppraiserKind, Study, StudyAnswer, StudyPart
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.learning.study_tables import StudyAnswerRow, StudyRow

_ANSWER = StudyAnswerRow


class Studies:
    """All studies of a station. Any thread or program may read and add."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, study: Study) -> Study:
        """Keep a new study, and return it with its number.

        Raises:
            StorageError: The disk refused it.
        """
        values = {
            "product": study.product,
            "view": study.view,
            "trials": study.trials,
            "seed": study.seed,
            "content": _content(study),
            "created_at": study.created_at,
            "created_by": study.created_by,
        }
        with self._database.writing() as connection:
            number = _next(connection, StudyRow)
            connection.execute(insert(StudyRow), values | {"number": number})
        return replace(study, number=number)

    def all(self) -> tuple[Study, ...]:
        """Return every study, the newest first."""
        with self._database.reading() as connection:
            return tuple(map(_study, connection.execute(select(StudyRow).order_by(StudyRow.number.desc()))))

    def find(self, number: int) -> Study:
        """Return one study.

        Raises:
            BadInputError: There is none with this number.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(StudyRow).where(StudyRow.number == number)).first()
        if row is None:
            raise BadInputError(f"There is no study {number}.", "'linesidectl study list' shows all of them.")
        return _study(row)

    def answers(self, number: int) -> tuple[StudyAnswer, ...]:
        """Return every answer of a study, in the order in which they were given."""
        wanted = select(_ANSWER).where(_ANSWER.study == number).order_by(_ANSWER.number)
        with self._database.reading() as connection:
            return tuple(map(_answer, connection.execute(wanted)))

    def answered(self, number: int, appraiser: int) -> frozenset[tuple[int, int]]:
        """Return which answers an appraiser has given, as (trial, part), without reading what was said."""
        mine = select(_ANSWER.trial, _ANSWER.part).where(_ANSWER.study == number, _ANSWER.appraiser == appraiser)
        with self._database.reading() as connection:
            return frozenset((trial, part) for trial, part in connection.execute(mine))

    def add_answers(self, number: int, answers: Sequence[StudyAnswer]) -> None:
        """Keep answers, all or none; a power cut can no longer lose them when this returns.

        Raises:
            BadInputError: One of them was given before; nothing was changed.
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            first = _next(connection, StudyAnswerRow)
            for place, each in enumerate(answers):
                _require_new(connection, number, each)
                connection.execute(insert(StudyAnswerRow), _values(number, each) | {"number": first + place})


def _next(connection: Connection, table: type[StudyRow | StudyAnswerRow]) -> int:
    last: int = connection.execute(select(func.coalesce(func.max(table.number), 0))).scalar_one()
    return last + 1


def _require_new(connection: Connection, number: int, each: StudyAnswer) -> None:
    same = select(func.count()).where(
        _ANSWER.study == number,
        _ANSWER.appraiser == each.appraiser,
        _ANSWER.trial == each.trial,
        _ANSWER.part == each.part,
    )
    if connection.execute(same).scalar_one():
        raise BadInputError(
            f"Part {each.part} was judged in trial {each.trial} of study {number} before.",
            "An answer is never changed. Judge the next part.",
        )


def _content(study: Study) -> str:
    parts = [
        {
            "item": each.item_id,
            "sha256": each.picture_sha256,
            "reference": each.reference.value,
            "kind": each.kind,
            "by": each.reference_by,
        }
        for each in study.parts
    ]
    appraisers = [{"kind": each.kind.value, "name": each.name} for each in study.appraisers]
    return json.dumps({"parts": parts, "appraisers": appraisers}, sort_keys=True)


def _study(row: Row[Any]) -> Study:
    content = json.loads(row.content)
    parts = tuple(
        StudyPart(number, each["item"], each["sha256"], Answer(each["reference"]), each["kind"], each["by"])
        for number, each in enumerate(content["parts"], 1)
    )
    appraisers = tuple(
        Appraiser(number, AppraiserKind(each["kind"]), each["name"])
        for number, each in enumerate(content["appraisers"], 1)
    )
    created_at: datetime = row.created_at
    return Study(
        row.number, row.product, row.view, parts, appraisers, row.trials, row.seed, created_at, row.created_by
    )  # fmt: skip


def _values(number: int, each: StudyAnswer) -> dict[str, object]:
    return {
        "study": number,
        "appraiser": each.appraiser,
        "trial": each.trial,
        "part": each.part,
        "answer": each.answer.value,
        "at": each.at,
        "person": each.person,
        "verdict": each.verdict.value if each.verdict else None,
        "pred_score": each.pred_score,
    }


def _answer(row: Row[Any]) -> StudyAnswer:
    return StudyAnswer(
        row.appraiser,
        row.trial,
        row.part,
        Answer(row.answer),
        row.at,
        row.person,
        Verdict(row.verdict) if row.verdict else None,
        row.pred_score,
    )
