"""Candidates in the database: what they made of recorded parts, since when they judge, and who promoted one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, tuple_

from station.domain.candidate import CandidateResult, Disagreement, Gate, Outcome, Promotion, ShadowFigures
from station.domain.inspection import PartKey, RunKind
from station.domain.recipe import RecipeEntry
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.learning.candidate_tables import CandidatePartRow, ShadowStepRow
from station.storage.learning.promotions import add_promotion, promotions_of
from station.storage.records.tables import PartRow, PartViewRow, RunRow

_SAME_PART = and_(CandidatePartRow.run_id == PartRow.run_id, CandidatePartRow.number == PartRow.number)
_PARTS = func.count().label("parts")
_KEYS_AT_ONCE = 500
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

    def start(self, step: ShadowStep) -> None:
        """Record that a draft judges beside the line from now on, instead of any other.

        Raises:
            StorageError: The disk refused it.
        """
        self._add_step(step.name, step.revision, _STARTED, step.person, step.since)

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

    def add_results(self, name: str, revision: int, results: Sequence[CandidateResult]) -> tuple[CandidateResult, ...]:
        """Record what a candidate makes of parts, all in one transaction.

        A part that this candidate has judged keeps that result; what it had no time or no picture for gives way.

        Returns:
            The results of parts that are not recorded yet; they were left out.

        Raises:
            StorageError: The disk refused it.
        """
        keys = [(each.key.run_id, each.key.part) for each in results]
        with self._database.writing() as connection:
            recorded = _keys_among(connection, PartRow, keys)
            own = _by(name, revision)
            done = _keys_among(connection, CandidatePartRow, keys, own, CandidatePartRow.outcome == Outcome.JUDGED)
            for begin in range(0, len(keys), _KEYS_AT_ONCE):
                same = tuple_(CandidatePartRow.run_id, CandidatePartRow.number).in_(keys[begin : begin + _KEYS_AT_ONCE])
                left = CandidatePartRow.outcome != Outcome.JUDGED
                connection.execute(delete(CandidatePartRow).where(own, same, left))
            rows = [
                _row(name, revision, each)
                for key, each in zip(keys, results, strict=True)
                if key in recorded and key not in done
            ]
            if rows:
                connection.execute(insert(CandidatePartRow), rows)
        return tuple(each for key, each in zip(keys, results, strict=True) if key not in recorded)

    def waiting(self, name: str, revision: int, since: datetime) -> tuple[PartKey, ...]:
        """Return the parts of production that another revision of the recipe judged and this one did not, in order.

        Args:
            name: The recipe.
            revision: The candidate.
            since: Only parts triggered at or after this time.
        """
        of_others = select(RunRow.run_id).where(
            RunRow.recipe_name == name, RunRow.recipe_revision != revision, RunRow.kind == RunKind.PRODUCTION.value
        )
        done = select(CandidatePartRow.number).where(_SAME_PART, _by(name, revision)).exists()
        wanted = and_(PartRow.triggered_at >= since, PartRow.run_id.in_(of_others), ~done)
        keys = select(PartRow.run_id, PartRow.number).where(wanted).order_by(PartRow.run_id, PartRow.number)
        with self._database.reading() as connection:
            return tuple(PartKey(*row) for row in connection.execute(keys))

    def untried(self, name: str, revision: int, keys: Sequence[PartKey]) -> tuple[PartKey, ...]:
        """Return those of some parts of production that this revision has judged neither on the line nor as a trial."""
        own = select(RunRow.run_id).where(
            or_(
                and_(RunRow.recipe_name == name, RunRow.recipe_revision == revision),
                RunRow.kind != RunKind.PRODUCTION.value,
            )
        )
        wanted = [(key.run_id, key.part) for key in keys]
        with self._database.reading() as connection:
            there = _keys_among(connection, PartRow, wanted, PartRow.run_id.not_in(own))
            done = _keys_among(connection, CandidatePartRow, wanted, _by(name, revision))
        return tuple(PartKey(*each) for each in wanted if each in there and each not in done)

    def figures(self, name: str, revision: int, champion: int | None = None) -> ShadowFigures:
        """Count the parts of a candidate by what became of them.

        Args:
            name: The recipe.
            revision: The candidate.
            champion: Only parts that this revision judged; None for those of every revision.
        """
        wanted = _by(name, revision)
        if champion is not None:
            of_champion = select(RunRow.run_id).where(RunRow.recipe_name == name, RunRow.recipe_revision == champion)
            wanted = and_(wanted, CandidatePartRow.run_id.in_(of_champion))
        groups = (
            select(CandidatePartRow.outcome, PartRow.verdict.label("champion"), CandidatePartRow.verdict, _PARTS)
            .join(PartRow, _SAME_PART)
            .where(wanted)
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

    def note_promotion(self, champion: int | None, entry: RecipeEntry, gate: Gate) -> None:
        """Record what was seen of a candidate that is released now; see `add_promotion`.

        Raises:
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            add_promotion(connection, champion, (entry.recipe.name, entry.recipe.revision), gate, entry.change)

    def promotions(self, name: str, most: int) -> tuple[Promotion, ...]:
        """Return the promotions of a recipe with the figures of their gates, newest first, at most this many."""
        return promotions_of(self._database, name, most)

    def _add_step(self, name: str, revision: int, kind: str, person: str, at: datetime) -> None:
        values = {"name": name, "revision": revision, "step_kind": kind, "person": person, "at": at}
        with self._database.writing() as connection:
            connection.execute(insert(ShadowStepRow), values)


def _by(name: str, revision: int) -> ColumnElement[bool]:
    return and_(CandidatePartRow.name == name, CandidatePartRow.revision == revision)


def _row(name: str, revision: int, result: CandidateResult) -> dict[str, object]:
    return {
        "name": name,
        "revision": revision,
        "run_id": result.key.run_id,
        "number": result.key.part,
        "outcome": result.outcome.value,
        "verdict": result.verdict,
        "pred_score": result.pred_score,
    }


def _keys_among(
    connection: Connection,
    table: type[PartRow | CandidatePartRow],
    keys: Sequence[tuple[int, int]],
    *conditions: ColumnElement[bool],
) -> set[tuple[int, int]]:
    """Return which of these keys have a row in a table."""
    found: set[tuple[int, int]] = set()
    for begin in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[begin : begin + _KEYS_AT_ONCE]
        rows = select(table.run_id, table.number).where(tuple_(table.run_id, table.number).in_(some), *conditions)
        found |= {(run_id, number) for run_id, number in connection.execute(rows)}
    return found
