"""`linesidectl compare`: the same pictures by several methods, in one table, and which to take."""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from station.cli.arguments import add_json, authorise, positive
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.cli.text_tables import comparison_lines
from station.domain.permissions import Permission
from station.learning.presets import METHODS, method_named
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.domain.method_comparison import MethodComparison
    from station.learning.comparing import Comparable


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
    from station.learning.comparing import Comparable, teach_each  # noqa: PLC0415 - slow to load
    from station.learning.layout.reading import read_layout  # noqa: PLC0415 - needed by few commands
    from station.learning.runs.comparing_methods import compared  # noqa: PLC0415 - slow to load

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
        comparison = compared(tried, workspace.cache, asked.rounds, on_progress)
        for line in comparison_lines(comparison):
            results.line(line)
        results.line(f"recommended: {comparison.reason}" if comparison.recommended else comparison.reason)
        results.record(_values([each for each in tried if isinstance(each, Comparable)], comparison))
    return 1 if comparison.failed else 0


def _names(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise argparse.ArgumentTypeError("name at least one model, such as balanced,fast")
    return names


def _values(taught: Sequence["Comparable"], comparison: "MethodComparison") -> dict[str, object]:
    models = [
        {
            "model": each.model,
            **each.evaluation.as_json(),
            "judge_ms_p50": row.judge_ms,
            "size_bytes": each.size_bytes,
            "teach_s": each.teach_s,
            "memory_mb": each.memory_mb,
            "caution": each.caution,
            "members": [member.model_dump() for member in each.package.manifest.members],
        }
        for each, row in zip(taught, comparison.methods, strict=True)
    ]
    return {
        "models": models,
        "recommended": comparison.recommended or None,
        "reason": comparison.reason,
        "failed": dict(comparison.failed),
    }
