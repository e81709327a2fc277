"""The tables of working sets. Rows are only added. A change needs a migration; a test compares the two."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint

from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments


class DatasetItemRow(Tables):
    """A picture of a working set. Never updated, so it names no label.

    The part is named by number, without a foreign key: the picture is a copy, and stays if the record is archived.
    `wanted_split` is what the folder that it came from said; `signature` is what it looks like in short.
    """

    __tablename__ = "dataset_item"
    __table_args__ = table_arguments(
        UniqueConstraint("product", "view", "picture_sha256"),
        CheckConstraint("source IN ('import', 'line')", name="source_known"),
        CheckConstraint("wanted_split IN ('any', 'train', 'test')", name="split_known"),
        CheckConstraint("(run_id IS NULL) = (number IS NULL)", name="part_whole"),
        Index(None, "run_id", "number"),
        never_reuse_ids=True,
    )

    item_id: Mapped[int] = mapped_column(primary_key=True)
    product: Mapped[str]
    view: Mapped[str]
    picture_sha256: Mapped[str]
    ending: Mapped[str]
    name: Mapped[str]
    source: Mapped[str]
    origin: Mapped[str]
    run_id: Mapped[int | None]
    number: Mapped[int | None]
    serial: Mapped[str]
    verdict: Mapped[str | None]
    pred_score: Mapped[float | None]
    image_threshold: Mapped[float | None]
    taken_at: Mapped[datetime | None]
    size: Mapped[int]
    wanted_split: Mapped[str]
    signature: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[str]


class DatasetLabelRow(Tables):
    """What a person said of a picture; the newest row of an item is its present label."""

    __tablename__ = "dataset_label"
    __table_args__ = table_arguments(
        CheckConstraint("label IN ('defect', 'good', 'unlabelled')", name="label_known"),
        CheckConstraint("(label = 'defect') = (kind <> '')", name="kind_of_defects"),
        Index(None, "item_id"),
        never_reuse_ids=True,
    )

    label_id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("dataset_item.item_id"))
    label: Mapped[str]
    kind: Mapped[str]
    mask_sha256: Mapped[str]
    person: Mapped[str]
    at: Mapped[datetime]


class DatasetLinkRow(Tables):
    """Two pictures that must not be split: near-repeats, or pictures of one part."""

    __tablename__ = "dataset_link"
    __table_args__ = table_arguments(
        CheckConstraint("why IN ('near-repeat', 'same part')", name="why_known"),
        Index(None, "other_id"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("dataset_item.item_id"), primary_key=True, autoincrement=False)
    other_id: Mapped[int] = mapped_column(ForeignKey("dataset_item.item_id"), primary_key=True, autoincrement=False)
    why: Mapped[str]


class DefectKindRow(Tables):
    """A kind of defect of a product; `number` is its value in masks, and never means another kind."""

    __tablename__ = "defect_kind"
    __table_args__ = table_arguments(
        UniqueConstraint("product", "name"),
        CheckConstraint("number BETWEEN 1 AND 255", name="one_byte"),
    )

    product: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    added_at: Mapped[datetime]


class CollectionPolicyRow(Tables):
    """Which parts of the line are collected; the newest row of a product is in force."""

    __tablename__ = "collection_policy"
    __table_args__ = table_arguments(Index(None, "product"), never_reuse_ids=True)

    step: Mapped[int] = mapped_column(primary_key=True)
    product: Mapped[str]
    content: Mapped[str]
    person: Mapped[str]
    at: Mapped[datetime]


class PlaceToTeachRow(Tables):
    """Region of interest and ignore mask that a person drew for a view; the newest row is in force."""

    __tablename__ = "place_to_teach"
    __table_args__ = table_arguments(Index(None, "product", "view"), never_reuse_ids=True)

    step: Mapped[int] = mapped_column(primary_key=True)
    product: Mapped[str]
    view: Mapped[str]
    content: Mapped[str]
    person: Mapped[str]
    at: Mapped[datetime]


class FrozenVersionRow(Tables):
    """When and by whom a version was frozen; its content lies in its folder, under its own manifest."""

    __tablename__ = "dataset_version"
    __table_args__ = table_arguments()

    product: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    view: Mapped[str] = mapped_column(primary_key=True)
    good: Mapped[int]
    defects: Mapped[int]
    learned: Mapped[int]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str]
