"""`linesidectl challenge`: what is due, run a check with challenge parts, the parts that a failed one made suspect."""

import argparse
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from station.app import Station
from station.cli.arguments import (
    add_json,
    existing_workspace,
    person,
    station_arguments,
    station_to_read,
    warn_of_clock,
)
from station.cli.output import Results
from station.domain.challenge import Check, CheckProgress, Outcome
from station.domain.errors import FaultError
from station.domain.messages import FaultReported, LineState
from station.domain.recipe import RecipeState
from station.domain.suspects import Suspect
from station.matching.frame_matcher import LineNotReadyError

if TYPE_CHECKING:
    from station.cli.arguments import Commands

_LOOK_S, _PATIENCE_S = 0.05, 30.0


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    common = station_arguments()
    verbs = family.add_subparsers(required=True, metavar="VERB")
    _verb(verbs, common, "list", run_list, "what is due, and the checks so far; 1 if a check is due")
    check = _verb(verbs, common, "check", run_check, "ask for each challenge part, judge it; 1 unless the check passes")
    check.add_argument("recipe", metavar="NAME", help="the recipe; its released revision is checked")
    suspects = _verb(verbs, common, "suspects", run_suspects, "parts since the last good check; 1 if there are any")
    suspects.add_argument("recipe", metavar="NAME", help="the recipe")
    suspects.add_argument("--csv", type=Path, metavar="FILE", help="write them as a table")
    suspects.add_argument("--answer", metavar="REASON", help="answer for all of them: say what was done with the parts")


def _verb(
    verbs: "Commands", common: argparse.ArgumentParser, name: str, run: object, help_text: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, parents=[common], help=help_text)
    add_json(parser)
    parser.set_defaults(run=run)
    return parser


def run_list(asked: argparse.Namespace) -> int:
    """Print what is due for each released recipe with challenge parts, then the checks, newest first."""
    any_due = False
    with station_to_read(asked) as station, Results(asked.json) as results:
        for entry in station.recipes.entries():
            recipe = entry.recipe
            if entry.state is not RecipeState.RELEASED or not recipe.challenge.parts:
                continue
            due = station.challenge.due(recipe)
            any_due = any_due or due is not None
            said = f"due: {', '.join(due.why)}" if due else "not due"
            parts = "; ".join(part.text for part in recipe.challenge.parts)
            results.line(f"{recipe.label}: {said} ({recipe.challenge.in_words}): {parts}")
            results.record({
                "recipe": recipe.name, "revision": recipe.revision, "due": list(due.why) if due else [],
                "blocks": recipe.challenge.blocks, "plan": recipe.challenge.in_words,
                "parts": [part.text for part in recipe.challenge.parts],
            })  # fmt: skip
        zone = ZoneInfo(station.settings.station.time_zone)
        for check in station.challenge.checks():
            at = f"{check.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
            results.line(f"check {check.run_id} of {check.label}, {at}: {check.in_words}")
            results.record(_values(check))
    return 1 if any_due else 0


def run_check(asked: argparse.Namespace) -> int:
    """Run a check with the station's own cameras; return 1 unless it passes."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        warn_of_clock(station)
        station.line.load_recipe(asked.recipe)
        before = [each.run_id for each in station.challenge.checks(1, asked.recipe)]
        faults = station.news.subscribe(FaultReported)
        station.challenge.start(person())
        _ask_for_parts(station)
        check = next(iter(station.challenge.checks(1, asked.recipe)), None)
        if check is None or check.run_id in before:
            raise _not_begun(faults.next_message())
        for each in check.results:
            results.line(f"{each.part.name}: {each.sentence}")
        results.line(check.in_words)
        results.record(_values(check))
    return 0 if check.outcome is Outcome.PASSED else 1


def _not_begun(fault: object) -> FaultError:
    """Return that no check was made: the line could not be started."""
    error = FaultError(f"The check was not begun. {fault.sentence if isinstance(fault, FaultReported) else ''}".strip())
    error.advice = fault.advice if isinstance(fault, FaultReported) else FaultError.advice
    return error


def _ask_for_parts(station: Station) -> None:
    """Ask for one part after the other until the check has ended; the end of the input breaks it off."""
    while (progress := station.challenge.progress) is not None:
        if station.line.state is LineState.WAITING and progress.asks_for is not None and not progress.waits:
            _ask_for_part(station, progress)
        time.sleep(_LOOK_S)


def _ask_for_part(station: Station, progress: CheckProgress) -> None:
    print(progress.request.replace("press the trigger", "press Enter"), file=sys.stderr)
    if not sys.stdin.readline():
        print("The input has ended, so the check is broken off.", file=sys.stderr)
        station.challenge.break_off()
        station.line.wait_stopped(_PATIENCE_S)
        return
    with suppress(LineNotReadyError):  # the line has ended meanwhile; that is said at the end
        station.challenge.take()


def run_suspects(asked: argparse.Namespace) -> int:
    """Print the suspects of a recipe; answer for them if that is asked for. Return 1 if any is left."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        warn_of_clock(station)
        station.recipes.find(asked.recipe)
        left = station.challenge.suspects_left(asked.recipe)
        zone = ZoneInfo(station.settings.station.time_zone)
        for suspect in station.challenge.suspects(asked.recipe):
            at = f"{suspect.triggered_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
            said = f"{suspect.verdict.word} {suspect.serial}".rstrip()
            results.line(f"run {suspect.key.run_id} part {suspect.key.label}, {at}: {said}")
            results.record(_suspect(suspect))
        results.line(left.sentence)
        if asked.csv is not None:
            results.line(f"saved as {station.challenge.write_csv(asked.recipe, asked.csv)}")
        if asked.answer is None or left.last is None:
            return 1 if left.count else 0
        count = station.challenge.answer(asked.recipe, left.last, person(), asked.answer)
        results.line(f"answered for {count}: {asked.answer}")
    return 0


def _values(check: Check) -> dict[str, object]:
    return {
        "check": check.run_id,
        "recipe": check.recipe_name,
        "revision": check.revision,
        "started_at": check.started_at.isoformat(),
        "ended_at": check.ended_at.isoformat() if check.ended_at else None,
        "person": check.person,
        "outcome": check.outcome.value if check.outcome else None,
        "wanted": check.wanted,
        "results": [
            {
                "part": each.part.name,
                "known": each.part.known.value,
                "expected": each.part.place.text if each.part.place else None,
                "found": list(each.found) if each.found else None,
                "verdict": each.verdict.value,
                "met": each.met,
                "sentence": each.sentence,
            }
            for each in check.results
        ],
    }


def _suspect(suspect: Suspect) -> dict[str, object]:
    return {
        "run": suspect.key.run_id,
        "part": suspect.key.label,
        "revision": suspect.revision,
        "triggered_at": suspect.triggered_at.isoformat(),
        "verdict": suspect.verdict.value,
        "serial": suspect.serial,
        "lot": suspect.lot,
        "order": suspect.order,
    }
