"""`linesidectl verify`: is everything that was recorded still there and unchanged?"""

import argparse
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import add_json, existing_workspace
from station.cli.output import Results
from station.storage.records.integrity import Severity

if TYPE_CHECKING:
    from station.cli.arguments import Commands


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = commands.add_parser("verify", parents=[common], help="check database, pictures and models")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print each finding; 1 when one of them means that something recorded is gone or changed."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        findings = station.records.verify()
        for finding in findings:
            results.line(f"{finding.severity}: {finding.where}: {finding.sentence}")
            results.record({"severity": finding.severity, "where": finding.where, "sentence": finding.sentence})
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        results.line(f"{errors} error{'' if errors == 1 else 's'}" if errors else "clean")
        results.record({"summary": True, "errors": errors, "findings": len(findings)})
    return 1 if errors else 0
