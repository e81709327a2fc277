"""The secret of a workspace: PINs and badges are hashed with it, so the database alone does not give them away."""

import hmac
import secrets
from pathlib import Path

from station.domain.disk import reason_of
from station.domain.errors import FaultError, StorageError
from station.people.private_file import write_once

FILE_NAME = "people.key"
_BYTES = 32


class LostKeyError(FaultError):
    """The file of the secret is not there, or is another one than that of the accounts."""

    advice = (
        "Put people.key back from a copy of the workspace, or give each person a new PIN: "
        "linesidectl users pin NAME --reason WHY."
    )
    for_operator = "No PIN can be checked now. Call the supervisor."


class WorkspaceKey:
    """Reads the secret of one workspace, and makes it with the first account."""

    def __init__(self, root: Path) -> None:
        self._path = root / FILE_NAME

    def of_accounts(self) -> bytes:
        """Return the secret that the accounts were made with.

        Raises:
            LostKeyError: There is no such file, or it is damaged.
        """
        key = self._read()
        if key is None:
            raise LostKeyError(f"{self._path} is missing, so no PIN and no badge can be checked.")
        return key

    def made(self) -> bytes:
        """Return the secret; it is made if there is none.

        Raises:
            LostKeyError: The file is damaged.
            StorageError: It cannot be written.
        """
        if (key := self._read()) is not None:
            return key
        try:
            write_once(self._path, secrets.token_bytes(_BYTES))
        except OSError as error:
            raise StorageError(f"{self._path} cannot be written: {reason_of(error)}.") from error
        return self.of_accounts()

    def _read(self) -> bytes | None:
        try:
            key = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LostKeyError(f"{self._path} cannot be read: {reason_of(error)}.") from error
        if len(key) != _BYTES:
            raise LostKeyError(f"{self._path} is damaged: it has {len(key)} bytes instead of {_BYTES}.")
        return key


def key_id(key: bytes) -> str:
    """Return by what a key is recognised; it says nothing of the key."""
    return hmac.new(key, b"key id", "sha256").hexdigest()[:16]
