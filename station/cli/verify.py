"""`linesidectl verify`: is everything that was recorded still there and unchanged?"""

import argparse
from collections.abc import Callable
from pathlib import Path

from station.cli.arguments import add_json, station_to_read
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.errors import StorageError
from station.domain.formatting import counted, plain
from station.storage.engine.database import UNUSABLE
from station.storage.records.integrity import Finding, Severity


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = (
        "Without REPORT it looks at everything that was recorded here: database, parts, pictures, recipes, signatures "
        "of releases, models and audit trail. It names what is gone or was changed, and ends with 1 then. A workspace "
        "inside a backup is looked at too, and stays as it is: --workspace BACKUP/workspace."
    )
    parser.add_argument(
        "report",
        nargs="?",
        type=Path,
        metavar="REPORT",
        help="a shift report (PDF): signed, unchanged and true?",
    )
    parser.add_argument(
        "--trust", type=Path, metavar="FILE", help="with a report: the certificates that are believed, PEM or DER"
    )
    parser.add_argument(
        "--models",
        action="store_true",
        help="also judge the pictures of each model's certificate again, on this machine",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print each finding; 1 when one of them means that something recorded is gone or changed."""
    with Results(asked.json) as results:
        findings = _findings(asked)
        for finding in findings:
            results.line(f"{finding.severity}: {finding.where}: {finding.sentence}")
            results.record({"severity": finding.severity, "where": finding.where, "sentence": finding.sentence})
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        results.line(plain(counted(errors, "error")) if errors else "clean")
        results.record({"summary": True, "errors": errors, "findings": len(findings)})
    return 1 if errors else 0


def _said(where: str, findings: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Return what is wrong; of a damaged database it may not be readable at all."""
    try:
        return findings()
    except StorageError as error:
        return (Finding(Severity.ERROR, where, error.sentence, error.advice),)


def _of_report(path: Path, trusted: Path | None, asked: argparse.Namespace) -> tuple[Finding, ...]:
    """Return what was found of a report; with the certificates at hand it needs no station."""
    if trusted and not Path(asked.workspace).is_dir():
        from station.commands.report_proof import read, verify_report  # noqa: PLC0415 - slow to load
        from station.reporting.signature.checking import certificates_in  # noqa: PLC0415 - as above

        return verify_report(path, certificates_in(read(trusted, "Check '--trust'."), str(trusted)), None)
    with station_to_read(asked) as station:
        return station.records.verify_report(path, trusted)


def _findings(asked: argparse.Namespace) -> tuple[Finding, ...]:
    """Return what was found; records that cannot be used at all are a finding too."""
    if asked.report:
        return _of_report(asked.report, asked.trust, asked)
    try:
        with station_to_read(asked) as station, progress_bars() as on_progress:
            audit, people = _said("audit trail", station.audit.findings), _said("people", station.people.findings)
            records = (*station.records.verify(), *audit, *people)
            return (*records, *station.learning.verify_models(on_progress)) if asked.models else records
    except UNUSABLE as error:
        return (Finding(Severity.ERROR, "station.db", error.sentence, error.advice),)
