"""The figures of one view of a recipe, as the command line writes them."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from station.domain.evaluation import JudgedPicture
from station.domain.rates import Rate
from station.inference.parity import Parity
from station.learning.figures.estimate import Estimate
from station.learning.labelled_defects import LabelledDefects


@dataclass(frozen=True, slots=True)
class KindReport:
    """The figures of one kind of defect, against all good parts.

    Attributes:
        escapes: Defects of this kind that passed.
        figures: By the names of `EvaluationReport`; None if one cannot be computed.
    """

    escapes: Rate
    figures: dict[str, Estimate | None]

    def as_json(self) -> dict[str, JsonValue]:
        """The figures by the names of the command line's JSON."""
        return {
            "escapes": rate_as_json(self.escapes),
            **{name: figure.value if figure else None for name, figure in self.figures.items()},
            "intervals": intervals_as_json(self.figures),
        }


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The figures of one view of a recipe on one set of pictures. If a figure is None, `reasons` says why.

    docs/figures.md says what each figure means, and how its interval is computed.

    Attributes:
        image_auroc: Chance that a defect scores above a good part.
        image_f1: At the recipe's limit.
        image_f1_best: At the limit that is best for these pictures.
        pixel_auroc: Chance that a defect's pixel scores above a normal one.
        aupro: Mean overlap of each defect region, over false positive rates up to 30 %.
        pixel_f1: At the recipe's pixel limit.
        escapes: Defects that passed.
        overkill: Good parts that failed.
        confusion: For each kind of part, how many got each verdict.
        train_s: Seconds the model took to train.
        infer_ms_p50: Median time of one inference on this machine, milliseconds.
        parity: The exported model against the trained network.
        differing: How pictures differ from those of the teaching, in sentences; empty if they do not.
        masks: What was taken for marked in the masks, in sentences; empty without masks.
        synthetic: How many defects were drawn and are counted apart, in a sentence; empty if none was.
        repeated: Which pictures were also learned, in sentences; empty if none is known to be.
        reasons: Why a figure is None, was counted from no picture, or has another meaning than usual.
        aupro_5: As `aupro`, up to 5 %.
        spro: Mean saturated overlap of each mask up to 5 %, as MVTec LOCO defines it.
        intervals: Lower and upper 95 % bound of the figures above, where they can be computed.
        per_kind: The figures of each kind of defect.
        defects: What labelled defects taught; None if the model was made from good parts alone.
        judged: Every picture that was counted, in its order; not part of the JSON.
    """

    image_auroc: float | None
    image_f1: float | None
    image_f1_best: float | None
    pixel_auroc: float | None
    aupro: float | None
    pixel_f1: float | None
    escapes: Rate
    overkill: Rate
    confusion: dict[str, dict[str, int]]
    train_s: float | None = None
    infer_ms_p50: float | None = None
    parity: Parity | None = None
    differing: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    synthetic: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    aupro_5: float | None = None
    spro: float | None = None
    intervals: dict[str, list[float]] = field(default_factory=dict)
    per_kind: dict[str, KindReport] = field(default_factory=dict)
    defects: LabelledDefects | None = None
    judged: tuple[JudgedPicture, ...] = field(default=(), repr=False)

    def as_json(self) -> dict[str, JsonValue]:
        """The report by the names of the command line's JSON."""
        return {
            "image_auroc": self.image_auroc,
            "image_f1": self.image_f1,
            "image_f1_best": self.image_f1_best,
            "pixel_auroc": self.pixel_auroc,
            "aupro": self.aupro,
            "aupro_5": self.aupro_5,
            "spro": self.spro,
            "pixel_f1": self.pixel_f1,
            "intervals": {name: list[JsonValue](interval) for name, interval in self.intervals.items()},
            "escapes": rate_as_json(self.escapes),
            "overkill": rate_as_json(self.overkill),
            "confusion": {kind: dict(verdicts) for kind, verdicts in self.confusion.items()},
            "per_kind": {kind: report.as_json() for kind, report in self.per_kind.items()},
            "train_s": self.train_s,
            "infer_ms_p50": self.infer_ms_p50,
            "parity": self.parity.as_json() if self.parity else None,
            "differing": list(self.differing),
            "masks": list(self.masks),
            "synthetic": list(self.synthetic),
            "repeated": list(self.repeated),
            "reasons": dict(self.reasons),
            **(self.defects.as_json() if self.defects else {}),
        }


def rate_as_json(rate: Rate) -> dict[str, JsonValue]:
    """Return a rate with its counts and its interval."""
    low, high = rate.interval
    return {"count": rate.count, "n": rate.n, "rate": rate.value, "low": low, "high": high}


def intervals_of(figures: dict[str, Estimate | None]) -> dict[str, list[float]]:
    """Return lower and upper bound of each figure that has an interval."""
    return {name: figure.interval for name, figure in figures.items() if figure and figure.interval}


def intervals_as_json(figures: dict[str, Estimate | None]) -> JsonValue:
    """Return the same for JSON."""
    return {name: list[JsonValue](interval) for name, interval in intervals_of(figures).items()}
