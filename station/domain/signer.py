"""Who signed a recipe file: a station, known by its public key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError
from station.domain.formatting import shortened
from station.domain.names import readable

_GROUP = 4
_SHOWN_LETTERS = 40
_SHOWN_DIGITS = 32
"""128 bits of a SHA-256: nobody can make another key with the same ones."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The station that signed a file.

    Attributes:
        public_key: Of Ed25519, 64 hexadecimal digits; "" for a file without a signature.
        station: How it calls itself; nothing proves this name.
        file_sha256: Of the file, if it has no signature: then it is known by its content alone.
    """

    public_key: str
    station: str
    file_sha256: str = ""

    @property
    def called(self) -> str:
        """Return its name for people: short and in one line, so that it cannot pass for a fingerprint beside it."""
        return shortened(readable(self.station), _SHOWN_LETTERS)

    @property
    def fingerprint(self) -> str:
        """Return what two people compare by telephone: "3f2a 9c1e ..."; of the key, else of the file."""
        return fingerprint_of(self.public_key) if self.public_key else _grouped(self.file_sha256)


def fingerprint_of(public_key: str) -> str:
    """Return the fingerprint of a public key that is given in hexadecimal digits: eight groups of four digits."""
    return _grouped(sha256_hex(bytes.fromhex(public_key)))


def same_fingerprint(one: str, other: str) -> bool:
    """Return whether two fingerprints are the same, however they are written."""
    return bool(_digits(one)) and _digits(one) == _digits(other)


class SignerStep(StrEnum):
    """What happened to a signer on this station."""

    OWN = "own key"
    TRUSTED = "trusted"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class KnownSigner:
    """A signer whose files are imported without a question.

    Attributes:
        signer: Who.
        own: Whether it is this station.
        person, reason, at: Who trusted it, why and when, UTC.
    """

    signer: Signer
    own: bool
    person: str
    reason: str
    at: datetime


class UnknownSignerError(BadInputError):
    """A recipe file is whole, and its signer is not known here, or nobody signed it. A person decides.

    Attributes:
        signer: Who.
    """

    signer: Signer

    @classmethod
    def of(cls, file: str, signer: Signer) -> "UnknownSignerError":
        """Return the question about a file."""
        advice = f"Compare the fingerprint with its sender, then add --trust '{signer.fingerprint}'."
        if signer.public_key:
            sentence = f"{file} is signed by '{signer.called}', fingerprint {signer.fingerprint}, unknown here."
        else:
            sentence = (
                f"{file} is not signed: nothing says where it comes from. Its fingerprint is {signer.fingerprint}."
            )
        error = cls(sentence, advice)
        error.signer = signer
        return error


def _grouped(digits: str) -> str:
    return " ".join(digits[begin : begin + _GROUP] for begin in range(0, _SHOWN_DIGITS, _GROUP))


def _digits(fingerprint: str) -> str:
    return "".join(sign for sign in fingerprint.casefold() if sign in "0123456789abcdef")
