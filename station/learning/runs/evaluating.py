"""Evaluate a recipe revision on a frozen dataset version, in this process or in one of its own at low priority."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from station.domain.clock import utc_now
from station.domain.errors import BadInputError, FaultError
from station.domain.recipe import Recipe
from station.inference.model_package import find_package
from station.learning.datasets import load_dataset, require_unchanged
from station.learning.evaluation import evaluate_folder
from station.learning.jobs import News, Progressed, Refused
from station.learning.layout.labelled import Reading
from station.learning.progress import OnProgress
from station.learning.runs.kept_evaluations import kept_from
from station.learning.runs.starting import MODULE
from station.storage.engine.database import Database
from station.storage.learning.evaluations import Evaluations
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

Stop = Callable[[], bool]
"""Returns whether the evaluation is to be given up."""
_LOOK_EVERY_S = 0.2


class EvaluationStoppedError(BadInputError):
    """The evaluation was given up; nothing was kept."""

    advice = "Evaluate again at any time."


def evaluate_and_keep(
    workspace: Workspace, database: Database, recipe: Recipe, view_name: str, version: str, on_progress: OnProgress
) -> None:
    """Measure a view of a recipe on the test pictures of a dataset version, and keep the figures.

    Raises:
        BadInputError: There is no such view or version, or its pictures were changed.
        FaultError: The model failed.
    """
    view = recipe.view(view_name)
    dataset = load_dataset(workspace.datasets / recipe.product / version)
    require_unchanged(dataset)
    package = find_package(workspace.models, view.model)
    learned = workspace.datasets / recipe.product / view.dataset_version
    reading = Reading(dataset.folder, dataset.pictures, has_split=True)
    report = evaluate_folder(reading, view, package, workspace.cache, on_progress, learned)
    if report.parity is None and package.manifest.parity is not None:
        report = replace(report, parity=package.manifest.parity)
    Evaluations(database).add(kept_from(report, recipe, view, version, utc_now()))


def evaluate_named(
    workspace: Workspace, database: Database, label: str, view: str, version: str, on_progress: OnProgress
) -> None:
    """As `evaluate_and_keep`, for a recipe by its label: "tile@3"."""
    name, _, revision = label.rpartition("@")
    recipe = Recipes(database).find_revision(name, int(revision)).recipe
    evaluate_and_keep(workspace, database, recipe, view, version, on_progress)


def evaluate_beside(
    workspace: Workspace, label: str, view: str, version: str, on_progress: OnProgress, stop: Stop = lambda: False
) -> None:
    """Do the same in a process of its own at low priority, so that the running line does not feel it.

    Raises:
        EvaluationStoppedError: It was given up.
        BadInputError: As `evaluate_and_keep`.
        FaultError: The model failed, or the process ended by itself.
    """
    command = [sys.executable, "-m", MODULE, str(workspace.root), "--evaluate", label, "--view", view, "--on", version]
    refusal: Refused | None = None
    with _log(workspace).open("ab") as log:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, encoding="utf-8", start_new_session=True
        )
        with closing(_Watch(child, stop)) as watch:
            assert child.stdout is not None
            for line in child.stdout:
                news = News.validate_json(line)
                if isinstance(news, Progressed):
                    on_progress(news.progress)
                elif isinstance(news, Refused):
                    refusal = news
            child.wait()  # before its stdin closes: that would end it
    if watch.stopped:
        raise EvaluationStoppedError(f"The evaluation of {label} was given up.")
    if refusal is not None:
        raise (BadInputError if refusal.kind == "input" else FaultError)(refusal.sentence, refusal.advice)
    if child.returncode:
        raise FaultError(f"The evaluation ended by itself (exit code {child.returncode}).", f"Its log is {log.name}.")


class _Watch:
    """Ends the child if the evaluation is given up."""

    def __init__(self, child: "subprocess.Popen[str]", stop: Stop) -> None:
        self.stopped = False
        self._child, self._stop, self._over = child, stop, threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lineside evaluation", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no more; the child is ended if it still runs."""
        self._over.set()
        self._thread.join()
        self._child.kill()
        self._child.communicate()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY_S):
            if self._stop():
                self.stopped = True
                self._child.kill()
                return


def _log(workspace: Workspace) -> Path:
    folder = workspace.logs / "training"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "evaluations.log"
