"""Commands for attribute studies: set one up, judge blind, let a model judge, and count."""

import secrets
from pathlib import Path

from station.commands.datasets import DatasetCommands
from station.commands.study_models import StudyModels
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.permissions import Authority, Permission
from station.domain.person import folded_name
from station.domain.study.choosing import choose_parts
from station.domain.study.figures import StudyFigures
from station.domain.study.order import next_task
from station.domain.study.study import (
    Answer,
    Appraiser,
    AppraiserKind,
    Study,
    StudyAnswer,
    StudyPlan,
    StudyTask,
    answers_sha256,
)
from station.learning.progress import OnProgress, no_progress
from station.people.audit_trail import AuditTrail
from station.reporting.study_statistics import figures_of
from station.settings import StationSettings
from station.storage.learning.studies import Studies
from station.workspace import Workspace, free_name, made_folder

_SEEDS = 2**31


class StudyCommands:
    """Judging by a model takes minutes, so a window must call it on a thread of its own. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        station: StationSettings,
        models: StudyModels,
        datasets: DatasetCommands,
        studies: Studies,
        audit: AuditTrail,
    ) -> None:
        self._authority = authority
        self._workspace = workspace
        self._station = station
        self._models = models
        self._datasets = datasets
        self._studies = studies
        self._audit = audit

    def all(self) -> tuple[Study, ...]:
        """Return every study, the newest first."""
        return self._studies.all()

    def find(self, number: int) -> Study:
        """Return one study.

        Raises:
            BadInputError: There is none with this number.
        """
        return self._studies.find(number)

    def create(self, plan: StudyPlan, person: str = "") -> Study:
        """Set up a study: its parts are chosen by lot from the labelled pictures of the product.

        A picture that a model of the study has learned is not taken: its answer would say nothing of new parts.

        Args:
            plan: Parts, appraisers, trials.
            person: Who sets it up.

        Raises:
            PermissionRefusedError: This role may not run a study.
            BadInputError: No study can be made of this, too few pictures are labelled, or there is no such model.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.RUN_STUDY)
        plan.require_possible()
        seed = secrets.randbelow(_SEEDS) if plan.seed is None else plan.seed
        recipes = [self._models.recipe(name, plan.product) for name in plan.models]
        learned = frozenset(sha256 for recipe in recipes for sha256 in self._models.learned(recipe, plan.view))
        parts = choose_parts(self._datasets.items(plan.product, plan.view), plan, seed, learned)
        named = [(AppraiserKind.PERSON, name.strip()) for name in plan.people]
        named += [(AppraiserKind.MODEL, recipe.label) for recipe in recipes]
        appraisers = tuple(Appraiser(number, kind, name) for number, (kind, name) in enumerate(named, 1))
        who = self._authority.signed(person)
        names = ", ".join(each.name for each in appraisers)
        words = f"{len(parts)} parts of {plan.product}, {plan.trials} trials, {names}"
        with self._audit.together():
            study = self._studies.add(
                Study(0, plan.product, plan.view, parts, appraisers, plan.trials, seed, utc_now(), who)
            )
            self._audit.record(AuditAction.STUDY_CREATED, study.label, new=words, person=who)
        return study

    def task(self, number: int, appraiser: str) -> StudyTask | None:
        """Return what a person is asked next; None if every answer was given.

        Raises:
            BadInputError: There is no such study or appraiser, or the appraiser is a model.
        """
        study = self._studies.find(number)
        return self._next(study, _person(study, appraiser))

    def picture(self, task: StudyTask) -> Image:
        """Return the whole picture of a task, uint8 (H, W) grey or (H, W, 3) RGB.

        Raises:
            StorageError: Its file is missing, or was changed.
        """
        return self._datasets.picture(task.item_id)

    def answer(self, task: StudyTask, answer: Answer, person: str = "") -> StudyTask | None:
        """Keep an answer for ever, and return what is asked next; None if it was the last.

        Args:
            task: What was asked.
            answer: Good or defect.
            person: Who is at the station, if not the appraiser.

        Raises:
            PermissionRefusedError: This role may not judge.
            BadInputError: It was answered before, is not the next one, says neither good nor defect, or somebody else
                is logged in.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.JUDGE_STUDY)
        if answer is Answer.NOT_INSPECTED:
            raise BadInputError("A person says good or defect.", "Decide by what the picture shows.")
        study = self._studies.find(task.study)
        appraiser = _person(study, task.appraiser.name)
        asked = self._next(study, appraiser)
        if asked is None or (asked.trial, asked.part) != (task.trial, task.part):
            raise BadInputError(
                f"Answer {task.position} of {appraiser.name} in {study.label} is not the one that is asked for now.",
                "An answer is never changed. Judge the picture that is shown.",
            )
        self._require_own(appraiser)
        who = self._authority.signed(person) or appraiser.name
        given = StudyAnswer(appraiser.number, task.trial, task.part, answer, utc_now(), who)
        with self._audit.together():
            self._studies.add_answers(study.number, [given])
            following = self._next(study, appraiser)
            if following is None:
                self._record_end(study, appraiser, who)
        return following

    def judge_by_model(
        self, number: int, model: str, person: str = "", progress: OnProgress = no_progress
    ) -> tuple[StudyAnswer, ...]:
        """Let a revision judge the parts as the line would, in each trial that it has not judged yet.

        Args:
            number: The study.
            model: The revision, one of its appraisers: "cookie@3".
            person: Who asks for it.
            progress: Called with each picture.

        Raises:
            PermissionRefusedError: This role may not run a study.
            BadInputError: There is no such study or model in it, or it has judged every trial.
            StationError: The model or a picture is missing or damaged. Whole trials that were judged are kept.
        """
        self._authority.authorise(Permission.RUN_STUDY)
        study = self._studies.find(number)
        appraiser = study.appraiser(model)
        if appraiser.kind is not AppraiserKind.MODEL:
            raise BadInputError(f"{model} is a person of {study.label}, not a model.", "Name one of its revisions.")
        done = {trial for trial, _ in self._studies.answered(number, appraiser.number)}
        trials = [trial for trial in range(1, study.trials + 1) if trial not in done]
        if not trials:
            raise BadInputError(f"{model} has judged every part of {study.label}.", "An answer is never changed.")
        who = self._authority.signed(person)
        given: list[StudyAnswer] = []
        for trial in trials:
            answers = self._models.judge(study, appraiser, trial, who, progress)
            with self._audit.together():
                self._studies.add_answers(study.number, answers)
                if trial == trials[-1]:
                    self._record_end(study, appraiser, who)
            given += answers
        return tuple(given)

    def progress(self, number: int) -> tuple[tuple[Appraiser, int], ...]:
        """Return how many answers each appraiser has given.

        Raises:
            BadInputError: There is no such study.
        """
        study = self._studies.find(number)
        return tuple((each, len(self._studies.answered(number, each.number))) for each in study.appraisers)

    def figures(self, number: int, *, so_far: bool = False, person: str = "") -> StudyFigures:
        """Return what a study found.

        Args:
            number: The study.
            so_far: Also before every person has answered. Whoever judges afterwards may know some references, so this
                is for the supervisor, and is written down.
            person: Who asks for the figures so far.

        Raises:
            PermissionRefusedError: This role may not see the figures so far.
            BadInputError: There is no such study, or answers of a person are missing and `so_far` is not set.
        """
        study = self._studies.find(number)
        if so_far:
            self._authority.authorise(Permission.RUN_STUDY)
        figures = figures_of(study, self._studies.answers(number))
        people = [each for each in figures.appraisers if each.appraiser.kind is AppraiserKind.PERSON]
        missing = [each for each in people if not each.complete]
        if missing and not so_far:
            said = ", ".join(f"{each.appraiser.name} {each.answered} of {each.of}" for each in missing)
            raise BadInputError(
                f"{study.label.capitalize()} is not over: {said} answers.",
                "The result stays closed, so that everybody judges blind, until all have answered.",
            )
        if missing:
            who = self._authority.signed(person)
            self._audit.record(AuditAction.STUDY_OPENED, study.label, new="before its end", person=who)
        return figures

    def write_pdf(self, figures: StudyFigures, path: Path | None = None, person: str = "") -> Path:
        """Print the result of a study. Return the path.

        Raises:
            PermissionRefusedError: This role may not export a report.
            BadInputError: The file cannot be written.
        """
        self._authority.authorise(Permission.EXPORT_REPORT)
        from station.reporting.pdf.study_report import MOST_PICTURES, write_study_pdf  # noqa: PLC0415 - reportlab
        from station.storage.pictures.encoding import encode_preview  # noqa: PLC0415 - with it

        study = figures.study
        shown = [each.part for each in figures.disagreements[:MOST_PICTURES]]
        pictures = {
            each.number: encode_preview(self._datasets.thumbnail(self._datasets.item(each.item_id))) for each in shown
        }
        file = f"study-{study.number}-{study.product}"
        path = path or free_name(made_folder(self._workspace.reports), file, ".pdf")
        answers = self._studies.answers(study.number)
        write_study_pdf(figures, answers, pictures, self._station, path)
        self._audit.note(AuditAction.REPORT_EXPORTED, study.label, new=path.name, person=person)
        return path

    def _require_own(self, appraiser: Appraiser) -> None:
        """Nobody who is logged in judges in the name of another person; without a log-in it is not known who judges."""
        person = self._authority.person
        if person.is_logged_in and folded_name(person.name) != folded_name(appraiser.name):
            raise BadInputError(
                f"{person.name} is logged in, so the answer would not be that of {appraiser.name}.",
                f"Log out, or log in as {appraiser.name}.",
            )

    def _next(self, study: Study, appraiser: Appraiser) -> StudyTask | None:
        return next_task(study, appraiser, self._studies.answered(study.number, appraiser.number))

    def _record_end(self, study: Study, appraiser: Appraiser, person: str) -> None:
        """Write down that an appraiser has given every answer, with a hash of them all."""
        answers = [each for each in self._studies.answers(study.number) if each.appraiser == appraiser.number]
        words = f"{appraiser.name}: {len(answers)} answers, SHA-256 {answers_sha256(answers)}"
        self._audit.record(AuditAction.STUDY_JUDGED, study.label, new=words, person=person)


def _person(study: Study, name: str) -> Appraiser:
    appraiser = study.appraiser(name)
    if appraiser.kind is not AppraiserKind.PERSON:
        raise BadInputError(f"{name} is a model: it judges by itself.", f"'linesidectl study model {study.number}'")
    return appraiser
