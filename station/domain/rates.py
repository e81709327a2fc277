"""A share with its counts and its uncertainty; a rate is never shown without them."""

import math
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
        z2 = _Z95**2 / self.n
        p = self.count / self.n
        middle = (p + z2 / 2) / (1 + z2)
        half = _Z95 / (1 + z2) * math.sqrt(p * (1 - p) / self.n + z2 / (4 * self.n))
        return (0.0 if self.count == 0 else middle - half), (1.0 if self.count == self.n else middle + half)
