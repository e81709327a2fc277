"""`linesidectl verify`: is everything that was recorded still there and unchanged?"""

import argparse
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import add_json
from station.cli.output import Results

if TYPE_CHECKING:
    from station.cli.arguments import Commands


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser("verify", parents=[common], help="check database, pictures and models")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print each finding; 1 when one of them means something is broken."""
    with Station.open(asked.workspace) as station, Results(asked.json) as results:
        findings = station.records.verify()
        for finding in findings:
            results.line(f"{'broken' if finding.broken else 'note'}: {finding.sentence}")
            results.record({"broken": finding.broken, "sentence": finding.sentence})
        broken = sum(finding.broken for finding in findings)
        results.line("clean" if not broken else f"{broken} broken")
        results.record({"summary": True, "broken": broken, "findings": len(findings)})
    return 1 if broken else 0
