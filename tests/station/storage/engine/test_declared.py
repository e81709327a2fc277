"""Tables declared as classes are those that SQLAlchemy's object half would make of the same declaration."""

import subprocess
import sys
from datetime import datetime

import pytest
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, MetaData, Text, UniqueConstraint, select
from sqlalchemy import orm as sqlalchemy_orm
from sqlalchemy.schema import CreateTable

from station.storage.engine import declared

_START = "import sys; import ui.program, station.core; sys.exit('sqlalchemy.orm' in sys.modules)"


def _made_by(module: object) -> dict[str, str]:
    """Return the statements that make two tables, declared with the names of this module."""
    names = vars(module)
    base, mapped, column = names["DeclarativeBase"], names["Mapped"], names["mapped_column"]

    class Both(base):  # type: ignore[misc, valid-type]
        metadata = MetaData(
            naming_convention={"pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
        )
        type_annotation_map = {int: BigInteger(), str: Text(), datetime: Integer()}  # noqa: RUF012

    class Parent(Both):
        __tablename__ = "parent"
        __table_args__ = (CheckConstraint("number > 0", name="counted"), {"sqlite_strict": True})
        number: mapped[int] = column(primary_key=True)  # type: ignore[valid-type]
        name: mapped[str] = column(unique=True)  # type: ignore[valid-type]
        word: mapped[str | None]  # type: ignore[valid-type]

    class Child(Both):
        __tablename__ = "child"
        __table_args__ = (UniqueConstraint("at", "size"), {})
        number: mapped[int] = column(ForeignKey("parent.number"), primary_key=True, autoincrement=False)  # type: ignore[valid-type]
        at: mapped[datetime]  # type: ignore[valid-type]
        size: mapped[int] = column(server_default="1")  # type: ignore[valid-type]

    both = {row.__tablename__: str(CreateTable(row.__table__)) for row in (Parent, Child)}
    again = names["aliased"](Parent)
    joined = select(Parent.name, again.word).join(again, again.number == Parent.number).where(again.word.is_(None))
    return both | {"joined": str(joined), "whole": str(select(Child))}


def test_that_a_declaration_makes_the_same_table_and_statements() -> None:
    assert _made_by(declared) == _made_by(sqlalchemy_orm)


@pytest.mark.slow
def test_that_a_start_of_the_window_does_not_load_the_object_half() -> None:
    assert subprocess.run([sys.executable, "-c", _START], check=False).returncode == 0
