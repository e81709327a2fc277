"""`linesidectl signers`: whose recipe files this station believes, and by what others know it."""

import argparse

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, person, station_arguments, station_to_read
from station.cli.output import Results
from station.domain.signer import Signer

_REASON = "why; it is recorded"


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    verbs = family.add_subparsers(required=True, metavar="VERB")
    for name, run, purpose in (
        ("list", run_list, "whose recipe files are imported without a question"),
        ("own", run_own, "public key and fingerprint of this station; made on first use"),
        ("remove", run_remove, "believe a signer no more"),
        ("renew", run_renew, "a new key for this station; other stations ask about it once"),
    ):
        parser = verbs.add_parser(name, parents=[station_arguments()], help=purpose)
        if run is run_remove:
            parser.add_argument("fingerprint", metavar="FINGERPRINT", help="as 'signers list' shows it, in quotes")
        if run in (run_remove, run_renew):
            parser.add_argument("--reason", metavar="WHY", required=True, help=_REASON)
        add_json(parser)
        parser.set_defaults(run=run)


def run_list(asked: argparse.Namespace) -> int:
    """Print a line for each signer."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        known = station.exchange.signers()
        for each in known:
            who = "this station" if each.own else f"believed by {each.person}, {each.reason}"
            results.line(f"{each.signer.fingerprint}  {each.signer.called}  ({who}, {each.at:%Y-%m-%d %H:%M} UTC)")
            results.record(_values(each.signer) | {"own": each.own, "person": each.person, "reason": each.reason})
        if not known:
            results.line("No signer is known: each recipe file is asked about.")
    return 0


def run_own(asked: argparse.Namespace) -> int:
    """Print by what others know this station."""
    with _station(asked) as station, Results(asked.json) as results:
        _show(results, station.exchange.own_signer())
    return 0


def run_remove(asked: argparse.Namespace) -> int:
    """Ask about the files of a signer from now on."""
    with _station(asked) as station, Results(asked.json) as results:
        removed = station.exchange.remove(asked.fingerprint, asked.reason, person())
        results.line(f"{removed.signer.fingerprint} is asked about from now on")
        results.record(_values(removed.signer))
    return 0


def run_renew(asked: argparse.Namespace) -> int:
    """Make a new key."""
    with _station(asked) as station, Results(asked.json) as results:
        _show(results, station.exchange.renew(asked.reason, person()))
    return 0


def _station(asked: argparse.Namespace) -> Station:
    return Station.open(existing_workspace(asked.workspace), authority=asked.authority)


def _show(results: Results, signer: Signer) -> None:
    results.line(f"fingerprint {signer.fingerprint}")
    results.line(f"public key  {signer.public_key}")
    results.record(_values(signer))


def _values(signer: Signer) -> dict[str, object]:
    return {"fingerprint": signer.fingerprint, "public_key": signer.public_key, "station": signer.station}
