"""The memory of good parts: principal components of their features, and a coreset of the most different ones."""

from dataclasses import dataclass

import torch
from torch import Tensor

_CANDIDATES = 20_000
_SEARCH_COMPONENTS = 64
_ROWS_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums that give mean and covariance; those of two sets can be added and subtracted.

    Attributes:
        count: Rows.
        total: Sum of rows, shape (c,), float64.
        products: Sum of outer products, shape (c, c), float64.
    """

    count: int
    total: Tensor
    products: Tensor

    @classmethod
    def of_rows(cls, rows: Tensor) -> "Moments":
        """Return the moments of `rows`, shape (n, c), any float type."""
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
    """The principal components of the features of good parts.

    Attributes:
        mean: Shape (c,), float32.
        directions: Shape (c, k), float32, orthonormal, by falling variance.
    """

    mean: Tensor
    directions: Tensor

    def project(self, features: Tensor) -> Tensor:
        """Return the coordinates of features, (..., c) to (..., k), float32."""
        return (features.float() - self.mean) @ self.directions


def principal_axes(moments: Moments, components: int) -> Axes:
    """Return the first principal components, at most `components`."""
    mean = moments.total / moments.count
    covariance = moments.products / moments.count - torch.outer(mean, mean)
    _, vectors = torch.linalg.eigh(covariance)
    return Axes(mean.float(), vectors.flip(1)[:, :components].float().contiguous())


def greedy_coreset(features: Tensor, eligible: Tensor, axes: Axes, rows: int, generator: torch.Generator) -> Tensor:
    """Return a coreset of `rows` features, each as far as possible from those before it (greedy k-centre).

    It is chosen among at most 20,000 features drawn at random, by their first 64 coordinates; neither costs accuracy,
    and together they reduce the time to seconds.

    Args:
        features: All features of the good pictures, shape (n, c).
        eligible: Indices of those that may be chosen, shape (m,).
        axes: The principal components.
        rows: Size of the coreset.
        generator: Draws the candidates.

    Returns:
        Projected features, shape (min(rows, m), k).
    """
    drawn = eligible[torch.randperm(len(eligible), generator=generator)[:_CANDIDATES]]
    candidates = axes.project(features[drawn])
    chosen = _farthest_first(candidates[:, :_SEARCH_COMPONENTS].contiguous(), min(rows, len(candidates)))
    return candidates[chosen].contiguous()


def _farthest_first(points: Tensor, count: int) -> Tensor:
    """Return the indices of `count` points, each the farthest from all before it, beginning with point 0.

    Squared distances are |x|^2 - 2 x y + |y|^2: one matrix-vector product per step, no allocation in the loop.
    Example: of the points 0, 1, 5, 9 on a line, 3 are chosen in the order 0, 9, 5.
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
