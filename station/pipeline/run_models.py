"""The models of the revisions that parts in flight are judged by."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack

from station.domain.recipe import Recipe, View
from station.inference.predictor import Predictor


class RunModels:
    """Opens the models of a recipe, and closes them when no part needs them any more.

        open(plate@1) -> belong_to(7);  open(plate@2) -> belong_to(8);  last part of run 7 is recorded: close_run(7)

    One thread at a time calls it: that of the line, or the one on which the line opens its first models.
    """

    def __init__(self, open_predictor: Callable[[View], Predictor]) -> None:
        """Open nothing yet; `open_predictor` opens the model of a view."""
        self._open_predictor = open_predictor
        self._newest = ExitStack()
        self._of_run: dict[int, ExitStack] = {}

    def open(self, recipe: Recipe) -> Mapping[str, Predictor]:
        """Return the opened model of each view. Models that were opened before and belong to no run are closed.

        Raises:
            StationError: A model is missing or damaged; none of this recipe stays open.
        """
        self._newest.close()
        with ExitStack() as opened:
            predictors = {}
            for view in recipe.views:
                predictors[view.name] = self._open_predictor(view)
                opened.callback(predictors[view.name].close)
            self._newest = opened.pop_all()
        return predictors

    def belong_to(self, run_id: int) -> None:
        """Keep the models that were opened last until this run is over."""
        self._of_run[run_id] = self._newest.pop_all()

    def close_run(self, run_id: int) -> None:
        """Close the models of a run whose parts are all judged."""
        self._of_run.pop(run_id).close()

    def close(self) -> None:
        """Close all models."""
        with self._newest, ExitStack() as all_runs:
            for models in self._of_run.values():
                all_runs.enter_context(models)
            self._of_run.clear()
