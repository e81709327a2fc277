"""Execute a run that compares methods: teach each beside the station."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from station.domain.errors import FaultError
from station.domain.evaluation import Figure
from station.domain.inspected_place import InspectedPlace
from station.domain.method_comparison import ComparedMethod, MethodComparison
from station.domain.training import TrainingRun
from station.inference.members import cost_of
from station.learning.comparing import Comparable, Failed, recommended, teach_each
from station.learning.datasets import load_dataset
from station.learning.figures.report import EvaluationReport
from station.learning.judgement_times import judgement_ms
from station.learning.presets import method_named
from station.learning.progress import OnProgress
from station.learning.runs.run_files import RunFiles
from station.workspace import Workspace

_ROUNDS = 30


def compare_methods(
    workspace: Workspace, run: TrainingRun, files: RunFiles, on_progress: OnProgress, place: InspectedPlace
) -> MethodComparison:
    """Teach the methods of a run in a folder that is deleted afterwards, and return how they compare.

    Args:
        workspace: Of the station; nothing but the folder of this run is written in it, and that is named so that it is
            removed if the run is killed.
        run: The run.
        files: Its log receives what the training processes write.
        on_progress: Called with each step.
        place: The region of interest that is learned and judged.

    Raises:
        BadInputError: The pictures cannot be used, or a method lacks something.
        FaultError: No method could be taught.
    """
    order = run.order
    dataset = load_dataset(workspace.datasets / order.product / order.dataset_version)
    methods = [method_named(name) for name in order.methods]
    with tempfile.TemporaryDirectory(prefix=f".teaching-{run.package}", dir=workspace.models) as folder:
        scratch = Workspace.open(Path(folder) / "workspace")
        tried = teach_each(dataset, methods, scratch, workspace.backbones, on_progress, place=place, log=files.log)
        return compared(tried, scratch.cache, _ROUNDS, on_progress)


def compared(
    tried: Sequence[Comparable | Failed], cache: Path, rounds: int, on_progress: OnProgress
) -> MethodComparison:
    """Time the methods that were taught, and return the table.

    Args:
        tried: What became of each method.
        cache: Keeps their compiled models.
        rounds: Timings of each.
        on_progress: Called with each step.

    Raises:
        FaultError: None was taught, or one cannot be opened.
    """
    taught = [each for each in tried if isinstance(each, Comparable)]
    failed = {each.model: each.sentence for each in tried if isinstance(each, Failed)}
    if not taught:
        raise FaultError(f"No method could be taught. {' '.join(f'{name}: {why}' for name, why in failed.items())}")
    ms = judgement_ms({each.model: each.package for each in taught}, cache, rounds, on_progress)
    taken = recommended(taught, ms)
    return MethodComparison(tuple(_row(each, ms[each.model]) for each in taught), taken.model, taken.reason, failed)


def _row(each: Comparable, judge_ms: float) -> ComparedMethod:
    report = each.evaluation
    return ComparedMethod(
        each.model,
        _figure(report, "image_auroc", report.image_auroc),
        _figure(report, "aupro", report.aupro),
        report.escapes,
        report.overkill,
        judge_ms,
        each.size_bytes,
        each.teach_s,
        each.memory_mb,
        each.caution,
        cost_of(each.package.manifest.members),
    )


def _figure(report: EvaluationReport, name: str, value: float | None) -> Figure:
    low, high = report.intervals.get(name, (None, None))
    return Figure(value, low, high, report.reasons.get(name, ""))
