"""Candidates in the database: what they made of recorded parts, since when they judge, and who promoted one."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, insert, select, tuple_

from station.domain.candidate import CandidateResult, Disagreement, Gate, Outcome, ShadowFigures
from station.domain.inspection import PartKey, RunKind
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.learning.candidate_tables import CandidatePartRow, PromotionRow, ShadowStepRow
from station.storage.records.tables import PartRow, PartViewRow, RunRow

_SAME_PART = and_(CandidatePartRow.run_id == PartRow.run_id, CandidatePartRow.number == PartRow.number)
_PARTS = func.count().label("parts")
_STARTED, _STOPPED = "started", "stopped"


@dataclass(frozen=True, slots=True)
class ShadowStep:
    """A candidate that judges beside the line: which, since when, and who wanted it."""

    name: str
    revision: int
    since: datetime
    person: str


class Candidates:
    """The records of all candidates. Any thread or program may read while one writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, name: str, revision: int, person: str, at: datetime) -> None:
        """Record that this draft judges beside the line from now on, instead of any other.

        Raises:
            StorageError: The disk refused it.
        """
        self._add_step(name, revision, _STARTED, person, at)

    def stop(self, name: str, revision: int, person: str, at: datetime) -> None:
        """Record that this draft does not judge any more.

        Raises:
            StorageError: The disk refused it.
        """
        self._add_step(name, revision, _STOPPED, person, at)

    def current(self) -> ShadowStep | None:
        """Return the candidate that judges beside the line; None if there is none."""
        newest = select(ShadowStepRow).order_by(ShadowStepRow.step.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(newest).first()
        if row is None or row.step_kind != _STARTED:
            return None
        return ShadowStep(row.name, row.revision, row.at, row.person)

    def add_results(self, name: str, revision: int, results: Sequence[CandidateResult]) -> None:
        """Record what a candidate made of parts, all in one transaction.

        Raises:
            sqlalchemy.exc.IntegrityError: A part has a result by this candidate already, or has no record.
            StorageError: The disk refused it.
        """
        if not results:
            return
        rows = [
            {
                "name": name,
                "revision": revision,
                "run_id": each.key.run_id,
                "number": each.key.part,
                "outcome": each.outcome.value,
                "verdict": each.verdict,
                "pred_score": each.pred_score,
            }
            for each in results
        ]
        with self._database.writing() as connection:
            connection.execute(insert(CandidatePartRow), rows)

    def last_result(self, name: str, revision: int) -> PartKey | None:
        """Return the last part that has a result by this candidate; None before the first."""
        mine = select(CandidatePartRow.run_id, CandidatePartRow.number).where(_by(name, revision))
        newest = mine.order_by(CandidatePartRow.run_id.desc(), CandidatePartRow.number.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(newest).first()
        return None if row is None else PartKey(*row)

    def waiting(self, name: str, revision: int, since: datetime, after: PartKey | None) -> tuple[PartKey, ...]:
        """Return the parts of production that another revision of the recipe judged, in their order.

        Args:
            name: The recipe.
            revision: The candidate; parts that it judged on the line itself are left out.
            since: Only parts triggered at or after this time.
            after: Only parts behind this one; None for no limit.
        """
        of_others = select(RunRow.run_id).where(
            RunRow.recipe_name == name, RunRow.recipe_revision != revision, RunRow.kind == RunKind.PRODUCTION.value
        )
        wanted = and_(PartRow.triggered_at >= since, PartRow.run_id.in_(of_others))
        if after is not None:
            wanted = and_(wanted, tuple_(PartRow.run_id, PartRow.number) > tuple_(after.run_id, after.part))
        keys = select(PartRow.run_id, PartRow.number).where(wanted).order_by(PartRow.run_id, PartRow.number)
        with self._database.reading() as connection:
            return tuple(PartKey(*row) for row in connection.execute(keys))

    def figures(self, name: str, revision: int) -> ShadowFigures:
        """Count the parts of a candidate by what became of them."""
        groups = (
            select(CandidatePartRow.outcome, PartRow.verdict.label("champion"), CandidatePartRow.verdict, _PARTS)
            .join(PartRow, _SAME_PART)
            .where(_by(name, revision))
            .group_by(CandidatePartRow.outcome, PartRow.verdict, CandidatePartRow.verdict)
        )
        with self._database.reading() as connection:
            counted = connection.execute(groups).all()
        judged = [row for row in counted if row.outcome == Outcome.JUDGED]

        def parts(outcome: Outcome) -> int:
            return sum(row.parts for row in counted if row.outcome == outcome)

        return ShadowFigures(
            judged=parts(Outcome.JUDGED),
            agree=sum(row.parts for row in judged if row.champion == row.verdict),
            only_candidate_rejects=sum(
                row.parts for row in judged if row.champion == Verdict.PASS and row.verdict != Verdict.PASS
            ),
            only_champion_rejects=sum(
                row.parts for row in judged if row.champion != Verdict.PASS and row.verdict == Verdict.PASS
            ),
            dropped=parts(Outcome.DROPPED),
            without_picture=parts(Outcome.NO_PICTURE),
            failed=parts(Outcome.FAILED),
        )

    def disagreements(
        self, name: str, revision: int, most: int, *, candidate_passes: bool = False
    ) -> tuple[Disagreement, ...]:
        """Return parts that champion and candidate judge differently, newest first.

        Args:
            name: The recipe.
            revision: The candidate.
            most: How many at most.
            candidate_passes: Only those that the candidate passes.
        """
        wanted = and_(_by(name, revision), CandidatePartRow.verdict != PartRow.verdict)
        if candidate_passes:
            wanted = and_(wanted, CandidatePartRow.verdict == Verdict.PASS)
        same_views = and_(PartViewRow.run_id == PartRow.run_id, PartViewRow.number == PartRow.number)
        score = select(func.max(PartViewRow.pred_score)).where(same_views).correlate(PartRow).scalar_subquery()
        newest = (
            select(PartRow.run_id, PartRow.number, PartRow.verdict, score, CandidatePartRow.verdict,
                   CandidatePartRow.pred_score)
            .join(PartRow, _SAME_PART)
            .select_from(CandidatePartRow)
            .where(wanted)
            .order_by(PartRow.run_id.desc(), PartRow.number.desc())
            .limit(most)
        )  # fmt: skip
        with self._database.reading() as connection:
            return tuple(
                Disagreement(PartKey(run_id, number), Verdict(champion), champion_score, Verdict(candidate), own_score)
                for run_id, number, champion, champion_score, candidate, own_score in connection.execute(newest)
            )

    def add_promotion(
        self, name: str, revision: int, champion: int | None, gate: Gate, person: str, reason: str, at: datetime
    ) -> None:
        """Record who promoted a candidate, why, and by which figures.

        Raises:
            StorageError: The disk refused it.
        """
        values = {
            "name": name,
            "revision": revision,
            "champion_revision": champion,
            "person": person,
            "reason": reason,
            "gate": json.dumps(asdict(gate), ensure_ascii=False, sort_keys=True),
            "at": at,
        }
        with self._database.writing() as connection:
            connection.execute(insert(PromotionRow), values)

    def _add_step(self, name: str, revision: int, kind: str, person: str, at: datetime) -> None:
        values = {"name": name, "revision": revision, "step_kind": kind, "person": person, "at": at}
        with self._database.writing() as connection:
            connection.execute(insert(ShadowStepRow), values)


def _by(name: str, revision: int) -> ColumnElement[bool]:
    return and_(CandidatePartRow.name == name, CandidatePartRow.revision == revision)
