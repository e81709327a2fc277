"""The model as an appraiser: parts of a study, judged as the line would judge them."""

from collections.abc import Sequence
from pathlib import Path

from station.domain.inspection import ViewInspection
from station.domain.recipe import View
from station.inference.model_package import find_package
from station.learning.evaluation import judge_as_line
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress, no_progress
from station.workspace import Workspace

_UNKNOWN = "not shown to the model"


def judge_parts(
    files: Sequence[Path], view: View, workspace: Workspace, progress: OnProgress = no_progress
) -> tuple[ViewInspection, ...]:
    """Return what a view of a recipe says of pictures, in their order.

    Args:
        files: The pictures.
        view: The recipe's view.
        workspace: Where its model is.
        progress: Called with each picture.

    Raises:
        StationError: The model is missing or damaged, or a picture cannot be read.
    """
    pictures = [LabelledPicture(file.name, "test", _UNKNOWN, file) for file in files]
    package = find_package(workspace.models, view.model)
    return tuple(result.inspection for _, result in judge_as_line(pictures, view, package, workspace.cache, progress))
