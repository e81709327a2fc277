"""Evaluations as rows: one layout for the table on the page, the CSV and the PDF."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from station.domain.evaluation import Evaluation, Figure
from station.domain.rates import Rate
from station.reporting.csv_export import ELSEWHERE, Cell, table_of
from station.reporting.languages import PLAIN, TableForm
from station.workspace import write_for_person

NAMES = {
    "image_auroc": "AUROC",
    "pixel_auroc": "Pixel AUROC",
    "aupro": "AUPRO (30 %)",
    "aupro_5": "AUPRO (5 %)",
    "spro": "sPRO (5 %)",
    "image_f1": "F1 at the limit",
    "image_f1_best": "F1 at the best limit",
    "pixel_f1": "Pixel F1 at the limit",
}
"""The figures in the order in which they are read."""
COLUMNS = (
    "recipe", "revision", "view", "dataset_version", "group", "name", "kind", "value", "low", "high", "count", "n",
    "verdict", "remark",
)  # fmt: skip


def write_evaluation_csv(evaluations: Sequence[Evaluation], path: Path, form: TableForm = PLAIN) -> None:
    """Write every figure of these evaluations, and every picture that was judged, a line each.

    Raises:
        BadInputError: The file cannot be written.
    """
    lines = (line for evaluation in evaluations for line in _lines(evaluation))
    write_for_person(path, table_of(COLUMNS, lines, form), ELSEWHERE)


def _lines(evaluation: Evaluation) -> Iterator[tuple[Cell, ...]]:
    head = (evaluation.recipe, evaluation.revision, evaluation.view, evaluation.dataset_version)
    for group, name, kind, cells in _rows(evaluation):
        yield (*head, group, name, kind, *cells)


def _rows(evaluation: Evaluation) -> Iterator[tuple[str, str, str, tuple[Cell, ...]]]:
    yield "rate", "escapes", "", _of_rate(evaluation.escapes)
    yield "rate", "overkill", "", _of_rate(evaluation.overkill)
    for name in NAMES:
        yield "figure", name, "", _of_figure(evaluation.figure(name))
    for kind in evaluation.per_kind:
        yield "rate", "escapes", kind.kind, _of_rate(kind.escapes)
        for name, figure in kind.figures.items():
            if figure.value is not None:
                yield "figure", name, kind.kind, _of_figure(figure)
    for kind_name, verdicts in evaluation.confusion.items():
        for verdict, count in verdicts.items():
            yield "confusion", verdict, kind_name, (None, None, None, count, None, verdict, "")
    for name, value in (("infer_ms", evaluation.infer_ms), ("train_s", evaluation.train_s)):
        yield "speed", name, "", (value, None, None, None, None, "", "")
    if (parity := evaluation.parity) is not None:
        yield "parity", "max_difference", "", (parity.max_difference, None, None, None, parity.pictures, "", "")
        yield "parity", "verdict_flips", "", (None, None, None, parity.verdict_flips, parity.pictures, "", "")
    for each in evaluation.judged:
        yield "picture", each.name, each.kind, (each.pred_score, None, None, None, None, each.verdict.word, "")


def _of_rate(rate: Rate) -> tuple[Cell, ...]:
    low, high = rate.interval
    return rate.value, low, high, rate.count, rate.n, "", ""


def _of_figure(figure: Figure) -> tuple[Cell, ...]:
    return figure.value, figure.low, figure.high, None, None, "", figure.remark
