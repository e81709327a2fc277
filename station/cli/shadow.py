"""`linesidectl shadow`: what would a draft have said of the parts of the line?"""

import argparse
import os
import sys
from dataclasses import asdict
from datetime import datetime, timedelta

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, recipe_and_revision
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.candidate import Disagreement, Promotion
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.tried_corrections import TriedCorrections

_LOW_PRIORITY = 19
_A_DAY = timedelta(days=1)


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--recipe", metavar="NAME@REV", required=True, help="the draft")
    parser.add_argument(
        "--from",
        dest="since",
        type=datetime.fromisoformat,
        metavar="TIME",
        help="recorded parts since this time, ISO 8601 with offset (default: of the last 24 hours)",
    )
    parser.add_argument(
        "--follow", action="store_true", help="judge each new part until stdin ends; used by the window"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Judge recorded parts by a draft, and print what it would have changed; 1 if it could judge none."""
    name, revision = recipe_and_revision(asked.recipe)
    if revision is None:
        raise BadInputError("Which draft is to be tried is not said.", "Give --recipe NAME@REV.")
    if asked.follow:
        return _follow(asked, name, revision)
    since = asked.since or utc_now() - _A_DAY
    if since.tzinfo is None:
        raise BadInputError(f"The time {since.isoformat()} has no offset.", "Write it as 2026-11-28T06:00+01:00.")
    with (
        Results(asked.json) as results,
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        progress_bars() as on_progress,
    ):
        corrected = station.corrections.try_draft(name, revision, since, on_progress)
        figures = station.candidates.figures(name, revision)
        results.line(figures.sentence)
        if corrected.sentence:
            results.line(corrected.sentence)
        for each in station.candidates.disagreements(name, revision):
            results.line(_words(each))
            results.record(_record(each))
        promotions = station.candidates.promotions(name)
        for promotion in promotions:
            results.line(_promotion_in_words(promotion))
        listed = {"promotions": [_record_of(promotion) for promotion in promotions]}
        results.record(
            {"summary": True, "recipe": name, "revision": revision} | asdict(figures) | _counts(corrected) | listed
        )
    return 0 if figures.judged else 1


def _follow(asked: argparse.Namespace, name: str, revision: int) -> int:
    """Judge the parts on stdin; stdout belongs to the answers, so that what a library prints goes to stderr."""
    if sys.platform != "win32":
        os.nice(_LOW_PRIORITY)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with answers, Station.open_to_read(existing_workspace(asked.workspace), authority=asked.authority) as station:
        station.candidates.answer_parts(name, revision, sys.stdin.buffer, answers)
    return 0


def _counts(corrected: TriedCorrections) -> dict[str, object]:
    return {
        "corrections": corrected.after.n,
        "corrections_right": corrected.after.count,
        "corrections_right_before": corrected.before.count,
        "corrections_not_judged": corrected.not_kept + corrected.lost + corrected.waiting,
        "taken_for_good": corrected.passed_parts.parts,
        "taken_for_good_rejected": corrected.passed_parts.kept_after,
        "taken_for_good_rejected_before": corrected.passed_parts.kept_before,
    }


def _words(each: Disagreement) -> str:
    scores = f"{each.champion_score or 0:.2f} -> {each.candidate_score or 0:.2f}"
    return f"part {each.key.label} of run {each.key.run_id}: {each.champion.word} -> {each.candidate.word} ({scores})"


def _promotion_in_words(each: Promotion) -> str:
    before = "none" if each.champion is None else f"{each.name}@{each.champion}"
    return f"promoted {each.at.isoformat()}: {before} -> {each.name}@{each.revision}, {each.person}: {each.reason}"


def _record_of(each: Promotion) -> dict[str, object]:
    return asdict(each) | {"at": each.at.isoformat()}


def _record(each: Disagreement) -> dict[str, object]:
    return {
        "run": each.key.run_id,
        "part": each.key.label,
        "verdict": each.champion.value,
        "pred_score": each.champion_score,
        "candidate_verdict": each.candidate.value,
        "candidate_score": each.candidate_score,
    }
