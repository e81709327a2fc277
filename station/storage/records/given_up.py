"""Pictures that are given up to make room. The record of the part stays, and says what was given up and why."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import inf
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, not_, select, tuple_

from station.domain.disk import DiskState
from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.pictures.encoding import Role
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.holds import IS_HELD, Holds
from station.storage.records.tables import DisputeRow, GivenUpPictureRow, PartRow, PictureRow

_AT_ONCE = 100
_LEFT_BY_A_CRASH = 2 * _AT_ONCE
_FORECAST_FROM = timedelta(days=7)
_LEAST_PART_OF_A_DAY = 1 / 24

_SAME_PART = and_(PictureRow.run_id == PartRow.run_id, PictureRow.number == PartRow.number)
_BY_PERSON = [claim.value for claim in Disposition if claim.by_person]
_SPOKEN_OF = (
    select(DisputeRow.dispute_id)
    .where(DisputeRow.run_id == PartRow.run_id, DisputeRow.number == PartRow.number, DisputeRow.claim.in_(_BY_PERSON))
    .exists()
)
_PASSED = and_(PartRow.verdict == Verdict.PASS.value, not_(_SPOKEN_OF))
_MAY_GO = and_(_PASSED, not_(IS_HELD))
"""A picture of worth is one of a part that did not pass, or that a person spoke of or put on hold."""


class Worth(Enum):
    """What goes first among the pictures of parts that passed."""

    WHOLE = (Role.ORIGINAL, Role.MAP)
    SMALL = (Role.THUMBNAIL,)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Some pictures that were given up.

    Attributes:
        sizes: Bytes of each; empty if nothing is left to give up.
        last: The last of their parts; None without any.
    """

    sizes: tuple[int, ...] = ()
    last: PartKey | None = None

    @property
    def size(self) -> int:
        """Return the bytes of all of them."""
        return sum(self.sizes)


class GivenUpPictures:
    """Gives up pictures of parts that passed, oldest first. Any thread may; one at a time."""

    def __init__(self, database: Database, pictures: PictureStore) -> None:
        self._database = database
        self._pictures = pictures

    def give_up(
        self, worth: Worth, why: str, at: datetime, after: PartKey, *, most: float = inf, before: datetime | None = None
    ) -> GivenUp:
        """Give up the oldest pictures: first their rows say so, in one transaction, then the files go.

        Args:
            worth: Which ones.
            why: Recorded with each.
            at: Recorded with each, UTC.
            after: Parts up to this one have none left.
            most: Bytes; the picture that exceeds them is the last.
            before: Only of parts that were triggered before this time.

        Raises:
            StorageError: The disk refused. The pictures are as they were.
        """
        old = [] if before is None else [PartRow.triggered_at < before]
        further = tuple_(PictureRow.run_id, PictureRow.number) > tuple_(after.run_id, after.part)
        chosen = select(PictureRow).join(PartRow, _SAME_PART).where(_MAY_GO, _of(worth), further, *old)
        in_order = PictureRow.run_id, PictureRow.number, PictureRow.view, PictureRow.role.desc()
        chosen = chosen.order_by(*in_order).limit(_AT_ONCE)
        with self._database.reading() as connection:  # may look at millions of rows, for which no record waits
            found = _within(connection.execute(chosen), most)
        if not found:
            return GivenUp()
        first, last = (tuple_(row.run_id, row.number) for row in (found[0], found[-1]))
        key = tuple_(PictureRow.run_id, PictureRow.number)
        still = chosen.where(key >= first, key <= last)
        with self._database.writing() as connection:
            rows = _within(connection.execute(still), most)
            if not rows:
                return GivenUp()
            connection.execute(insert(GivenUpPictureRow), [{**row._mapping, "why": why, "at": at} for row in rows])
            connection.execute(delete(PictureRow).where(PictureRow.path.in_([row.path for row in rows])))
        self._remove(row.path for row in rows)
        return GivenUp(tuple(row.size for row in rows), PartKey(rows[-1].run_id, rows[-1].number))

    def remove_what_a_crash_left(self) -> None:
        """Remove the files of the pictures that were given up last: the rows came first."""
        newest = select(GivenUpPictureRow.path).order_by(GivenUpPictureRow.at.desc()).limit(_LEFT_BY_A_CRASH)
        with self._database.reading() as connection:
            paths = connection.execute(newest).scalars().all()
        self._remove(paths)

    def of_part(self, key: PartKey) -> dict[Role, str]:
        """Return which pictures of a part were given up, and why."""
        mine = and_(GivenUpPictureRow.run_id == key.run_id, GivenUpPictureRow.number == key.part)
        with self._database.reading() as connection:
            rows = connection.execute(select(GivenUpPictureRow.role, GivenUpPictureRow.why).where(mine))
            return {Role(row.role): row.why for row in rows}

    def last_release(self) -> int:
        """Return the number of the newest release of a part from hold: pictures before it may be given up again."""
        return Holds(self._database).last_release()

    def held_back(self) -> int:
        """Return of how many parts pictures are kept for nothing but their hold."""
        parts = (
            select(func.count())
            .select_from(PartRow)
            .where(_PASSED, IS_HELD, select(PictureRow.path).where(_SAME_PART).exists())
        )
        with self._database.reading() as connection:
            return connection.execute(parts).scalar_one()

    def size(self) -> int:
        """Return the bytes of all recorded pictures."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.sum(PictureRow.size), 0))).scalar_one())

    def state(self, free: int, total: int, now: datetime) -> DiskState:
        """Return how the disk is used, and how fast it fills with pictures that are never given up."""
        sizes = select(func.coalesce(func.sum(PictureRow.size), 0)).join(PartRow, _SAME_PART).where(not_(_MAY_GO))
        lately = and_(PartRow.triggered_at >= now - _FORECAST_FROM, PartRow.triggered_at <= now)
        with self._database.reading() as connection:
            kept = int(connection.execute(sizes).scalar_one())  # a server sums exactly, as a decimal number
            of_late = int(connection.execute(sizes.where(lately)).scalar_one())
            first = connection.execute(select(func.min(PartRow.triggered_at)).where(lately)).scalar_one()
            given_up = connection.execute(select(func.count()).select_from(GivenUpPictureRow)).scalar_one()
        days = None if first is None else max(_LEAST_PART_OF_A_DAY, (now - first) / timedelta(days=1))
        return DiskState(free, total, self.size(), kept, None if days is None else of_late / days, given_up)

    def _remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            with suppress(OSError):
                (self._pictures.folder / path).unlink(missing_ok=True)


def _within(rows: Iterable[Row[Any]], most: float) -> list[Row[Any]]:
    """Return the first rows until their pictures have this size together."""
    chosen, size = [], 0
    for row in rows:
        if size >= most:
            break
        chosen.append(row)
        size += row.size
    return chosen


def _of(worth: Worth) -> ColumnElement[bool]:
    return PictureRow.role.in_([role.value for role in worth.value])
