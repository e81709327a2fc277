"""Commands for synthetic defects: what would a revision see of defects that are drawn on its good pictures?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from station.domain.errors import BadInputError
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, View
from station.domain.synthetic import DrawnLook, LookOrder
from station.inference.model_package import find_package
from station.learning.progress import OnProgress, Wanted, always, no_progress, while_wanted
from station.recipes.view_editing import view_named
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.layout.labelled import LabelledPicture


class SyntheticCommands:
    """Judging takes seconds to minutes, so a window must call it on a thread of its own. Nothing is recorded."""

    def __init__(self, authority: Authority, workspace: Workspace, recipes: Recipes) -> None:
        self._authority = authority
        self._workspace = workspace
        self._recipes = recipes

    def look(
        self,
        name: str,
        order: LookOrder,
        revision: int | None = None,
        *,
        view: str | None = None,
        folder: Path | None = None,
        progress: OnProgress = no_progress,
        wanted: Wanted = always,
    ) -> DrawnLook:
        """Draw defects on good pictures, judge them as the line would, and count which kinds and sizes are found.

        Args:
            name: The recipe.
            order: What is drawn.
            revision: Any revision; if not given, the released one, else the newest draft.
            view: Which of its views; may be left out if there is only one.
            folder: Pictures of good parts; if not given, those of the dataset version that the view was taught from,
                best those that it has not learned.
            progress: Called after each defect.
            wanted: Asked before each; the look is given up if it is not wanted any more.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: There is no such recipe, view or folder, or no good picture of it passes.
            GivenUpError: It is not wanted any more.
            FaultError: The model failed.
        """
        self._authority.authorise(Permission.EVALUATE)
        from station.inference.opening import open_predictor  # noqa: PLC0415 - loads OpenVINO
        from station.learning.drawn_look import look_at_drawn  # noqa: PLC0415 - loads OpenVINO

        recipe = self._recipes.find_revision(name, revision).recipe
        judged = view_named(recipe, view)
        good = self._good(recipe, judged, folder)
        learned = folder is None and all(picture.split == "train" for picture in good)
        package = find_package(self._workspace.models, judged.model)
        predictor = open_predictor(package, judged.inference, self._workspace.cache)
        try:
            steps = while_wanted(progress, wanted, "The look at drawn defects")
            return look_at_drawn(good, judged, predictor, order, steps, learned=learned)
        finally:
            predictor.close()

    def _good(self, recipe: Recipe, view: View, folder: Path | None) -> "Sequence[LabelledPicture]":
        from station.learning.datasets import load_dataset  # noqa: PLC0415 - loads the readers of pictures
        from station.learning.layout.reading import read_layout  # noqa: PLC0415 - needed by few commands

        taught_from = self._workspace.datasets / recipe.product / view.dataset_version
        if folder is None and not (view.dataset_version and taught_from.is_dir()):
            raise BadInputError(
                f"The pictures that {recipe.label} was taught from are not on this station.",
                "Name a folder with pictures of good parts.",
            )
        pictures = load_dataset(taught_from).pictures if folder is None else read_layout(folder).pictures
        good = [picture for picture in pictures if picture.good]
        if not good:
            raise BadInputError("There is no picture of a good part to draw on.", "Name a folder with good parts.")
        return [picture for picture in good if picture.split == "test"] or good
