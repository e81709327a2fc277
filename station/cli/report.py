"""`linesidectl report`: the shift report as PDF, CSV and XLSX."""

import argparse
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from station.app import Station
from station.cli.arguments import add_json, moment, station_to_read
from station.cli.output import Results
from station.domain.errors import BadInputError
from station.domain.inspection import Inspection
from station.domain.shift import ShiftWindow
from station.reporting.shift_json import shift_values


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--shift", metavar="DATE/NAME", help="such as 2026-11-22/Early")
    parser.add_argument("--from", dest="start", metavar="TIME", help="ISO 8601 with offset, instead of a shift")
    parser.add_argument("--to", dest="end", metavar="TIME", help="ISO 8601 with offset")
    parser.add_argument("--lot", help="only the parts of this lot; without --shift from its first to its last part")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="default: the workspace's reports folder")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="every part as one line")
    parser.add_argument(
        "--csv-for",
        metavar="LANGUAGE",
        help="the CSV as a spreadsheet in this language reads it, such as de: semicolon, decimal comma",
    )
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="figures, parts and stops as a workbook")
    parser.add_argument("--part", metavar="WORDS", help="find parts by number, time, serial, lot or order: 0013, 09:41")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Write the files that were asked for; the PDF where none was."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        window = _window(station, asked)
        if asked.part:
            for part in station.records.find_parts(asked.part, window):
                results.line(_found(part, station.settings.station.time_zone))
                results.record(_found_values(part))
            return 0
        if asked.json:
            results.record(shift_values(*station.records.shift(window), station.records.account(window)))
        if asked.csv or asked.csv_for is not None:
            results.line(f"wrote {station.records.write_csv(window, asked.csv, asked.csv_for)}")
        if asked.xlsx:
            results.line(f"wrote {station.records.write_xlsx(window, asked.xlsx)}")
        if asked.pdf or not (asked.csv or asked.csv_for is not None or asked.xlsx or asked.json):
            results.line(f"wrote {station.records.write_pdf(window, asked.pdf, _say)}")
    return 0


def _found(part: Inspection, time_zone: str) -> str:
    at = f"{part.triggered_at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M:%S}"
    return (
        f"{part.key.label}  {at}  run {part.key.run_id}  {part.verdict.word:13}  {part.deciding.origin}  {part.reason}"
    )


def _found_values(part: Inspection) -> dict[str, object]:
    """Return a part that was found as `report --part --json` writes it."""
    return {
        "part": part.key.label,
        "run": part.key.run_id,
        "triggered_at": part.triggered_at.isoformat(),
        "verdict": part.verdict.value,
        "reason": part.reason,
        "source": part.deciding.origin,
        "serial": part.serial or None,
        "lot": part.lot or None,
        "order": part.order or None,
    }


def _say(sentence: str) -> None:
    print(f"linesidectl: {sentence}", file=sys.stderr)


def _window(station: Station, asked: argparse.Namespace) -> ShiftWindow:
    if not asked.lot:
        return _time(station, asked)
    named = asked.shift or asked.start or asked.end
    return station.records.lot_window(asked.lot, _time(station, asked) if named else None)


def _time(station: Station, asked: argparse.Namespace) -> ShiftWindow:
    if asked.shift and not (asked.start or asked.end):
        return station.records.find_shift(asked.shift)
    if asked.start and asked.end and not asked.shift:
        return station.records.free_window(moment(asked.start), moment(asked.end))
    raise BadInputError("No shift is named.", "Give --shift DATE/NAME, or both --from and --to.")
