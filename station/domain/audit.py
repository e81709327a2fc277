"""The audit trail: who changed what, when and why, as entries that are chained by their hashes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.digest import sha256_hex

GENESIS = "0" * 64
"""In place of the hash of the entry before the first one."""


class AuditAction(StrEnum):
    """What was done; the value is what people read and what is stored. A value is never given another meaning."""

    LOGGED_IN = "logged in"
    LOG_IN_FAILED = "log-in failed"
    LOGGED_OUT = "logged out"
    LOCKED_OUT = "locked out"
    ACCOUNT_ADDED = "account added"
    ACCOUNT_CHANGED = "account changed"
    ACCOUNT_DISABLED = "account disabled"
    PIN_CHANGED = "PIN changed"
    REFUSED = "refused"
    STATION_OPENED = "station opened"
    STATION_CLOSED = "station closed"
    SETTINGS_CHANGED = "settings changed"
    CAMERA_CHANGED = "camera changed"
    RECIPE_ADDED = "recipe added"
    RECIPE_VALIDATED = "recipe validated"
    RECIPE_SIGNED = "recipe signed"
    SIGNATURE_REFUSED = "signature refused"
    RECIPE_RELEASED = "recipe released"
    RECIPE_RETIRED = "recipe retired"
    RECIPE_ROLLED_BACK = "recipe rolled back"
    RECIPE_IMPORTED = "recipe imported"
    RECIPE_EXPORTED = "recipe exported"
    SIGNER_CHANGED = "signer changed"
    LIMITS_CHANGED = "limits changed"
    CANDIDATE_CHANGED = "candidate changed"
    DRIFT_CALIBRATED = "drift calibrated"
    TEACHING_QUEUED = "teaching queued"
    TEACHING_CANCELLED = "teaching cancelled"
    MODEL_TAUGHT = "model taught"
    RECIPE_EVALUATED = "recipe evaluated"
    DATASET_CHANGED = "dataset changed"
    DATASET_IMPORTED = "dataset imported"
    DATASET_FROZEN = "dataset frozen"
    DATASET_EXPORTED = "dataset exported"
    REVIEW_ANSWERED = "review answered"
    FEEDBACK_GIVEN = "feedback given"
    VERDICT_OVERRULED = "verdict overruled"
    PART_REVIEWED = "part reviewed"
    PART_HELD = "part put on hold"
    HOLD_RELEASED = "hold released"
    CHALLENGE_JUDGED = "challenge judged"
    SUSPECTS_ANSWERED = "suspects answered"
    STUDY_CREATED = "study created"
    STUDY_JUDGED = "study judged"
    STUDY_OPENED = "study result opened"
    REPORT_EXPORTED = "report exported"
    AUDIT_EXPORTED = "audit exported"
    ALARM_ACKNOWLEDGED = "alarm acknowledged"
    SUPPORT_FILE_SAVED = "support file saved"
    CLOCK_STEPPED = "clock stepped"
    RECIPE_LOADED = "recipe loaded"
    LOT_CHANGED = "lot changed"
    LINE_STARTED = "line started"
    LINE_STOPPED = "line stopped"
    LINE_PAUSED = "line paused"
    LINE_RESUMED = "line resumed"
    CAMERA_LOST = "camera lost"
    CAMERA_RETURNED = "camera returned"
    FAULT = "fault"
    PICTURES_GIVEN_UP = "pictures given up"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    CHAIN_BROKEN = "chain broken"


CHANGES = frozenset(
    {
        AuditAction.ACCOUNT_ADDED,
        AuditAction.ACCOUNT_CHANGED,
        AuditAction.ACCOUNT_DISABLED,
        AuditAction.PIN_CHANGED,
        AuditAction.SETTINGS_CHANGED,
        AuditAction.CAMERA_CHANGED,
        AuditAction.RECIPE_ADDED,
        AuditAction.RECIPE_VALIDATED,
        AuditAction.RECIPE_RELEASED,
        AuditAction.RECIPE_RETIRED,
        AuditAction.RECIPE_ROLLED_BACK,
        AuditAction.RECIPE_IMPORTED,
        AuditAction.SIGNER_CHANGED,
        AuditAction.LIMITS_CHANGED,
        AuditAction.CANDIDATE_CHANGED,
        AuditAction.DRIFT_CALIBRATED,
        AuditAction.MODEL_TAUGHT,
        AuditAction.CLOCK_STEPPED,
        AuditAction.RESTORED,
        AuditAction.CHAIN_BROKEN,
    }
)
"""What changes how parts are judged, or who may change it: the shift report names these."""


@dataclass(frozen=True, slots=True)
class AuditFact:
    """What happened, before it has its place in the chain.

    Attributes:
        at: UTC.
        person: Who did it; "" for the station itself.
        action: What was done.
        subject: To what: "cookie@3", "run 12", "maria".
        old: The value before; "" if there was none.
        new: The value afterwards; "" if there is none.
        reason: Why, in that person's words; "" if none was asked.
    """

    at: datetime
    person: str
    action: AuditAction
    subject: str
    old: str = ""
    new: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the audit trail; see `AuditFact` for what happened.

    Attributes:
        number: Counts from 1, without gaps.
        at, person, subject, old, new, reason: As in `AuditFact`.
        station: Name of the station.
        action: An `AuditAction`, as text: an entry of a newer version of the program may have another one.
        previous_hash: The hash of the entry before; GENESIS before the first.
        hash: Of this entry with `previous_hash`, see `entry_hash`.
    """

    number: int
    at: datetime
    person: str
    station: str
    action: str
    subject: str
    old: str
    new: str
    reason: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the chain: the number of an entry and its hash."""

    number: int
    hash: str


_FORM = b"%d,%d," + 8 * b"%d:%b"
START = Link(0, GENESIS)
"""The place before the first entry."""

RawEntry = tuple[int, int, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]
"""An entry as it is stored: number, UTC microseconds since 1970, person, station, action, subject, old, new, reason,
previous hash, hash; each text in UTF-8."""


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A place at which the chain is not what was recorded.

    Attributes:
        number: The entry that was changed or is missing.
        sentence: What is wrong, for people.
    """

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ChainState:
    """How much of the chain was verified, and when.

    Attributes:
        verified: The last entry up to which every link holds.
        newest: The number of the newest entry.
        at: When this was found out, UTC.
        broken: The first broken link; None if every verified link holds.
    """

    verified: Link
    newest: int
    at: datetime
    broken: ChainBreak | None = None


def canonical(number: int, at_us: int, texts: Sequence[bytes]) -> bytes:
    r"""Return an entry as the bytes that are hashed: no two entries have the same ones.

    Every text has its length before it, so none can be moved from one field to the next: "7,5,2:ab0:".

    Args:
        number: The entry's number.
        at_us: UTC microseconds since 1970.
        texts: Person, station, action, subject, old, new, reason, previous hash; in UTF-8.
    """
    a, b, c, d, e, f, g, h = texts
    # One format for all of them: a million entries are verified in seconds.
    return _FORM % (
        number, at_us, len(a), a, len(b), b, len(c), c, len(d), d, len(e), e, len(f), f, len(g), g, len(h), h
    )  # fmt: skip


def entry_hash(number: int, at_us: int, texts: Sequence[bytes]) -> str:
    """Return the SHA-256 of an entry, 64 hexadecimal digits; see `canonical`."""
    return sha256_hex(canonical(number, at_us, texts))


class ChainCheck:
    """Follows the chain entry by entry; no entry is read twice.

    Attributes:
        link: The last entry up to which every link holds.
        broken: The first broken link; None as long as every link holds.
    """

    def __init__(self, after: Link = START, known: Link = START) -> None:
        """Start behind a verified entry.

        Args:
            after: The entry behind which to begin.
            known: The newest entry that the head outside the table knows: it must be there, with this hash.
        """
        self.link = after
        self.broken: ChainBreak | None = None
        self._known = known
        if after.number == known.number and after.hash != known.hash:
            self.broken = _unlike_head(known)

    def follow(self, entries: Iterable[RawEntry]) -> bool:
        """Check entries in the order of their numbers, until the first that is wrong. Return whether all are right.

        If `entries` raises, it was followed up to there.
        """
        if self.broken:
            return False
        number, previous = self.link.number, self.link.hash.encode()
        known, known_hash = self._known.number, self._known.hash.encode()
        try:
            for entry in entries:
                self.broken = _problem(entry, number + 1, previous)
                if self.broken is None and number + 1 == known and entry[10] != known_hash:
                    self.broken = _unlike_head(self._known)
                if self.broken:
                    return False
                number, previous = number + 1, entry[10]
        finally:
            self.link = Link(number, previous.decode())
        return True

    def end(self) -> ChainBreak | None:
        """Return what is wrong with the chain after its last entry, or before it."""
        if self.broken is None and self.link.number < self._known.number:
            first = self.link.number + 1
            self.broken = ChainBreak(first, f"{_missing(first, self._known.number)}: the audit trail was cut off.")
        return self.broken


def _problem(entry: RawEntry, number: int, previous: bytes) -> ChainBreak | None:
    """Return what is wrong with an entry, of which the number and the hash of the one before are known."""
    if entry[0] != number:
        return _misnumbered(number, entry[0])
    try:
        right = entry_hash(number, entry[1], entry[2:10]).encode() == entry[10]
    except TypeError:  # a table that was replaced by another one can hold anything
        right = False
    if not right:
        return ChainBreak(number, f"Entry {number} was changed: it does not have its hash.")
    if entry[9] != previous:
        before = max(number - 1, 1)
        return ChainBreak(before, f"Entry {before} was changed: entry {number} follows another one.")
    return None


def _misnumbered(number: int, found: int) -> ChainBreak:
    if found > number:
        return ChainBreak(number, f"{_missing(number, found - 1)}.")
    return ChainBreak(number, f"Entry {number} is missing: another entry {found} is in its place.")


def _missing(first: int, last: int) -> str:
    return f"Entry {first} is missing" if first == last else f"The entries {first} to {last} are missing"


def _unlike_head(known: Link) -> ChainBreak:
    return ChainBreak(known.number, f"Entry {known.number} was changed: the head beside the table has another hash.")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are looked for; a field that is empty or None leaves nothing out.

    Attributes:
        since, until: UTC; `since` is inside, `until` is not.
        person: The whole name.
        action: The whole action.
        subject: A part of the subject, in any case.
    """

    since: datetime | None = None
    until: datetime | None = None
    person: str = ""
    action: str = ""
    subject: str = ""


EVERYTHING = AuditFilter()
"""Leaves nothing out."""
