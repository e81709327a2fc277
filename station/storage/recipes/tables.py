"""The tables of recipes and of the steps of their lives. A change needs a migration; a test compares the two."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index

from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments


class RecipeRow(Tables):
    """One revision of a recipe. Never updated. `content` is its canonical JSON, `sha256` the hash of that text."""

    __tablename__ = "recipe"
    __table_args__ = table_arguments(CheckConstraint("revision >= 1", name="numbered_from_one"))

    name: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str]
    sha256: Mapped[str]
    created_at: Mapped[datetime]


class RecipeStateRow(Tables):
    """A change of the state of a revision. Rows are only added; the newest one is the present state."""

    __tablename__ = "recipe_state"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"]),
        CheckConstraint("state IN ('draft', 'validated', 'released', 'retired')", name="state_known"),
        Index(None, "name", "revision"),
        never_reuse_ids=True,
    )

    step: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    state: Mapped[str]
    person: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    takes_effect: Mapped[str] = mapped_column(server_default="next-start")


class SignatureRow(Tables):
    """A signature of a revision. Rows are only added.

    `after_step` is the newest step of the revision at that moment: a signature for a release holds until the next step.
    `account_step` is the newest step of the account: it holds until the account is changed. Both are absent on a
    station without accounts.
    """

    __tablename__ = "recipe_signature"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"]),
        ForeignKeyConstraint(["account_id"], ["account.account_id"]),
        CheckConstraint("meaning IN ('released by', 'checked by', 'retired by')", name="meaning_known"),
        Index(None, "name", "revision"),
        never_reuse_ids=True,
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    sha256: Mapped[str]
    after_step: Mapped[int]
    meaning: Mapped[str]
    account_id: Mapped[int | None]
    account_step: Mapped[int | None]
    person: Mapped[str]
    roles: Mapped[str]
    known_by: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class SignerStepRow(Tables):
    """What happened to a signer of recipe files on this station. Rows are only added; the newest one of a key counts.

    `what` is "own key", "trusted" or "removed"; `public_key` is Ed25519, 64 hexadecimal digits.
    """

    __tablename__ = "signer_step"
    __table_args__ = table_arguments(
        CheckConstraint("what IN ('own key', 'trusted', 'removed')", name="what_known"), never_reuse_ids=True
    )

    step: Mapped[int] = mapped_column(primary_key=True)
    public_key: Mapped[str]
    station: Mapped[str]
    what: Mapped[str]
    person: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class ValidationRow(Tables):
    """A labelled set judged by one view of a revision; `pictures` is JSON, with expected and got of each.

    `set_product`, `set_version` and `set_sha256` are those of a frozen dataset version; "" for another folder.
    """

    __tablename__ = "recipe_validation"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"]),
        Index(None, "name", "revision"),
        never_reuse_ids=True,
    )

    step: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    view: Mapped[str]
    folder: Mapped[str]
    at: Mapped[datetime]
    person: Mapped[str]
    pictures: Mapped[str]
    recipe_sha256: Mapped[str] = mapped_column(server_default="")
    set_product: Mapped[str] = mapped_column(server_default="")
    set_version: Mapped[str] = mapped_column(server_default="")
    set_sha256: Mapped[str] = mapped_column(server_default="")
