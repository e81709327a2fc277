"""The scores that a re-score found, as arrays: parts of production that the line judged by another model."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from station.domain.inspection import PartKey
from station.domain.limit_bench.scored_pictures import UNLABELLED, LineParts, scored
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.learning.rescore_tables import RescoredViewRow, RescoreJobRow
from station.storage.records.counted import IN_PRODUCTION
from station.storage.records.feedback import feedback_where
from station.storage.records.scores import MOST_PARTS, ViewSought, label_said
from station.storage.records.tables import PartRow, RunRow

_SAME_PART = and_(RescoredViewRow.run_id == PartRow.run_id, RescoredViewRow.number == PartRow.number)

_COLUMNS = (
    RescoredViewRow.run_id,
    RescoredViewRow.number,
    RescoredViewRow.pred_score,
    RescoredViewRow.highest,
    RescoredViewRow.largest_px,
    PartRow.verdict,
    PartRow.triggered_at,
)


class RescoredScores:
    """Reads what the re-scores know of scores. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_line(
        self, revisions: Collection[tuple[str, int]], view: ViewSought, since: datetime, most: int = MOST_PARTS
    ) -> LineParts:
        """Return the scores by these revisions of the parts that others judged on the line, in the order of the parts.

        Args:
            revisions: Names and revisions of recipes whose view gives the same scores.
            view: The view.
            since: Parts triggered before are left out.
            most: Only the newest ones are read.
        """
        jobs = select(RescoreJobRow.job_id).where(
            or_(*(and_(RescoreJobRow.name == name, RescoreJobRow.revision == at) for name, at in revisions))
        )
        own = select(RunRow.run_id).where(
            or_(*(and_(RunRow.recipe_name == name, RunRow.recipe_revision == at) for name, at in revisions))
        )
        wanted = and_(
            RescoredViewRow.job_id.in_(jobs),
            RescoredViewRow.name == view.name,
            RescoredViewRow.run_id.not_in(own),
            PartRow.triggered_at >= since,
            IN_PRODUCTION,
        )
        newest = select(*_COLUMNS).join(PartRow, _SAME_PART).where(wanted)
        newest = newest.order_by(
            RescoredViewRow.run_id.desc(), RescoredViewRow.number.desc(), RescoredViewRow.job_id.desc()
        ).limit(most + 1)
        with self._database.reading() as connection:
            rows = {(row.run_id, row.number): row for row in reversed(connection.execute(newest).all())}
            if not rows:
                return LineParts()
            passed = {PartKey(*key) for key, row in rows.items() if row.verdict == Verdict.PASS}
            labels = _labels(connection, PartRow.run_id.in_({run for run, _ in rows}), passed, only_view=view.only)
        capped = len(rows) > most
        kept = list(rows.values())[-most:]
        keys = [(row.run_id, row.number) for row in kept]
        pictures = scored(
            [row.pred_score for row in kept],
            [row.highest for row in kept],
            [row.largest_px for row in kept],
            [labels.get(PartKey(*key), UNLABELLED) for key in keys],
            keys,
        )
        return LineParts(pictures, since=kept[0].triggered_at, capped=capped)


def _labels(
    connection: Connection, parts: ColumnElement[bool], passed: Collection[PartKey], *, only_view: bool
) -> dict[PartKey, int]:
    """Return what people said last of these parts, as labels."""
    return {
        each.key: label_said(each.claim, passed=each.key in passed, only_view=only_view)
        for each in feedback_where(connection, parts)
        if each.claim.by_person
    }
