"""What can be asked of learning: teach a product, evaluate a recipe."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from station.domain.clock import utc_now
from station.domain.recipe import RecipeEntry, RecipeState, checked_name
from station.inference.model_package import find_package
from station.learning.presets import LimitFrom
from station.learning.progress import OnProgress, no_progress
from station.recipes.view_editing import require_addable, view_named, with_taught_view
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.evaluation import EvaluationReport
    from station.learning.jobs import Cancellation


@dataclass(frozen=True, slots=True)
class TeachResult:
    """What teaching left behind.

    Attributes:
        entry: The recipe's new revision.
        evaluation: How good it is.
        caution: What is to be said of figures that rest on few pictures; empty when they are enough.
    """

    entry: RecipeEntry
    evaluation: "EvaluationReport"
    caution: str


class LearningCommands:
    """Teaching and evaluating; both take minutes and belong on a thread of their own in a window."""

    def __init__(self, workspace: Workspace, recipes: Recipes) -> None:
        self._workspace = workspace
        self._recipes = recipes

    def teach(
        self,
        folder: Path,
        product: str,
        *,
        view: str = "",
        model: str = "balanced",
        limit_from: LimitFrom = "good",
        author: str = "",
        progress: OnProgress = no_progress,
        cancellation: "Cancellation | None" = None,
    ) -> TeachResult:
        """From pictures of one view to the next revision of the recipe named like the product.

        It is released at once where the product had none, because there is no line yet that it could surprise;
        otherwise it is a draft. Views taught before stay as they are.

        Args:
            folder: MVTec layout, or just pictures of good parts.
            product: The product, and the recipe's name.
            view: Which camera took the pictures, as the settings call it; "" where the station has one only.
            model: Which kind of model.
            limit_from: Set the limit from good parts alone, or from labelled defects too.
            author: Who teaches.
            progress: Told of each step, on this thread.
            cancellation: Stops the training from another thread.

        Raises:
            BadInputError: The pictures cannot be taught from, training is not installed, or the recipe's views have
                names where this one has none, or the other way round.
            FaultError: The training failed.
        """
        from station.learning.teaching import teach  # noqa: PLC0415 - loads OpenVINO

        require_addable(self._recipes, checked_name(product, "product"), view)
        taught = teach(
            folder,
            product,
            self._workspace,
            view=view,
            method=model,
            limit_from=limit_from,
            on_progress=progress,
            cancellation=cancellation,
        )
        recipe = with_taught_view(self._recipes, product, taught.view, author, f"taught from {folder.name}")
        state = RecipeState.RELEASED if recipe.revision == 1 else RecipeState.DRAFT
        return TeachResult(self._recipes.add_revision(recipe, state, utc_now()), taught.evaluation, taught.caution)

    def evaluate(
        self,
        folder: Path,
        name: str,
        revision: int | None = None,
        *,
        view: str | None = None,
        progress: OnProgress = no_progress,
    ) -> "EvaluationReport":
        """How good a recipe is on labelled pictures of one view.

        Args:
            folder: MVTec layout, or its test folder.
            name: The recipe.
            revision: Any revision; the released one, else the newest draft, where not given.
            view: Which of its views; may be left out where there is one.
            progress: Told of each picture.

        Raises:
            BadInputError: There is no such recipe, view or folder, or a picture cannot be used.
        """
        from station.learning.evaluation import evaluate_folder  # noqa: PLC0415 - loads OpenVINO

        judged = view_named(self._recipes.find_revision(name, revision).recipe, view)
        package = find_package(self._workspace.models, judged.model)
        return evaluate_folder(folder, judged, package, self._workspace.cache, progress)
