"""The models of attribute studies: which revision a name means, what it has learned, and what it says of the parts."""

from station.commands.datasets import DatasetCommands
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.recipe import Recipe
from station.domain.study.order import order_of
from station.domain.study.study import Appraiser, Study, StudyAnswer, answer_of
from station.inference.model_package import find_package
from station.learning.progress import OnProgress
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace


class StudyModels:
    """Finds revisions, and lets them judge."""

    def __init__(self, workspace: Workspace, recipes: Recipes, datasets: DatasetCommands) -> None:
        self._workspace, self._recipes, self._datasets = workspace, recipes, datasets

    def recipe(self, name: str, product: str) -> Recipe:
        """Return the revision of this name: "cookie@3".

        Raises:
            BadInputError: There is none, or it inspects another product.
        """
        label, _, revision = name.rpartition("@")
        if not label or not revision.isdecimal():
            raise BadInputError(f"'{name}' does not name a revision.", "Write NAME@1.")
        recipe = self._recipes.find_revision(label, int(revision)).recipe
        if recipe.product != product:
            raise BadInputError(
                f"{recipe.label} inspects '{recipe.product}', and the study is of '{product}'.",
                "Choose a recipe of this product.",
            )
        return recipe

    def learned(self, recipe: Recipe, view: str) -> frozenset[str]:
        """Return the SHA-256 of the pictures that the model of a view has learned, as far as they are still known.

        Raises:
            StationError: The recipe has no such view, or its model is missing or damaged.
        """
        from station.learning.repeats import learned_contents  # noqa: PLC0415 - loads the readers of pictures

        judged = recipe.view(view)
        package = find_package(self._workspace.models, judged.model)
        dataset = self._workspace.datasets / recipe.product / judged.dataset_version
        return learned_contents(dataset, with_defects=bool(package.manifest.evaluation.get("kinds_learned")))

    def judge(
        self, study: Study, appraiser: Appraiser, trial: int, person: str, progress: OnProgress
    ) -> list[StudyAnswer]:
        """Return what a model says of all parts in one trial, in the order of that trial.

        Raises:
            StationError: The model or a picture is missing or damaged.
        """
        from station.learning.study_judging import judge_parts  # noqa: PLC0415 - loads OpenVINO

        view = self.recipe(appraiser.name, study.product).view(study.view)
        asked = order_of(study.seed, appraiser.number, len(study.parts), study.trials)
        parts = [study.part(part) for each, part in asked if each == trial]
        seen = judge_parts([self._datasets.file(each.item_id) for each in parts], view, self._workspace, progress)
        return [
            StudyAnswer(
                appraiser.number, trial, part.number, answer_of(each.verdict), utc_now(), person, each.verdict,
                each.pred_score,
            )
            for part, each in zip(parts, seen, strict=True)
        ]  # fmt: skip
