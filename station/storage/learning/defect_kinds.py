"""The kinds of defects of each product, numbered for good: a value in a mask never means another kind."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from station.domain.dataset import MOST_KINDS, DefectKind, checked_kind
from station.domain.errors import BadInputError
from station.storage.engine.database import Database
from station.storage.learning.dataset_tables import DefectKindRow


class DefectKinds:
    """The palette of each product."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, product: str) -> tuple[DefectKind, ...]:
        """Return the kinds of a product, by number."""
        with self._database.reading() as connection:
            return _kinds(connection, product)

    def require(self, product: str, name: str, at: datetime) -> DefectKind:
        """Return the kind of this name, which is added if the product has it not yet; upper and lower case are equal.

        Raises:
            BadInputError: It cannot be the name of a kind, or there are 255 already.
            StorageError: The disk refused it.
        """
        name = checked_kind(name)
        with self._database.writing() as connection:
            known = _kinds(connection, product)
            found = next((kind for kind in known if kind.name.casefold() == name.casefold()), None)
            if found is not None:
                return found
            if len(known) >= MOST_KINDS:
                raise BadInputError(f"'{product}' has {MOST_KINDS} kinds of defects already.", "Use one of them.")
            highest = select(func.coalesce(func.max(DefectKindRow.number), 0)).where(DefectKindRow.product == product)
            kind = DefectKind(connection.execute(highest).scalar_one() + 1, name)
            row = {"product": product, "number": kind.number, "name": kind.name, "added_at": at}
            connection.execute(insert(DefectKindRow), row)
            return kind


def _kinds(connection: Connection, product: str) -> tuple[DefectKind, ...]:
    rows = select(DefectKindRow.number, DefectKindRow.name).where(DefectKindRow.product == product)
    return tuple(DefectKind(*row) for row in connection.execute(rows.order_by(DefectKindRow.number)))
