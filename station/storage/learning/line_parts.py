"""Recorded parts as the collection looks at them: a row for each view, without reading a picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, tuple_

from station.domain.feedback import Disposition
from station.domain.inspection import PartKey, RunKind
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.records.tables import DisputeRow, PartRow, PartViewRow, PictureRow, RunRow

_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class LinePart:
    """One view of a recorded part.

    Attributes:
        key: The part.
        recipe: Name and revision that judged it.
        view: The view's name.
        verdict: Of the whole part.
        view_verdict: Of this view.
        score, limit: Of this view; None if it was not inspected.
        has_original: Its whole picture was kept.
        said: What a person said of the part last; None if nobody said anything.
        in_production: It belongs to a run of production.
    """

    key: PartKey
    recipe: tuple[str, int]
    view: str
    verdict: Verdict
    view_verdict: Verdict
    score: float | None
    limit: float | None
    has_original: bool
    said: Disposition | None
    in_production: bool


class LineParts:
    """The recorded parts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, keys: Sequence[PartKey]) -> tuple[LinePart, ...]:
        """Return the views of these parts, in the order of the parts."""
        wanted = tuple_(PartRow.run_id, PartRow.number).in_([(key.run_id, key.part) for key in keys])
        with self._database.reading() as connection:
            return tuple(_part(row) for row in connection.execute(_parts(wanted)))

    def of_recipes(self, names: Sequence[str]) -> Iterator[LinePart]:
        """Yield the views of all parts of production that these recipes judged, the oldest first."""
        after = (0, 0)
        mine = and_(RunRow.recipe_name.in_(names), RunRow.kind == RunKind.PRODUCTION.value)
        while True:
            further = and_(mine, tuple_(PartRow.run_id, PartRow.number) > tuple_(*after))
            keys = select(PartRow.run_id, PartRow.number).join(RunRow, RunRow.run_id == PartRow.run_id).where(further)
            some = keys.order_by(PartRow.run_id, PartRow.number).limit(_AT_ONCE)
            with self._database.reading() as connection:
                found = [(row.run_id, row.number) for row in connection.execute(some)]
                if not found:
                    return
                between = tuple_(PartRow.run_id, PartRow.number).between(tuple_(*found[0]), tuple_(*found[-1]))
                rows = [_part(row) for row in connection.execute(_parts(and_(mine, between)))]
            yield from rows
            after = found[-1]

    def newest_word(self) -> int:
        """Return the number of the newest word on any part; 0 before the first."""
        with self._database.reading() as connection:
            return connection.execute(select(func.coalesce(func.max(DisputeRow.dispute_id), 0))).scalar_one()

    def words_after(self, number: int) -> tuple[tuple[int, PartKey], ...]:
        """Return number and part of each word that was said after the one with this number."""
        later = select(DisputeRow.dispute_id, DisputeRow.run_id, DisputeRow.number).where(
            DisputeRow.dispute_id > number
        )
        with self._database.reading() as connection:
            rows = connection.execute(later.order_by(DisputeRow.dispute_id))
            return tuple((row.dispute_id, PartKey(row.run_id, row.number)) for row in rows)


def _parts(condition: ColumnElement[bool]) -> Select[Any]:
    part, view, picture = PartRow, PartViewRow, PictureRow
    kept = (
        select(picture.path)
        .where(picture.run_id == view.run_id, picture.number == view.number, picture.view == view.view)
        .where(picture.role == "original")
        .exists()
    )
    by_person = [each.value for each in Disposition if each.by_person]
    newest = (
        select(func.max(DisputeRow.dispute_id))
        .where(DisputeRow.run_id == part.run_id, DisputeRow.number == part.number, DisputeRow.claim.in_(by_person))
        .correlate(part)
        .scalar_subquery()
    )
    said = select(DisputeRow.claim).where(DisputeRow.dispute_id == newest).correlate(part).scalar_subquery()
    columns: Any = select(
        part.run_id,
        part.number,
        RunRow.recipe_name,
        RunRow.recipe_revision,
        RunRow.kind,
        part.verdict,
        view.name,
        view.verdict.label("view_verdict"),
        view.pred_score,
        view.image_threshold,
        kept.label("kept"),
        said.label("said"),
    )
    same = and_(view.run_id == part.run_id, view.number == part.number)
    joined = columns.join(RunRow, RunRow.run_id == part.run_id).join(view, same)
    parts: Select[Any] = joined.where(condition).order_by(part.run_id, part.number, view.view)
    return parts


def _part(row: Row[Any]) -> LinePart:
    return LinePart(
        PartKey(row.run_id, row.number),
        (row.recipe_name, row.recipe_revision),
        row.name,
        Verdict(row.verdict),
        Verdict(row.view_verdict),
        row.pred_score,
        row.image_threshold,
        bool(row.kept),
        None if row.said is None else Disposition(row.said),
        row.kind == RunKind.PRODUCTION.value,
    )
