"""The key of a station, by which it signs the recipe files that it exports."""

from pathlib import Path
from typing import TYPE_CHECKING

from station.domain.disk import reason_of
from station.domain.errors import FaultError, StorageError
from station.people.private_file import write_once

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_FILE = "signing.key"
_HALF = 32
"""Bytes of the private key, and of the public one behind it."""


class SigningKeyError(FaultError):
    """The file of the key is not there any more, cannot be read, or is damaged."""

    advice = (
        "Put signing.key back from a copy of the workspace, or make a new key, which other stations ask about once: "
        "linesidectl signers renew --reason WHY."
    )
    for_operator = "No recipe can be exported now. Call the engineer."


class SigningKey:
    """Reads the key of one workspace, and makes it on first use. The private half never leaves this file."""

    def __init__(self, root: Path) -> None:
        self._path = root / KEY_FILE

    @property
    def is_there(self) -> bool:
        """Return whether there is such a file, also a damaged one."""
        return self._path.exists()

    def make(self) -> None:
        """Make the key, unless there is one.

        Raises:
            StorageError: It cannot be written.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - few need it

        key = Ed25519PrivateKey.generate()
        try:
            write_once(self._path, key.private_bytes_raw() + key.public_key().public_bytes_raw())
        except OSError as error:
            raise StorageError(f"{self._path} cannot be written: {reason_of(error)}.") from error

    def public(self) -> str:
        """Return the public key as 64 hexadecimal digits.

        Raises:
            SigningKeyError: The file is missing, cannot be read, or is damaged.
        """
        return self._private().public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes; the same message has the same one.

        Raises:
            SigningKeyError: As `public`.
        """
        return self._private().sign(message)

    def put_aside(self) -> None:
        """Take the file away for a new key; it is kept under another name.

        Raises:
            StorageError: It cannot be renamed.
        """
        names = (self._path.with_name(f"{KEY_FILE}.old-{number}") for number in range(1, 10_000))
        aside = next(name for name in names if not name.exists())
        try:
            if self.is_there:
                self._path.rename(aside)
        except OSError as error:
            raise StorageError(f"{self._path} cannot be renamed: {reason_of(error)}.") from error

    def _private(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - few need it

        try:
            content = self._path.read_bytes()
        except FileNotFoundError as error:
            raise SigningKeyError(f"{self._path} is missing, so nothing can be signed.") from error
        except OSError as error:
            raise SigningKeyError(f"{self._path} cannot be read: {reason_of(error)}.") from error
        if len(content) != 2 * _HALF:
            raise SigningKeyError(f"{self._path} is damaged: it has {len(content)} bytes instead of {2 * _HALF}.")
        key = Ed25519PrivateKey.from_private_bytes(content[:_HALF])
        if key.public_key().public_bytes_raw() != content[_HALF:]:
            raise SigningKeyError(f"{self._path} is damaged: its two halves do not belong together.")
        return key
