"""The tables of runs, parts, feedback and events. A change needs a migration; a test compares the two."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index

from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, index_of_some, table_arguments


class RunRow(Tables):
    """The line from one start to its stop; `ended_at` is NULL while it runs, and stays NULL if a crash cut it off."""

    __tablename__ = "run"
    __table_args__ = table_arguments(never_reuse_ids=True)

    run_id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    recipe_name: Mapped[str]
    recipe_revision: Mapped[int]
    recipe_sha256: Mapped[str]
    model_sha256: Mapped[str]
    dataset_version: Mapped[str]
    camera: Mapped[str]
    precision: Mapped[str]
    program_version: Mapped[str]
    person: Mapped[str]
    kind: Mapped[str] = mapped_column(
        CheckConstraint("kind IN ('production', 'trial', 'challenge')", name="kind_known"),
        server_default="production",
    )
    pictures: Mapped[str] = mapped_column(
        CheckConstraint("pictures IN ('camera', 'stored', 'simulated')", name="pictures_known"),
        server_default="camera",
    )
    first_number: Mapped[int] = mapped_column(
        CheckConstraint("first_number >= 1", name="numbered_from_one"), server_default="1"
    )


_VERDICT_KNOWN = "verdict IN ('PASS', 'REVIEW', 'FAIL', 'NOT_INSPECTED')"


class PartRow(Tables):
    """One judgement of one part. Never updated. `verdict` is the worst of its views, so that SQL can count parts."""

    __tablename__ = "part"
    __table_args__ = table_arguments(
        CheckConstraint(_VERDICT_KNOWN, name="verdict_known"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        Index(None, "triggered_at", "verdict"),
        index_of_some("ix_part_review_triggered_at", "triggered_at", "verdict = 'REVIEW'"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.run_id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    triggered_at: Mapped[datetime]
    verdict: Mapped[str]
    serial: Mapped[str] = mapped_column(server_default="")
    lot: Mapped[str] = mapped_column(server_default="")
    order: Mapped[str] = mapped_column(server_default="")


class LotChangeRow(Tables):
    """The lot and the order that were set at a time; the newest row is what is made now. Never updated."""

    __tablename__ = "lot_change"
    __table_args__ = table_arguments()

    step: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    lot: Mapped[str]
    order: Mapped[str]
    person: Mapped[str]


def _part_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"])


class PartViewRow(Tables):
    """The judgement of one camera's view of a part; `view` is its place in the recipe, from 0. Never updated."""

    __tablename__ = "part_view"
    __table_args__ = table_arguments(
        _part_key(),
        CheckConstraint(_VERDICT_KNOWN, name="verdict_known"),
        CheckConstraint("(verdict = 'NOT_INSPECTED') = (cause IS NOT NULL)", name="cause_when_not_inspected"),
        CheckConstraint("(verdict = 'NOT_INSPECTED') = (pred_score IS NULL)", name="score_when_judged"),
        CheckConstraint("view >= 0", name="counted_from_nought"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    view: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    verdict: Mapped[str]
    reason: Mapped[str]
    origin: Mapped[str]
    elapsed_ms: Mapped[float]
    cause: Mapped[str | None]
    pred_score: Mapped[float | None]
    raw_score: Mapped[float | None]
    image_threshold: Mapped[float | None]
    frame_id: Mapped[int | None]
    camera_timestamp_ns: Mapped[int | None]
    width: Mapped[int]
    height: Mapped[int]
    conversion: Mapped[str]
    review_threshold: Mapped[float | None]
    judged_again: Mapped[int] = mapped_column(server_default="0")
    leaves_picture: Mapped[int] = mapped_column(server_default="0")


def _view_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["run_id", "number", "view"], ["part_view.run_id", "part_view.number", "part_view.view"]
    )


class RegionRow(Tables):
    """An anomalous place in one view of a part; rank 0 scores highest."""

    __tablename__ = "region"
    __table_args__ = table_arguments(_view_key())

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    view: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    x: Mapped[int]
    y: Mapped[int]
    w: Mapped[int]
    h: Mapped[int]
    area_px: Mapped[int]
    score: Mapped[float]
    place: Mapped[str]


class PartCodeRow(Tables):
    """What was read in the code region of one view of a part; a view without such a region has no row."""

    __tablename__ = "part_code"
    __table_args__ = table_arguments(_view_key(), Index(None, "text"), Index(None, "serial"), Index(None, "other"))

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    view: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    serial: Mapped[str]
    kind: Mapped[str]
    unused_correction: Mapped[float | None]
    attempts: Mapped[int]
    problem: Mapped[str]
    other: Mapped[str]


class PictureRow(Tables):
    """A picture file of one view of a part; the row is written after the file is safely on the disk."""

    __tablename__ = "picture"
    __table_args__ = table_arguments(
        _view_key(),
        CheckConstraint("role IN ('original', 'thumbnail', 'map')", name="role_known"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    view: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    size: Mapped[int]


class GivenUpPictureRow(Tables):
    """A picture that was recorded and is no longer on the disk: its row of `picture` came here. Never updated."""

    __tablename__ = "given_up_picture"
    __table_args__ = table_arguments(
        _view_key(),
        CheckConstraint("role IN ('original', 'thumbnail', 'map')", name="role_known"),
        Index(None, "at"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    view: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    why: Mapped[str]
    at: Mapped[datetime]


class DisputeRow(Tables):
    """A person's word on a part, beside the verdict."""

    __tablename__ = "dispute"
    __table_args__ = table_arguments(
        _part_key(),
        Index(None, "run_id", "number"),
        Index(None, "made_at"),
    )

    dispute_id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int]
    number: Mapped[int]
    claim: Mapped[str]
    reason: Mapped[str]
    person: Mapped[str]
    made_at: Mapped[datetime]
    said_in: Mapped[str] = mapped_column(
        CheckConstraint("said_in IN ('line', 'review')", name="said_in_known"), server_default="line"
    )


class HoldRow(Tables):
    """A part was put on hold, or released from it; the newest row of a part counts. Never updated."""

    __tablename__ = "hold"
    __table_args__ = table_arguments(
        _part_key(),
        CheckConstraint("state IN ('held', 'released')", name="state_known"),
        Index(None, "run_id", "number"),
    )

    hold_id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int]
    number: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str]
    person: Mapped[str]
    at: Mapped[datetime]


class EventRow(Tables):
    """An event of the line, such as a start, a stop or a fault."""

    __tablename__ = "event"
    __table_args__ = table_arguments(Index(None, "at"))

    event_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    sentence: Mapped[str]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.run_id"))
    duration_s: Mapped[float | None]
    person: Mapped[str]
