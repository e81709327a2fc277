"""Argon2id over PINs and badge codes: slow on purpose, each with a salt of its own."""

import secrets
from functools import cached_property
from typing import TYPE_CHECKING

from station.domain.errors import FaultError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_TIME_COST, _MEMORY_KIB, _LANES = 3, 65536, 1
"""RFC 9106, second recommended choice, in one thread: a log-in takes a tenth of a second from one core of the line."""
_MOST_TIMES = 4
"""A stored hash that asks for more than this many times the work was not made here."""


class DamagedHashError(FaultError):
    """What is stored of a PIN or a badge cannot be read: it was changed by another program, or the disk is damaged."""

    advice = "Give the person a new PIN: linesidectl users pin NAME --reason WHY."
    for_operator = "This account cannot be used now. Call the supervisor."


class PinHasher:
    """Hashes and verifies. Safe from any thread; each call needs 64 MiB for its duration."""

    def __init__(self, time_cost: int = _TIME_COST, memory_kib: int = _MEMORY_KIB) -> None:
        self._time_cost, self._memory_kib = time_cost, memory_kib

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher, Type  # noqa: PLC0415 - a start without a log-in needs none of it

        return PasswordHasher(self._time_cost, self._memory_kib, _LANES, type=Type.ID)

    @cached_property
    def of_nothing(self) -> str:
        """A hash that no PIN has: checking a name that does not exist against it costs what a real check costs."""
        return self.hash(secrets.token_hex())

    def hash(self, secret: str) -> str:
        """Return the hash of a secret, in the text form that carries its parameters and its salt."""
        return self._hasher.hash(secret)

    def verify(self, stored: str, secret: str) -> bool:
        """Return whether the secret is the one that was hashed.

        Raises:
            DamagedHashError: The stored text is not a hash that this program could have made.
        """
        from argon2.exceptions import Argon2Error, InvalidHashError, VerifyMismatchError  # noqa: PLC0415 - as above

        self._require_own(stored)
        try:
            return self._hasher.verify(stored, secret)
        except VerifyMismatchError:
            return False
        except (Argon2Error, InvalidHashError) as error:  # InvalidHashError is a ValueError, not an Argon2Error
            raise DamagedHashError(f"What is stored of a PIN cannot be read: {error}.") from error

    def is_outdated(self, stored: str) -> bool:
        """Return whether the hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(stored)

    def _require_own(self, stored: str) -> None:
        """Refuse a hash whose parameters would take the memory or the time of the whole station."""
        from argon2 import Type, extract_parameters  # noqa: PLC0415 - as above

        try:
            found = extract_parameters(stored)
        except (ValueError, TypeError) as error:  # InvalidHashError is a ValueError
            raise DamagedHashError("What is stored of a PIN is not a hash of Argon2.") from error
        dear = (
            found.memory_cost > _MOST_TIMES * max(self._memory_kib, _MEMORY_KIB)
            or found.time_cost > _MOST_TIMES * max(self._time_cost, _TIME_COST)
            or found.type is not Type.ID
        )
        if dear:
            raise DamagedHashError("What is stored of a PIN has parameters of another program.")
