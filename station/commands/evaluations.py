"""Commands for evaluations: how good a recipe is on a frozen dataset version, compared, shown and exported."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from station.domain.audit import AuditAction
from station.domain.errors import BadInputError, StationError
from station.domain.evaluation import Evaluation, JudgedPicture, worst_first
from station.domain.part_images import ViewResult
from station.domain.permissions import Authority, Permission
from station.domain.recipe import RecipeEntry, View
from station.inference.model_package import find_package
from station.learning.runs.kept_evaluations import evaluation_from, evaluation_of
from station.people.audit_trail import AuditTrail
from station.people.audit_words import file_in_words
from station.settings import Settings
from station.storage.engine.database import Database
from station.storage.learning.evaluations import Evaluations, KeptEvaluation
from station.storage.pictures.encoding import encode_preview
from station.storage.recipes.recipes import Recipes
from station.vision.burnt_map import with_burnt_map
from station.workspace import Workspace, free_name, made_folder

if TYPE_CHECKING:
    from station.learning.layout.labelled import LabelledPicture
    from station.learning.picture_judge import PictureJudge
    from station.learning.progress import OnProgress
    from station.learning.runs.evaluating import Stop

_SIDE_PX = 420
MLFLOW_STORE = "mlflow.db"


@dataclass(frozen=True, slots=True, eq=False)
class MistakeView:
    """One judged picture to look at.

    Attributes:
        result: The picture with its map, judged now by the packaged model.
        small: The same small, with its map and a white line around the labelled defect, uint8 (h, w, 3) RGB.
    """

    result: ViewResult
    small: NDArray[np.uint8]


class EvaluationCommands:
    """Reading is open to everybody; measuring and exporting ask the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        settings: Settings,
        database: Database,
        recipes: Recipes,
        audit: AuditTrail,
    ) -> None:
        self._audit = audit
        self._authority = authority
        self._workspace = workspace
        self._settings = settings
        self._kept = Evaluations(database)
        self._recipes = recipes
        self._judging = threading.Lock()

    def versions_of(self, name: str, revision: int, view: str = "") -> tuple[str, ...]:
        """Return the dataset versions with figures of this revision: that of its teaching first.

        Raises:
            BadInputError: There is no such revision or view.
        """
        own = self._recipes.find_revision(name, revision).recipe.view(view).dataset_version
        measured = self._kept.versions_of(name, revision, view)
        return tuple(dict.fromkeys(filter(None, (own, *measured))))

    def find(self, name: str, revision: int, view: str = "", version: str = "") -> Evaluation | None:
        """Return the newest figures of a revision on a dataset version; None if it was not measured on it.

        Figures from before single pictures were kept have no `judged`.

        Args:
            name: The recipe.
            revision: Its revision.
            view: Its view.
            version: The dataset version; "" for the one that it was taught from.

        Raises:
            BadInputError: There is no such revision or view.
        """
        entry = self._recipes.find_revision(name, revision)
        taught = entry.recipe.view(view)
        kept = self._kept.newest(name, revision, view, version or taught.dataset_version)
        if kept is not None:
            return evaluation_from(kept)
        return self._of_package(entry, taught) if version in ("", taught.dataset_version) else None

    def evaluate(
        self, name: str, revision: int, view: str, version: str, progress: "OnProgress", stop: "Stop" = lambda: False
    ) -> Evaluation:
        """Measure a revision on a dataset version, in a process of its own at low priority; takes minutes.

        Args:
            name: The recipe.
            revision: Its revision.
            view: Its view.
            version: The dataset version; its test pictures are judged.
            progress: Called with each step, on this thread.
            stop: Asked again and again whether to give up.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            StationError: There is no such revision, view or version, or the model failed.
        """
        self._authority.authorise(Permission.EVALUATE)
        from station.learning.runs.evaluating import evaluate_beside  # noqa: PLC0415 - loads OpenVINO

        recipe = self._recipes.find_revision(name, revision).recipe
        recipe.view(view)
        if not (self._workspace.datasets / recipe.product / version).is_dir():
            raise BadInputError(
                f"The pictures of dataset version '{version}' of {recipe.product} are not on this station.",
                "Choose another version, or copy its folder from the station where it was frozen.",
            )
        evaluate_beside(self._workspace, recipe.label, view, version, progress, stop)
        kept = self._kept.newest(name, revision, view, version)
        assert kept is not None, "it was kept before the process ended"
        self._audit.note(AuditAction.RECIPE_EVALUATED, recipe.label, new=f"on dataset version {version}")
        return evaluation_from(kept)

    def look_at(self, evaluation: Evaluation, names: Sequence[str]) -> dict[str, MistakeView]:
        """Judge some pictures again, to be looked at with their maps; those that cannot be read are left out.

        A defect that the model has learned was measured by a model made without it; here the packaged model judges it.

        Args:
            evaluation: The figures that the pictures belong to.
            names: Names of pictures in its dataset version.

        Raises:
            StationError: The model package is not there or is damaged.
        """
        from station.learning.datasets import load_dataset  # noqa: PLC0415 - loads the readers of pictures

        recipe = self._recipes.find_revision(evaluation.recipe, evaluation.revision).recipe
        dataset = load_dataset(self._workspace.datasets / recipe.product / evaluation.dataset_version)
        wanted = [picture for picture in dataset.pictures if picture.name in set(names)]
        with self._judging, ExitStack() as held:
            judge = self._judge(recipe.view(evaluation.view), held)
            return {picture.name: seen for picture in wanted for seen in _seen(judge, picture)}

    def write_pdf(self, evaluations: Sequence[Evaluation]) -> Path:
        """Print evaluations, side by side if there are several, with the worst mistakes. Return the path.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: The file cannot be written.
        """
        self._authority.authorise(Permission.EVALUATE)
        from station.reporting.pdf.evaluation_report import (  # noqa: PLC0415 - needed by few commands
            MOST_PICTURES,
            write_evaluation_pdf,
        )

        pictures: dict[tuple[str, str], bytes] = {}
        for each in evaluations:
            worst = worst_first(each.judged, each.image_threshold)[:MOST_PICTURES]
            pictures |= {(each.label, name): jpeg for name, jpeg in self._jpegs(each, worst).items()}
        path = self._free_path(evaluations, ".pdf")
        write_evaluation_pdf(evaluations, pictures, self._settings.station, path)
        return self._exported(evaluations, path)

    def write_csv(self, evaluations: Sequence[Evaluation]) -> Path:
        """Write every figure and every judged picture as a table. Return the path.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: The file cannot be written.
        """
        self._authority.authorise(Permission.EVALUATE)
        from station.reporting.evaluation_table import write_evaluation_csv  # noqa: PLC0415 - needed by few commands
        from station.reporting.languages import table_form  # noqa: PLC0415

        path = self._free_path(evaluations, ".csv")
        write_evaluation_csv(evaluations, path, table_form(self._settings.report.csv))
        return self._exported(evaluations, path)

    def write_mlflow(self, evaluations: Sequence[Evaluation]) -> Path:
        """Add evaluations to the MLflow store beside the reports, each once. Return its path.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: MLflow is not installed, or the store cannot be written.
            FaultError: MLflow failed.
        """
        self._authority.authorise(Permission.EVALUATE)
        from station.reporting.mlflow_store import store_runs, stored_run  # noqa: PLC0415 - needed by few commands

        path = made_folder(self._workspace.reports) / MLFLOW_STORE
        store_runs([stored_run(each, self._product_of(each)) for each in evaluations], path)
        return self._exported(evaluations, path)

    def _exported(self, evaluations: Sequence[Evaluation], path: Path) -> Path:
        measured = ", ".join(f"{each.label} on {each.dataset_version}" for each in evaluations)
        self._audit.note(AuditAction.REPORT_EXPORTED, measured, new=file_in_words(path))
        return path

    def _of_package(self, entry: RecipeEntry, view: View) -> Evaluation | None:
        """Return the figures that the model package of a view holds; None if it holds none."""
        recipe = entry.recipe
        try:
            said = find_package(self._workspace.models, view.model).manifest.evaluation
        except StationError:
            return None
        if "escapes" not in said:
            return None
        head = KeptEvaluation(recipe.name, recipe.revision, view.name, view.dataset_version, entry.created_at, "")
        return evaluation_of({**said, "image_threshold": view.limits.image_threshold}, head)

    def _judge(self, view: View, held: ExitStack) -> "PictureJudge":
        """Return what judges as the line does, with threads of low priority; it ends with `held`."""
        from station.inference.opening import open_predictor  # noqa: PLC0415 - loads OpenVINO
        from station.learning.ahead import Background  # noqa: PLC0415
        from station.learning.picture_judge import PictureJudge  # noqa: PLC0415

        package = find_package(self._workspace.models, view.model)
        background = held.enter_context(Background())
        start = lambda: open_predictor(package, view.inference, self._workspace.cache)  # noqa: E731
        predictor = background.submit(start).result()
        held.callback(predictor.close)
        return PictureJudge(view, predictor)

    def _jpegs(self, evaluation: Evaluation, worst: Sequence[JudgedPicture]) -> dict[str, bytes]:
        try:
            seen = self.look_at(evaluation, [each.name for each in worst])
        except StationError:  # the paper says that the picture is missing
            return {}
        return {name: encode_preview(view.small) for name, view in seen.items()}

    def _product_of(self, evaluation: Evaluation) -> str:
        return self._recipes.find_revision(evaluation.recipe, evaluation.revision).recipe.product

    def _free_path(self, evaluations: Sequence[Evaluation], suffix: str) -> Path:
        if not evaluations:
            raise BadInputError("There is no evaluation to export.", "Choose a run that is done.")
        first = evaluations[0]
        revisions = "-".join(str(each.revision) for each in evaluations)
        name = f"evaluation-{first.recipe}-{revisions}-{first.dataset_version}"
        return free_name(made_folder(self._workspace.reports), name, suffix)


def _seen(judge: "PictureJudge", picture: "LabelledPicture") -> list[MistakeView]:
    from station.learning.masks import read_mask  # noqa: PLC0415 - loads the readers of pictures

    try:
        result = judge.inspect_picture(picture)
        size = result.inspection.height, result.inspection.width
        masks = [read_mask(path, size).marked for path in picture.masks]
    except StationError:
        return []
    return [MistakeView(result, with_burnt_map(result, np.logical_or.reduce(masks) if masks else None, _SIDE_PX))]
