"""Arguments that several commands share."""

import argparse
import getpass
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.formatting import plain
from station.domain.names import expanded, readable
from station.domain.permissions import Authority, Permission, Role
from station.domain.person import KnownBy, Person
from station.workspace import default_workspace

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def station_arguments(
    workspace: Path | str = argparse.SUPPRESS, role: Authority | str = argparse.SUPPRESS
) -> argparse.ArgumentParser:
    """Return a parser with `--workspace` and `--role`: before the command or behind it, as people remember it.

    The one behind wins, so only the one before has defaults.
    """
    parser = argparse.ArgumentParser(add_help=False)
    words = f"the station's folder (default: {default_workspace()})"
    parser.add_argument("--workspace", type=folder, default=workspace, metavar="DIR", help=words.replace("%", "%%"))
    words = f"give the command with this role only: {', '.join(Role)} (default: all)"
    parser.add_argument("--role", type=authority, default=role, dest="authority", metavar="ROLE", help=words)
    return parser


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json FILE`."""
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - is stdout")


def add_view(parser: argparse.ArgumentParser) -> None:
    """Add `--view VIEW`, for a recipe that may have several."""
    parser.add_argument("--view", metavar="VIEW", help="which view; needed if the recipe has several")


def recipe_and_revision(text: str) -> tuple[str, int | None]:
    """Return ("tile", 2) for "tile@2", ("tile", None) for "tile".

    Raises:
        BadInputError: If the revision is not a whole number above 0.
    """
    text = unicodedata.normalize("NFC", text)
    name, at, revision = text.rpartition("@")
    if not at:
        return text, None
    if not revision.isdecimal() or int(revision) < 1:
        raise BadInputError(f"'{text}' does not name a revision.", "Write NAME or NAME@1.")
    return name, int(revision)


def existing_workspace(root: Path) -> Path:
    """Return the workspace for a command that reads it and creates none.

    Raises:
        BadInputError: If the folder does not exist.
    """
    if not expanded(root).is_dir():
        raise BadInputError(f"There is no workspace {root}.", "Check --workspace; 'linesidectl teach' makes a new one.")
    return root


@contextmanager
def station_to_read(asked: argparse.Namespace) -> Iterator[Station]:
    """Open the station for a command that only reads, and say so if it cannot be written."""
    with Station.open_to_read(existing_workspace(asked.workspace), authority=asked.authority) as station:
        if station.unwritable is not None:
            print(f"linesidectl: {station.unwritable.sentence} It is only read.", file=sys.stderr)
        warn_of_clock(station)
        yield station


def authorise(asked: argparse.Namespace, permission: Permission) -> None:
    """Ask for a permission before the station is opened; a refusal is written into its audit trail.

    Raises:
        PermissionRefusedError: The role of this command line does not have it.
    """
    if not asked.authority.allows(permission):
        with Station.open(asked.workspace, authority=asked.authority) as station:
            station.authority.authorise(permission)


def warn_of_clock(station: Station) -> None:
    """Say it if the clock of this machine is behind the records."""
    if station.clock_warning:
        print(f"linesidectl: {plain(station.clock_warning)} Set this machine's clock.", file=sys.stderr)


def moment(text: str) -> datetime:
    """Return a time with its offset from UTC.

    Raises:
        BadInputError: It is not a time of ISO 8601, or has no offset.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInputError(f"'{text}' is not an ISO 8601 time.", "Write 2026-11-22T06:00:00+01:00.") from error
    if found.tzinfo is None:
        advice = f"Write {found.isoformat()}+00:00 or the offset you mean."
        raise BadInputError(f"'{text}' has no offset from UTC.", advice)
    return found


def folder(text: str) -> Path:
    """Return the path of a folder, for argparse; an empty argument would mean the current folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the folder is empty")
    return Path(text)


def positive(text: str) -> int:
    """Return a whole number above 0, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above 0")
    return int(text)


def of_system_user(roles: Iterable[Role] = Role) -> Authority:
    """Return the authority of the system's user with these roles; every role if none is named."""
    given = frozenset(roles)
    return Authority(lambda: Person(account(), given, KnownBy.SYSTEM_USER))


def authority(text: str) -> Authority:
    """Return the authority of one role, for argparse."""
    try:
        return of_system_user([Role(text)])
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a role; the roles are {', '.join(Role)}") from None


def account() -> str:
    """Return the name of the system's user as it is recorded: "ida (system user)"; "" without one.

    The addition says that nobody proved by PIN or badge to be that person.
    """
    try:
        return f"{readable(getpass.getuser())} (system user)"
    except (KeyError, OSError):
        return ""


def person() -> str:
    """Return the name of the system's user, for a command that needs a person.

    Raises:
        BadInputError: If this process has no user name.
    """
    name = account()
    if not name:
        raise BadInputError("This process has no user name to record as the person.", "Set USER to your name.")
    return name
