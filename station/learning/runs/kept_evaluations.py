"""Evaluations as JSON in the database, and back as values for page and paper."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from station.domain.evaluation import Evaluation, Figure, JudgedPicture, KindFigures, ParityFigures
from station.domain.names import few_of
from station.domain.rates import Rate
from station.domain.recipe import Recipe, View
from station.domain.verdict import Verdict
from station.learning.figures.report import EvaluationReport
from station.storage.learning.evaluations import KeptEvaluation

FIGURES = ("image_auroc", "image_f1", "image_f1_best", "pixel_auroc", "aupro", "aupro_5", "spro", "pixel_f1")
_OF_PARITY = ("pictures", "max_difference", "mean_difference", "verdict_flips")
_NOT_REMARKS = {*FIGURES, "train_s", "infer_ms_p50", "parity"}


def kept_from(report: EvaluationReport, recipe: Recipe, view: View, version: str, at: datetime) -> KeptEvaluation:
    """Return a report as it is kept.

    Args:
        report: The figures.
        recipe: The revision that was measured.
        view: Its view.
        version: The dataset version of the pictures.
        at: When it was measured.
    """
    judged: list[JsonValue] = [[each.name, each.kind, each.pred_score, each.verdict.value] for each in report.judged]
    content = {**report.as_json(), "image_threshold": view.limits.image_threshold, "judged": judged}
    return KeptEvaluation(recipe.name, recipe.revision, view.name, version, at, json.dumps(content, allow_nan=False))


def evaluation_from(kept: KeptEvaluation) -> Evaluation:
    """Return the evaluation that was kept."""
    return evaluation_of(json.loads(kept.content), kept)


def evaluation_of(said: Mapping[str, Any], head: KeptEvaluation) -> Evaluation:
    """Return the evaluation of these values, as `evaluate --json` names them.

    Args:
        said: The values; "judged" and "image_threshold" may be missing, as in a model package.
        head: What was measured; its content is not read.
    """
    reasons = said.get("reasons", {})
    return Evaluation(
        recipe=head.name,
        revision=head.revision,
        view=head.view,
        dataset_version=head.dataset_version,
        measured_at=head.measured_at,
        image_threshold=said.get("image_threshold", 0.5),
        figures={name: _figure(said, name, reasons) for name in FIGURES},
        escapes=_rate(said["escapes"]),
        overkill=_rate(said["overkill"]),
        confusion=said.get("confusion", {}),
        per_kind=tuple(_kind(kind, values) for kind, values in said.get("per_kind", {}).items()),
        train_s=said.get("train_s"),
        infer_ms=said.get("infer_ms_p50"),
        parity=_parity(said.get("parity")),
        remarks=tuple(_remarks(said)),
        judged=tuple(JudgedPicture(n, kind, score, Verdict(v)) for n, kind, score, v in said.get("judged", ())),
    )


def as_json(evaluation: Evaluation) -> dict[str, JsonValue]:
    """Return an evaluation as a program reads it, without its pictures."""
    values = asdict(evaluation)
    del values["judged"]
    values["measured_at"] = evaluation.measured_at.isoformat()
    return values


def _figure(said: Mapping[str, Any], name: str, reasons: Mapping[str, str]) -> Figure:
    low, high = said.get("intervals", {}).get(name, (None, None))
    return Figure(said.get(name), low, high, reasons.get(name, ""))


def _rate(said: Mapping[str, Any]) -> Rate:
    return Rate(said["count"], said["n"])


def _kind(kind: str, values: Mapping[str, Any]) -> KindFigures:
    return KindFigures(kind, _rate(values["escapes"]), {name: _figure(values, name, {}) for name in FIGURES})


def _parity(said: Mapping[str, Any] | None) -> ParityFigures | None:
    return None if said is None else ParityFigures(**{name: said[name] for name in _OF_PARITY})


def _remarks(said: Mapping[str, Any]) -> list[str]:
    """Return what was learned, repeated or refused, a sentence each."""
    lines = [line for name in ("synthetic", "differing", "repeated", "masks") for line in said.get(name, ())]
    if learned := said.get("kinds_learned"):
        lines.append(f"learned from labelled defects: {few_of(list(learned), 10)}")
    if left_out := said.get("kinds_left_out"):
        lines.append(f"kinds of defects that were not learned: {few_of(list(left_out), 10)}")
    if rests_on := said.get("rests_on"):
        lines.append(rests_on)
    reasons = said.get("reasons", {})
    return lines + [f"{name}: {reason}" for name, reason in reasons.items() if name not in _NOT_REMARKS]
