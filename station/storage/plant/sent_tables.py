"""Which tables go to the plant, and which values never leave the station."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Table

from station.storage.challenges import tables as _challenges
from station.storage.engine.schema import Tables
from station.storage.learning import candidate_tables, dataset_tables, rescore_tables, study_tables, training_tables
from station.storage.people import tables as _people
from station.storage.plant import tables as _own
from station.storage.recipes import tables as _recipes
from station.storage.records import tables as _records

DECLARED = (_challenges, candidate_tables, dataset_tables, rescore_tables, study_tables, training_tables, _people,
            _own, _recipes, _records)  # fmt: skip
"""Where the tables of all subjects are declared: all of them are in the registry."""

KEPT_HERE = frozenset({"log_in_try", "unsent", "sent_batch", "sending", "received"})
"""Tables of this machine alone."""

_EMPTIED = {"account": {"pin_hash": None, "badge_lookup": None, "badge_hash": None, "key_id": ""}}
"""By what a PIN or a badge could be tried out."""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SentTable:
    """One table, as it is read here and written there.

    Attributes:
        name: Its name.
        columns: All of them, as the rows of it have them.
        key: The columns that find a row.
        only_grows: Neither engine lets a row of it be changed.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    only_grows: bool

    def key_of(self, row: Row) -> Row:
        """Return the values of the key of a row."""
        return tuple(row[self.columns.index(name)] for name in self.key)

    def without_secrets(self, row: Row) -> Row:
        """Return the row as the plant gets it."""
        emptied = _EMPTIED.get(self.name, {})
        return tuple(emptied.get(name, value) for name, value in zip(self.columns, row, strict=True))


_ONLY_GROW = frozenset(
    {"audit_log", "study", "study_answer", "challenge_check", "challenge_result", "challenge_due", "suspect_answer"}
)


@cache
def sent_tables() -> tuple[SentTable, ...]:
    """Return every table that goes to the plant: one comes after all that its rows refer to."""
    return tuple(_sent(table) for table in Tables.metadata.sorted_tables if table.name not in KEPT_HERE)


def _sent(table: Table) -> SentTable:
    columns, key = _names(table.columns.keys()), _names(table.primary_key.columns.keys())
    return SentTable(table.name, columns, key, table.name in _ONLY_GROW)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def key_text(key: Sequence[object]) -> str:
    """Return a key as the journal has it, the same as SQLite's own `json_array`."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))
