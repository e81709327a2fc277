"""Who signed a revision of a recipe: proved by PIN or badge at that moment, over the content of the revision."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from station.domain.errors import BadInputError
from station.domain.person import KnownBy
from station.domain.recipe import RecipeEntry, RecipeState
from station.domain.secret import Secret

NO_ACCOUNTS = "no accounts"
"""In place of how a person was known, on a station that has no accounts."""


@dataclass(frozen=True, slots=True)
class SignatureProof:
    """By what a person signs: the PIN or the badge once more. The secret is wiped when it is checked."""

    secret: Secret = field(repr=False)
    by: KnownBy = KnownBy.PIN


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person gives with a release beside name and reason.

    Attributes:
        proof: PIN or badge; None on a station without accounts.
        unvalidated: Why it is released without the validation that the settings ask for; "" if that is not the case.
    """

    proof: SignatureProof | None = None
    unvalidated: str = ""


BY_WORD = Consent()
"""Nothing beside name and reason."""


class Meaning(StrEnum):
    """What a signature says."""

    RELEASED = "released by"
    CHECKED = "checked by"
    RETIRED = "retired by"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a revision.

    Attributes:
        name, revision: What was signed.
        sha256: The hash of its content at that moment.
        meaning: What the signature says.
        person: Who.
        roles: In words, at that moment: "engineer, supervisor".
        known_by: "PIN" or "badge"; NO_ACCOUNTS if nobody could prove anything.
        reason: In that person's words.
        at: UTC.
    """

    name: str
    revision: int
    sha256: str
    meaning: Meaning
    person: str
    roles: str
    known_by: str
    reason: str
    at: datetime

    @property
    def proved(self) -> bool:
        """Return whether the person proved who they are."""
        return self.known_by != NO_ACCOUNTS

    @property
    def words(self) -> str:
        """Return it for people: "released by Anna Berg (engineer), PIN"."""
        return f"{self.meaning} {self.who}"

    @property
    def who(self) -> str:
        """Return who signed, and how that was proved: "Anna Berg (engineer), PIN"."""
        if not self.proved:
            return f"{self.person}, signed by nobody: {NO_ACCOUNTS}".removeprefix(", ")
        return f"{self.person} ({self.roles}), {self.known_by}"


@dataclass(frozen=True, slots=True)
class Signing:
    """What is known of the signatures of a revision.

    Attributes:
        needs_proof: Whether this station has accounts, so that a release needs a PIN or a badge.
        needed: How many people sign a release.
        waiting: The signatures for the next release of this revision that hold.
        all: Every signature, oldest first.
        unvalidated: Why the settings ask for a reason to release it without a validation; "" if they do not.
    """

    needs_proof: bool
    needed: int
    waiting: tuple[Signature, ...] = ()
    all: tuple[Signature, ...] = ()
    unvalidated: str = ""

    @property
    def words(self) -> str:
        """Return the state of the signatures in a sentence; "" if there is nothing to say."""
        if self.waiting:
            signed = "; ".join(each.words for each in self.waiting)
            missing = self.needed - len(self.waiting)
            return f"{signed}. {missing} more of another person is missing." if missing > 0 else f"{signed}."
        return "; ".join(each.words for each in self.all)


class UnvalidatedError(BadInputError):
    """The settings ask for a validation that is not there, and no reason is given to do without."""

    advice = "Validate it on a frozen dataset version, or say why it is released without (--unvalidated WHY)."


class MissingSignatureError(BadInputError):
    """A release was wanted without PIN or badge, on a station that has accounts."""

    advice = "Give the PIN or the badge once more; at the command line with --sign NAME."
    for_operator = "A release needs the PIN. Call the engineer."


def said_of_release(entry: RecipeEntry, label: str, needed: int = 2) -> str:
    """Return what became of a release, in a sentence: it happened, or waits for another person."""
    if entry.state is RecipeState.RELEASED:
        return f"{label} is released."
    return f"{label} is signed and waits: {needed} different people must sign it."


def in_words(signatures: Collection[Signature]) -> str:
    """Return signatures in one line."""
    return "; ".join(each.words for each in signatures)
