"""The log-in: the same work, the same answer and the same wait for a name that exists and one that does not."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from station.domain.clock import utc_now
from station.domain.errors import BadInputError, StorageError
from station.domain.names import few_of
from station.domain.person import KnownBy, Person, folded_name
from station.domain.secret import Secret
from station.people.pin_hash import PinHasher
from station.people.workspace_key import LostKeyError, WorkspaceKey, key_id
from station.storage.people.accounts import Accounts, BadgeHash, Proof
from station.storage.people.log_in_tries import LogInTries

_PIN, _BADGE, _BADGE_PLACE, _GROUP = "pin", "badge proof", "badge place", "name"
_OF_BADGES = "badges"
_NAMED = 5
_DIGITS_OF_A_GROUP = 3
"""Names that do not exist share 4096 places: tries cannot fill the disk, and no typed name is kept."""


class LogInRefusedError(BadInputError):
    """Name and PIN, or the badge, do not belong to an account. It is not said which of both is wrong."""

    advice = "Try again, or ask the supervisor for a new PIN."
    for_operator = "Name or PIN is wrong. Try again, or call the supervisor."


class LockedOutError(BadInputError):
    """There were failed tries just now, so the next one must wait; nothing was checked.

    Attributes:
        wait: How long.
    """

    wait = timedelta(0)
    advice = "Wait and try again."
    for_operator = "There were wrong tries. Wait and try again."

    @classmethod
    def until(cls, wait: timedelta) -> "LockedOutError":
        """Return the refusal of a try that comes too early by this time."""
        advice = f"Wait {max(1, round(wait.total_seconds()))} s and try again."
        error = cls(
            "After failed tries the log-in is locked.", advice, for_operator=f"There were wrong tries. {advice}"
        )
        error.wait = wait
        return error


class DisabledAccountError(BadInputError):
    """The PIN or the badge is right, but the account was disabled."""

    advice = "Ask the supervisor to enable it."
    for_operator = "This account is disabled. Call the supervisor."


class LogIn:
    """Proves who somebody is. Safe from any thread; takes a tenth of a second on purpose."""

    def __init__(
        self,
        accounts: Accounts,
        tries: LogInTries,
        key: WorkspaceKey,
        hasher: PinHasher,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._accounts, self._tries, self._key, self._hasher, self._clock = accounts, tries, key, hasher, clock

    def by_pin(self, name: str, pin: Secret) -> Person:
        """Return the person of this name if the PIN is theirs. The PIN is wiped in any case.

        Raises:
            LogInRefusedError: There is no such person, or it is another PIN.
            LockedOutError: It is too early for another try.
            DisabledAccountError: The PIN is right, and the account is disabled.
            FaultError: What is stored cannot be read or written.
        """
        try:
            key = self._secret()
            proof = self._accounts.proof_of(name)
            group = Secret(folded_name(name)).keyed_hash(key, _GROUP)[:_DIGITS_OF_A_GROUP]
            subject = f"account {proof.account.number}" if proof else f"group {group}"
            stored = proof.pin_hash if proof else None
            return self._proved(subject, proof, stored, pin.keyed_hash(key, _PIN), KnownBy.PIN)
        finally:
            pin.wipe()

    def by_badge(self, code: Secret) -> Person:
        """Return the owner of a badge. All badges share one lock-out: each guess is another badge. The code is wiped.

        Raises:
            LogInRefusedError: Nobody has this badge.
            LockedOutError, DisabledAccountError, FaultError: As `by_pin`.
        """
        try:
            key = self._secret()
            proof = self._accounts.proof_of_badge(code.keyed_hash(key, _BADGE_PLACE))
            stored = proof.badge_hash if proof else None
            return self._proved(_OF_BADGES, proof, stored, code.keyed_hash(key, _BADGE), KnownBy.BADGE)
        finally:
            code.wipe()

    def recorded_name(self, name: str) -> str:
        """Return the name of an account as records name it; what else was typed may be a PIN, and is kept nowhere."""
        proof = self._accounts.proof_of(name)
        return proof.account.name if proof else "a name that does not exist"

    def knows_badge(self, code: Secret) -> bool:
        """Return whether somebody has this badge, in a millisecond: enough to keep its code out of screens and logs."""
        try:
            key = self._key.of_accounts()
        except LostKeyError:
            return False
        return self._accounts.proof_of_badge(code.keyed_hash(key, _BADGE_PLACE)) is not None

    def hashed_pin(self, pin: Secret) -> tuple[str, str]:
        """Return the hash of a new PIN, and by what its key is recognised. The PIN is wiped."""
        key = self._key.made()
        hashed = self._hasher.hash(pin.keyed_hash(key, _PIN))
        pin.wipe()
        return hashed, key_id(key)

    def hashed_badge(self, code: Secret) -> tuple[BadgeHash, str]:
        """Return a new badge as it is stored, and by what its key is recognised. The code is wiped."""
        key = self._key.made()
        place, proof = code.keyed_hash(key, _BADGE_PLACE), self._hasher.hash(code.keyed_hash(key, _BADGE))
        code.wipe()
        return BadgeHash(place, proof), key_id(key)

    def hashes_of(self, pin: Secret | None, badge: Secret | None) -> tuple[str | None, BadgeHash | None, str]:
        """Return a new PIN and a new badge as they are stored, and by what their key is recognised; both are wiped."""
        return (
            self.hashed_pin(pin)[0] if pin else None,
            self.hashed_badge(badge)[0] if badge else None,
            key_id(self._key.made()),
        )

    def require_key(self) -> None:
        """Do nothing if everybody who has an account can log in by it.

        Raises:
            LostKeyError: The secret of the workspace is missing, damaged or another one; the sentence names who cannot.
            StorageError: The accounts cannot be read.
        """
        if not (made_with := self._accounts.made_with()):
            return
        present = key_id(self._key.of_accounts())
        if others := [name for name, key in made_with if key != present]:
            raise LostKeyError(f"people.key is not the one that {few_of(others, _NAMED)} got the PIN with.")

    def _secret(self) -> bytes:
        if not self._accounts.exist():
            raise BadInputError(
                "This station has no accounts.", "Make the first one in the window, or by 'linesidectl users add'."
            )
        return self._key.of_accounts()

    def _proved(self, subject: str, proof: Proof | None, stored: str | None, given: str, by: KnownBy) -> Person:
        """Return the person, after exactly one check of a hash whatever was given."""
        if (wait := self._tries.begin(subject, self._clock())) > timedelta(0):
            raise LockedOutError.until(wait)
        nothing = self._hasher.of_nothing
        right = self._hasher.verify(stored or nothing, given)
        if proof is None or stored is None or not right:
            self._require_key_of(proof)
            raise LogInRefusedError("Name or PIN is wrong." if by is KnownBy.PIN else "Nobody has this badge.")
        if proof.account.disabled:
            raise DisabledAccountError(f"The account '{proof.account.name}' is disabled.")
        self._tries.succeed(subject)
        if by is KnownBy.PIN and self._hasher.is_outdated(stored):
            with suppress(StorageError):  # at the next log-in, if the disk is full now
                self._accounts.renew_pin_hash(proof.account.number, stored, self._hasher.hash(given))
        return Person(proof.account.name, proof.account.roles, by)

    def _require_key_of(self, proof: Proof | None) -> None:
        if proof is not None and proof.key_id != key_id(self._key.of_accounts()):
            raise LostKeyError(f"people.key is not the one that '{proof.account.name}' got the PIN with.")
