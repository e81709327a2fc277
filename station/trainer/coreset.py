"""What is remembered of the good parts: principal axes of their features, and a bank of the most different ones."""

from dataclasses import dataclass

import torch
from torch import Tensor

_CANDIDATES = 20_000
_SEARCH_COMPONENTS = 64
_ROWS_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums from which mean and covariance follow; those of two sets add up, and subtract.

    Attributes:
        count: Rows.
        total: Sum of rows, shape (c,), float64.
        products: Sum of outer products, shape (c, c), float64.
    """

    count: int
    total: Tensor
    products: Tensor

    @classmethod
    def of(cls, rows: Tensor) -> "Moments":
        """Moments of `rows`, shape (n, c), any float type."""
        products = torch.zeros(rows.shape[1], rows.shape[1], dtype=torch.float64)
        total = torch.zeros(rows.shape[1], dtype=torch.float64)
        for part in torch.split(rows, _ROWS_AT_ONCE):
            exact = part.float()
            products += exact.T @ exact
            total += exact.sum(0)
        return cls(len(rows), total, products)

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.count + other.count, self.total + other.total, self.products + other.products)

    def __sub__(self, other: "Moments") -> "Moments":
        return Moments(self.count - other.count, self.total - other.total, self.products - other.products)


@dataclass(frozen=True, slots=True)
class Axes:
    """The directions in which good features differ most.

    Attributes:
        mean: Shape (c,), float32.
        directions: Shape (c, k), float32, orthonormal, the widest first.
    """

    mean: Tensor
    directions: Tensor

    def project(self, features: Tensor) -> Tensor:
        """Coordinates of features along the axes: (..., c) to (..., k), float32."""
        return (features.float() - self.mean) @ self.directions


def principal_axes(moments: Moments, components: int) -> Axes:
    """The `components` widest axes; all of them where the features have no more."""
    mean = moments.total / moments.count
    covariance = moments.products / moments.count - torch.outer(mean, mean)
    _, vectors = torch.linalg.eigh(covariance)
    return Axes(mean.float(), vectors.flip(1)[:, :components].float().contiguous())


def greedy_coreset(features: Tensor, eligible: Tensor, axes: Axes, rows: int, generator: torch.Generator) -> Tensor:
    """A bank of `rows` features, each chosen as far as possible from those before it (greedy k-centre).

    The choice is made among at most 20,000 features drawn at random, and by their first 64 coordinates; neither
    costs accuracy, and together they make it a matter of seconds.

    Args:
        features: All features of the good pictures, shape (n, c).
        eligible: Which of them may be chosen, indices, shape (m,).
        axes: What to project them on.
        rows: Size of the bank.
        generator: Draws the candidates.

    Returns:
        Projected features, shape (min(rows, m), k).
    """
    drawn = eligible[torch.randperm(len(eligible), generator=generator)[:_CANDIDATES]]
    candidates = axes.project(features[drawn])
    chosen = _farthest_first(candidates[:, :_SEARCH_COMPONENTS].contiguous(), min(rows, len(candidates)))
    return candidates[chosen].contiguous()


def _farthest_first(points: Tensor, count: int) -> Tensor:
    """Indices of `count` points, each the farthest from all before it; the first is the first.

    Squared distances as |x|^2 - 2 x y + |y|^2, one matrix-vector product a step, no memory allocated in the loop.
    """
    squares = (points * points).sum(1)
    chosen = torch.zeros(count, dtype=torch.long)
    nearest = torch.full_like(squares, torch.inf)
    distance = torch.empty_like(squares)
    for step in range(1, count):
        last = int(chosen[step - 1])
        torch.mv(points, points[last], out=distance)
        distance.mul_(-2).add_(squares).add_(squares[last])
        torch.minimum(nearest, distance, out=nearest)
        chosen[step] = nearest.argmax()
    return chosen
