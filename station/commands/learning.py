"""What can be asked of learning: teach a product, evaluate a recipe."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from station.domain.recipe import RecipeEntry, RecipeState, checked_name
from station.learning.progress import OnProgress, silent
from station.pipeline.trigger import utc_now
from station.settings import Settings
from station.storage.recipes import Recipes
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.evaluation import EvaluationReport

LimitFrom = Literal["good", "labels"]


@dataclass(frozen=True, slots=True)
class TeachResult:
    """What teaching left behind: the recipe's new revision, and how good it is."""

    entry: RecipeEntry
    evaluation: "EvaluationReport"


class LearningCommands:
    """Teaching and evaluating; both take minutes and belong on a thread of their own in a window."""

    def __init__(self, workspace: Workspace, settings: Settings, recipes: Recipes) -> None:
        self._workspace = workspace
        self._settings = settings
        self._recipes = recipes

    def teach(
        self,
        folder: Path,
        product: str,
        *,
        model: str = "balanced",
        limit_from: LimitFrom = "good",
        author: str = "",
        progress: OnProgress = silent,
    ) -> TeachResult:
        """From pictures to the next revision of the recipe named like the product.

        It is released at once where the product had none, because nobody is there yet whom it could surprise;
        otherwise it is a draft.

        Args:
            folder: MVTec layout, or just pictures of good parts.
            product: The product, and the recipe's name.
            model: Which kind of model.
            limit_from: Set the limit from good parts alone, or from labelled defects too.
            author: Who teaches.
            progress: Told of each step.

        Raises:
            BadInputError: The pictures cannot be taught from, or training is not installed.
            FaultError: The training failed.
        """
        from station.learning.teaching import teach  # noqa: PLC0415

        revision = self._recipes.next_revision(checked_name(product, "product"))
        taught = teach(folder, product, revision, self._workspace)
        state = RecipeState.RELEASED if revision == 1 else RecipeState.DRAFT
        entry = self._recipes.add(taught.recipe, state, utc_now())
        return TeachResult(entry, taught.evaluation)
