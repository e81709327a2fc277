"""A share with its counts and its uncertainty; a rate is never shown without them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `n`, with its 95 % Wilson interval (E. B. Wilson, JASA 22, 1927)."""

    count: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.n:
            raise ValueError(f"{self.count} of {self.n} is not a rate")

    @property
    def value(self) -> float | None:
        """The share, 0..1; None if n is 0."""
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper 95 % bound, 0..1; (0, 1) if n is 0."""
        if not self.n:
            return 0.0, 1.0
        low, high = wilson_interval(self.count / self.n, self.n)
        return (0.0 if self.count == 0 else low), (1.0 if self.count == self.n else high)


def wilson_interval(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of n, which need not be a whole number of them.

    For a mean of n values in 0..1 it is a cautious one: no such values vary more than noughts and ones of the same
    mean.
    """
    z2 = _Z95**2 / n
    middle = (share + z2 / 2) / (1 + z2)
    half = _Z95 / (1 + z2) * math.sqrt(share * (1 - share) / n + z2 / (4 * n))
    return middle - half, middle + half


def exact_interval(rate: Rate) -> tuple[float, float]:
    """Return the 95 % interval of Clopper and Pearson (Biometrika 26, 1934), 0..1; (0, 1) if n is 0.

    It holds for any number of cases, and so is for few of them: "3 of 3" is 0.29 to 1, where Wilson's says 0.44 to 1.
    It takes a time that grows with n.
    """
    low = 0.0 if rate.count == 0 else _where(lambda p: 1 - _at_most(rate.count - 1, rate.n, p) >= _TAIL)
    high = 1.0 if rate.count == rate.n else _where(lambda p: _at_most(rate.count, rate.n, p) <= _TAIL)
    return low, high


_TAIL = 0.025
_HALVINGS = 40


def _at_most(count: int, n: int, p: float) -> float:
    """Return the probability of at most `count` of n, each of which comes with probability p."""
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(count + 1))


def _where(reached: Callable[[float], bool]) -> float:
    """Return the least probability that reaches a condition, which every greater one reaches too."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
