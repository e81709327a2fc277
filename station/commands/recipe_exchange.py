"""Commands for recipe files: export and import them as one signed file, and say whose files are believed."""

from dataclasses import dataclass, replace
from pathlib import Path

from station.commands.said import require_said
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, StorageError
from station.domain.permissions import Authority, Permission
from station.domain.recipe import RecipeEntry, RecipeState, checked_name
from station.domain.signer import KnownSigner, Signer, SignerStep, UnknownSignerError, same_fingerprint
from station.people.audit_trail import AuditTrail
from station.people.audit_words import file_in_words
from station.people.signing_key import SigningKey, SigningKeyError
from station.recipes.recipe_file import open_recipe_file, take_models, write_recipe_file
from station.recipes.seal import Seal
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.storage.recipes.signers import KnownSigners
from station.workspace import Workspace

_NO_NAME = "a station without a name"


@dataclass(frozen=True, slots=True)
class Exported:
    """A recipe file that was written.

    Attributes:
        path: Where.
        signer: This station; None if it could not sign.
        unsigned: Why it could not sign; "" if it did.
    """

    path: Path
    signer: Signer | None
    unsigned: str = ""


class RecipeExchange:
    """Files of recipes travel between stations. A file is believed if its signer is known; a person may say so."""

    def __init__(
        self, authority: Authority, workspace: Workspace, database: Database, station: str, audit: AuditTrail
    ) -> None:
        self._authority, self._audit = authority, audit
        self._models, self._station = workspace.models, station
        self._key = SigningKey(workspace.root)
        self._recipes, self._signers = Recipes(database), KnownSigners(database)

    def signers(self) -> tuple[KnownSigner, ...]:
        """Return whose files are imported without a question; this station is one of them after its first export."""
        return self._signers.all()

    def export(self, name: str, revision: int | None, path: Path) -> Exported:
        """Write a revision and its models into one file, signed by this station.

        The key is made with the first file. Only a disk that refuses that key leaves a file unsigned, and it is said.

        Raises:
            PermissionRefusedError: This role may not export a recipe.
            BadInputError: There is no such revision, a model is damaged, or the file cannot be written.
            FaultError: The key of the station is missing or damaged.
        """
        self._authority.authorise(Permission.EXPORT_RECIPE)
        recipe = self._recipes.find_revision(name, revision).recipe
        seal, unsigned = self._seal()
        write_recipe_file(recipe, self._models, path, seal)
        by = f"signed, fingerprint {Signer(seal.public_key, seal.station).fingerprint}" if seal else "not signed"
        self._audit.note(AuditAction.RECIPE_EXPORTED, recipe.label, new=f"{file_in_words(path)}; {by}")
        return Exported(path, Signer(seal.public_key, seal.station) if seal else None, unsigned)

    def import_(self, path: Path, trust: str = "", person: str = "") -> RecipeEntry:
        """Import a recipe file as a draft, with the next revision of its name.

        Args:
            path: The file.
            trust: The fingerprint of an unknown signer, or of a file that is not signed: a person has compared it, and
                believes it. A signer is known from then on; a file without a signature is believed this once.
            person: Who believes it, if nobody is logged in.

        Raises:
            PermissionRefusedError: This role may not edit a recipe, or not trust another station.
            UnknownSignerError: The file is whole, and its signer is unknown here or nobody signed it.
            BadInputError: It is not a recipe file, it is damaged, what was signed was changed, or its recipe or product
                has a name that cannot be that of a folder.
        """
        self._authority.authorise(Permission.EDIT_RECIPE)
        opened = open_recipe_file(path)
        signer = opened.signer
        known = signer.public_key and signer.public_key in [each.signer.public_key for each in self.signers()]
        if not known:
            if not same_fingerprint(trust, signer.fingerprint):
                raise UnknownSignerError.of(str(path), signer)
            self._authority.authorise(Permission.TRUST_SIGNER)
        checked_name(opened.recipe.name)
        checked_name(opened.recipe.product, "product")  # the folder of its datasets
        recipe = take_models(opened, self._models)
        with self._audit.together():
            if not known and signer.public_key:
                self._add_step(signer, SignerStep.TRUSTED, person, f"import of {path.name}")
            numbered = replace(recipe, revision=self._recipes.next_revision(recipe.name))
            entry = self._recipes.add_revision(numbered, RecipeState.DRAFT, utc_now())
            by = f"signed by '{signer.called}'" if signer.public_key else "not signed, believed by a person"
            new = f"{file_in_words(path)}; {by}, fingerprint {signer.fingerprint}"
            self._audit.record(AuditAction.RECIPE_IMPORTED, entry.recipe.label, new=new, person=person)
        return entry

    def own_signer(self) -> Signer:
        """Return this station as others see it; its key is made if there was none.

        Raises:
            PermissionRefusedError: This role may not export a recipe.
            FaultError: The key is missing or damaged, or cannot be written.
        """
        self._authority.authorise(Permission.EXPORT_RECIPE)
        return Signer(self._public_key(), self._name)

    def remove(self, fingerprint: str, reason: str, person: str = "") -> KnownSigner:
        """Believe the files of a signer no more without a question. What was imported stays.

        Raises:
            PermissionRefusedError: This role may not trust another station.
            BadInputError: There is no such signer, it is this station, or no reason is given.
        """
        self._authority.authorise(Permission.TRUST_SIGNER)
        require_said("the signer", reason=reason)
        found = [each for each in self.signers() if same_fingerprint(each.signer.fingerprint, fingerprint)]
        if not found or found[0].own:
            which = "This station's own key" if found else f"A signer with the fingerprint '{fingerprint}'"
            raise BadInputError(f"{which} cannot be removed.", "'linesidectl signers list' shows who can.")
        with self._audit.together():
            self._add_step(found[0].signer, SignerStep.REMOVED, person, reason)
        return found[0]

    def renew(self, reason: str, person: str = "") -> Signer:
        """Make a new key for this station, for example after the old one was lost. Other stations ask about it once.

        Files that were signed with the old one are asked about here too: who has stolen it can sign with it.

        Raises:
            PermissionRefusedError: This role may not trust another station.
            BadInputError: No reason is given.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.TRUST_SIGNER)
        require_said("the new key", reason=reason)
        self._key.put_aside()
        self._key.make()
        signer, before = Signer(self._key.public(), self._name), self._signers.own()
        with self._audit.together():
            if before:
                self._add_step(Signer(before, self._name), SignerStep.REMOVED, person, reason)
            self._add_step(signer, SignerStep.OWN, person, reason)
        return signer

    @property
    def _name(self) -> str:
        return self._station or _NO_NAME

    def _seal(self) -> tuple[Seal | None, str]:
        """Return by what a file is signed, or why it cannot be: the disk refuses the first key."""
        try:
            return Seal(self._name, self._public_key(), self._key.sign), ""
        except StorageError as error:
            return None, f"The file is not signed: {error.sentence}"

    def _public_key(self) -> str:
        """Return the public key, which is noted when it is made.

        Raises:
            SigningKeyError: The key is missing, damaged, or another one than that of before.
            StorageError: There was none, and it cannot be written.
        """
        used = self._signers.own()
        if not used and not self._key.is_there:
            self._key.make()
        public = self._key.public()
        if used and public != used:
            raise SigningKeyError("signing.key is not the key that this station signed with before.")
        if not used:
            with self._audit.together():
                self._add_step(Signer(public, self._name), SignerStep.OWN, "", "first use")
        return public

    def _add_step(self, signer: Signer, what: SignerStep, person: str, reason: str) -> None:
        who = self._authority.signed(person)
        self._signers.add_step(signer, what, who, reason.strip(), utc_now())
        new = f"'{signer.station}', public key {signer.public_key}"
        subject = f"signer {signer.fingerprint}"
        self._audit.record(AuditAction.SIGNER_CHANGED, subject, new=f"{what}: {new}", reason=reason, person=who)
