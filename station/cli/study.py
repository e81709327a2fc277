"""`linesidectl study`: set up an attribute study, judge in it, let a model judge, and read its result."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, person, positive, station_arguments, station_to_read
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.study.figures import AppraiserFigures, Grade, Kappa, StudyFigures
from station.domain.study.study import Answer, Appraiser, Study, StudyPlan, StudyTask
from station.learning.figures.report import rate_as_json
from station.reporting.study_wording import lines

if TYPE_CHECKING:
    from station.cli.arguments import Commands

_SAID = (Answer.GOOD.value, Answer.DEFECT.value)


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    common = station_arguments()
    verbs = family.add_subparsers(required=True, metavar="VERB")
    _add_create(_verb(verbs, common, "create", run_create, "choose parts at random from the labelled pictures"))
    _verb(verbs, common, "list", run_list, "every study, and who has answered how much")
    show = _verb(verbs, common, "show", run_show, "the result; 1 unless every appraiser is acceptable or marginal")
    _add_number(show)
    show.add_argument("--so-far", action="store_true", help="before all have answered; it is written down")
    show.add_argument("--pdf", type=Path, metavar="FILE", help="print it")
    answer = _verb(verbs, common, "answer", run_answer, "the picture that is asked for, or an answer to it")
    _add_number(answer)
    answer.add_argument("appraiser", metavar="NAME", help="one of the study's people")
    answer.add_argument("said", nargs="?", choices=_SAID, help="without it, the next picture is named")
    answer.add_argument("--task", type=positive, metavar="N", help="which answer it is, so that none is given twice")
    model = _verb(verbs, common, "model", run_model, "let a revision judge as the line would, in every trial")
    _add_number(model)
    model.add_argument("model", metavar="NAME@REV", help="one of the study's models")


def _add_number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="STUDY", type=positive, help="the number of a study")


def _add_create(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("product", metavar="PRODUCT", help="the type of part, whose pictures are labelled")
    parser.add_argument("--view", default="", help="the camera that took the pictures")
    for name, default in (("good", 25), ("defects", 25), ("trials", 3)):
        parser.add_argument(f"--{name}", type=positive, default=default, metavar="N", help=f"default: {default}")
    parser.add_argument("--appraiser", action="append", default=[], metavar="NAME", help="a person; give several")
    parser.add_argument("--model", action="append", default=[], metavar="NAME@REV", help="a revision; give several")
    parser.add_argument("--seed", type=int, help="the lot; without it, a new one")


def _verb(
    verbs: "Commands", common: argparse.ArgumentParser, name: str, run: object, help_text: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, parents=[common], help=help_text)
    add_json(parser)
    parser.set_defaults(run=run)
    return parser


def run_create(asked: argparse.Namespace) -> int:
    """Set up a study."""
    plan = StudyPlan(
        asked.product,
        asked.view,
        asked.good,
        asked.defects,
        tuple(asked.appraiser),
        tuple(asked.model),
        asked.trials,
        asked.seed,
    )
    with _station(asked) as station, Results(asked.json) as results:
        study = station.studies.create(plan, person())
        results.line(_line(station, study))
        results.record(_values(station, study))
    return 0


def run_list(asked: argparse.Namespace) -> int:
    """Print one line for each study, the newest first."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        studies = station.studies.all()
        for study in studies:
            results.line(_line(station, study))
            results.record(_values(station, study))
        if not studies:
            results.line("no study yet; set one up with: linesidectl study create PRODUCT --appraiser NAME")
    return 0


def run_show(asked: argparse.Namespace) -> int:
    """Print the result of a study; return 1 unless every appraiser is acceptable or marginal."""
    with _station(asked) as station, Results(asked.json) as results:
        figures = station.studies.figures(asked.number, so_far=asked.so_far, person=person())
        for line in lines(figures):
            results.line(line)
        for each in figures.appraisers:
            results.record(_figures(each))
        results.record(_summary(figures))
        if asked.pdf is not None:
            path = station.studies.write_pdf(figures, asked.pdf, person())
            results.line(f"saved as {path}")
    good = (Grade.ACCEPTABLE, Grade.MARGINAL)
    return 0 if all(each.grade in good for each in figures.appraisers) else 1


def run_answer(asked: argparse.Namespace) -> int:
    """Name the picture that is asked for, after an answer to the one before if it is given."""
    with _station(asked) as station, Results(asked.json) as results:
        task = station.studies.task(asked.number, asked.appraiser)
        if asked.said is not None and task is not None:
            position = task.position if asked.task is None else asked.task
            given = task if position == task.position else _other(task, position)
            task = station.studies.answer(given, Answer(asked.said), person())
        if task is None:
            results.line(f"{asked.appraiser} has given every answer")
            results.record({"study": asked.number, "appraiser": asked.appraiser, "task": None})
            return 0
        picture = str(station.datasets.file(task.item_id))
        results.line(f"{task.position} of {task.of}: {picture}")
        results.record(
            {
                "study": task.study,
                "appraiser": task.appraiser.name,
                "task": task.position,
                "of": task.of,
                "picture": picture,
            }
        )
    return 0


def run_model(asked: argparse.Namespace) -> int:
    """Let a model judge."""
    with _station(asked) as station, Results(asked.json) as results, progress_bars() as on_progress:
        given = station.studies.judge_by_model(asked.number, asked.model, person(), on_progress)
        results.line(f"{asked.model} has given {len(given)} answers")
        results.record({"study": asked.number, "appraiser": asked.model, "answers": len(given)})
    return 0


def _station(asked: argparse.Namespace) -> Station:
    return Station.open(existing_workspace(asked.workspace), authority=asked.authority)


def _other(task: StudyTask, position: int) -> StudyTask:
    """Return a task that is not asked for now, so that the core refuses it by its name."""
    return StudyTask(task.study, task.appraiser, 0, 0, position, task.of, task.item_id)


def _line(station: Station, study: Study) -> str:
    said = ", ".join(f"{each.name} {given} of {study.answers_each}" for each, given in _progress(station, study))
    return f"{study.number}  {study.product}  {len(study.parts)} parts, {study.trials} trials  answers: {said}"


def _values(station: Station, study: Study) -> dict[str, object]:
    return {
        "study": study.number,
        "product": study.product,
        "view": study.view,
        "parts": len(study.parts),
        "good": sum(part.reference is Answer.GOOD for part in study.parts),
        "trials": study.trials,
        "seed": study.seed,
        "created_at": study.created_at.isoformat(),
        "created_by": study.created_by,
        "appraisers": [
            {"name": each.name, "kind": each.kind.value, "answered": given, "of": study.answers_each}
            for each, given in _progress(station, study)
        ],
    }


def _progress(station: Station, study: Study) -> tuple[tuple[Appraiser, int], ...]:
    return station.studies.progress(study.number)


def _figures(each: AppraiserFigures) -> dict[str, object]:
    return {
        "appraiser": each.appraiser.name,
        "kind": each.appraiser.kind.value,
        "answered": each.answered,
        "of": each.of,
        "not_inspected": each.not_inspected,
        "repeatability": rate_as_json(each.repeatability),
        "effectiveness": rate_as_json(each.effectiveness),
        "misses": rate_as_json(each.misses),
        "false_alarms": rate_as_json(each.false_alarms),
        "kappa_within": _kappa(each.within),
        "kappa_reference": _kappa(each.with_reference),
        "grades": {scale.name: grade.words for scale, grade in each.grades},
        "result": each.grade.words,
    }


def _summary(figures: StudyFigures) -> dict[str, object]:
    return {
        "summary": True,
        "study": figures.study.number,
        "complete": figures.complete,
        "all_right": rate_as_json(figures.all_right),
        "between": rate_as_json(figures.between),
        "kappa_between": _kappa(figures.between_kappa),
        "pairs": [
            {
                "first": each.first.name,
                "second": each.second.name,
                "same": rate_as_json(each.same),
                "kappa": _kappa(each.kappa),
            }
            for each in figures.pairs
        ],
        "disagreements": [
            {
                "part": each.part.number,
                "item": each.part.item_id,
                "reference": each.part.reference.value,
                "kind": each.part.kind,
                "answers": {
                    figures.study.appraisers[number - 1].name: [one.value for one in given]
                    for number, given in each.answers
                },
            }
            for each in figures.disagreements
        ],
    }


def _kappa(kappa: Kappa) -> dict[str, object]:
    if kappa.value is None:
        return {"value": None, "why": kappa.undefined}
    return {"value": kappa.value, "low": kappa.low, "high": kappa.high, "parts": kappa.parts}
