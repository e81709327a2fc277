"""Where releases are signed: who signs is proved once more, and a revision is released when enough people did."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from station.commands.people import in_words as roles_in_words
from station.commands.said import require_said
from station.domain.audit import AuditAction
from station.domain.errors import BadInputError
from station.domain.permissions import PERMISSIONS, Authority, Permission, PermissionRefusedError
from station.domain.person import KnownBy, Person, folded_name
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, StateChange
from station.domain.signature import (
    Consent,
    Meaning,
    MissingSignatureError,
    Signature,
    SignatureProof,
    Signing,
    UnvalidatedError,
    in_words,
)
from station.domain.validation import why_unvalidated
from station.people.audit_trail import AuditTrail
from station.people.log_in import LockedOutError, LogIn
from station.settings import ReleaseSettings
from station.storage.engine.database import Database
from station.storage.people.accounts import Accounts
from station.storage.recipes.recipes import Recipes
from station.storage.recipes.signatures import Signatures, Signer
from station.storage.recipes.validations import Validations


class ReleaseDesk:
    """Proves who signs, keeps the first of two signatures until the second comes, and releases. Safe from any thread.

    Without accounts nobody can prove anything: the person is a word, and the records say that nobody signed.

    Attributes:
        recipes: The revisions.
    """

    def __init__(
        self,
        authority: Authority,
        database: Database,
        log_in: LogIn,
        settings: ReleaseSettings,
        audit: AuditTrail,
        on_release: Callable[[], None] = lambda: None,
    ) -> None:
        """Sign for these people.

        Args:
            authority: On whose behalf the commands are given.
            database: Of the station.
            log_in: Proves who somebody is.
            settings: How many different people must sign a release, and whether it needs a validation.
            audit: Where each signature is written down, and each that was refused.
            on_release: Called when a release is on the disk; must not wait.
        """
        self._database, self._on_release = database, on_release
        self._authority, self._log_in, self._audit = authority, log_in, audit
        self._needed, self._needs_validation = settings.signatures, settings.needs_validation
        self._validations = Validations(database)
        self.recipes, self._accounts, self._signatures = Recipes(database), Accounts(database), Signatures(database)

    def signing(self, recipe: Recipe) -> Signing:
        """Return what is known of the signatures of a revision."""
        needs_proof = self._accounts.exist()
        waiting = tuple(signature for _, signature in self._signatures.waiting(recipe))
        needed = self._needed if needs_proof else 1
        return Signing(needs_proof, needed, waiting, self._signatures.of(recipe), self.unvalidated(recipe))

    def unvalidated(self, recipe: Recipe) -> str:
        """Return why a revision needs a reason to be released without a validation; "" if it does not."""
        if not self._needs_validation:
            return ""
        return why_unvalidated(recipe, self._validations.newest(recipe.name, recipe.revision))

    def reason_with(self, recipe: Recipe, reason: str, consent: Consent) -> str:
        """Return the reason of a release as it is recorded, with why it is done without a validation.

        Raises:
            UnvalidatedError: The settings ask for a validation, and no such reason is given.
        """
        why_not = self.unvalidated(recipe)
        if not why_not:
            return reason.strip()
        if not consent.unvalidated.strip():
            raise UnvalidatedError(f"{why_not} The settings of this station ask for it before a release.")
        return f"{reason.strip()} (without validation: {consent.unvalidated.strip()})"

    def prove(self, label: str, person: str, reason: str, proof: SignatureProof | None) -> Signer:
        """Return who signs, after the proof; the secret is wiped in any case.

        Args:
            label: What is signed.
            person: Who it is said to be; may be empty with a badge.
            reason: Why.
            proof: PIN or badge; None on a station without accounts.

        Raises:
            PermissionRefusedError: Whoever gives the command, or whoever signs, may not release a recipe.
            BadInputError: No person or reason is given; or PIN or badge are missing, wrong, or not that person's.
        """
        try:
            self._authority.authorise(Permission.RELEASE_RECIPE)
            if not self._accounts.exist():
                person = self._authority.signed(person)
                require_said(label, person=person, reason=reason)
                return Signer(None, person)
            require_said(label, reason=reason)
            if proof is None:
                self._audit.note(AuditAction.SIGNATURE_REFUSED, label, new="Neither PIN nor badge was given.")
                raise MissingSignatureError(f"{label} needs a signature: the PIN or the badge of who signs.")
            return self._proved(label, person, proof)
        finally:
            if proof is not None:
                proof.secret.wipe()

    def release(self, action: AuditAction, recipe: Recipe, change: StateChange, signer: Signer) -> RecipeEntry:
        """Sign a revision, and release it if enough people have; if not, its state stays until another person signs.

        Args:
            action: How it is released, for the audit trail.
            recipe: The revision; it is kept as a draft if the station has it not yet.
            change: Why, when, and when a running line uses it.
            signer: Who signs now.

        Raises:
            BadInputError: The state of the revision does not allow it, or this person has signed it already.
            StorageError: The disk refused it. Nothing was changed.
        """
        change = replace(change, person=signer.person)
        with self._audit.together():
            before = self.recipes.released_of(recipe.name)
            self.recipes.add_if_new(recipe, change.at)
            entry = self.recipes.find_revision(recipe.name, recipe.revision)
            entry.require_next(RecipeState.RELEASED)
            signed = self._signed(entry.recipe, change, signer)
            if signer.account is not None and len(signed) < self._needed:
                return entry
            change = _of_all(signed, change)
            entry = self.recipes.set_state(recipe.name, recipe.revision, RecipeState.RELEASED, change)
            words = in_words(signed) or f"released by {signer.person}, signed by nobody: no accounts"
            self._audit.record_release(action, before, entry, words)
            self._database.when_durable(self._on_release)
        return entry

    def retire(self, recipe: Recipe, change: StateChange, signer: Signer) -> RecipeEntry:
        """Take a revision from the line; one signature is enough for the safe direction.

        Raises:
            BadInputError: The state of the revision does not allow it.
            StorageError: The disk refused it. Nothing was changed.
        """
        change = replace(change, person=signer.person)
        with self._audit.together():
            before = self.recipes.find_revision(recipe.name, recipe.revision)
            before.require_next(RecipeState.RETIRED)
            signature = self._signatures.add(before.recipe, Meaning.RETIRED, signer, change.reason, change.at)
            entry = self.recipes.set_state(recipe.name, recipe.revision, RecipeState.RETIRED, change)
            self._audit.record(
                AuditAction.RECIPE_RETIRED, recipe.label, before.state, f"{RecipeState.RETIRED}; {signature.words}",
                change.reason, person=change.person,
            )  # fmt: skip
        return entry

    def _signed(self, recipe: Recipe, change: StateChange, signer: Signer) -> tuple[Signature, ...]:
        """Return every signature that holds, with the new one; none on a station without accounts."""
        if signer.account is None:
            return ()
        waiting = self._signatures.waiting(recipe)
        others = tuple(signature for account, signature in waiting if account != signer.account)
        if len(others) < len(waiting) and len(others) + 1 < self._needed:
            raise BadInputError(
                f"{signer.person} has signed {recipe.label} already.", "Another person must give the second signature."
            )
        meaning = Meaning.CHECKED if others else Meaning.RELEASED
        signature = self._signatures.add(recipe, meaning, signer, change.reason, change.at)
        if signer.account not in [account for account, _ in self._signatures.waiting(recipe)]:
            raise MissingSignatureError(f"The account of {signer.person} cannot release {recipe.label} any more.")
        words = f"{signature.words}; SHA-256 {signature.sha256}"
        self._audit.record(
            AuditAction.RECIPE_SIGNED, recipe.label, new=words, reason=change.reason, person=signer.person
        )
        return (*others, signature)

    def _proved(self, label: str, person: str, proof: SignatureProof) -> Signer:
        by_badge = proof.by is KnownBy.BADGE
        who = "badge" if by_badge else self._log_in.recorded_name(person)
        try:
            found = self._log_in.by_badge(proof.secret) if by_badge else self._log_in.by_pin(person, proof.secret)
            if person.strip() and folded_name(person) != folded_name(found.name):
                raise BadInputError(f"This is the badge of {found.name}, not of '{person}'.", "Sign with your own.")
        except LockedOutError as locked:
            self._audit.note(AuditAction.LOCKED_OUT, who, new=f"for {locked.wait.total_seconds():.0f} s")
            raise
        except BadInputError as refused:
            self._audit.note(AuditAction.SIGNATURE_REFUSED, label, new=f"{who}: {refused.sentence}")
            raise
        self._require_permitted(label, found)
        return Signer(self._accounts.find(found.name).number, found.name, roles_in_words(found.roles), found.known_by)

    def _require_permitted(self, label: str, person: Person) -> None:
        if not any(Permission.RELEASE_RECIPE in PERMISSIONS[role] for role in person.roles):
            sentence = f"{person.name} ({roles_in_words(person.roles)}) may not {Permission.RELEASE_RECIPE}."
            self._audit.note(AuditAction.SIGNATURE_REFUSED, label, new=sentence, person=person.name)
            raise PermissionRefusedError(sentence, "Ask a person who may.")


def _of_all(signed: Sequence[Signature], change: StateChange) -> StateChange:
    """Return the step in the name of who signed first, with what each of them said."""
    if len(signed) < 2:
        return change
    first, *others = signed
    checked = "; ".join(f"{each.meaning} {each.person}: {each.reason}" for each in others)
    return replace(change, person=first.person, reason=f"{first.reason}; {checked}")
