"""The signature of a recipe file: a list of its members with their hashes, and an Ed25519 signature of that list."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError
from station.domain.signer import Signer

CONTENTS, SIGNATURE = "contents.json", "signature.json"
_ALGORITHM = "Ed25519"
_ADVICE = "Nothing was imported. Have it exported and sent again."


@dataclass(frozen=True, slots=True)
class Seal:
    """By what a station signs.

    Attributes:
        station: How it calls itself.
        public_key: 64 hexadecimal digits.
        sign: Returns the signature of a message, 64 bytes.
    """

    station: str
    public_key: str
    sign: Callable[[bytes], bytes]


class ChangedFileError(BadInputError):
    """A signed file is not the one that was signed; the sentence names the member that differs."""

    advice = _ADVICE


def sealing(members: Mapping[str, bytes], seal: Seal) -> dict[str, bytes]:
    """Return the two members that sign these."""
    listed = {name: {"sha256": sha256_hex(content), "size": len(content)} for name, content in members.items()}
    contents = _canonical({"format": 1, "members": listed, "station": seal.station})
    return {CONTENTS: contents, SIGNATURE: _signature_text(seal.public_key, seal.sign(contents))}


def signer_of(members: Mapping[str, bytes], file: str) -> Signer | None:
    """Return who signed these members; None if there is no signature at all.

    Args:
        members: All members of the file, by their names.
        file: Its name, for the sentences.

    Raises:
        ChangedFileError: A member was changed, added, removed or renamed, or the signature is not right.
    """
    there = [name for name in (CONTENTS, SIGNATURE) if name in members]
    if not there:
        return None
    if len(there) == 1:
        (missing,) = {CONTENTS, SIGNATURE} - set(there)
        raise ChangedFileError(f"{file} was changed: '{missing}' is missing.")
    public_key = _verified(members[CONTENTS], members[SIGNATURE], file)
    station, listed = _listed(members[CONTENTS], file)
    _require_members(listed, members, file)
    return Signer(public_key, station)


def _listed(contents: bytes, file: str) -> tuple[str, Mapping[str, str]]:
    """Return who lists the members, and the SHA-256 of each. It is signed, but anybody can make a key and sign."""
    try:
        said = json.loads(contents)
        listed = {name: str(member["sha256"]) for name, member in said["members"].items()}
        if not isinstance(said["station"], str):
            raise TypeError("the station has no name")
        return said["station"], listed
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ChangedFileError(f"{file} was changed: '{CONTENTS}' is not a list of members.") from error


def _require_members(listed: Mapping[str, str], members: Mapping[str, bytes], file: str) -> None:
    there = {name: content for name, content in members.items() if name not in (CONTENTS, SIGNATURE)}
    for name in listed:
        if name not in there:
            raise ChangedFileError(f"{file} was changed: '{name}' is missing.")
    for name, content in there.items():
        if name not in listed:
            raise ChangedFileError(f"{file} was changed: '{name}' was added.")
        if sha256_hex(content) != listed[name]:
            raise ChangedFileError(f"{file} was changed: '{name}' is not what was signed.")


def _verified(contents: bytes, signature: bytes, file: str) -> str:
    """Return the public key that signed the list of members."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - few commands need it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above

    try:
        said = json.loads(signature)
        key, proof = bytes.fromhex(said["public_key"]), bytes.fromhex(said["signature"])
        if signature != _signature_text(key.hex(), proof):
            raise ValueError("not as it was written")
        public = Ed25519PublicKey.from_public_bytes(key)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ChangedFileError(f"{file} was changed: '{SIGNATURE}' is damaged.") from error
    try:
        public.verify(proof, contents)
    except InvalidSignature as error:
        raise ChangedFileError(f"{file} was changed: '{CONTENTS}' or '{SIGNATURE}' is not what was signed.") from error
    return key.hex()


def _signature_text(public_key: str, signature: bytes) -> bytes:
    return _canonical({"algorithm": _ALGORITHM, "public_key": public_key, "signature": signature.hex()})


def _canonical(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
