"""Working sets: pictures to learn from, the history of their labels, links, kinds of defects, policies, versions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()
_OTHER = {"sqlite": "fk_dataset_link_dataset_item", "postgresql": "fk_dataset_link_other_item"}


def upgrade() -> None:
    op.create_table(
        "dataset_item",
        sa.Column("item_id", WHOLE, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("product", "view", "picture_sha256", "ending", "name")),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("run_id", WHOLE, nullable=True),
        sa.Column("number", WHOLE, nullable=True),
        sa.Column("serial", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=True),
        sa.Column("pred_score", NUMBER, nullable=True),
        sa.Column("image_threshold", NUMBER, nullable=True),
        sa.Column("taken_at", WHOLE, nullable=True),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("wanted_split", TEXT, nullable=False),
        sa.Column("signature", TEXT, nullable=False),
        sa.Column("added_at", WHOLE, nullable=False),
        sa.Column("added_by", TEXT, nullable=False),
        sa.CheckConstraint("source IN ('import', 'line')", name=op.f("ck_dataset_item_source_known")),
        sa.CheckConstraint("wanted_split IN ('any', 'train', 'test')", name=op.f("ck_dataset_item_split_known")),
        sa.CheckConstraint("(run_id IS NULL) = (number IS NULL)", name=op.f("ck_dataset_item_part_whole")),
        sa.PrimaryKeyConstraint("item_id", name="pk_dataset_item"),
        sa.UniqueConstraint("product", "view", "picture_sha256", name="uq_dataset_item_product_view_picture_sha256"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_dataset_item_run_id_number", "dataset_item", ["run_id", "number"])
    op.create_table(
        "dataset_label",
        sa.Column("label_id", WHOLE, nullable=False),
        sa.Column("item_id", WHOLE, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("label", "kind", "mask_sha256", "person")),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("label IN ('defect', 'good', 'unlabelled')", name=op.f("ck_dataset_label_label_known")),
        sa.CheckConstraint("(label = 'defect') = (kind <> '')", name=op.f("ck_dataset_label_kind_of_defects")),
        sa.ForeignKeyConstraint(["item_id"], ["dataset_item.item_id"], name="fk_dataset_label_dataset_item"),
        sa.PrimaryKeyConstraint("label_id", name="pk_dataset_label"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_dataset_label_item_id", "dataset_label", ["item_id"])
    op.create_table(
        "dataset_link",
        sa.Column("item_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("other_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.CheckConstraint("why IN ('near-repeat', 'same part')", name=op.f("ck_dataset_link_why_known")),
        sa.ForeignKeyConstraint(["item_id"], ["dataset_item.item_id"], name="fk_dataset_link_dataset_item"),
        # Both keys had one name, which SQLite allows; a server wants two.
        sa.ForeignKeyConstraint(["other_id"], ["dataset_item.item_id"], name=_OTHER[op.get_bind().dialect.name]),
        sa.PrimaryKeyConstraint("item_id", "other_id", name="pk_dataset_link"),
        sqlite_strict=True,
    )
    op.create_index("ix_dataset_link_other_id", "dataset_link", ["other_id"])
    op.create_table(
        "defect_kind",
        sa.Column("product", TEXT, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("added_at", WHOLE, nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 255", name=op.f("ck_defect_kind_one_byte")),
        sa.PrimaryKeyConstraint("product", "number", name="pk_defect_kind"),
        sa.UniqueConstraint("product", "name", name="uq_defect_kind_product_name"),
        sqlite_strict=True,
    )
    op.create_table(
        "collection_policy",
        sa.Column("step", WHOLE, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("product", "content", "person")),
        sa.Column("at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("step", name="pk_collection_policy"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_collection_policy_product", "collection_policy", ["product"])
    op.create_table(
        "dataset_version",
        *(sa.Column(name, TEXT, nullable=False) for name in ("product", "version", "view")),
        *(sa.Column(name, WHOLE, nullable=False) for name in ("good", "defects", "learned", "frozen_at")),
        sa.Column("frozen_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("product", "version", "view", name="pk_dataset_version"),
        sqlite_strict=True,
    )
