"""What the training page shows, resolved from what the station knows: a frozen value that the page applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from station.domain.evaluation import Evaluation
from station.domain.formatting import UNKNOWN, count_of, day_and_time
from station.domain.rates import Rate
from station.domain.training import MethodOffer, RunProgress, RunState, StageTime, TrainingRun, VersionSummary
from station.reporting.evaluation_wording import figure_words, parity_words

HEADINGS = ("Run", "Product", "Version", "Method", "State", "AUROC", "Escapes", "Overkill", "ms", "Flips", "Queued")
NUMBERS = ("Run", "ms")
_SHORT = 8
_NOTHING = RunProgress()
NOTHING_RUNS = "No training runs."
NO_VERSION = "There is no frozen dataset version. Freeze one on the Datasets page (Shift+F3)."


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen to be taught.

    Attributes:
        version: The dataset version; None if there is none.
        method: The name of the method.
        with_defects, whole_part: What is wanted besides.
    """

    version: VersionSummary | None
    method: str = "balanced"
    with_defects: bool = False
    whole_part: bool = False


@dataclass(frozen=True, slots=True)
class TeachView:
    """What is said about the choice.

    Attributes:
        why: Why it is or is not available, in words.
        possible: Whether it can be taught.
        defects_possible: Whether defects can be learned.
    """

    why: str
    possible: bool
    defects_possible: bool


@dataclass(frozen=True, slots=True)
class ProgressView:
    """The run that is followed.

    Attributes:
        title: "Run 7: tile, balanced".
        said: What it does now, with the time left, or how it ended.
        share: 0..1 of the present stage; None if unknown or nothing runs.
        stages: Each stage in words with its seconds.
        points: The curve of the run.
        losses: The curve of the loss; empty if the method has none.
    """

    title: str
    said: str
    share: float | None = None
    stages: tuple[tuple[str, str], ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    losses: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class RunRow:
    """A row of the table of runs."""

    number: int
    cells: tuple[str, ...]


def teach_view(choice: Choice, offers: Sequence[MethodOffer], refusal_of_defects: str) -> TeachView:
    """Return what is said about what is chosen."""
    if choice.version is None:
        return TeachView(NO_VERSION, possible=False, defects_possible=False)
    offer = next((each for each in offers if each.name == choice.method), None)
    if offer is None:
        return TeachView("Choose a method.", possible=False, defects_possible=not refusal_of_defects)
    about = f"{choice.version.words}. {offer.name}: {offer.sentence}."
    if offer.refusal:
        return TeachView(f"Not available: {offer.refusal}.", possible=False, defects_possible=not refusal_of_defects)
    if refusal_of_defects:
        wanted = choice.with_defects
        said = f"{about} With defects is not available: {refusal_of_defects}."
        return TeachView(said, possible=not wanted, defects_possible=False)
    return TeachView(about, possible=True, defects_possible=True)


def followed(runs: Sequence[TrainingRun], chosen: int | None) -> TrainingRun | None:
    """Return the run to follow: the chosen one, else the one that runs, else the newest; None without runs."""
    by_number = {run.number: run for run in runs}
    if chosen in by_number:
        return by_number[chosen]
    running = next((run for run in runs if run.state is RunState.RUNNING), None)
    return running or next(iter(runs), None)


def alike(runs: Sequence[TrainingRun], run: TrainingRun) -> TrainingRun | None:
    """Return the newest done run that was taught like this one: its steps say how long those to come take."""
    same = (run.order.product, run.order.words)
    done = (each for each in runs if each.state is RunState.DONE and each.number < run.number)
    return next((each for each in done if (each.order.product, each.order.words) == same), None)


def left_s(progress: RunProgress, earlier: RunProgress) -> float | None:
    """Return the seconds left of a whole run, from those of an earlier one like it; None if that is not known.

    Args:
        progress: Of the run.
        earlier: Of a run like it that is done; empty if there is none.
    """
    present = progress.present
    stages = [stage.stage for stage in earlier.stages]
    if present is None or present.stage not in stages or progress.left_s is None:
        return None
    last = earlier.stages[-1]
    now = earlier.stages[stages.index(present.stage)]
    return progress.left_s + max(0.0, last.began_s + last.took_s - now.began_s - now.took_s)


def progress_view(
    run: TrainingRun | None, progress: RunProgress, waiting: int, earlier: RunProgress = _NOTHING
) -> ProgressView:
    """Return how far a run is.

    Args:
        run: The run; None if there is none yet.
        progress: What it said.
        waiting: How many runs wait.
        earlier: What a run like it said that is done.
    """
    if run is None:
        return ProgressView(NOTHING_RUNS, "Choose a version and a method, and touch Teach.")
    title = f"Run {run.number}: {run.order.product}, {run.order.words}"
    stages = tuple((each.stage, _stage_words(each)) for each in progress.stages)
    queue = f" {waiting} waiting." if waiting else ""
    if run.state is RunState.RUNNING:
        said = _now(progress, left_s(progress, earlier)) + queue
        return ProgressView(title, said, progress.share, stages, progress.points, progress.losses)
    words = {
        RunState.QUEUED: "Waits for the runs before it.",
        RunState.DONE: _done(run),
    }.get(run.state, f"{run.state.value.capitalize()}. {run.sentence}")
    return ProgressView(title, words + queue, None, stages, progress.points, progress.losses)


def _done(run: TrainingRun) -> str:
    if run.order.compares:
        return f"Done: {run.sentence} Mark it and open its table (Ctrl+E)."
    return f"Done: {run.draft} is a draft. The line does not use it until a person releases it."


def run_row(run: TrainingRun, evaluation: Evaluation | None, time_zone: str) -> RunRow:
    """Return the row of a run; figures are dashes if it has none."""
    order = run.order
    product = f"{order.product}, {order.view}" if order.view else order.product
    state = run.draft or run.state.value
    head = (str(run.number), product, order.dataset_version[:_SHORT], order.words, state)
    if evaluation is None:
        figures: tuple[str, ...] = (UNKNOWN,) * 5
    else:
        speed = UNKNOWN if evaluation.infer_ms is None else f"{evaluation.infer_ms:.1f}"
        figures = (
            figure_words(evaluation.figure("image_auroc")).partition(" ")[0],
            _counted(evaluation.escapes),
            _counted(evaluation.overkill),
            speed,
            parity_words(evaluation).partition(" verdicts")[0],
        )
    return RunRow(run.number, (*head, *figures, f"{day_and_time(run.queued_at, time_zone)} {run.person}".strip()))


def rows_of(
    runs: Sequence[TrainingRun], evaluations: Mapping[int, Evaluation | None], time_zone: str
) -> tuple[RunRow, ...]:
    """Return the rows of all runs, the newest first."""
    return tuple(run_row(run, evaluations.get(run.number), time_zone) for run in runs)


def _counted(rate: Rate) -> str:
    return count_of(rate) if rate.n else UNKNOWN


def _now(progress: RunProgress, whole_s: float | None) -> str:
    present = progress.present
    if present is None:
        return "Starting \u2026"
    share = "" if progress.share is None else f" {100 * progress.share:.0f} %"
    if whole_s is not None:
        return f"{present.stage}{share}, about {whole_s:.0f} s left in all."
    left = "" if progress.left_s is None or progress.share == 1 else f", {progress.left_s:.0f} s left of this step"
    return f"{present.stage}{share}{left}."


def _stage_words(stage: StageTime) -> str:
    steps = f"{stage.done} of {stage.total}, " if stage.total else ""
    return f"{steps}{stage.took_s:.0f} s"
