"""Reviews that nobody answered are found among any number of other parts."""

from datetime import timedelta

from sqlalchemy import event, text
from view_result import view_result

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Inspection, PartKey, Run
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections

HOUR = timedelta(hours=1)
PLANS = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}


def test_that_only_reviews_of_the_asked_time_without_an_answer_are_found(
    database: Database, inspections: Inspections, run: Run, view, noon
) -> None:
    for number, verdict in enumerate((Verdict.REVIEW, Verdict.PASS, Verdict.REVIEW, Verdict.REVIEW), 1):
        part = Inspection(PartKey(run.run_id, number), noon + number * HOUR, (view("", verdict),))
        inspections.record_part(part, [view_result()], keep_picture=False)
    feedback, answered = FeedbackRecords(database), PartKey(run.run_id, 3)
    feedback.add(OperatorFeedback(answered, Disposition.REVIEW_UNANSWERED, reason="", person="", made_at=noon))
    assert feedback.unanswered_reviews_between(noon, noon + 9 * HOUR) == (
        PartKey(run.run_id, 1),
        PartKey(run.run_id, 4),
    )
    assert feedback.unanswered_reviews_between(noon, noon + 2 * HOUR) == (PartKey(run.run_id, 1),)
    assert feedback.unanswered_reviews(run.run_id) == (PartKey(run.run_id, 1), PartKey(run.run_id, 4))


def test_that_unanswered_reviews_are_found_by_an_index_of_the_reviews_alone(
    database: Database, inspections: Inspections, run: Run, view, engine, noon
) -> None:
    asked: list[tuple[str, object]] = []
    part = Inspection(PartKey(run.run_id, 1), noon, (view("", Verdict.PASS),))
    inspections.record_part(part, [view_result()], keep_picture=False)

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    with database.reading() as connection:
        on = connection.engine
    event.listen(on, "before_cursor_execute", note)
    FeedbackRecords(database).unanswered_reviews_between(noon, noon + HOUR)
    event.remove(on, "before_cursor_execute", note)
    ((statement, parameters),) = (each for each in asked if "part" in each[0])
    if engine == "postgresql":
        make_many(database)
    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"{PLANS[engine]} {statement}", parameters).all()
    assert any("ix_part_review_triggered_at" in str(step) for step in plan), plan


def make_many(database: Database) -> None:
    """Copy the only part many times and count the table: of an empty one PostgreSQL may read any index."""
    copied = 'triggered_at, verdict, serial, lot, "order"'
    with database.writing() as connection:
        connection.execute(
            text(
                f"INSERT INTO part (run_id, number, {copied}) SELECT run_id, number + n, {copied} "
                "FROM part, generate_series(1, 5000) AS n"
            )
        )
        connection.execute(text("ANALYZE part"))
