"""Teach the same pictures by several methods, and say which to take."""

import dataclasses
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from station.domain.errors import BadInputError, FaultError
from station.domain.inspected_place import WHOLE_PICTURE, InspectedPlace
from station.domain.rates import Rate
from station.inference.model_package import ModelPackage
from station.learning.datasets import DatasetVersion
from station.learning.figures.report import EvaluationReport
from station.learning.layout.labelled import Reading
from station.learning.presets import JOINS, ONLY_MEASURED, AnyMethod, require_teachable
from station.learning.progress import OnProgress, Progress
from station.learning.session import Session
from station.learning.teaching import teach
from station.workspace import Workspace

_PRODUCT = "compared"
_CLEARLY_FASTER = 2 / 3
"""A method that finds no less is taken before the best one if it judges in this share of its time, or less."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """One method, taught.

    Attributes:
        model: Name of the method.
        package: Its package; it ends with the workspace in which the methods were compared.
        evaluation: The figures at its own limit, on the pictures that all are measured on.
        teach_s: Seconds of the whole teaching, from the pictures to the measured package.
        memory_mb: Most memory of the training process, 10^6 bytes; None if the system does not say.
        caution: A warning if the figures rest on few pictures.
    """

    model: str
    package: ModelPackage
    evaluation: EvaluationReport
    teach_s: float
    memory_mb: float | None
    caution: str

    @property
    def size_bytes(self) -> int:
        """Return the size of the package."""
        return sum((self.package.folder / name).stat().st_size for name in self.package.file_names)


@dataclass(frozen=True, slots=True)
class Failed:
    """A method that could not be taught on these pictures; `sentence` says why."""

    model: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Which method to take; `model` is "" if none can be recommended. `reason` is a sentence."""

    model: str
    reason: str


def teach_each(
    pictures: Reading | DatasetVersion,
    methods: Sequence[AnyMethod],
    workspace: Workspace,
    backbones: Path,
    on_progress: OnProgress,
    *,
    place: InspectedPlace = WHOLE_PICTURE,
    log: Path | None = None,
) -> list[Comparable | Failed]:
    """Teach the pictures by each of the methods, one after the other.

    A method that fails does not keep the others from being compared.

    Args:
        pictures: Labelled pictures, or a frozen version of them.
        methods: What to compare.
        workspace: Receives dataset and packages; one of its own, so that no station meets what was only tried.
        backbones: Folder of the networks that the site brought.
        on_progress: Called with each step; the method is named before it.
        place: The region of interest that is learned and judged.
        log: File that receives what the training processes write; None for one in the workspace.

    Raises:
        BadInputError: A method lacks something, before any is taught, or the pictures can be used by none.
    """
    for method in methods:
        require_teachable(method, ONLY_MEASURED, backbones)
    if backbones.is_dir():
        shutil.copytree(backbones, workspace.backbones)
    tried: list[Comparable | Failed] = []
    refused: list[BadInputError] = []
    for method in methods:
        session = Session(_named(method.name, on_progress), log=log, package=method.name.replace(JOINS, " and "))
        try:
            tried.append(_taught(pictures, method, workspace, session, place))
        except BadInputError as error:
            refused.append(error)
            tried.append(Failed(method.name, error.sentence))
    if len(refused) == len(tried):
        raise refused[0]
    return tried


def recommended(compared: Sequence[Comparable], judge_ms: dict[str, float]) -> Recommendation:
    """Return which of the methods to take.

    The best is the one with the highest image AUROC; of equal ones, with the fewest escapes, then with the least
    overkill at its own limit. One that clearly judges faster is taken in its place if all its figures lie within the
    95 % intervals of the best one: then these pictures do not show that it finds less.

    Args:
        compared: The methods.
        judge_ms: Median time of one inference of each, by its name.
    """
    known = [each for each in compared if each.evaluation.image_auroc is not None]
    if not known:
        return Recommendation("", "None can be recommended: without labelled defects it is unknown what each finds.")
    best = max(known, key=_how_good)
    faster = [
        each
        for each in known
        if judge_ms[each.model] <= _CLEARLY_FASTER * judge_ms[best.model] and _finds_no_less(each, best)
    ]
    if not faster:
        equal = any(each is not best and _auroc(each) == _auroc(best) for each in known)
        first = ", and of the equal ones it misses and rejects the least" if equal else ""
        return Recommendation(best.model, f"{best.model}: it has the highest image AUROC, {_auroc(best):.3f}{first}.")
    taken = max(faster, key=_how_good)
    return Recommendation(
        taken.model,
        f"{taken.model}: these pictures do not show that it finds less than {best.model} "
        f"(image AUROC {_auroc(taken):.3f} and {_auroc(best):.3f}), and it judges in "
        f"{100 * judge_ms[taken.model] / judge_ms[best.model]:.0f} % of the time.",
    )


def _named(name: str, on_progress: OnProgress) -> OnProgress:
    def report(step: Progress) -> None:
        on_progress(dataclasses.replace(step, stage=f"{name}: {step.stage}"))

    return report


def _taught(
    pictures: Reading | DatasetVersion,
    method: AnyMethod,
    workspace: Workspace,
    session: Session,
    place: InspectedPlace,
) -> Comparable | Failed:
    began = time.monotonic()
    try:
        taught = teach(pictures, _PRODUCT, workspace, method=method, session=session, place=place)
    except FaultError as error:
        return Failed(method.name, error.sentence)
    seconds = round(time.monotonic() - began, 1)
    return Comparable(method.name, taught.package, taught.evaluation, seconds, taught.memory_mb, taught.caution)


def _auroc(each: Comparable) -> float:
    return each.evaluation.image_auroc or 0.0


def _how_good(each: Comparable) -> tuple[float, float, float]:
    own = each.evaluation
    return _auroc(each), -(own.escapes.value or 0.0), -(own.overkill.value or 0.0)


def _finds_no_less(each: Comparable, best: Comparable) -> bool:
    """Return whether the figures of one lie within the intervals of the best one, or beyond their better end."""
    own, other = each.evaluation, best.evaluation
    least_auroc = other.intervals["image_auroc"][0] if "image_auroc" in other.intervals else _auroc(best)
    return _auroc(each) >= least_auroc and all(
        _no_higher(one, two) for one, two in ((own.escapes, other.escapes), (own.overkill, other.overkill))
    )


def _no_higher(one: Rate, other: Rate) -> bool:
    return (one.value or 0.0) <= other.interval[1]
