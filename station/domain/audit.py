"""The audit trail: who changed what, when and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    PLANT_SENT_AGAIN = "plant sent again"
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
        previous_hash: The hash of the entry before; 64 zeros before the first.
        hash: Of this entry with `previous_hash`, see `audit_chain.entry_hash`.
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
