"""The gate of a promotion: every condition that a candidate must meet before it may judge a part."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from station.domain.candidate import Gate, GateCheck
from station.domain.errors import BadInputError, GivenUpError, StationError
from station.domain.feedback import Disposition
from station.domain.formatting import counted, one_or_many
from station.domain.recipe import Recipe, View
from station.domain.verdict import Verdict
from station.inference.model_package import find_package
from station.inference.predictor import Predictor
from station.learning.progress import OnProgress
from station.storage.learning.candidates import Candidates
from station.storage.records.feedback import FeedbackRecords
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.layout.labelled import LabelledPicture

FEWEST_PARTS = 100
"""Live parts that a candidate must have judged before it is promoted."""
MOST_NEW_REJECTS = 0.02
"""Of the live parts that a candidate judged, the share that it alone may reject without a person's word."""
_MOST_LISTED = 10_000


def open_predictor(workspace: Workspace, view: View) -> Predictor:
    """Open the model of a view on one thread, so that the running line keeps the other cores.

    Raises:
        StationError: The package is missing or damaged, or the device cannot run it.
    """
    from station.inference.opening import open_predictor as open_model  # noqa: PLC0415 - half a second

    package = find_package(workspace.models, view.model)
    return open_model(package, view.inference, workspace.cache, threads=1)


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
        return (
            self._shadow_check(candidate, champion),
            self._label_check(name, revision),
            self._reject_check(name, revision),
        )

    def _shadow_check(self, candidate: Recipe, champion: Recipe) -> GateCheck:
        """Parts that another revision judged say nothing of how the candidate differs from the released one."""
        figures = self._candidates.figures(candidate.name, candidate.revision, champion.revision)
        enough = figures.judged >= FEWEST_PARTS
        wanted = "" if enough else f" At least {FEWEST_PARTS} that {champion.label} judged are needed."
        return GateCheck("Parts of the line", enough, f"{figures.sentence}{wanted}")

    def _label_check(self, name: str, revision: int) -> GateCheck:
        """Every part that the candidate passes and the champion kept back must have been called good by a person."""
        passed = self._candidates.disagreements(name, revision, _MOST_LISTED, candidate_passes=True)
        said = self._feedback.last_words_on([each.key for each in passed])
        good = sum(said.get(each.key) is Disposition.GOOD_PART for each in passed)
        if good == len(passed):
            was = one_or_many(good, "was", "were")
            called = f"{counted(good, 'part')} that only the candidate passes {was} called good."
            sentence = called if good else "There are none."
            return GateCheck("Parts that would pass now", passed=True, sentence=sentence)
        sentence = (
            f"The candidate passes {counted(len(passed), 'part')} that the released revision kept back; a person "
            f"called {good} of {len(passed)} good. Look at the rest, and say what each is."
        )
        return GateCheck("Parts that would pass now", passed=False, sentence=sentence)

    def _reject_check(self, name: str, revision: int) -> GateCheck:
        """Parts that only the candidate rejects are overkill, but for those that a person called a defect."""
        others = self._candidates.disagreements(name, revision, _MOST_LISTED)
        rejected = [each for each in others if each.champion is Verdict.PASS]
        said = self._feedback.last_words_on([each.key for each in rejected])
        found = sum(said.get(each.key) is Disposition.MISSED_DEFECT for each in rejected)
        judged = self._candidates.figures(name, revision).judged
        new, most = len(rejected) - found, int(MOST_NEW_REJECTS * judged)
        called = f"; a person called {found} of them a defect" if found else ""
        sentence = f"The candidate alone rejects {len(rejected)} of {counted(judged, 'part')}{called}."
        if new <= most:
            return GateCheck("Parts that would be rejected now", passed=True, sentence=sentence)
        advice = f"At most {most} more may be rejected. Look at them, and say what each is."
        return GateCheck("Parts that would be rejected now", passed=False, sentence=f"{sentence} {advice}")

    def _model_checks(self, candidate: Recipe, champion: Recipe | None, progress: OnProgress) -> Iterator[GateCheck]:
        yield _region_check(candidate)
        for view in candidate.views:
            old = champion.view(view.name) if champion is not None and view.name in champion.view_names else None
            try:
                yield self._regression_check(candidate.product, view, old, progress)
                yield self._certificate_check(view, self._folder(candidate.product, view), progress)
            except GivenUpError:
                raise
            except StationError as error:
                yield GateCheck("Labelled pictures", passed=False, sentence=error.sentence)

    def _regression_check(self, product: str, view: View, old: View | None, progress: OnProgress) -> GateCheck:
        """Compare on the labelled pictures of the candidate, and on each defect that only the champion's set has."""
        from station.learning.datasets import load_dataset  # noqa: PLC0415 - loads the readers of pictures
        from station.learning.regression import judge_all, regression_check  # noqa: PLC0415 - loads OpenVINO

        tested = load_dataset(self._folder(product, view)).pictures_of("test")
        pictures = tuple(picture for picture in tested if picture.good or picture.really_defective)
        before, missing = None, ""
        if old is not None and self._folder(product, old).is_dir():
            pictures += self._defects_of_champion(product, view, old)
        elif old is not None:
            missing = " The labelled pictures of the released revision are not on this station."
        if old is not None:
            before = judge_all(old, open_predictor(self._workspace, old), pictures, progress)
        now = judge_all(view, open_predictor(self._workspace, view), pictures, progress)
        check = regression_check(now, before, view.name)
        return replace(check, sentence=f"{check.sentence}{missing}")

    def _defects_of_champion(self, product: str, view: View, old: View) -> tuple["LabelledPicture", ...]:
        from station.learning.datasets import load_dataset  # noqa: PLC0415 - loads the readers of pictures
        from station.learning.manifest import read_manifest  # noqa: PLC0415 - not at every start

        if old.dataset_version == view.dataset_version:
            return ()
        own = {entry.sha256 for entry in read_manifest(self._folder(product, view)).pictures}
        known = load_dataset(self._folder(product, old))
        entries = read_manifest(known.folder).pictures
        return tuple(
            replace(picture, name=f"{known.version}/{picture.name}")
            for entry, picture in zip(entries, known.pictures, strict=True)
            if picture.split == "test" and picture.really_defective and entry.sha256 not in own
        )

    def _folder(self, product: str, view: View) -> Path:
        return self._workspace.datasets / product / view.dataset_version

    def _certificate_check(self, view: View, dataset: Path, progress: OnProgress) -> GateCheck:
        from station.learning.certificate import repeat_certificate  # noqa: PLC0415 - loads OpenVINO

        name = f"Same verdicts as trained, {view.name}" if view.name else "Same verdicts as trained"
        package = find_package(self._workspace.models, view.model)
        parity = package.manifest.parity
        if parity is None or not parity.compared:
            return GateCheck(name, passed=False, sentence="The model has no certificate that can be repeated.")
        repeated = repeat_certificate(package, dataset, view, progress)
        if parity.verdict_flips or repeated.sentences:
            flips = f"{counted(parity.verdict_flips, 'verdict')} changed when the model was exported."
            return GateCheck(name, passed=False, sentence=" ".join(repeated.sentences) or flips)
        return GateCheck(
            name, passed=True, sentence=f"0 of {counted(repeated.pictures, 'picture')} flip, here and when exported."
        )


def _region_check(candidate: Recipe) -> GateCheck:
    from station.recipes.revising import require_taught  # noqa: PLC0415 - not at every start

    name = "Region of interest"
    try:
        require_taught(candidate)
    except BadInputError as error:
        return GateCheck(name, passed=False, sentence=f"{error.sentence} {error.advice}")
    return GateCheck(name, passed=True, sentence="Each view inspects the region that its model was taught on.")
