"""Re-scores in the database: which stored parts wait, what both revisions say of the others, and what would change."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, tuple_, union_all

from station.domain.inspection import PartKey, RunKind
from station.domain.rescore import (
    LeftPart,
    PartToJudge,
    RescoredFlip,
    RescoredPart,
    RescoreFigures,
    RescoreJob,
    Said,
)
from station.domain.shift import StoredPicture
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.learning.rescore_tables import RescoredPartRow, RescoredViewRow, RescoreJobRow
from station.storage.records.tables import GivenUpPictureRow, PartRow, PartViewRow, PictureRow, RunRow

_ORIGINAL = "original"
_AT_ONCE = 500
_Item = TypeVar("_Item")
_Row = Row[*tuple[Any, ...]]
_FIRST = PartKey(0, 0)
_SAME_PART = and_(RescoredPartRow.run_id == PartRow.run_id, RescoredPartRow.number == PartRow.number)
_SAID = (
    RescoredPartRow.run_id,
    RescoredPartRow.number,
    RescoredPartRow.verdict_before,
    RescoredPartRow.score_before,
    RescoredPartRow.verdict_after,
    RescoredPartRow.score_after,
    RescoredPartRow.cause,
)


class Rescored:
    """The records of one archive: the parts of production that a recipe judged since a time. Safe from any thread."""

    def __init__(self, database: Database, *, kept_elsewhere: bool = False) -> None:
        """Read from this database.

        Args:
            database: The records.
            kept_elsewhere: The pictures are read from another place, which may have those that the station gave up.
        """
        self._database = database
        self._kept_elsewhere = kept_elsewhere

    def begin(
        self, recipe: tuple[str, int], against: tuple[str, int], environment: str, person: str, at: datetime
    ) -> tuple[RescoreJob, bool]:
        """Return the re-score of these revisions by these versions, and whether it is new.

        Args:
            recipe: Name and revision that judges.
            against: Name and revision that it is compared with.
            environment: The versions that judge.
            person: Who wants it.
            at: When, UTC.

        Raises:
            StorageError: The disk refused it.
        """
        values = {
            "name": recipe[0],
            "revision": recipe[1],
            "against_name": against[0],
            "against_revision": against[1],
            "environment": environment,
        }
        same = and_(*(getattr(RescoreJobRow, column) == value for column, value in values.items()))
        with self._database.writing() as connection:
            found = connection.execute(select(RescoreJobRow.job_id).where(same)).scalar()
            if found is None:
                row = insert(RescoreJobRow).values(**values, person=person, started_at=at)
                made = connection.execute(row.returning(RescoreJobRow.job_id)).scalar_one()
                return RescoreJob(made, *recipe, *against, environment), True
        return RescoreJob(found, *recipe, *against, environment), False

    def waiting(self, job: RescoreJob, since: datetime) -> int:
        """Return how many stored parts are still to be judged; those with a cause are tried again."""
        counted = select(func.count()).select_from(PartRow).where(self._waits(job, since))
        with self._database.reading() as connection:
            return connection.execute(counted).scalar_one()

    def to_judge(self, job: RescoreJob, since: datetime) -> Iterator[PartToJudge]:
        """Yield the stored parts that are still to be judged, in their order; results may be added meanwhile."""
        after = _FIRST
        while page := self._page(job, since, after):
            yield from page
            after = page[-1].key

    def add(self, job: RescoreJob, parts: Sequence[RescoredPart]) -> None:
        """Record results, all in one transaction; what was recorded of a part before gives way.

        Raises:
            StorageError: The disk refused it.
        """
        keys = [{"job_id": job.job_id, "run_id": each.key.run_id, "number": each.key.part} for each in parts]
        views = [
            key | {"name": view.name, "pred_score": view.pred_score, "highest": view.highest,
                   "largest_px": view.largest_px}
            for key, part in zip(keys, parts, strict=True)
            for view in part.views
        ]  # fmt: skip
        with self._database.writing() as connection:
            for table in (RescoredViewRow, RescoredPartRow):
                for some in _in_steps([(each.key.run_id, each.key.part) for each in parts]):
                    same = tuple_(table.run_id, table.number).in_(some)
                    connection.execute(delete(table).where(table.job_id == job.job_id, same))
            if parts:
                rows = [key | _values(part) for key, part in zip(keys, parts, strict=True)]
                connection.execute(insert(RescoredPartRow), rows)
            if views:
                connection.execute(insert(RescoredViewRow), views)

    def figures(self, job: RescoreJob, since: datetime) -> RescoreFigures:
        """Count the parts since a time by what became of them."""
        kinds = (RescoredPartRow.verdict_before, RescoredPartRow.verdict_after, RescoredPartRow.cause != "")
        groups = (
            select(*kinds[:2], kinds[2].label("failed"), func.count().label("parts"))
            .join(PartRow, _SAME_PART)
            .where(RescoredPartRow.job_id == job.job_id, PartRow.triggered_at >= since)
            .group_by(*kinds)
        )
        with self._database.reading() as connection:
            rows = connection.execute(groups).all()
            left_out = self._left_out(connection, job, since)
        judged = {(Verdict(row[0]), Verdict(row[1])): row.parts for row in rows if not row.failed}
        failed = sum(row.parts for row in rows if row.failed)
        turns = [turn for turn in judged if turn[0] is not turn[1]]
        turns.sort(key=lambda each: (each[1].severity, -each[0].severity))
        return RescoreFigures(
            judged=sum(judged.values()),
            turns={turn: judged[turn] for turn in turns},
            not_judged=failed,
            waiting=max(0, self.waiting(job, since) - failed),
            left_out=left_out,
        )

    def flips(self, job: RescoreJob, since: datetime) -> Iterator[RescoredFlip]:
        """Yield every part that gets another verdict, in their order."""
        differ = and_(RescoredPartRow.cause == "", RescoredPartRow.verdict_before != RescoredPartRow.verdict_after)
        for key, row, pictures in self._listed(job, since, differ):
            before = Said(Verdict(row.verdict_before), row.score_before)
            yield RescoredFlip(key, before, Said(Verdict(row.verdict_after), row.score_after), pictures)

    def not_judged(self, job: RescoreJob, since: datetime) -> Iterator[LeftPart]:
        """Yield every part that could not be judged, in their order."""
        for key, row, pictures in self._listed(job, since, RescoredPartRow.cause != ""):
            yield LeftPart(key, row.cause, pictures)

    def _page(self, job: RescoreJob, since: datetime, after: PartKey) -> list[PartToJudge]:
        behind = or_(PartRow.run_id > after.run_id, and_(PartRow.run_id == after.run_id, PartRow.number > after.part))
        parts = (
            select(PartRow.run_id, PartRow.number, PartRow.triggered_at, RunRow.recipe_name, RunRow.recipe_revision)
            .join(RunRow, RunRow.run_id == PartRow.run_id)
            .where(behind, self._waits(job, since))
            .order_by(PartRow.run_id, PartRow.number)
            .limit(_AT_ONCE)
        )
        against = job.against_name, job.against_revision
        with self._database.reading() as connection:
            rows = connection.execute(parts).all()
            views = self._views(connection, [(row.run_id, row.number) for row in rows])
        return [
            _to_judge(row, views[row.run_id, row.number], recorded=(row.recipe_name, row.recipe_revision) == against)
            for row in rows
        ]

    def _views(self, connection: Connection, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[_Row]]:
        """Return name, verdict, score and original of each view of these parts, by part."""
        if not keys:
            return {}
        columns = (PartViewRow.run_id, PartViewRow.number, PartViewRow.view, PartViewRow.name, PartViewRow.verdict,
                   PartViewRow.pred_score)  # fmt: skip
        found = union_all(
            *(
                select(*columns, table.path, table.sha256, table.size)
                .join(
                    table,
                    and_(
                        table.run_id == PartViewRow.run_id,
                        table.number == PartViewRow.number,
                        table.view == PartViewRow.view,
                    ),
                )
                .where(table.role == _ORIGINAL, tuple_(PartViewRow.run_id, PartViewRow.number).in_(keys))
                for table in self._tables
            )
        ).subquery()
        rows = connection.execute(select(found).order_by(found.c.run_id, found.c.number, found.c.view))
        return {key: list(some) for key, some in groupby(rows, key=lambda row: (row.run_id, row.number))}

    def _listed(
        self, job: RescoreJob, since: datetime, wanted: ColumnElement[bool]
    ) -> Iterator[tuple[PartKey, _Row, tuple[str, ...]]]:
        rows = (
            select(*_SAID)
            .join(PartRow, _SAME_PART)
            .where(RescoredPartRow.job_id == job.job_id, PartRow.triggered_at >= since, wanted)
            .order_by(RescoredPartRow.run_id, RescoredPartRow.number)
        )
        with self._database.reading() as connection:
            found = connection.execute(rows).all()
        for some in _in_steps(found):
            with self._database.reading() as connection:
                views = self._views(connection, [(row.run_id, row.number) for row in some])
            for row in some:
                pictures = tuple(view.path for view in views.get((row.run_id, row.number), ()))
                yield PartKey(row.run_id, row.number), row, pictures

    def _left_out(self, connection: Connection, job: RescoreJob, since: datetime) -> dict[str, int]:
        inspected = PartRow.verdict != Verdict.NOT_INSPECTED
        counts = select(func.count()).select_from(PartRow).where(_of_archive(job, since))
        found = {
            "not inspected": connection.execute(counts.where(~inspected)).scalar_one(),
            "not kept": connection.execute(counts.where(inspected, ~self._whole())).scalar_one(),
        }
        return {why: count for why, count in found.items() if count}

    def _waits(self, job: RescoreJob, since: datetime) -> ColumnElement[bool]:
        done = select(RescoredPartRow.number).where(
            _SAME_PART, RescoredPartRow.job_id == job.job_id, RescoredPartRow.cause == ""
        )
        return and_(_of_archive(job, since), PartRow.verdict != Verdict.NOT_INSPECTED, self._whole(), ~done.exists())

    def _whole(self) -> ColumnElement[bool]:
        """Whether the original of every view was kept."""
        views = select(func.count()).where(PartViewRow.run_id == PartRow.run_id, PartViewRow.number == PartRow.number)
        kept = [
            select(func.count())
            .where(table.run_id == PartRow.run_id, table.number == PartRow.number, table.role == _ORIGINAL)
            .correlate(PartRow)
            .scalar_subquery()
            for table in self._tables
        ]
        whole: ColumnElement[bool] = views.correlate(PartRow).scalar_subquery() == sum(kept[1:], kept[0])
        return whole

    @property
    def _tables(self) -> tuple[type[PictureRow | GivenUpPictureRow], ...]:
        return (PictureRow, GivenUpPictureRow) if self._kept_elsewhere else (PictureRow,)


def _of_archive(job: RescoreJob, since: datetime) -> ColumnElement[bool]:
    runs = select(RunRow.run_id).where(RunRow.recipe_name == job.against_name, RunRow.kind == RunKind.PRODUCTION.value)
    return and_(PartRow.run_id.in_(runs), PartRow.triggered_at >= since)


def _to_judge(row: _Row, views: Sequence[_Row], *, recorded: bool) -> PartToJudge:
    deciding = max(views, key=lambda view: (Verdict(view.verdict).severity, view.pred_score or 0.0))
    return PartToJudge(
        PartKey(row.run_id, row.number),
        row.triggered_at,
        Said(Verdict(deciding.verdict), deciding.pred_score) if recorded else None,
        tuple((view.name, StoredPicture(view.path, view.sha256, view.size)) for view in views),
    )


def _values(part: RescoredPart) -> dict[str, object]:
    before, after = part.before, part.after
    return {
        "verdict_before": before and before.verdict.value,
        "score_before": before and before.pred_score,
        "verdict_after": after and after.verdict.value,
        "score_after": after and after.pred_score,
        "cause": part.cause,
    }


def _in_steps(items: Sequence[_Item]) -> Iterable[Sequence[_Item]]:
    return (items[begin : begin + _AT_ONCE] for begin in range(0, len(items), _AT_ONCE))
