"""The figures of an evaluation in words, the same on page and paper."""

from collections.abc import Mapping, Sequence

from station.domain.evaluation import Evaluation, Figure, JudgedPicture
from station.domain.formatting import UNKNOWN, milliseconds, number, rate, score
from station.domain.rates import Rate
from station.domain.verdict import Verdict
from station.reporting.evaluation_table import NAMES

FEW = 20
"""With fewer defects, the interval is said in a sentence."""
_VERDICTS = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL)


def figure_words(figure: Figure) -> str:
    """Return a figure with its interval: "0.982 (0.961 to 0.994)"."""
    if figure.value is None:
        return UNKNOWN
    interval = "" if figure.low is None or figure.high is None else f" ({figure.low:.3f} to {figure.high:.3f})"
    return f"{figure.value:.3f}{interval}"


def rate_words(value: Rate) -> str:
    """Return a rate with its counts and interval; "not known" if nothing was counted."""
    return rate(value) if value.n else UNKNOWN


def side_by_side(evaluations: Sequence[Evaluation]) -> list[tuple[str, ...]]:
    """Return a row for each figure: its name, and its value in each evaluation."""
    rows = [
        ("Escapes", *(rate_words(each.escapes) for each in evaluations)),
        ("Overkill", *(rate_words(each.overkill) for each in evaluations)),
    ]
    for name, words in NAMES.items():
        figures = [each.figure(name) for each in evaluations]
        if any(figure.value is not None for figure in figures):
            rows.append((words, *map(figure_words, figures)))
    return [
        *rows,
        ("One inference here", *(_time(each.infer_ms) for each in evaluations)),
        ("Training", *(UNKNOWN if each.train_s is None else f"{each.train_s:.0f} s" for each in evaluations)),
        ("Parity", *(parity_words(each) for each in evaluations)),
    ]


def parity_words(evaluation: Evaluation) -> str:
    """Return how far the exported model is from the trained one: "0 of 60 verdicts differ (2e-07)", with the score."""
    parity = evaluation.parity
    if parity is None:
        return UNKNOWN
    return f"{parity.verdict_flips} of {number(parity.pictures)} verdicts differ ({parity.max_difference:.0e})"


def kind_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """Return a row for each kind of part: how many passed, went to review and failed, how many wrongly, and AUROC."""
    figures = {each.kind: each for each in evaluation.per_kind}
    rows = []
    for kind, verdicts in evaluation.confusion.items():
        counts = tuple(number(verdicts.get(verdict.value, 0)) for verdict in _VERDICTS)
        own = figures.get(kind)
        if own is None:
            rows.append((kind, *counts, rate_words(evaluation.overkill), ""))
        else:
            auroc = figure_words(Figure(own.figures.get("image_auroc", Figure(None)).value))
            rows.append((kind, *counts, rate_words(own.escapes), auroc))
    return rows


def caution(evaluation: Evaluation) -> str:
    """Return how little is known if few defects were measured: "3 of 3 found: detection 29 to 100 %"; else ""."""
    escapes = evaluation.escapes
    if not escapes.n:
        return "no defect was measured: how many escape is not known"
    if escapes.n >= FEW:
        return ""
    low, high = escapes.interval
    found = escapes.n - escapes.count
    return f"{found} of {escapes.n} found: detection {100 * (1 - high):.0f} to {100 * (1 - low):.0f} %"


def mistake_words(picture: JudgedPicture) -> str:
    """Return what is wrong with the judgement of a picture: "escape: crack, score 0.41"."""
    if picture.mistaken:
        what = "overkill" if picture.good else "escape"
    else:
        what = "for review" if picture.verdict is Verdict.REVIEW else "right"
    return f"{what}: {picture.kind}, score {score(picture.pred_score)}"


def metrics(evaluation: Evaluation) -> Mapping[str, float]:
    """Return every figure that is known, by the names of `evaluate --json`, for a store of runs."""
    known: dict[str, float | None] = {name: figure.value for name, figure in evaluation.figures.items()}
    known |= {"infer_ms_p50": evaluation.infer_ms, "train_s": evaluation.train_s}
    for name, counted in (("escapes", evaluation.escapes), ("overkill", evaluation.overkill)):
        known |= {f"{name}/count": counted.count, f"{name}/n": counted.n, f"{name}/rate": counted.value}
    for kind in evaluation.per_kind:
        known |= {f"{kind.kind}/{name}": figure.value for name, figure in kind.figures.items()}
        known[f"{kind.kind}/escapes"] = kind.escapes.value
    if evaluation.parity is not None:
        known["parity/max_difference"] = evaluation.parity.max_difference
        known["parity/verdict_flips"] = evaluation.parity.verdict_flips
    return {name: float(value) for name, value in known.items() if value is not None}


def _time(value: float | None) -> str:
    return UNKNOWN if value is None else milliseconds(value)
