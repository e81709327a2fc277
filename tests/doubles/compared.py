"""A comparison of two methods, as a run keeps it."""

from station.domain.evaluation import Figure
from station.domain.method_comparison import ComparedMethod, MethodComparison
from station.domain.rates import Rate

REASON = "fast: these pictures do not show that it finds less than balanced, and it judges in 61 % of the time."


def comparison(first: str = "balanced", second: str = "fast") -> MethodComparison:
    """Return one in which the second is recommended, and a third method failed."""
    return MethodComparison(
        (
            ComparedMethod(
                first, Figure(0.998, 0.991, 1.0), Figure(0.941, 0.93, 0.95), Rate(1, 62), Rate(0, 115), 19.52,
                23_400_000, 41.3, 912.4, "The limit rests on 20 good pictures only.",
            ),
            ComparedMethod(second, Figure(0.991, 0.98, 0.997), Figure(None), Rate(3, 62), Rate(2, 115), 11.9,
                9_100_000, 22.0),
        ),
        second,
        REASON,
        {"cflow": "The training went wrong: its loss is not a number."},
    )  # fmt: skip
