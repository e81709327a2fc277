"""The scores of the parts that some revisions of recipes judged, as arrays: no picture is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from station.domain.feedback import Disposition
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, UNLABELLED, LineParts, ScoredPictures
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.records.counted import IN_PRODUCTION
from station.storage.records.feedback import feedback_where
from station.storage.records.tables import PartRow, PartViewRow, RegionRow, RunRow

MOST_PARTS = 100_000
"""Of the newest parts; more do not move a limit."""
Revisions = Iterable[tuple[str, int]]
_SAME_PART = and_(PartViewRow.run_id == PartRow.run_id, PartViewRow.number == PartRow.number)
_WITHOUT_SCORE = or_(PartViewRow.pred_score.is_(None), PartViewRow.leaves_picture == 1)
"""What leaves its picture has a score if it fails; by other limits it would have no verdict."""


@dataclass(frozen=True, slots=True)
class ViewSought:
    """Which view of the parts is meant.

    Attributes:
        name: Its name.
        pixel_threshold: Where a place begins to be a region, to know how high a map without a region is at most.
        only: Whether a part has no other view. Else nobody said which view shows the defect of a part, and only parts
            that are good have a label.
    """

    name: str
    pixel_threshold: float
    only: bool = True


class ScoreRecords:
    """Reads what the records know of scores. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_line(self, revisions: Revisions, view: ViewSought, since: datetime, most: int = MOST_PARTS) -> LineParts:
        """Return the scores of the parts of production that these revisions judged, in the order of the parts.

        Args:
            revisions: Names and revisions of recipes whose view has the same model.
            view: The view.
            since: Parts triggered before are left out.
            most: Only the newest ones are read.
        """
        runs = _runs_of(revisions)
        judged = and_(runs, PartViewRow.name == view.name, PartRow.triggered_at >= since, IN_PRODUCTION)
        with self._database.reading() as connection:
            rows = _newest(connection, judged, most + 1)
            if not len(rows):
                return LineParts(not_inspected=_not_inspected(connection, judged))
            capped, rows = len(rows) > most, rows[-most:]
            taken = and_(judged, _from(rows[0])) if capped else judged
            labels = np.full(len(rows), UNLABELLED, np.uint8)
            for place, claim in zip(*_said(connection, runs, rows), strict=True):
                labels[place] = label_said(claim, passed=bool(rows[place, 3]), only_view=view.only)
            return LineParts(
                _scored(rows, _largest(connection, and_(taken, ~_WITHOUT_SCORE)), labels, view.pixel_threshold),
                _not_inspected(connection, taken),
                connection.execute(select(func.min(PartRow.triggered_at)).where(_is(rows[0]))).scalar_one(),
                capped,
            )


_Rows = NDArray[np.float64]
"""Run, number, score and whether it passed, one row for each part; whole numbers are exact up to 2**53."""


def _runs_of(revisions: Revisions) -> ColumnElement[bool]:
    runs = [and_(RunRow.recipe_name == name, RunRow.recipe_revision == revision) for name, revision in revisions]
    return PartRow.run_id.in_(select(RunRow.run_id).where(or_(*runs)))


def _newest(connection: Connection, judged: ColumnElement[bool], most: int) -> _Rows:
    columns = (PartViewRow.run_id, PartViewRow.number, PartViewRow.pred_score, PartViewRow.verdict == Verdict.PASS)
    rows = select(*columns).join(PartRow, _SAME_PART).where(judged, ~_WITHOUT_SCORE)
    newest_first = rows.order_by(PartViewRow.run_id.desc(), PartViewRow.number.desc()).limit(most)
    found = np.array([tuple(row) for row in connection.execute(newest_first)], np.float64)
    return found.reshape(-1, 4)[::-1]


def _not_inspected(connection: Connection, judged: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(PartViewRow).join(PartRow, _SAME_PART)
    return connection.execute(counted.where(judged, _WITHOUT_SCORE)).scalar_one()


def _largest(connection: Connection, between: ColumnElement[bool]) -> _Rows:
    """Return run, number, the largest area and the highest score of the regions of each part that has one, (m, 4)."""
    same_view = and_(
        RegionRow.run_id == PartViewRow.run_id,
        RegionRow.number == PartViewRow.number,
        RegionRow.view == PartViewRow.view,
    )
    key = (RegionRow.run_id, RegionRow.number)
    rows = select(*key, func.max(RegionRow.area_px), func.max(RegionRow.score)).join(PartViewRow, same_view)
    grouped = rows.join(PartRow, _SAME_PART).where(between).group_by(*key)
    return np.array([tuple(row) for row in connection.execute(grouped)], np.float64).reshape(-1, 4)


def _said(connection: Connection, runs: ColumnElement[bool], rows: _Rows) -> tuple[NDArray[np.intp], list[Disposition]]:
    """Return of which rows a person said something, and what was said last of each."""
    last = {
        each.key: each.claim for each in feedback_where(connection, and_(runs, _from(rows[0]))) if each.claim.by_person
    }
    keys = np.array([(key.run_id, key.part) for key in last], np.int64).reshape(-1, 2)
    there = np.isin(_as_one(keys), _as_one(rows[:, :2].astype(np.int64)))
    said = [claim for claim, has_score in zip(last.values(), there, strict=True) if has_score]
    return _places_of(rows[:, :2].astype(np.int64), keys[there]), said


def _scored(rows: _Rows, largest: _Rows, labels: NDArray[np.uint8], pixel_threshold: float) -> ScoredPictures:
    keys, scores = rows[:, :2].astype(np.int64), np.ascontiguousarray(rows[:, 2])
    highest, areas = np.minimum(scores, pixel_threshold), np.zeros(len(rows), np.int64)
    places = _places_of(keys, largest[:, :2].astype(np.int64))
    areas[places], highest[places] = largest[:, 2].astype(np.int64), largest[:, 3]
    return ScoredPictures(scores, highest, areas, labels, keys)


def label_said(claim: Disposition, *, passed: bool, only_view: bool) -> int:
    """Return GOOD, DEFECT or UNLABELLED: what a person's last word on a part says of one view of it.

    Args:
        claim: The word.
        passed: Whether the line passed the part.
        only_view: Whether the part has no other view, see `ViewSought`.
    """
    if claim is Disposition.GOOD_PART or (claim is Disposition.CONFIRMED and passed):
        return GOOD
    return DEFECT if only_view else UNLABELLED


def _places_of(keys: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the row of each wanted key; `keys` are sorted, and hold all that are wanted."""
    return np.searchsorted(_as_one(keys), _as_one(wanted))


def _as_one(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return run and number as one integer; a shift has fewer than 2**31 parts."""
    return (keys[:, 0] << 31) | keys[:, 1]


def _is(row: _Rows) -> ColumnElement[bool]:
    return and_(PartRow.run_id == int(row[0]), PartRow.number == int(row[1]))


def _from(row: _Rows) -> ColumnElement[bool]:
    run, number = int(row[0]), int(row[1])
    return or_(PartRow.run_id > run, and_(PartRow.run_id == run, PartRow.number >= number))
