"""Who works at the station: a person with roles, how the station knows them, and their account."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from station.domain.errors import BadInputError

if TYPE_CHECKING:
    from station.domain.permissions import Role

LONGEST_NAME = 500
"""Characters of a name."""


class KnownBy(StrEnum):
    """How the station knows who gives a command."""

    NOBODY = "nobody is logged in"
    PIN = "PIN"
    BADGE = "badge"
    SYSTEM_USER = "system user"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Person:
    """Who gives a command.

    Attributes:
        name: As the records name them; "" if it is not known.
        roles: What they may do.
        known_by: How the station knows them.
    """

    name: str
    roles: "frozenset[Role]"
    known_by: KnownBy = KnownBy.NOBODY

    @property
    def is_logged_in(self) -> bool:
        """Whether the station knows who this is, so that the records name nobody else."""
        return self.known_by in (KnownBy.PIN, KnownBy.BADGE, KnownBy.DEMO)


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one person, without anything secret.

    Attributes:
        number: Never given to another account.
        name: As its person writes it.
        roles: What the person may do; never empty.
        has_pin, has_badge: By what the person can log in.
        disabled: Nobody can log in by it any more; what was recorded in its name stays.
        created_at: When it was made, UTC.
    """

    number: int
    name: str
    roles: "frozenset[Role]"
    has_pin: bool
    has_badge: bool
    disabled: bool
    created_at: datetime


class AccountStep(StrEnum):
    """What was done to an account."""

    ADDED = "added"
    ROLES = "roles changed"
    PIN = "PIN given"
    BADGE = "badge given"
    DISABLED = "disabled"
    ENABLED = "enabled"


def person_name(text: str) -> str:
    """Return the name of a person as it is stored: composed letters, no spaces around it.

    Raises:
        BadInputError: It has no visible letter, or is longer than LONGEST_NAME.
    """
    name = unicodedata.normalize("NFC", _storable(text)).strip()
    if not folded_name(name):
        raise BadInputError("The name of the person is empty.", "Give the name that the records are to have.")
    if len(name) > LONGEST_NAME:
        raise BadInputError(
            f"The name of the person has {len(name)} letters; {LONGEST_NAME} are possible.", "Give a shorter name."
        )
    return name


def folded_name(text: str) -> str:
    """Return what two names have in common that people would take for one: "ANNA  Berg" and "Anna Berg".

    Capitals, the width of letters, spaces, and signs that are not visible make no difference.
    """
    visible = "".join(letter for letter in _storable(text) if unicodedata.category(letter) not in ("Cf", "Cc"))
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())


def _storable(text: str) -> str:
    """Return the text with what no database can store written as a sign or an escape."""
    return text.replace("\0", "\u2400").encode("utf-8", "backslashreplace").decode("utf-8")
