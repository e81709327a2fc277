"""`linesidectl rescore`: what would another revision have said of all stored parts?"""

import argparse
import sys
from collections.abc import Mapping

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, moment, positive, recipe_and_revision
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.commands.rescore import ALWAYS, Rescore, RescoreOrder
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.inspection import PartKey
from station.domain.rescore import LeftPart, RescoredFlip, RescoreFigures, Said
from station.learning.progress import Progress


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--recipe", metavar="NAME@REV", required=True, help="the revision that judges")
    parser.add_argument("--against", metavar="NAME@REV", required=True, help="the revision that it is compared with")
    parser.add_argument("--since", metavar="TIME", help="parts since this time, ISO 8601 with offset (default: all)")
    parser.add_argument(
        "--pictures", metavar="PLACE", default="", help="a folder or s3://BUCKET/FOLDER (default: the station's own)"
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", default="", help="a Dask scheduler, tcp://HOST:8786")
    parser.add_argument("--processes", type=positive, metavar="N", help="on this machine (default: one for each core)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Judge what was not judged yet, and print what would change; 1 if no part could be judged."""
    order = RescoreOrder(
        _named(asked.recipe, "--recipe"),
        _named(asked.against, "--against"),
        moment(asked.since) if asked.since else ALWAYS,
        asked.pictures,
        asked.scheduler,
        asked.processes or 0,
    )
    with (
        Results(asked.json) as results,
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
    ):
        found = _rescored(station, order)
        for note in found.notes:
            print(f"linesidectl: {note} It was left out.", file=sys.stderr)
        _print(found, results)
    return 0 if found.figures.judged else 1


def _rescored(station: Station, order: RescoreOrder) -> Rescore:
    last = Progress("", 0, 0)

    with progress_bars() as on_progress:

        def note(step: Progress) -> None:
            nonlocal last
            last = step
            on_progress(step)

        try:
            return station.rescoring.rescore(order, note)
        except KeyboardInterrupt:
            if last.total:
                said = f"{last.done} of {last.total} parts were judged now. Give the same command again: it goes on."
                print(f"linesidectl: {said}", file=sys.stderr)
            raise


def _named(text: str, option: str) -> tuple[str, int]:
    name, revision = recipe_and_revision(text)
    if revision is None:
        raise BadInputError(f"'{text}' names no revision.", f"Give {option} NAME@REV.")
    return name, revision


def _print(found: Rescore, results: Results) -> None:
    job = found.job
    for flip in found.flips:
        results.line(f"{_part(flip.key)}: {_words(flip)}  {', '.join(flip.pictures)}")
        results.record(_of_flip(flip))
    for left in found.not_judged:
        results.line(f"{_part(left.key)} was not judged: {left.cause}")
        results.record(_of_left(left))
    for sentence in found.figures.sentences:
        results.line(sentence)
    named = {"recipe": job.name, "revision": job.revision}
    against = {"against": job.against_name, "against_revision": job.against_revision}
    results.record(
        {"summary": True, **named, **against, "environment": job.environment, **_counts(found.figures),
         "at": utc_now().isoformat()}
    )  # fmt: skip


def _part(key: PartKey) -> str:
    return f"part {key.label} of run {key.run_id}"


def _words(flip: RescoredFlip) -> str:
    before, after = flip.before, flip.after
    return f"{before.verdict.word} -> {after.verdict.word} ({_score(before)} -> {_score(after)})"


def _score(said: Said) -> str:
    return "none" if said.pred_score is None else f"{said.pred_score:.2f}"


def _of_flip(flip: RescoredFlip) -> Mapping[str, object]:
    return {
        "run": flip.key.run_id,
        "part": flip.key.label,
        "verdict_before": flip.before.verdict.value,
        "score_before": flip.before.pred_score,
        "verdict_after": flip.after.verdict.value,
        "score_after": flip.after.pred_score,
        "pictures": flip.pictures,
    }


def _of_left(left: LeftPart) -> Mapping[str, object]:
    return {"run": left.key.run_id, "part": left.key.label, "not_judged": left.cause, "pictures": left.pictures}


def _counts(figures: RescoreFigures) -> Mapping[str, object]:
    turns = {f"{before.value} to {after.value}": count for (before, after), count in figures.turns.items()}
    return {
        "judged": figures.judged,
        "flips": figures.flips,
        "turns": turns,
        "not_judged": figures.not_judged,
        "waiting": figures.waiting,
        "left_out": dict(figures.left_out),
    }
