"""The history of parts after their verdict, kept next to the verdict: what people say, and reviews without answer."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, tuple_
from sqlalchemy.exc import IntegrityError

from station.domain.audit import AuditAction, AuditFact
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.shift_review import PartHistory
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.records.rows import AT_THE_LINE, IN_REVIEW, dispute_from
from station.storage.records.tables import DisputeRow, PartRow, RunRow

_AT_ONCE = 500
_SAME_PART = and_(DisputeRow.run_id == PartRow.run_id, DisputeRow.number == PartRow.number)


class FeedbackRecords:
    """The feedback on all parts, oldest first."""

    def __init__(self, database: Database, audit: AuditLog | None = None) -> None:
        """Read and write the feedback.

        Args:
            database: The records.
            audit: Where what a person says has its entry; None for those who read, or write what the station says.
        """
        self._database = database
        self._audit = audit

    def add(self, feedback: OperatorFeedback) -> None:
        """Record one entry of the history of a part.

        Raises:
            BadInputError: The part is not recorded, or not yet.
            StorageError: The disk refused it.
        """
        values = {
            "run_id": feedback.key.run_id,
            "number": feedback.key.part,
            "claim": feedback.claim.value,
            "reason": feedback.reason,
            "person": feedback.person,
            "made_at": feedback.made_at,
            "said_in": IN_REVIEW if feedback.in_review else AT_THE_LINE,
        }
        try:
            if self._audit is None or not feedback.claim.by_person:
                with self._database.writing() as connection:
                    connection.execute(insert(DisputeRow), values)
            else:
                _add_with_entry(self._audit, values, feedback)
        except IntegrityError as error:
            raise BadInputError(
                f"There is no record of part {feedback.key.label} of run {feedback.key.run_id} to dispute."
            ) from error

    def of(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        """Return all feedback on one part, oldest first."""
        with self._database.reading() as connection:
            return feedback_where(connection, and_(PartRow.run_id == key.run_id, PartRow.number == key.part))

    def last_words(self, recipes: Collection[str]) -> dict[PartKey, Disposition]:
        """Return what a person said last of each part that any revision of these recipes judged, in their order.

        Parts of which no person said anything are left out.
        """
        said = self._last_words(PartRow.run_id.in_(select(RunRow.run_id).where(RunRow.recipe_name.in_(recipes))))
        return {key: said[key] for key in sorted(said, key=lambda key: (key.run_id, key.part))}

    def disputed(self, most: int) -> tuple[PartKey, ...]:
        """Return the parts with a verdict that a person called wrong last, the newest entry first.

        Args:
            most: How many are returned at most.
        """
        said = DisputeRow.claim.in_([claim.value for claim in Disposition if claim.by_person])
        newest = select(func.max(DisputeRow.dispute_id)).where(said).group_by(DisputeRow.run_id, DisputeRow.number)
        rejected_good = and_(DisputeRow.claim == Disposition.GOOD_PART, PartRow.verdict == Verdict.FAIL)
        wrong = or_(DisputeRow.claim == Disposition.MISSED_DEFECT, rejected_good)
        statement = select(DisputeRow.run_id, DisputeRow.number).join(PartRow, _SAME_PART)
        statement = statement.where(DisputeRow.dispute_id.in_(newest), wrong).order_by(DisputeRow.dispute_id.desc())
        with self._database.reading() as connection:
            return tuple(PartKey(*row) for row in connection.execute(statement.limit(most)))

    def last_words_on(self, keys: Collection[PartKey]) -> dict[PartKey, Disposition]:
        """Return the same of these parts alone."""
        wanted = [(key.run_id, key.part) for key in keys]
        said: dict[PartKey, Disposition] = {}
        for begin in range(0, len(wanted), _AT_ONCE):
            some = wanted[begin : begin + _AT_ONCE]
            said |= self._last_words(tuple_(DisputeRow.run_id, DisputeRow.number).in_(some))
        return said

    def _last_words(self, condition: ColumnElement[bool]) -> dict[PartKey, Disposition]:
        with self._database.reading() as connection:
            return {each.key: each.claim for each in feedback_where(connection, condition) if each.claim.by_person}

    def unanswered_reviews(self, run_id: int) -> tuple[PartKey, ...]:
        """Return the parts of a run with the verdict REVIEW and no feedback, in their order."""
        return self._unanswered(PartRow.run_id == run_id)

    def unanswered_reviews_between(self, start: datetime, end: datetime) -> tuple[PartKey, ...]:
        """Return the same of all parts that were triggered between two times."""
        return self._unanswered(PartRow.triggered_at.between(start, end))

    def _unanswered(self, condition: ColumnElement[bool]) -> tuple[PartKey, ...]:
        answered = select(DisputeRow.dispute_id).where(_SAME_PART).exists()
        waiting = and_(condition, PartRow.verdict == Verdict.REVIEW, ~answered)
        statement = select(PartRow.run_id, PartRow.number).where(waiting).order_by(PartRow.run_id, PartRow.number)
        with self._database.reading() as connection:
            return tuple(PartKey(*row) for row in connection.execute(statement))


def feedback_where(connection: Connection, condition: ColumnElement[bool]) -> tuple[OperatorFeedback, ...]:
    """Return the feedback that, with its part, meets the condition; oldest first."""
    statement = select(DisputeRow).join(PartRow, _SAME_PART).where(condition).order_by(DisputeRow.dispute_id)
    return tuple(dispute_from(row) for row in connection.execute(statement))


def _add_with_entry(audit: AuditLog, values: Mapping[str, object], feedback: OperatorFeedback) -> None:
    """Record what a person said of a part together with its entry in the audit trail."""
    key = feedback.key
    mine = and_(PartRow.run_id == key.run_id, PartRow.number == key.part)
    part = select(PartRow.verdict, PartRow.triggered_at).where(mine)
    with audit.writing() as transaction:
        said = feedback_where(transaction.connection, mine)
        transaction.connection.execute(insert(DisputeRow), values)
        row = transaction.connection.execute(part).one()
        before = PartHistory(key, row.triggered_at, Verdict(row.verdict), said)
        subject = f"part {key.label} of run {key.run_id}"
        action = _action_of_review(before, feedback) if feedback.in_review else _action(before.verdict, feedback.claim)
        old, new, reason = _old(before, feedback), feedback.claim.value, feedback.reason
        transaction.append(AuditFact(feedback.made_at, feedback.person, action, subject, old, new, reason))


def _action_of_review(part: PartHistory, word: OperatorFeedback) -> AuditAction:
    return AuditAction.PART_REVIEWED if part.agrees(word) else AuditAction.VERDICT_OVERRULED


def _old(part: PartHistory, word: OperatorFeedback) -> str:
    """Return what a word is said of: the verdict, and in a review also how a REVIEW ended at the line."""
    if part.verdict is not Verdict.REVIEW or not word.in_review or part.ended_good is None:
        return part.verdict.word
    return f"{part.verdict.word}, ended as {'PASS' if part.ended_good else 'FAIL'}"


def _action(verdict: Verdict, claim: Disposition) -> AuditAction:
    if verdict is Verdict.REVIEW:
        return AuditAction.REVIEW_ANSWERED
    overruled = (claim is Disposition.GOOD_PART) is not (verdict is Verdict.PASS)
    if claim is Disposition.CONFIRMED or not overruled:
        return AuditAction.FEEDBACK_GIVEN
    return AuditAction.VERDICT_OVERRULED
