"""Tables declared as classes, with the half of SQLAlchemy that speaks SQL.

Nothing in the station maps rows to objects: a class is a table, and its attributes are the columns. SQLAlchemy's object
half would be loaded for these declarations alone, for a tenth of each start. Type checkers see its names, so that
`select(RunRow.run_id)` keeps its type.
"""

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, get_args

from sqlalchemy import Column, FromClause, MetaData, Table
from sqlalchemy.types import TypeEngine

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column
else:

    class Mapped:
        """`Mapped[int | None]`: a column of this type, which may be NULL."""

        def __class_getitem__(cls, kind: type | UnionType) -> "_Kind":
            kinds = get_args(kind) or (kind,)
            return _Kind(next(each for each in kinds if each is not NoneType), NoneType in kinds)

    class _Kind(NamedTuple):
        python_type: type
        nullable: bool

    class mapped_column:  # noqa: N801 - SQLAlchemy's name
        """What a column has besides its type: keys, defaults, constraints."""

        def __init__(self, *items: object, **options: object) -> None:
            self.items, self.options = items, options

        def column(self, name: str, kind: _Kind, types: dict[type, TypeEngine[Any]]) -> "Column[Any]":
            """Return the column of this name."""
            options = {"nullable": kind.nullable and not self.options.get("primary_key"), **self.options}
            return Column(name, types[kind.python_type], *self.items, **options)

    class _Declaration(type):
        """The class of each table's class."""

        def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
            super().__init__(name, bases, members)
            if "__tablename__" in members:
                cls._declare(members)

        def _declare(cls, members: dict[str, Any]) -> None:
            *items, options = members["__table_args__"]
            columns = [
                members.get(name, _PLAIN).column(name, kind, cls.type_annotation_map)
                for name, kind in members["__annotations__"].items()
            ]
            cls.__table__ = Table(members["__tablename__"], cls.metadata, *columns, *items, **options)
            for column in columns:
                setattr(cls, column.name, column)

        def __clause_element__(cls) -> FromClause:
            """Return what SQLAlchemy takes for the class in a statement."""
            return cls.__table__

    _PLAIN = mapped_column()

    class DeclarativeBase(metaclass=_Declaration):
        """The registry of all tables: its subclass has their metadata, and the type of each Python type."""

        metadata: ClassVar[MetaData]
        type_annotation_map: ClassVar[dict[type, TypeEngine[Any]]]

    class aliased:  # noqa: N801 - SQLAlchemy's name
        """A table by another name, so that a statement can have it twice."""

        def __init__(self, declared: DeclarativeBase) -> None:
            self._alias = declared.__table__.alias()

        def __getattr__(self, name: str) -> "Column[Any]":
            if name not in self._alias.c:
                raise AttributeError(name)
            return self._alias.c[name]

        def __clause_element__(self) -> FromClause:
            """Return what SQLAlchemy takes for it in a statement."""
            return self._alias


__all__ = ["DeclarativeBase", "Mapped", "aliased", "mapped_column"]
