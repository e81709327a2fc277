"""The figures of an evaluation in sentences, for a person who decides whether a recipe is good enough."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from station.cli.output import in_words, rounded
from station.domain.formatting import counted, plain, rate
from station.domain.rates import Rate
from station.domain.synthetic import is_synthetic

if TYPE_CHECKING:
    from station.inference.parity import Parity
    from station.learning.figures.report import EvaluationReport, KindReport

_IN_SENTENCES = {
    "escapes", "overkill", "confusion", "differing", "masks", "repeated", "reasons", "intervals", "per_kind",
    "synthetic", "defects_learned", "labels", "labels_with_mask", "labels_caught", "labels_caught_without",
    "kinds_learned", "kinds_left_out", "rests_on",
}  # fmt: skip
_OF_A_KIND = ("image_auroc", "aupro", "spro")


def sentences_of(report: "EvaluationReport") -> list[str]:
    """Return the report as lines: what was found and rejected, the verdicts by kind, every other figure."""
    why = report.reasons
    figures = {key: value for key, value in report.as_json().items() if key not in _IN_SENTENCES}
    if report.spro is None:
        del figures["spro"]  # one data set has it
    if report.parity is not None:
        del figures["parity"]
    known = ", ".join(_figure(key, value, report.intervals) for key, value in figures.items() if value is not None)
    return [
        *report.synthetic,
        *report.differing,
        *report.repeated,
        *(report.defects.sentences() if report.defects else ()),
        *(f"{line}{_because(why.get(key))}" for key, line in _rates(report.escapes, report.overkill).items()),
        f"verdicts: {in_words(report.confusion)}{_because(why.get('confusion'))}",
        *([f"figures: {known}"] if known else []),
        *([_parity(report.parity)] if report.parity else []),
        *_kinds(report.per_kind),
        *report.masks,
        *_unknown((key for key, value in figures.items() if value is None), why),
    ]


def _figure(name: str, value: JsonValue, intervals: Mapping[str, list[float]]) -> str:
    """Return a figure with its interval: "image_auroc 0.896 (0.852 to 0.929)"."""
    interval = f" ({' to '.join(rounded(end) for end in intervals[name])})" if name in intervals else ""
    return f"{name} {in_words(value, rounded)}{interval}"


def _parity(parity: "Parity") -> str:
    """Return how many pictures were compared, and what came of it."""
    return (
        f"exported model against the trained one: {plain(counted(parity.pictures, 'picture'))} compared, "
        f"{parity.verdict_flips} with another verdict; scores differ by at most {rounded(parity.max_difference)}"
    )


def _kinds(per_kind: "Mapping[str, KindReport]") -> list[str]:
    """Return a line for each kind of defect; none if the figures of all are those of the only one."""
    if len(per_kind) == 1 and not any(map(is_synthetic, per_kind)):
        return []
    return [f"{kind}: {_kind(report)}" for kind, report in per_kind.items()]


def _kind(report: "KindReport") -> str:
    figures = {name: report.figures[name] for name in _OF_A_KIND}
    known = [f"{name} {rounded(figure.value)}" for name, figure in figures.items() if figure]
    return ", ".join([_found(report.escapes), *known])


def rates_in_words(evaluation: Mapping[str, JsonValue]) -> list[str]:
    """Return escapes and overkill of an evaluation as a model package holds it; empty if it holds none."""
    escapes, overkill = _stored_rate(evaluation.get("escapes")), _stored_rate(evaluation.get("overkill"))
    if escapes is None or overkill is None:
        return []
    return list(_rates(escapes, overkill).values())


def _rates(escapes: Rate, overkill: Rate) -> dict[str, str]:
    """Return a line each: "37 of 40 defects found; escapes: 7.5 % (3 of 40; 2.6 to 19.9 %)"."""
    return {"escapes": _found(escapes), "overkill": _rejected(overkill)}


def _found(escapes: Rate) -> str:
    if not escapes.n:
        return "escapes: not known"
    return f"{escapes.n - escapes.count} of {escapes.n} defects found; escapes: {plain(rate(escapes))}"


def _rejected(overkill: Rate) -> str:
    if not overkill.n:
        return "overkill: not known"
    return f"{overkill.count} of {overkill.n} good parts rejected; overkill: {plain(rate(overkill))}"


def _because(reason: str | None) -> str:
    return f" ({reason})" if reason else ""


def _unknown(keys: Iterable[str], why: Mapping[str, str]) -> list[str]:
    """Return what is not known, a line for each reason."""
    by_reason = defaultdict(list)
    for key in keys:
        by_reason[why.get(key, "not measured")].append(key)
    return [f"not known: {', '.join(names)} ({reason})" for reason, names in by_reason.items()]


def _stored_rate(value: JsonValue) -> Rate | None:
    match value:
        case {"count": int(count), "n": int(n)} if 0 <= count <= n:
            return Rate(count, n)
    return None
