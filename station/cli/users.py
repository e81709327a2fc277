"""`linesidectl users`: the people of the station. Who has the machine can give a new PIN; that is recorded."""

import argparse
import getpass
import sys
from collections.abc import Callable

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, person, station_arguments, station_to_read
from station.cli.output import Results
from station.commands.people import in_words
from station.domain.errors import BadInputError
from station.domain.permissions import Role
from station.domain.person import Account
from station.domain.secret import Secret

Deed = Callable[[Station, argparse.Namespace, str], Account]
_REASON = "why; it is recorded with the name of the system's user"
_NEVER_AN_ARGUMENT = "asked for twice at a terminal, else read from stdin, one a line: other users see arguments"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = f"PINs and badges are {_NEVER_AN_ARGUMENT}."
    deeds = parser.add_subparsers(required=True, metavar="VERB")
    listing = deeds.add_parser("list", parents=[station_arguments()], help="every account, also the disabled ones")
    add_json(listing)
    listing.set_defaults(run=_list)
    adding = _deed(deeds, "add", _add, "a new person; without --badge with a PIN", reason_needed=False)
    _add_roles(adding)
    adding.add_argument("--badge", action="store_true", help="log in by a badge instead of a PIN: scan it")
    _deed(deeds, "pin", _pin, "give a new PIN, for example for a lost one")
    _deed(deeds, "badge", _badge, "give a badge: scan it")
    _add_roles(_deed(deeds, "roles", _roles, "change what a person may do"))
    _deed(deeds, "disable", _disable, "nobody can log in by this account any more; its records stay")
    _deed(deeds, "enable", _enable, "let the person log in again")


def _deed(
    deeds: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    deed: Deed,
    purpose: str,
    *,
    reason_needed: bool = True,
) -> argparse.ArgumentParser:
    parser = deeds.add_parser(name, parents=[station_arguments()], help=purpose)
    parser.add_argument("name", metavar="NAME", help="the person, as the records name them")
    parser.add_argument("--reason", metavar="WHY", required=reason_needed, default="", help=_REASON)
    add_json(parser)
    parser.set_defaults(run=lambda asked: _done(asked, deed))
    return parser


def _add_roles(parser: argparse.ArgumentParser) -> None:
    words = f"{', '.join(Role)}; several with a comma between. Everybody is an operator as well"
    parser.add_argument("--roles", type=_given_roles, required=True, metavar="ROLE,ROLE", help=words)


def _given_roles(text: str) -> frozenset[Role]:
    """Return the roles of a list, for argparse."""
    try:
        return frozenset(Role(word.strip().lower()) for word in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' has a word that is not a role: {', '.join(Role)}") from None


def _list(asked: argparse.Namespace) -> int:
    with Results(asked.json) as results, station_to_read(asked) as station:
        accounts = station.people.accounts()
        for account in accounts:
            _show(results, account)
        if not accounts:
            results.line("There are no accounts: the window does what an operator may, and nothing else.")
        results.record({"summary": True, "accounts": len(accounts)})
    return 0


def _done(asked: argparse.Namespace, deed: Deed) -> int:
    with (
        Results(asked.json) as results,
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
    ):
        _show(results, deed(station, asked, person()))
    return 0


def _show(results: Results, account: Account) -> None:
    ways = [word for word, has in (("PIN", account.has_pin), ("badge", account.has_badge)) if has]
    state = ", disabled" if account.disabled else ""
    results.line(f"{account.name}: {in_words(account.roles)}; {' and '.join(ways) or 'cannot log in'}{state}")
    results.record({
        "name": account.name, "roles": [role.value for role in Role if role in account.roles],
        "pin": account.has_pin, "badge": account.has_badge, "disabled": account.disabled,
        "created_at": account.created_at.isoformat(),
    })  # fmt: skip


def _add(station: Station, asked: argparse.Namespace, who: str) -> Account:
    pin, badge = (None, _scanned_badge()) if asked.badge else (_typed_pin(), None)
    return station.people.add(asked.name, asked.roles, pin, badge, asked.reason, who)


def _pin(station: Station, asked: argparse.Namespace, who: str) -> Account:
    return station.people.set_pin(asked.name, _typed_pin(), asked.reason, who)


def _badge(station: Station, asked: argparse.Namespace, who: str) -> Account:
    return station.people.set_badge(asked.name, _scanned_badge(), asked.reason, who)


def _roles(station: Station, asked: argparse.Namespace, who: str) -> Account:
    return station.people.set_roles(asked.name, asked.roles, asked.reason, who)


def _disable(station: Station, asked: argparse.Namespace, who: str) -> Account:
    return station.people.disable(asked.name, asked.reason, who)


def _enable(station: Station, asked: argparse.Namespace, who: str) -> Account:
    return station.people.enable(asked.name, asked.reason, who)


def _typed_pin() -> Secret:
    """Return the PIN, typed twice without being shown.

    Raises:
        BadInputError: Both are not the same, or there is none.
    """
    pin = _asked_for("PIN: ")
    if sys.stdin.isatty() and not pin.same_as(_asked_for("PIN again: ")):
        raise BadInputError("The two PINs are not the same.", "Give the command again.")
    return pin


def _scanned_badge() -> Secret:
    return _asked_for("Badge: ")


def _asked_for(what: str) -> Secret:
    try:
        text = getpass.getpass(what) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    except (EOFError, UnicodeDecodeError):
        text = ""
    if not text:
        raise BadInputError(
            f"No {what.split(':', maxsplit=1)[0]} was given.", "Type it, or write it to stdin as one line."
        )
    return Secret(text)
