"""`linesidectl audit`: who changed what, when and why; as lines, as a table, or as syslog."""

import argparse
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from station.cli.arguments import add_json, moment, positive, station_arguments, station_to_read
from station.cli.output import Results
from station.domain.audit import AuditAction, AuditEntry, AuditFilter
from station.domain.errors import BadInputError
from station.reporting.audit_export import values_of
from station.reporting.wording import audit_in_words

_LISTED = 50


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    verbs = family.add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[station_arguments()], help="the newest entries, oldest first")
    listing.add_argument("--last", type=positive, default=_LISTED, metavar="N", help=f"how many; default: {_LISTED}")
    export = verbs.add_parser("export", parents=[station_arguments()], help="every entry, into files for others")
    export.add_argument("--csv", type=Path, metavar="FILE", help="a table, every entry as one line")
    export.add_argument("--csv-for", metavar="LANGUAGE", help="the table as a spreadsheet in this language reads it")
    export.add_argument("--syslog", type=Path, metavar="FILE", help="lines of RFC 5424")
    for parser, run in ((listing, run_list), (export, run_export)):
        _add_filter(parser, run)


def _add_filter(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--from", dest="start", metavar="TIME", help="ISO 8601 with offset")
    parser.add_argument("--to", dest="end", metavar="TIME", help="ISO 8601 with offset; this moment is outside")
    parser.add_argument("--person", default="", metavar="NAME", help="only what this person did")
    parser.add_argument("--action", default="", metavar="ACTION", help=f'such as "{AuditAction.RECIPE_RELEASED}"')
    parser.add_argument("--subject", default="", metavar="TEXT", help="only subjects with this text, such as tile@3")
    add_json(parser)
    parser.set_defaults(run=run)


def run_list(asked: argparse.Namespace) -> int:
    """Print one line for each entry."""
    wanted = _wanted(asked)
    with station_to_read(asked) as station, Results(asked.json) as results:
        zone = ZoneInfo(station.settings.station.time_zone)
        for entry in reversed(station.audit.entries(wanted, limit=asked.last)):
            results.line(_line(entry, zone))
            results.record(values_of(entry))
    return 0


def run_export(asked: argparse.Namespace) -> int:
    """Write the files that were asked for."""
    if not (asked.csv or asked.syslog):
        raise BadInputError("No file is named.", "Give --csv FILE, --syslog FILE or both.")
    wanted = _wanted(asked)
    with station_to_read(asked) as station, Results(asked.json) as results:
        written = [station.audit.write_csv(asked.csv, wanted, asked.csv_for)] if asked.csv else []
        written += [station.audit.write_syslog(asked.syslog, wanted)] if asked.syslog else []
        for path in written:
            results.line(f"wrote {path}")
            results.record({"written": str(path)})
    return 0


def _wanted(asked: argparse.Namespace) -> AuditFilter:
    if asked.action and asked.action not in set(AuditAction):
        raise BadInputError(f"There is no action '{asked.action}'.", f"The actions are: {', '.join(AuditAction)}.")
    return AuditFilter(
        moment(asked.start) if asked.start else None,
        moment(asked.end) if asked.end else None,
        asked.person,
        asked.action,
        asked.subject,
    )


def _line(entry: AuditEntry, zone: ZoneInfo) -> str:
    return f"{entry.number:6}  {entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {audit_in_words(entry)}"
