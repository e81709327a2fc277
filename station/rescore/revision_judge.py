"""Judge parts by a revision that does not decide, with the code that judges frames on the line."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from station.domain.candidate import CandidateResult, Outcome
from station.domain.frame import Frame
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.recipe import Recipe, View
from station.inference.predictor import Predictor
from station.judgement.inspector import Inspector


class RevisionJudge:
    """Judges parts by one revision. Close it: it holds the models of all views."""

    def __init__(self, recipe: Recipe, open_predictor: Callable[[View], Predictor]) -> None:
        """Open the models.

        Args:
            recipe: The revision that judges.
            open_predictor: Opens the model of a view.

        Raises:
            StationError: A model is missing or damaged; none stays open.
        """
        self.recipe = recipe
        self._inspectors: dict[str, Inspector] = {}
        with ExitStack() as opened:
            for view in recipe.views:
                predictor = open_predictor(view)
                opened.callback(predictor.close)
                self._inspectors[view.name] = Inspector(_any_repeat(view), predictor, recipe.product)
            self._opened = opened.pop_all()

    def judge(self, key: PartKey, triggered_at: datetime, frames: Mapping[str, Frame]) -> CandidateResult:
        """Return what the revision makes of a part; the worst view counts, as on the line.

        Args:
            key: The part.
            triggered_at: When it passed, UTC.
            frames: The frame of each view by its name; other views than those of the revision are not judged.
        """
        views = self.inspect(frames)
        if not views:
            return CandidateResult(key, Outcome.NO_PICTURE)
        deciding = Inspection(key, triggered_at, views).deciding
        return CandidateResult(key, Outcome.JUDGED, deciding.verdict, deciding.pred_score)

    def inspect(self, frames: Mapping[str, Frame]) -> tuple[ViewInspection, ...]:
        """Return what the revision makes of each view of a part; () if it has other views.

        Args:
            frames: The frame of each view by its name.
        """
        if frames.keys() != self._inspectors.keys():
            return ()
        return tuple(self._inspectors[name].inspect(frame).inspection for name, frame in frames.items())

    def close(self) -> None:
        """Release the models. Closing twice is allowed."""
        self._opened.close()


def _any_repeat(view: View) -> View:
    """Return the view without its watch over repeated pictures: parts that are left out would confuse it."""
    return replace(view, quality=replace(view.quality, frozen_after=0))
