"""The tables of checks. A check is a row of `run` with the kind 'challenge'; here is what came of it. Only added."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint

from station.storage.engine.both_dialects import keep_append_only
from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments


class ChallengeCheckRow(Tables):
    """How a check ended. A run without this row is still running, or was cut off and is not settled yet."""

    __tablename__ = "challenge_check"
    __table_args__ = table_arguments(
        UniqueConstraint("run_id"),
        CheckConstraint("outcome IN ('passed', 'failed', 'not finished')", name="outcome_known"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.run_id"))
    outcome: Mapped[str]
    wanted: Mapped[int]
    ended_at: Mapped[datetime]


class ChallengeResultRow(Tables):
    """What became of one challenge part of a check; `expected` and `found` are x,y,width,height."""

    __tablename__ = "challenge_result"
    __table_args__ = table_arguments(
        UniqueConstraint("run_id", "part"),
        CheckConstraint("known IN ('good', 'bad')", name="known_known"),
        CheckConstraint("met IN (0, 1)", name="met_or_not"),
        ForeignKeyConstraint(["run_id", "part"], ["part.run_id", "part.number"]),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int]
    part: Mapped[int]
    name: Mapped[str]
    known: Mapped[str]
    expected: Mapped[str | None]
    verdict: Mapped[str]
    met: Mapped[int]
    found: Mapped[str | None]
    sentence: Mapped[str]


class ChallengeDueRow(Tables):
    """A reason for a check that was seen to hold after the good check in the run `after_run`; 0 if there was none."""

    __tablename__ = "challenge_due"
    __table_args__ = table_arguments(Index(None, "recipe_name", "after_run"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recipe_name: Mapped[str]
    after_run: Mapped[int]
    why: Mapped[str]
    seen_at: Mapped[datetime]


class SuspectAnswerRow(Tables):
    """A person has looked at the suspects of a product up to this part, and answers for them."""

    __tablename__ = "suspect_answer"
    __table_args__ = table_arguments(Index(None, "recipe_name"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recipe_name: Mapped[str]
    last_run: Mapped[int]
    last_part: Mapped[int]
    parts: Mapped[int]
    person: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


UNIQUE = {"challenge_check": ("run_id",), "challenge_result": ("run_id", "part")}
for _table in (ChallengeCheckRow, ChallengeResultRow, ChallengeDueRow, SuspectAnswerRow):
    keep_append_only(Tables.metadata.tables[_table.__tablename__], "number", UNIQUE.get(_table.__tablename__, ()))
