"""What labelled sets were judged by which revision, and each verdict: rows are only added."""

import json
from typing import Any

from sqlalchemy import Row, insert, select

from station.domain.validation import FrozenSet, ValidatedPicture, Validation
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
            "recipe_sha256": validation.recipe_sha256,
        }
        if (frozen := validation.frozen) is not None:
            values |= {"set_product": frozen.product, "set_version": frozen.version, "set_sha256": frozen.sha256}
        with self._database.writing() as connection:
            connection.execute(insert(ValidationRow), values)

    def newest(self, name: str, revision: int) -> dict[str, Validation]:
        """Return the newest validation of each view of a revision, by its name."""
        return {each.view: each for each in self.all(name, revision)}

    def all(self, name: str, revision: int) -> tuple[Validation, ...]:
        """Return every validation of a revision, oldest first."""
        row = ValidationRow
        wanted = select(row.__table__).where(row.name == name, row.revision == revision).order_by(row.step)
        with self._database.reading() as connection:
            return tuple(_validation(each) for each in connection.execute(wanted).all())


def _validation(row: Row[tuple[object, ...]]) -> Validation:
    frozen = FrozenSet(row.set_product, row.set_version, row.set_sha256) if row.set_version else None
    return Validation(
        row.name, row.revision, row.view, row.folder, row.at, row.person, _pictures(row.pictures), row.recipe_sha256,
        frozen,
    )  # fmt: skip


def _values(picture: ValidatedPicture) -> dict[str, str | float | None]:
    return {
        "name": picture.name,
        "expected": picture.kind,
        "got": picture.verdict.value,
        "pred_score": picture.pred_score,
        "sha256": picture.sha256,
    }


def _pictures(text: str) -> tuple[ValidatedPicture, ...]:
    return tuple(_picture(each) for each in json.loads(text))


def _picture(each: dict[str, Any]) -> ValidatedPicture:
    sha256 = each.get("sha256", "")  # an early version kept none
    return ValidatedPicture(each["name"], each["expected"], Verdict(each["got"]), each["pred_score"], sha256)
