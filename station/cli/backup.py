"""`linesidectl backup`: a copy of the whole workspace, while the line inspects."""

import argparse
from pathlib import Path

from station.app import Station
from station.cli.arguments import add_json, existing_workspace
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.commands.backup import in_words
from station.learning.progress import Progress
from station.storage.backup.manifest import Backup


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of the backups, best on another disk")
    parser.add_argument("--list", action="store_true", help="only say which complete backups are there")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Make a backup, or list those that are complete."""
    root = existing_workspace(asked.workspace)
    with Station.open(root, authority=asked.authority) as station, Results(asked.json) as results:
        if asked.list:
            backups = station.backup.backups(asked.folder)
        else:
            with progress_bars() as on_progress:
                backups = (
                    station.backup.make(
                        asked.folder, lambda done, total: on_progress(Progress("Backing up pictures", done, total))
                    ),
                )
        for backup in backups:
            results.line(f"{backup.folder}: {in_words(backup)}")
            results.record(values(backup))
        if not backups:
            results.line(f"no complete backup in {asked.folder}")
    return 0 if backups else 1


def values(backup: Backup) -> dict[str, object]:
    """Return what `--json` writes of a backup."""
    return {
        "backup": str(backup.folder),
        "made_at": backup.made_at.isoformat(),
        "station": backup.station,
        "files": len(backup.files),
        "bytes": backup.size,
    }
