"""`linesidectl compare`: the same pictures by several methods, in one table, and which to take."""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from station.cli.arguments import add_json, authorise, positive
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.errors import FaultError
from station.domain.formatting import rate
from station.domain.permissions import Permission
from station.inference.members import cost_of
from station.learning.presets import METHODS, method_named
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.comparing import Comparable, Recommendation

_HEAD = ("model", "image AUROC (95 %)", "AUPRO (95 %)", "one judgement", "package", "teaching", "memory")


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", type=Path, help="folders such as OK and NG, with labelled defects")
    parser.add_argument(
        "--models",
        type=_names,
        required=True,
        metavar="NAME,NAME",
        help=f"of {', '.join(METHODS)}, or methods of plug-ins; several joined by + are one method",
    )
    parser.add_argument("--rounds", type=positive, default=30, metavar="N", help="timings of each model (default: 30)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Teach, measure and time each method in a workspace that is deleted afterwards; 1 if a method failed."""
    authorise(asked, Permission.TEACH)
    from station.learning.comparing import Comparable, Failed, recommended, teach_each  # noqa: PLC0415 - slow to load
    from station.learning.judgement_times import judgement_ms  # noqa: PLC0415 - as above
    from station.learning.layout.reading import read_layout  # noqa: PLC0415 - needed by few commands

    methods = [method_named(name) for name in asked.models]
    reading = read_layout(asked.folder)
    with (
        tempfile.TemporaryDirectory(prefix="lineside-compare-") as scratch,
        Results(asked.json) as results,
        progress_bars() as on_progress,
    ):
        for line in reading.sentences():
            results.line(line)
        workspace, backbones = Workspace.open(Path(scratch) / "workspace"), Workspace(asked.workspace).backbones
        tried = teach_each(reading, methods, workspace, backbones, on_progress)
        compared = [each for each in tried if isinstance(each, Comparable)]
        failed = [each for each in tried if isinstance(each, Failed)]
        if not compared:
            raise FaultError(f"No method could be taught. {failed[0].model}: {failed[0].sentence}")
        packages = {each.model: each.package for each in compared}
        judge_ms = judgement_ms(packages, workspace.cache, asked.rounds, on_progress)
        taken = recommended(compared, judge_ms)
        for line in (*_table(compared, judge_ms), *(f"{each.model} failed: {each.sentence}" for each in failed)):
            results.line(line)
        results.line(f"recommended: {taken.reason}" if taken.model else taken.reason)
        results.record(_values(compared, judge_ms, taken) | {"failed": {each.model: each.sentence for each in failed}})
    return 1 if failed else 0


def _names(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise argparse.ArgumentTypeError("name at least one model, such as balanced,fast")
    return names


def _table(compared: Sequence["Comparable"], judge_ms: dict[str, float]) -> list[str]:
    """Return the table: a line for each model, then escapes and overkill of each at its own limit."""
    rows = [_HEAD, *(_row(each, judge_ms[each.model]) for each in compared)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*lines, *(line for each in compared for line in _at_its_limit(each))]


def _row(each: "Comparable", ms: float) -> tuple[str, ...]:
    report = each.evaluation
    return (
        each.model,
        _figure(report.image_auroc, report.intervals.get("image_auroc")),
        _figure(report.aupro, report.intervals.get("aupro")),
        f"{ms:.1f} ms",
        f"{each.size_bytes / 1e6:.1f} MB",
        f"{each.teach_s:.0f} s",
        "unknown" if each.memory_mb is None else f"{each.memory_mb:.0f} MB",
    )


def _figure(value: float | None, ends: Sequence[float] | None) -> str:
    """Return a figure with its interval: "0.970 (0.930 to 0.990)"."""
    if value is None:
        return "unknown"
    return f"{value:.3f} ({ends[0]:.3f} to {ends[1]:.3f})" if ends else f"{value:.3f}"


def _at_its_limit(each: "Comparable") -> list[str]:
    report = each.evaluation
    line = f"{each.model} at its own limit: escapes {rate(report.escapes)}; overkill {rate(report.overkill)}"
    said = filter(None, (cost_of(each.package.manifest.members), each.caution))
    return [line, *(f"{each.model}: {sentence}" for sentence in said)]


def _values(compared: Sequence["Comparable"], judge_ms: dict[str, float], taken: "Recommendation") -> dict[str, object]:
    models = [
        {
            "model": each.model,
            **each.evaluation.as_json(),
            "judge_ms_p50": judge_ms[each.model],
            "size_bytes": each.size_bytes,
            "teach_s": each.teach_s,
            "memory_mb": each.memory_mb,
            "caution": each.caution,
            "members": [member.model_dump() for member in each.package.manifest.members],
        }
        for each in compared
    ]
    return {"models": models, "recommended": taken.model or None, "reason": taken.reason}
