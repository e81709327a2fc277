"""`linesidectl restore`: a new workspace from a backup."""

import argparse
import sys
from pathlib import Path

from station.app import Station
from station.cli.arguments import add_json
from station.cli.backup import values
from station.cli.output import Results
from station.commands.backup import in_words, restore
from station.storage.records.integrity import Severity


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    words = "a backup, or the folder of the backups: then the newest complete one; --workspace names the new workspace"
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words)
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Restore, then verify the new workspace; 1 if something in it is not as it was recorded."""
    with Results(asked.json) as results:
        backup = restore(
            asked.authority,
            asked.folder,
            asked.workspace,
            lambda found: print(f"linesidectl: restoring {found.folder}", file=sys.stderr),
        )
        with Station.open(asked.workspace) as station:
            findings = (*station.records.verify(), *station.audit.findings())
            station.backup.note_restored(backup)
        for finding in findings:
            results.line(f"{finding.severity}: {finding.where}: {finding.sentence}")
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        results.line(f"{asked.workspace}: {in_words(backup)}; {'clean' if not errors else f'errors: {errors}'}")
        results.record(values(backup) | {"workspace": str(asked.workspace), "errors": errors})
    return 1 if errors else 0
