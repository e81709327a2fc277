"""The gate of a promotion: every condition that a candidate must meet before it may judge a part."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from station.domain.candidate import Gate, GateCheck
from station.domain.errors import BadInputError, StationError
from station.domain.feedback import Disposition
from station.domain.recipe import Recipe, View
from station.inference.model_package import find_package
from station.inference.predictor import Predictor
from station.learning.progress import OnProgress
from station.storage.learning.candidates import Candidates
from station.storage.records.feedback import FeedbackRecords
from station.workspace import Workspace

FEWEST_PARTS = 100
"""Live parts that a candidate must have judged before it is promoted."""
_MOST_LISTED = 10_000


def open_predictor(workspace: Workspace, view: View) -> Predictor:
    """Open the model of a view on one thread, so that the running line keeps the other cores.

    Raises:
        StationError: The package is missing or damaged, or the device cannot run it.
    """
    from station.inference.openvino_predictor import OpenVinoPredictor  # noqa: PLC0415 - half a second

    package = find_package(workspace.models, view.model)
    return OpenVinoPredictor(package, view.inference, workspace.cache, threads=1)


class PromotionGate:
    """Looks at a candidate beside the released revision. It changes nothing, and remembers what it saw."""

    def __init__(self, workspace: Workspace, candidates: Candidates, feedback: FeedbackRecords) -> None:
        self._workspace = workspace
        self._candidates = candidates
        self._feedback = feedback
        self._seen: dict[str, Gate] = {}

    def look(self, candidate: Recipe, champion: Recipe | None, progress: OnProgress) -> Gate:
        """Return every condition with its figures.

        Args:
            candidate: The draft.
            champion: The released revision; None if there is none, and nothing to compare with.
            progress: Called with each picture that is judged.

        Raises:
            FaultError: A model failed.
        """
        checks = (*self._live_checks(candidate, champion), *self._model_checks(candidate, champion, progress))
        gate = Gate(candidate.label, champion.label if champion else "", checks)
        self._seen[candidate.label] = gate
        return gate

    def seen(self, candidate: Recipe, champion: Recipe | None) -> Gate:
        """Return what was seen last, with the figures of the line as they are now.

        Raises:
            BadInputError: The candidate was not looked at yet, or another revision was released since.
        """
        gate = self._seen.get(candidate.label)
        if gate is None or gate.champion != (champion.label if champion else ""):
            raise BadInputError(
                f"The gate of {candidate.label} was not looked at since the last release.", "Look at the gate first."
            )
        live = self._live_checks(candidate, champion)
        return replace(gate, checks=(*live, *gate.checks[len(live) :]))

    def _live_checks(self, candidate: Recipe, champion: Recipe | None) -> tuple[GateCheck, ...]:
        if champion is None:
            return ()
        name, revision = candidate.name, candidate.revision
        return self._shadow_check(name, revision), self._label_check(name, revision)

    def _shadow_check(self, name: str, revision: int) -> GateCheck:
        figures = self._candidates.figures(name, revision)
        enough = figures.judged >= FEWEST_PARTS
        wanted = "" if enough else f" At least {FEWEST_PARTS} are needed."
        return GateCheck("Parts of the line", enough, f"{figures.sentence}{wanted}")

    def _label_check(self, name: str, revision: int) -> GateCheck:
        """Every part that the candidate passes and the champion kept back must have been called good by a person."""
        passed = self._candidates.disagreements(name, revision, _MOST_LISTED, candidate_passes=True)
        said = self._feedback.last_words(name)
        good = sum(said.get(each.key) is Disposition.GOOD_PART for each in passed)
        if good == len(passed):
            sentence = (
                f"All {good} parts that only the candidate passes were called good." if good else "There are none."
            )
            return GateCheck("Parts that would pass now", passed=True, sentence=sentence)
        sentence = (
            f"The candidate passes {len(passed)} parts that the released revision kept back; a person called {good} of "
            "them good. Look at the others, and say what each is."
        )
        return GateCheck("Parts that would pass now", passed=False, sentence=sentence)

    def _model_checks(self, candidate: Recipe, champion: Recipe | None, progress: OnProgress) -> Iterator[GateCheck]:
        from station.learning.datasets import load_dataset  # noqa: PLC0415 - loads the readers of pictures
        from station.learning.regression import judge_all, regression_check  # noqa: PLC0415 - loads OpenVINO

        for view in candidate.views:
            folder = self._workspace.datasets / candidate.product / view.dataset_version
            try:
                pictures = load_dataset(folder).pictures_of("test")
                before = None
                if champion is not None and view.name in champion.view_names:
                    old = champion.view(view.name)
                    before = judge_all(old, open_predictor(self._workspace, old), pictures, progress)
                yield regression_check(
                    judge_all(view, open_predictor(self._workspace, view), pictures, progress), before, view.name
                )
                yield self._certificate_check(view, folder, progress)
            except StationError as error:
                yield GateCheck("Labelled pictures", passed=False, sentence=error.sentence)

    def _certificate_check(self, view: View, dataset: Path, progress: OnProgress) -> GateCheck:
        from station.learning.certificate import repeat_certificate  # noqa: PLC0415 - loads OpenVINO

        name = f"Same verdicts as trained, {view.name}" if view.name else "Same verdicts as trained"
        package = find_package(self._workspace.models, view.model)
        parity = package.manifest.parity
        if parity is None or not parity.compared:
            return GateCheck(name, passed=False, sentence="The model has no certificate that can be repeated.")
        repeated = repeat_certificate(package, dataset, view, progress)
        if parity.verdict_flips or repeated.sentences:
            flips = f"{parity.verdict_flips} verdicts changed when the model was exported."
            return GateCheck(name, passed=False, sentence=" ".join(repeated.sentences) or flips)
        return GateCheck(name, passed=True, sentence=f"0 of {repeated.pictures} pictures flip, here and when exported.")
