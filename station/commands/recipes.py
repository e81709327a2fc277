"""Commands for the recipes: find, compare, release, retire, export, import."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from station.commands.recipe_pictures import RecipePictures
from station.domain.audit import AuditAction
from station.domain.challenge_plan import parts_in_words
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, StateChange, TakesEffect, View
from station.domain.recipe_changes import ValueChange
from station.domain.recipe_values import NONE, value_of_key
from station.inference.model_package import find_package
from station.learning.manifest import read_manifest
from station.people.audit_trail import AuditTrail
from station.people.audit_words import file_in_words, short
from station.recipes.recipe_file import read_recipe_file, write_recipe_file
from station.recipes.revising import changed, read_ignore_mask, require_taught, require_usable
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace


class Absent(Enum):
    """In place of a value if a recipe has no such key; None is a value."""

    ABSENT = "-"

    def __str__(self) -> str:
        return self.value


ABSENT = Absent.ABSENT
_SIGNED = ("revision", "author", "reason")
Difference = tuple[str, object, object]
"""Key such as "limits.image_threshold", or "top.limits.image_threshold" of a view with a name; old value, new value."""


class RecipeCommands:
    """Reading is open to everybody; changes ask the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        recipes: Recipes,
        pictures: RecipePictures,
        audit: AuditTrail,
    ) -> None:
        self._audit = audit
        self._pictures = pictures
        self._authority = authority
        self._models = workspace.models
        self._datasets = workspace.datasets
        self._recipes = recipes

    def entries(self) -> tuple[RecipeEntry, ...]:
        """Return every revision with its state, by name, newest first."""
        return self._recipes.entries()

    def find(self, name: str, revision: int | None = None) -> RecipeEntry:
        """Return a revision; without a number the released one, else the newest draft.

        Raises:
            BadInputError: There is none; the advice lists the recipes.
        """
        return self._recipes.find_revision(name, revision)

    def picture(self, recipe: Recipe, view: str) -> Image | None:
        """Return a picture of a view: one that it was taught from, else the newest of the records.

        It is uint8, (H, W) or (H, W, 3) RGB; None if there is none on this station.
        """
        return self._pictures.find(recipe, view)

    def add(self, recipe: Recipe, state: RecipeState = RecipeState.DRAFT) -> RecipeEntry:
        """Keep a new revision.

        Raises:
            PermissionRefusedError: This role may not edit a recipe, or not release one.
            BadInputError: This revision exists already.
        """
        self._authority.authorise(Permission.EDIT_RECIPE)
        if state is RecipeState.RELEASED:
            self._authority.authorise(Permission.RELEASE_RECIPE)
            require_taught(recipe)
        return self._added(recipe, state, AuditAction.RECIPE_ADDED)

    def revise(self, base: Recipe, changes: Sequence[ValueChange], author: str, reason: str) -> RecipeEntry:
        """Make the next revision, a draft that differs from another revision by these values.

        Args:
            base: The revision to begin with, in any state. It stays as it is.
            changes: The values, with what they become.
            author: Who makes the draft.
            reason: Why; it is kept with the draft.

        Raises:
            PermissionRefusedError: This role may not edit a recipe.
            BadInputError: Nothing changes, a value is out of its range or does not fit pictures and model, or no person
                or reason is given.
        """
        self._authority.authorise(Permission.EDIT_RECIPE)
        author = self._authority.signed(author)
        _require_said(author, reason, f"the draft of {base.name}")
        recipe = changed(base, changes)
        if recipe == base:
            raise BadInputError(f"Nothing differs from {base.label}.", "Change a value first.")
        require_usable(recipe, self._models)
        numbered = replace(
            recipe, revision=self._recipes.next_revision(base.name), author=author, reason=reason.strip()
        )
        values = [each for each in self.diff(base, numbered) if each[0] not in _SIGNED]
        only_limits = all("limits." in key for key, _, _ in values)
        action = AuditAction.LIMITS_CHANGED if only_limits else AuditAction.RECIPE_ADDED
        old = "; ".join(f"{key} {short(was)}" for key, was, _ in values)
        new = "; ".join(f"{key} {short(now)}" for key, _, now in values)
        return self._added(numbered, RecipeState.DRAFT, action, f"{base.label}: {old}", new)

    def set_value(
        self, name: str, revision: int | None, key: str, text: str, author: str, reason: str
    ) -> RecipeEntry:  # one value of a revision of a recipe, by whom and why
        """Make the next revision, a draft with one value changed.

        Args:
            name: The recipe.
            revision: The revision to begin with; None for the released one, else the newest draft.
            key: Which value: "limits.image_threshold"; of a view with a name "top.limits.image_threshold".
            text: What it becomes, as a person writes it; for the ignore mask the path of a picture.
            author: As in `revise`.
            reason: As in `revise`.

        Raises:
            PermissionRefusedError: This role may not edit a recipe.
            BadInputError: As in `revise`, or there is no such recipe or value.
        """
        self._authority.authorise(Permission.EDIT_RECIPE)
        base = self._recipes.find_revision(name, revision).recipe
        view, value = value_of_key(base, key)
        given = text.strip()
        mask = value.key == "ignore" and given.casefold() != NONE
        new = read_ignore_mask(Path(given)) if mask else value.parsed(given)
        return self.revise(base, (ValueChange(view, value, value.of(base, view), new),), author, reason)

    def release(
        self, name: str, revision: int, person: str, reason: str, takes_effect: TakesEffect = TakesEffect.NEXT_START
    ) -> RecipeEntry:
        """Let the line inspect with this revision; the one released before is retired.

        A line that runs with another revision of this recipe, in whichever program, notices it within a second and
        raises an alarm with person and reason.

        Args:
            name: The recipe.
            revision: Its revision.
            person: Who releases it.
            reason: Why.
            takes_effect: NOW: a running line uses it from the next part on. NEXT_START: after its next start.

        Raises:
            PermissionRefusedError: This role may not release a recipe.
            BadInputError: There is no such revision, its state does not allow it, no person or reason is given, or it
                inspects another region than its model was taught on.
        """
        self._authority.authorise(Permission.RELEASE_RECIPE)
        require_taught(self._recipes.find_revision(name, revision).recipe)
        with self._audit.together():
            before = self._recipes.released_of(name)
            entry = self._set_state(name, revision, RecipeState.RELEASED, person, reason, takes_effect)
            self._audit.record_release(AuditAction.RECIPE_RELEASED, before, entry)
        return entry

    def roll_back(
        self, name: str, person: str, reason: str, takes_effect: TakesEffect = TakesEffect.NEXT_START
    ) -> RecipeEntry:
        """Release a new revision that equals the one that was released before the present one; see `release`.

        A second roll-back goes one more step back, not forth again.

        Raises:
            PermissionRefusedError: This role may not release a recipe.
            BadInputError: There is no such recipe, no revision was released before, or no person or reason is given.
        """
        self._authority.authorise(Permission.RELEASE_RECIPE)
        before = self._recipes.released_before(name).recipe
        return self.release_again(name, before.revision, person, reason, takes_effect)

    def to_roll_back_to(self, name: str) -> RecipeEntry | None:
        """Return the revision that `roll_back` makes again; None if there is none."""
        with suppress(BadInputError):
            return self._recipes.released_before(name)
        return None

    def release_again(
        self, name: str, revision: int, person: str, reason: str, takes_effect: TakesEffect = TakesEffect.NEXT_START
    ) -> RecipeEntry:
        """Release a new revision that equals an old one; see `release`.

        Raises:
            PermissionRefusedError: This role may not release a recipe.
            BadInputError: There is no such revision, or no person or reason is given.
        """
        self._authority.authorise(Permission.RELEASE_RECIPE)
        old = self._recipes.find_revision(name, revision).recipe
        person = self._authority.signed(person)
        _require_said(person, reason, f"the roll-back to {old.label}")
        require_taught(old)
        why = f"as {old.label}: {reason.strip()}"  # `Recipes.released_before` goes by this beginning
        with self._audit.together():
            again = replace(old, revision=self._recipes.next_revision(name), author=person, reason=why)
            before = self._recipes.released_of(name)
            entry = self._recipes.add_revision(again, RecipeState.RELEASED, utc_now(), takes_effect)
            self._audit.record_release(AuditAction.RECIPE_ROLLED_BACK, before, entry)
        return entry

    def retire(self, name: str, revision: int, person: str, reason: str) -> RecipeEntry:
        """Take this revision from the line.

        Raises:
            PermissionRefusedError: This role may not retire a recipe.
            BadInputError: There is no such revision, or its state does not allow it.
        """
        self._authority.authorise(Permission.RELEASE_RECIPE)
        with self._audit.together():
            before = self._recipes.find_revision(name, revision).state
            entry = self._set_state(name, revision, RecipeState.RETIRED, person, reason, TakesEffect.NEXT_START)
            self._audit.record(
                AuditAction.RECIPE_RETIRED, entry.recipe.label, before, RecipeState.RETIRED, reason, person=person
            )
        return entry

    def _set_state(
        self,
        name: str,
        revision: int,
        state: RecipeState,
        person: str,
        reason: str,
        takes_effect: TakesEffect,
    ) -> RecipeEntry:
        person = self._authority.signed(person)
        _require_said(person, reason, f"{name}@{revision}")
        change = StateChange(person, reason.strip(), utc_now(), takes_effect)
        return self._recipes.set_state(name, revision, state, change)

    def _added(
        self, recipe: Recipe, state: RecipeState, action: AuditAction, old: str = "", new: str = ""
    ) -> RecipeEntry:
        with self._audit.together():
            entry = self._recipes.add_revision(recipe, state, utc_now())
            said = f"{new} ({state})" if new else state.value
            self._audit.record(action, recipe.label, old, said, recipe.reason, person=recipe.author)
        return entry

    def diff(self, old: Recipe, new: Recipe) -> list[Difference]:
        """Return the differences of two revisions, by key. A value is ABSENT if only the other revision has the key."""
        before, after = _flat(fields_of(old)), _flat(fields_of(new))
        keys = sorted(before.keys() | after.keys())
        values = [(key, before.get(key, ABSENT), after.get(key, ABSENT)) for key in keys]
        return [(key, was, now) for key, was, now in values if was != now]

    def figures(self, view: View) -> dict[str, JsonValue]:
        """Return the figures that were measured when the view was taught, as `evaluate --json` names them.

        Raises:
            ModelError: The model package is not there or is damaged.
        """
        return find_package(self._models, view.model).manifest.evaluation

    def defect_kinds(self, recipe: Recipe) -> tuple[str, ...]:
        """Return the kinds of defects that the pictures of the recipe's views are sorted into, most frequent first.

        A view has none here if its pictures are on another station, or were all good.
        """
        kinds: dict[str, None] = {}
        for view in recipe.views:
            folder = self._datasets / recipe.product / view.dataset_version
            with suppress(BadInputError):
                kinds |= dict.fromkeys(read_manifest(folder).defect_kinds)
        return tuple(kinds)

    def export(self, name: str, revision: int | None, path: Path) -> Path:
        """Write a revision and its models into one file. Return its path.

        Raises:
            PermissionRefusedError: This role may not export a recipe.
            BadInputError: There is no such revision, a model is damaged, or the file cannot be written.
        """
        self._authority.authorise(Permission.EXPORT_RECIPE)
        recipe = self._recipes.find_revision(name, revision).recipe
        write_recipe_file(recipe, self._models, path)
        self._audit.note(AuditAction.RECIPE_EXPORTED, recipe.label, new=file_in_words(path))
        return path

    def import_(self, path: Path) -> RecipeEntry:
        """Import a recipe file as a draft, with the next revision of its name.

        Raises:
            PermissionRefusedError: This role may not edit a recipe.
            BadInputError: It is not a recipe file, or it is damaged.
        """
        self._authority.authorise(Permission.EDIT_RECIPE)
        recipe = read_recipe_file(path, self._models)
        numbered = replace(recipe, revision=self._recipes.next_revision(recipe.name))
        return self._added(numbered, RecipeState.DRAFT, AuditAction.RECIPE_IMPORTED, new=file_in_words(path))


def _require_said(person: str, reason: str, what: str) -> None:
    for word, said in (("person", person), ("reason", reason)):
        if not said.strip():
            raise BadInputError(f"No {word} was given for {what}.", f"Give the {word}; it is recorded.")


def fields_of(recipe: Recipe) -> dict[str, Any]:
    """Return every field by its key. Keys of a view with a name begin with that name: "top.limits"."""
    fields: dict[str, Any] = {}
    for key, value in asdict(recipe).items():
        fields |= _of_views(value) if key == "views" else {key: value}
    fields["challenge"]["parts"] = parts_in_words(recipe.challenge.parts)
    return fields


def _of_views(views: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        f"{view['name']}.{key}" if view["name"] else key: value
        for view in views
        for key, value in view.items()
        if key != "name"
    }


def _flat(fields: dict[str, Any], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in fields.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat
