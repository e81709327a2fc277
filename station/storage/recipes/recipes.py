"""The recipes of a station: immutable revisions, and the changes of their states."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, insert, select
from sqlalchemy.exc import IntegrityError

from station.domain.errors import BadInputError
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, StateChange, TakesEffect
from station.storage.engine.database import Database
from station.storage.recipes.serialisation import recipe_from_text
from station.storage.recipes.signatures import require_signed
from station.storage.recipes.tables import RecipeRow, RecipeStateRow

_RELEASED = RecipeStateRow.state == RecipeState.RELEASED.value
_RANK = (
    case((_RELEASED, 0), (RecipeStateRow.state == RecipeState.RETIRED.value, 2), else_=1),
    RecipeRow.revision.desc(),
)
"""Released first, retired last, newest first among equals."""


class Recipes:
    """All recipes. A revision never changes; at most one revision of each name is released."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_revision(
        self, recipe: Recipe, state: RecipeState, at: datetime, takes_effect: TakesEffect = TakesEffect.NEXT_START
    ) -> RecipeEntry:
        """Keep a new revision. If it is released at once, the revision released before it is retired.

        Raises:
            BadInputError: This revision exists already.
        """
        try:
            with self._database.writing() as connection:
                return insert_revision(connection, recipe, state, at, takes_effect)
        except IntegrityError as error:
            raise BadInputError(
                f"Recipe {recipe.label} exists already; a revision never changes.", "Make the next revision."
            ) from error

    def add_if_new(self, recipe: Recipe, at: datetime) -> None:
        """Keep a revision as a draft, unless the station has it.

        Raises:
            BadInputError: The station has another one of this number.
        """
        same = (RecipeRow.name == recipe.name, RecipeRow.revision == recipe.revision)
        with self._database.writing() as connection:
            there = connection.execute(select(RecipeRow.sha256).where(*same)).scalar_one_or_none()
            if there is None:
                insert_revision(connection, recipe, RecipeState.DRAFT, at)
            elif there != recipe.sha256:
                raise BadInputError(f"There is another {recipe.label} meanwhile.", "Do it once more.")

    def set_state(self, name: str, revision: int, state: RecipeState, change: StateChange) -> RecipeEntry:
        """Change the state of a revision. Releasing one retires the revision released before it.

        Raises:
            BadInputError: There is no such revision, or its present state does not allow this change.
        """
        with self._database.writing() as connection:
            return take_state(connection, name, revision, state, change)

    def find_revision(self, name: str, revision: int | None = None) -> RecipeEntry:
        """Return a revision; without a number the released one, else the newest not retired, else the newest.

        Raises:
            BadInputError: There is no such revision; the advice lists those that exist.
        """
        with self._database.reading() as connection:
            return _find(connection, name, revision)

    def find_released(self, name: str) -> RecipeEntry:
        """Return the one revision that may inspect on a running line.

        Raises:
            BadInputError: No revision of this name is released.
        """
        entry = self.find_revision(name)
        if entry.state is not RecipeState.RELEASED:
            raise BadInputError(
                f"Recipe '{name}' has no released revision; the newest is {entry.recipe.label}, {entry.state}.",
                f"Release it with 'linesidectl recipes release {entry.recipe.label}'.",
            )
        return entry

    def released_of(self, name: str) -> RecipeEntry | None:
        """Return the released revision of this recipe; None if there is none, or no such recipe."""
        with self._database.reading() as connection:
            return next(iter(_entries(connection, RecipeRow.name == name, _RELEASED)), None)

    def entries(self) -> tuple[RecipeEntry, ...]:
        """Return every revision with its present state, sorted by name, newest first."""
        with self._database.reading() as connection:
            return _entries(connection, RecipeRow.name.is_not(None))

    def newest_step(self, name: str) -> int:
        """Return a number that grows with each change of a state of this recipe; 0 before the first. Quick to ask."""
        newest = select(func.coalesce(func.max(RecipeStateRow.step), 0)).where(RecipeStateRow.name == name)
        with self._database.reading() as connection:
            return connection.execute(newest).scalar_one()

    def released_before(self, name: str) -> RecipeEntry:
        """Return the revision to roll back to: of those released once and older than the present one, the last.

        A revision that a roll-back made counts as the old one that it equals. For example after 1, 2 and 3, which
        equals 1, nothing is left to roll back to. Without a released revision it is the one that was released last.

        Raises:
            BadInputError: There is no such recipe, or none of its older revisions was ever released.
        """
        row, released = RecipeStateRow, RecipeState.RELEASED.value
        steps = select(row.revision).where(row.name == name, row.state == released).order_by(row.step.desc())
        with self._database.reading() as connection:
            present = _find(connection, name, None)
            before = connection.execute(steps).scalars().all()
            if present.state is RecipeState.RELEASED:
                origin = _origin(present.recipe, [each.recipe for each in _entries(connection, RecipeRow.name == name)])
                before = [revision for revision in before if revision < origin]
            if not before:
                raise BadInputError(
                    f"No revision of recipe '{name}' was released before {present.recipe.label}.",
                    f"Choose one yourself: 'linesidectl recipes release {name}@REV'.",
                )
            return _find(connection, name, before[0])

    def made_again(self, old: Recipe) -> tuple[Recipe, ...]:
        """Return the drafts that a roll-back to this revision made and that are not released yet, newest first."""
        with self._database.reading() as connection:
            found = _entries(connection, RecipeRow.name == old.name)
        return tuple(
            each.recipe for each in found
            if each.state is RecipeState.DRAFT and each.recipe.reason.startswith(again_as(old))
            and _equal(old, each.recipe)
        )  # fmt: skip

    def next_revision(self, name: str) -> int:
        """Return the number that the next revision of this name will have."""
        newest = select(func.coalesce(func.max(RecipeRow.revision), 0)).where(RecipeRow.name == name)
        with self._database.reading() as connection:
            return connection.execute(newest).scalar_one() + 1


def insert_revision(
    connection: Connection,
    recipe: Recipe,
    state: RecipeState,
    at: datetime,
    takes_effect: TakesEffect = TakesEffect.NEXT_START,
) -> RecipeEntry:
    """Add a new revision inside the caller's transaction; see `Recipes.add_revision`.

    Raises:
        sqlalchemy.exc.IntegrityError: This revision exists already.
    """
    row = {
        "name": recipe.name,
        "revision": recipe.revision,
        "content": recipe.text,
        "sha256": recipe.sha256,
        "created_at": at,
    }
    change = StateChange(recipe.author, recipe.reason, at, takes_effect)
    connection.execute(insert(RecipeRow), row)
    _take_step(connection, recipe, state, change)
    return RecipeEntry(recipe, state, at, change)


def take_state(
    connection: Connection, name: str, revision: int, state: RecipeState, change: StateChange
) -> RecipeEntry:
    """Change the state of a revision inside the caller's transaction; see `Recipes.set_state`.

    Raises:
        BadInputError: As `Recipes.set_state`.
    """
    entry = _find(connection, name, revision)
    entry.require_next(state)
    _take_step(connection, entry.recipe, state, change)
    return RecipeEntry(entry.recipe, state, entry.created_at, change)


def _find(connection: Connection, name: str, revision: int | None) -> RecipeEntry:
    """Return a revision, or the one to use if none is named. Only that one is read: a recipe may have hundreds."""
    wanted = () if revision is None else (RecipeRow.revision == revision,)
    first = _with_present_state().where(RecipeRow.name == name, *wanted).order_by(None).order_by(*_RANK).limit(1)
    found = connection.execute(first).one_or_none()
    if found is None:
        label = name if revision is None else f"{name}@{revision}"
        raise BadInputError(f"There is no recipe '{label}'.", _what_exists(connection))
    return _entry(*found)


def _origin(present: Recipe, revisions: Sequence[Recipe]) -> int:
    """Return the revision that the present one counts as: itself, or the one that a roll-back made it from.

    A roll-back says so in its reason: "as plate@2: worse". Revisions that are equal by chance are each one of its own.
    """
    for old in revisions:
        if present.reason.startswith(again_as(old)) and _equal(old, present) and old.revision < present.revision:
            return _origin(old, revisions)
    return present.revision


def again_as(old: Recipe) -> str:
    """Return how the reason of a revision begins that a roll-back made from this one."""
    return f"as {old.label}: "


def _equal(one: Recipe, other: Recipe) -> bool:
    """Return whether two revisions judge alike."""
    return replace(one, revision=1, author="", reason="") == replace(other, revision=1, author="", reason="")


def _what_exists(connection: Connection) -> str:
    labels = [entry.recipe.label for entry in _entries(connection, RecipeRow.name.is_not(None))]
    if not labels:
        return "There are no recipes yet; teach one with 'linesidectl teach'."
    return f"There are: {', '.join(labels[:20])}{' ...' if len(labels) > 20 else ''}."


def _entries(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[RecipeEntry, ...]:
    rows = connection.execute(_with_present_state().where(*conditions))
    return tuple(_entry(*row) for row in rows)


def _entry(content: str, created_at: datetime, state: str, *change: Any) -> RecipeEntry:  # noqa: ANN401 - columns
    person, reason, at, takes_effect = change
    recipe = recipe_from_text(content, "The database")
    step = StateChange(person, reason, at, TakesEffect(takes_effect))
    return RecipeEntry(recipe, RecipeState(state), created_at, step)


def _with_present_state() -> Select[str, datetime, str, str, str, datetime, str]:
    newest = select(func.max(RecipeStateRow.step)).group_by(RecipeStateRow.name, RecipeStateRow.revision)
    same = and_(RecipeStateRow.name == RecipeRow.name, RecipeStateRow.revision == RecipeRow.revision)
    row = RecipeStateRow
    columns = select(
        RecipeRow.content, RecipeRow.created_at, row.state, row.person, row.reason, row.at, row.takes_effect
    )
    present = columns.join(row, same).where(row.step.in_(newest))
    return present.order_by(RecipeRow.name, RecipeRow.revision.desc())


def _take_step(connection: Connection, recipe: Recipe, state: RecipeState, change: StateChange) -> None:
    steps = [_step(recipe, state, change)]
    if state is RecipeState.RELEASED:
        require_signed(connection, recipe, change)
        of_others = RecipeRow.name == recipe.name, RecipeRow.revision != recipe.revision
        replaced = replace(change, reason=f"replaced by {recipe.label}")
        steps += [
            _step(before.recipe, RecipeState.RETIRED, replaced)
            for before in _entries(connection, *of_others, _RELEASED)
        ]
    connection.execute(insert(RecipeStateRow), steps)


def _step(recipe: Recipe, state: RecipeState, change: StateChange) -> dict[str, object]:
    return {
        "name": recipe.name,
        "revision": recipe.revision,
        "state": state.value,
        "person": change.person,
        "reason": change.reason,
        "at": change.at,
        "takes_effect": change.takes_effect.value,
    }
