"""Commands for the recipes: find, compare, change, release, retire."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from station.commands.recipe_pictures import RecipePictures
from station.commands.release_desk import ReleaseDesk
from station.commands.said import require_said
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, StateChange, TakesEffect, View, require_names
from station.domain.recipe_changes import ValueChange
from station.domain.recipe_values import NONE, value_of_key
from station.domain.signature import BY_WORD, Consent, Signing
from station.inference.model_package import Manifest, find_package
from station.people.audit_trail import AuditTrail
from station.people.audit_words import short
from station.storage.recipes.recipes import Recipes, again_as
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.recipes.differences import Difference

_SIGNED = ("revision", "author", "reason")


class RecipeCommands:
    """Reading is open to everybody; changes ask the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        recipes: Recipes,
        pictures: RecipePictures,
        desk: ReleaseDesk,
        audit: AuditTrail,
    ) -> None:
        self._audit = audit
        self._pictures = pictures
        self._desk = desk
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
        from station.recipes.revising import require_taught  # noqa: PLC0415 - not at every start

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
        from station.recipes.revising import changed, require_usable  # noqa: PLC0415 - not at every start

        self._authority.authorise(Permission.EDIT_RECIPE)
        author = self._authority.signed(author)
        require_said(f"the draft of {base.name}", person=author, reason=reason)
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
        from station.recipes.revising import read_ignore_mask  # noqa: PLC0415 - not at every start

        self._authority.authorise(Permission.EDIT_RECIPE)
        base = self._recipes.find_revision(name, revision).recipe
        view, value = value_of_key(base, key)
        given = text.strip()
        mask = value.key == "ignore" and given.casefold() != NONE
        new = read_ignore_mask(Path(given)) if mask else value.parsed(given)
        return self.revise(base, (ValueChange(view, value, value.of(base, view), new),), author, reason)

    def signing(self, recipe: Recipe, *, again: bool = False) -> Signing:
        """Return who signed a revision, and what its release needs; with `again` what a roll-back to it needs."""
        waits = self._made_again(recipe) if again else None
        signing = self._desk.signing(waits or recipe)
        return replace(signing, unvalidated=self._desk.unvalidated(recipe)) if waits else signing

    def release(
        self, name: str, revision: int, person: str, reason: str,
        takes_effect: TakesEffect = TakesEffect.NEXT_START, consent: Consent = BY_WORD,
    ) -> RecipeEntry:  # fmt: skip
        """Let the line inspect with this revision; the one released before is retired.

        If the settings ask for the signatures of two people, the first call keeps the revision as it is: it is
        released when another person gives the same command.

        A line that runs with another revision of this recipe, in whichever program, notices it within a second and
        raises an alarm with person and reason.

        Args:
            name: The recipe.
            revision: Its revision.
            person: Who releases it; may be empty with a badge.
            reason: Why.
            takes_effect: NOW: a running line uses it from the next part on. NEXT_START: after its next start.
            consent: PIN or badge of the person, once more; and why it is released without a validation, if it is.

        Raises:
            PermissionRefusedError: This role may not release a recipe.
            BadInputError: There is no such revision, its state does not allow it, no person or reason is given, it is
                not signed or not by who may, or it inspects another region than its model was taught on.
        """
        from station.recipes.revising import require_certified, require_taught  # noqa: PLC0415 - not at every start

        signer = self._desk.prove(f"{name}@{revision}", person, reason, consent.proof)
        recipe = self._recipes.find_revision(name, revision).recipe
        require_taught(recipe)
        require_certified(recipe, self._models)
        why = self._desk.reason_with(recipe, reason, consent)
        change = StateChange(signer.person, why, utc_now(), takes_effect)
        return self._desk.release(AuditAction.RECIPE_RELEASED, recipe, change, signer)

    def roll_back(
        self, name: str, person: str, reason: str, takes_effect: TakesEffect = TakesEffect.NEXT_START,
        consent: Consent = BY_WORD,
    ) -> RecipeEntry:  # fmt: skip
        """Release a new revision that equals the one that was released before the present one; see `release`.

        A second roll-back goes one more step back, not forth again.

        Raises:
            PermissionRefusedError: This role may not release a recipe.
            BadInputError: There is no such recipe, no revision was released before, or as `release`.
        """
        self._authority.authorise(Permission.RELEASE_RECIPE)
        before = self._recipes.released_before(name).recipe
        return self.release_again(name, before.revision, person, reason, takes_effect, consent)

    def to_roll_back_to(self, name: str) -> RecipeEntry | None:
        """Return the revision that `roll_back` makes again; None if there is none."""
        with suppress(BadInputError):
            return self._recipes.released_before(name)
        return None

    def release_again(
        self, name: str, revision: int, person: str, reason: str,
        takes_effect: TakesEffect = TakesEffect.NEXT_START, consent: Consent = BY_WORD,
    ) -> RecipeEntry:  # fmt: skip
        """Release a new revision that equals an old one; see `release`.

        If two people must sign, the new revision waits as a draft for the second, who gives the same command.

        Raises:
            PermissionRefusedError: This role may not release a recipe.
            BadInputError: There is no such revision, or as `release`.
        """
        from station.recipes.revising import require_taught  # noqa: PLC0415 - not at every start

        signer = self._desk.prove(f"the roll-back to {name}@{revision}", person, reason, consent.proof)
        old = self._recipes.find_revision(name, revision).recipe
        require_taught(old)
        why = self._desk.reason_with(old, reason, consent)
        change = StateChange(signer.person, f"{again_as(old)}{why}", utc_now(), takes_effect)
        again = replace(old, revision=self._recipes.next_revision(name), author=signer.person, reason=change.reason)
        return self._desk.release(AuditAction.RECIPE_ROLLED_BACK, self._made_again(old) or again, change, signer)

    def _made_again(self, old: Recipe) -> Recipe | None:
        """Return the draft of a roll-back to this revision that waits for the second signature; None if none does."""
        return next((each for each in self._recipes.made_again(old) if self._desk.signing(each).waiting), None)

    def retire(self, name: str, revision: int, person: str, reason: str, consent: Consent = BY_WORD) -> RecipeEntry:
        """Take this revision from the line. One signature is enough, however many a release needs.

        Raises:
            PermissionRefusedError: This role may not retire a recipe.
            BadInputError: There is no such revision, its state does not allow it, or it is not signed.
        """
        signer = self._desk.prove(f"{name}@{revision}", person, reason, consent.proof)
        recipe = self._recipes.find_revision(name, revision).recipe
        return self._desk.retire(recipe, StateChange(signer.person, reason.strip(), utc_now()), signer)

    def _added(
        self, recipe: Recipe, state: RecipeState, action: AuditAction, old: str = "", new: str = ""
    ) -> RecipeEntry:
        require_names(recipe)
        with self._audit.together():
            entry = self._recipes.add_revision(recipe, state, utc_now())
            said = f"{new} ({state})" if new else state.value
            self._audit.record(action, recipe.label, old, said, recipe.reason, person=recipe.author)
        return entry

    def diff(self, old: Recipe, new: Recipe) -> "list[Difference]":
        """Return the differences of two revisions, by key. A value is ABSENT if only the other revision has the key."""
        from station.recipes.differences import differences  # noqa: PLC0415 - not at every start

        return differences(old, new)

    def figures(self, view: View) -> dict[str, JsonValue]:
        """Return the figures that were measured when the view was taught, as `evaluate --json` names them.

        Raises:
            ModelError: The model package is not there or is damaged.
        """
        return self.manifest(view).evaluation

    def manifest(self, view: View) -> Manifest:
        """Return what the model of a view is.

        Raises:
            ModelError: The model package is not there or is damaged.
        """
        return find_package(self._models, view.model).manifest

    def defect_kinds(self, recipe: Recipe) -> tuple[str, ...]:
        """Return the kinds of defects that the pictures of the recipe's views are sorted into, most frequent first.

        A view has none here if its pictures are on another station, or were all good.
        """
        from station.learning.manifest import read_manifest  # noqa: PLC0415 - not at every start

        kinds: dict[str, None] = {}
        for view in recipe.views:
            folder = self._datasets / recipe.product / view.dataset_version
            with suppress(BadInputError):
                kinds |= dict.fromkeys(read_manifest(folder).defect_kinds)
        return tuple(kinds)
