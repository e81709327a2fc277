"""Several methods that were taught from the same pictures, side by side, and which to take."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station.domain.evaluation import Figure
from station.domain.rates import Rate


@dataclass(frozen=True, slots=True)
class ComparedMethod:
    """What one method reached at its own limit, and what it cost.

    Attributes:
        name: Of the method.
        image_auroc, aupro: Its figures on pictures that it has not learned.
        escapes: Defects that passed.
        overkill: Good parts that failed.
        judge_ms: Median time of one judgement, milliseconds, taken in turn with the others.
        size_bytes: Of its model package.
        teach_s: Seconds of the whole teaching.
        memory_mb: Most memory of the training process, 10^6 bytes; None if the system does not say.
        caution: A warning if the figures rest on few pictures.
        members_cost: How long several methods as one judge beside each of them alone; "" for a single method.
    """

    name: str
    image_auroc: Figure
    aupro: Figure
    escapes: Rate
    overkill: Rate
    judge_ms: float
    size_bytes: int
    teach_s: float
    memory_mb: float | None = None
    caution: str = ""
    members_cost: str = ""


@dataclass(frozen=True, slots=True)
class MethodComparison:
    """The table of a comparison.

    Attributes:
        methods: Those that were taught, in the order in which they were named.
        recommended: The one to take; "" if none can be recommended.
        reason: Why, in a sentence.
        failed: Why the others could not be taught, by name.
    """

    methods: tuple[ComparedMethod, ...]
    recommended: str
    reason: str
    failed: Mapping[str, str] = field(default_factory=dict)
