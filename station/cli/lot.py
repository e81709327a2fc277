"""`linesidectl lot`: the lot and the order that are made now, also of a line that runs."""

import argparse

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, person, station_to_read
from station.cli.output import Results
from station.domain.lot_order import LotOrder
from station.domain.scanned_code import shown


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = "Without LOT and --order it says what is set. A running line takes it over within a second."
    parser.add_argument("lot", nargs="?", metavar="LOT", help="the lot of the parts from the next one on; '' for none")
    parser.add_argument("--order", metavar="ORDER", help="the order of these parts; '' for none")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Set what was given, and say what is set."""
    with Results(asked.json) as results:
        now = _seen(asked) if asked.lot is None and asked.order is None else _set(asked)
        results.line(shown(now.words))
        results.record({"lot": now.lot or None, "order": now.order or None})
    return 0


def _seen(asked: argparse.Namespace) -> LotOrder:
    with station_to_read(asked) as station:
        return station.lots.now


def _set(asked: argparse.Namespace) -> LotOrder:
    with Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station:
        return station.lots.set(asked.lot, asked.order, person())
