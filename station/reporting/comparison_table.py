"""A comparison of methods in words: a row for each, and what must be said besides."""

from station.domain.formatting import UNKNOWN, count_of, share
from station.domain.method_comparison import ComparedMethod, MethodComparison
from station.domain.rates import Rate
from station.reporting.evaluation_wording import figure_words

COMPARED_HEADINGS = (
    "Method",
    "AUROC (95 %)",
    "AUPRO (95 %)",
    "Escapes",
    "Overkill",
    "ms",
    "Size",
    "Teaching",
    "Memory",
)
COMPARED_NUMBERS = ("ms", "Size", "Teaching")
_PERCENT = "\u00a0%"
BOUNDS = "Escapes and overkill at each one's own limit, with 95 % intervals. ms: one judgement, taken in turn."


def compared_rows(comparison: MethodComparison) -> tuple[tuple[str, ...], ...]:
    """Return a row for each method that was taught."""
    return tuple(_row(method, recommended=method.name == comparison.recommended) for method in comparison.methods)


def remarks(comparison: MethodComparison) -> tuple[str, ...]:
    """Return what the columns mean, what several methods as one cost, what cannot be relied on, and what failed."""
    said = (
        f"{method.name}: {sentence}"
        for method in comparison.methods
        for sentence in (method.members_cost, method.caution)
        if sentence
    )
    failed = (f"{name} could not be taught: {why}" for name, why in comparison.failed.items())
    return (BOUNDS, *said, *failed)


def _row(method: ComparedMethod, *, recommended: bool) -> tuple[str, ...]:
    return (
        f"\u2713 {method.name}" if recommended else method.name,
        figure_words(method.image_auroc),
        figure_words(method.aupro),
        _rate(method.escapes),
        _rate(method.overkill),
        f"{method.judge_ms:.1f}",
        f"{method.size_bytes / 1e6:.1f} MB",
        f"{method.teach_s:.0f} s",
        UNKNOWN if method.memory_mb is None else f"{method.memory_mb:.0f} MB",
    )


def _rate(rate: Rate) -> str:
    """Return the count and its interval, short enough for a column: "2 of 40 (1 to 17 %)"."""
    low, high = rate.interval
    return f"{count_of(rate)} ({share(low).removesuffix(_PERCENT)} to {share(high)})" if rate.n else UNKNOWN
