"""How a person signs at the command line: PIN or badge are typed or read from stdin, and never an argument."""

import argparse
import getpass
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from station.app import Station
from station.cli.arguments import person
from station.domain.errors import BadInputError
from station.domain.permissions import Permission, roles_with
from station.domain.person import KnownBy
from station.domain.recipe import Recipe
from station.domain.secret import Secret
from station.domain.signature import Consent, SignatureProof


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who gives a command that is signed, and by what; without a proof on a station without accounts."""

    person: str
    consent: Consent


def add_signing(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a verb that is signed."""
    parser.add_argument("--sign", metavar="NAME", help="who signs, on a station with accounts; the PIN is asked for")
    parser.add_argument("--badge", action="store_true", help="sign by badge instead: scan it when it is asked for")
    parser.add_argument("--pin-from-stdin", action="store_true", help="read PIN or badge as one line from stdin")


def signed_by(station: Station, asked: argparse.Namespace) -> SignedBy:
    """Return who signs. On a station without accounts it is the system's user, and nothing is asked for.

    Neither is it of a role that may not release: the command is refused in any case.

    Raises:
        BadInputError: The station has accounts and nobody is named, or no PIN is given.
    """
    unvalidated: str = getattr(asked, "unvalidated", "")  # a retirement has no such argument
    if not station.people.exist() or not station.authority.allows(Permission.RELEASE_RECIPE):
        return SignedBy(person(), Consent(unvalidated=unvalidated))
    if not asked.sign and not asked.badge:
        may = sorted(roles_with(Permission.RELEASE_RECIPE))
        raise BadInputError(
            "This needs a signature: the station has accounts.",
            f"Add --sign NAME of a person with the role {' or '.join(may)}, or --badge; the PIN is asked for.",
        )
    known_by = KnownBy.BADGE if asked.badge else KnownBy.PIN
    proof = SignatureProof(_secret(known_by, from_stdin=asked.pin_from_stdin), known_by)
    return SignedBy(asked.sign or "", Consent(proof, unvalidated))


def signature_lines(station: Station, recipe: Recipe) -> Iterator[str]:
    """Yield the signatures of a revision, a line each, with the hash that was signed."""
    signing = station.recipes.signing(recipe)
    for each in signing.all:
        state = ", waits for another person" if each in signing.waiting else ""
        yield f"{each.words}, {each.at:%Y-%m-%d %H:%M} UTC, SHA-256 {each.sha256}{state}"
    if signing.waiting:
        yield f"it waits: {signing.words}"


def _secret(known_by: KnownBy, *, from_stdin: bool) -> Secret:
    what = "badge" if known_by is KnownBy.BADGE else "PIN"
    if not from_stdin and not sys.stdin.isatty():
        raise BadInputError(f"There is no terminal to ask for the {what}.", "Write it to stdin with --pin-from-stdin.")
    try:
        text = sys.stdin.readline().rstrip("\r\n") if from_stdin else getpass.getpass(f"{what}: ")
    except (EOFError, UnicodeDecodeError):
        text = ""
    if not text:
        raise BadInputError(f"No {what} was given.", "Type it, or write it to stdin as one line.")
    return Secret(text)
