"""What a database asks of its engine; every module of a dialect has it."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine


class Dialect(Protocol):
    """The part of a dialect's module that an open database uses; `sqlite` says more of each function."""

    def for_writing(self, engine: Engine, /) -> Engine:
        """Return the same engine for transactions that write."""

    def begin_to_add(self, connection: Connection, /) -> None:
        """Begin a transaction that writes, by the driver alone."""

    def faults_named(self, place: Path | str, /) -> AbstractContextManager[None]:
        """Turn what the driver reports into a sentence for people."""

    def find_damage(self, connection: Connection, /) -> tuple[str, ...]:
        """Return what the engine itself finds wrong; empty when all is sound."""

    def copy_into(self, connection: Connection, path: Path, /) -> None:
        """Copy the whole database as this transaction sees it into a new file."""
