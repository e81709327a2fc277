"""The tables of attribute studies. The database itself refuses to change or remove a study or an answer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint

from station.storage.engine.both_dialects import keep_append_only
from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments

ONE_ANSWER = ("study", "appraiser", "trial", "part")


class StudyRow(Tables):
    """An attribute study; `content` is the JSON of its parts and appraisers."""

    __tablename__ = "study"
    __table_args__ = table_arguments()

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product: Mapped[str]
    view: Mapped[str]
    trials: Mapped[int]
    seed: Mapped[int]
    content: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class StudyAnswerRow(Tables):
    """What an appraiser said of a part in one trial; parts and appraisers have their numbers in the study."""

    __tablename__ = "study_answer"
    __table_args__ = table_arguments(
        UniqueConstraint(*ONE_ANSWER),
        CheckConstraint("answer IN ('good', 'defect', 'not inspected')", name="answer_known"),
        CheckConstraint("answer <> 'not inspected' OR verdict IS NOT NULL", name="people_judge"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    study: Mapped[int] = mapped_column(ForeignKey("study.number"))
    appraiser: Mapped[int]
    trial: Mapped[int]
    part: Mapped[int]
    answer: Mapped[str]
    at: Mapped[datetime]
    person: Mapped[str]
    verdict: Mapped[str | None]
    pred_score: Mapped[float | None]


for _table, _unique in ((StudyRow, ()), (StudyAnswerRow, ONE_ANSWER)):
    keep_append_only(Tables.metadata.tables[_table.__tablename__], "number", _unique)
