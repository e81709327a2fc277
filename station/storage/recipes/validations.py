"""What labelled sets were judged by which revision, and each verdict: rows are only added."""

import json

from sqlalchemy import insert, select

from station.domain.validation import ValidatedPicture, Validation
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.recipes.tables import ValidationRow


class Validations:
    """All validations. A revision that is validated again has another one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, validation: Validation) -> None:
        """Keep a validation.

        Raises:
            StorageError: The disk refused it.
        """
        values = {
            "name": validation.name,
            "revision": validation.revision,
            "view": validation.view,
            "folder": validation.folder,
            "at": validation.at,
            "person": validation.person,
            "pictures": json.dumps([_values(each) for each in validation.pictures], ensure_ascii=False),
        }
        with self._database.writing() as connection:
            connection.execute(insert(ValidationRow), values)

    def newest(self, name: str, revision: int) -> dict[str, Validation]:
        """Return the newest validation of each view of a revision, by its name."""
        row = ValidationRow
        columns = select(row.name, row.revision, row.view, row.folder, row.at, row.person, row.pictures)
        wanted = columns.where(row.name == name, row.revision == revision).order_by(row.step)
        with self._database.reading() as connection:
            found = connection.execute(wanted).all()
        return {each.view: Validation(*each[:-1], pictures=_pictures(each.pictures)) for each in found}


def _values(picture: ValidatedPicture) -> dict[str, str | float | None]:
    return {
        "name": picture.name,
        "expected": picture.kind,
        "got": picture.verdict.value,
        "pred_score": picture.pred_score,
    }


def _pictures(text: str) -> tuple[ValidatedPicture, ...]:
    return tuple(
        ValidatedPicture(each["name"], each["expected"], Verdict(each["got"]), each["pred_score"])
        for each in json.loads(text)
    )
