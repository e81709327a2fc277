"""`linesidectl plant`: what was sent to the plant's database, and what waits."""

import argparse
from dataclasses import asdict
from datetime import datetime

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, station_arguments, station_to_read
from station.cli.output import Results
from station.domain.formatting import counted


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    verbs = family.add_subparsers(required=True, metavar="VERB")
    for name, run, purpose in (
        ("status", run_status, "how far the plant is behind; exit 1 if it does not have everything"),
        ("send", run_send, "send everything that waits, now"),
        ("resend", run_resend, "keep what the plant has under another name, and send everything again"),
    ):
        parser = verbs.add_parser(name, parents=[station_arguments()], help=purpose)
        if run is run_resend:
            parser.add_argument("--reason", metavar="WHY", required=True, help="why; it is recorded")
        add_json(parser)
        parser.set_defaults(run=run)


def run_status(asked: argparse.Namespace) -> int:
    """Print how far the plant is behind."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        status = station.plant.status()
        results.line(f"{status.address}, schema {status.schema}")
        results.line(status.sentence)
        if status.advice:
            results.line(status.advice)
        times = {name: at.isoformat() for name, at in asdict(status).items() if isinstance(at, datetime)}
        results.record(asdict(status) | times | {"up_to_date": status.is_up_to_date})
    return int(not status.is_up_to_date)


def run_send(asked: argparse.Namespace) -> int:
    """Send what waits."""
    with _station(asked) as station, Results(asked.json) as results:
        rows = station.plant.send()
        results.line(f"{counted(rows, 'row')} sent")
        results.record({"rows": rows})
    return 0


def run_resend(asked: argparse.Namespace) -> int:
    """Send everything again."""
    with _station(asked) as station, Results(asked.json) as results:
        kept = station.plant.resend(asked.reason)
        results.line(f"everything was sent again; what the plant had is kept there as schema {kept}")
        results.record({"kept": kept})
    return 0


def _station(asked: argparse.Namespace) -> Station:
    return Station.open(existing_workspace(asked.workspace), authority=asked.authority)
