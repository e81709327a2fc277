"""`linesidectl restore`: a new workspace from a backup."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from station.app import Station
from station.cli.arguments import add_json
from station.cli.backup import values
from station.cli.output import Results
from station.commands.backup import in_words, restore, restore_salvaging
from station.domain.errors import BadInputError
from station.storage.backup.manifest import Backup
from station.storage.backup.salvaging import Salvage
from station.storage.records.integrity import Severity


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    words = "a backup, or the folder of the backups: then the newest complete one; --workspace names the new workspace"
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help=words)
    saving = "a workspace with a damaged database: save also what can still be read of it; it stays as it is"
    parser.add_argument("--salvage", type=Path, metavar="DAMAGED", help=saving)
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Restore, then verify the new workspace; 1 if something in it is not as it was recorded."""
    with Results(asked.json) as results:
        backup, saved = _restored(asked)
        words = saved.words if saved else ""
        with Station.open(asked.workspace) as station:
            findings = (*station.records.verify(), *station.audit.findings())
            station.backup.note_restored(backup, words)
        for finding in findings:
            results.line(f"{finding.severity}: {finding.where}: {finding.sentence}")
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        said = [in_words(backup)] if backup else []
        said += [words] if words else []
        results.line(f"{asked.workspace}: {'; '.join(said)}; {'clean' if not errors else f'errors: {errors}'}")
        of_backup = values(backup) if backup else {}
        results.record(of_backup | _values_of(saved) | {"workspace": str(asked.workspace), "errors": errors})
    return 1 if errors else 0


def _restored(asked: argparse.Namespace) -> tuple[Backup | None, Salvage | None]:
    def say(found: Backup) -> None:
        print(f"linesidectl: restoring {found.folder}", file=sys.stderr)

    if asked.salvage is not None:
        return restore_salvaging(asked.authority, asked.folder, asked.workspace, asked.salvage, say)
    if asked.folder is None:
        raise BadInputError("No backup is named.", "Name the folder of the backups, or --salvage DAMAGED.")
    return restore(asked.authority, asked.folder, asked.workspace, say), None


def _values_of(saved: Salvage | None) -> dict[str, object]:
    if saved is None:
        return {}
    return {"salvaged": [asdict(table) for table in saved.tables], "unreadable": list(saved.unreadable)}
