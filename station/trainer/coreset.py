"""The memory of good parts: principal components of their features, and a coreset of the most different ones."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

_SEARCH_COMPONENTS = 64
_ROWS_AT_ONCE = 16_384
_FARTHEST_AT_ONCE = 4096
_EQUAL = 1e-6
"""Of the greatest squared length: smaller squared distances are rounding."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums that give mean and covariance; those of two sets can be added.

    Attributes:
        count: Rows.
        total: Sum of rows, shape (c,), float64.
        products: Sum of outer products, shape (c, c), float64.
    """

    count: int
    total: NDArray[np.float64]
    products: NDArray[np.float64]

    @classmethod
    def of_rows(cls, rows: NDArray[np.floating]) -> "Moments":
        """Return the moments of `rows`, shape (n, c), any float type."""
        products = np.zeros((rows.shape[1], rows.shape[1]))
        total = np.zeros(rows.shape[1])
        for begin in range(0, len(rows), _ROWS_AT_ONCE):
            exact = rows[begin : begin + _ROWS_AT_ONCE].astype(np.float32)
            products += exact.T @ exact
            total += exact.sum(0)
        return cls(len(rows), total, products)

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.count + other.count, self.total + other.total, self.products + other.products)


def moments_of_all(parts: Iterable[Moments]) -> Moments:
    """Return the moments of several sets together; there is at least one."""
    first, *others = parts
    return sum(others, start=first)


@dataclass(frozen=True, slots=True)
class Axes:
    """The projection of features: the principal components of those of good parts, in whatever metric.

    Attributes:
        mean: Shape (c,), float32.
        directions: Shape (c, k), float32; as made by `principal_axes` orthonormal, by falling variance.
        variances: Variance along each direction, shape (k,), float32.
    """

    mean: Rows
    directions: Rows
    variances: Rows

    def project(self, features: NDArray[np.floating]) -> Rows:
        """Return the coordinates of features, (..., c) to (..., k), float32."""
        centred: Rows = np.subtract(features, self.mean, dtype=np.float32)
        return centred @ self.directions


def principal_axes(moments: Moments, components: int, weights: NDArray[np.float64] | None = None) -> Axes:
    """Return the first principal components, at most `components`.

    Args:
        moments: Of the features, shape (c,) and (c, c).
        components: How many.
        weights: What each feature is multiplied with before, shape (c,); None for 1.
    """
    mean = moments.total / moments.count
    factors = np.ones(len(mean)) if weights is None else weights
    covariance = (moments.products / moments.count - np.outer(mean, mean)) * np.outer(factors, factors)
    variances, vectors = np.linalg.eigh(covariance)
    kept = slice(None, -components - 1, -1)
    directions = np.ascontiguousarray(factors[:, None] * vectors[:, kept], np.float32)
    return Axes(mean.astype(np.float32), directions, np.maximum(variances[kept], 0).astype(np.float32))


def greedy_coreset(candidates: Rows, rows: int) -> NDArray[np.intp]:
    """Return the indices of at most `rows` candidates, each as far as possible from those before (greedy k-centre).

    The search looks at the first 64 coordinates, which costs no accuracy. A candidate that is equal to a chosen one is
    never chosen.

    Args:
        candidates: Projected features, shape (m, k).
        rows: Size of the coreset.
    """
    return farthest_first(np.ascontiguousarray(candidates[:, :_SEARCH_COMPONENTS]), min(rows, len(candidates)))


def farthest_first(points: Rows, count: int) -> NDArray[np.intp]:
    """Return the indices of `count` points, each the farthest from all before it, beginning with point 0.

    It ends early if each point is equal to a chosen one. Example: of the points 0, 1, 5, 9 on a line, 3 are chosen in
    the order 0, 9, 5.

    Distances only shrink. So the next points are searched among the few thousand farthest ones alone, until one that
    was left aside may be farther. Only their distances are brought up to date: most points soon lie near a chosen one,
    and are not looked at again. The order is that of the plain search, at a tenth of its time.
    """
    search = _Search(points)
    while len(search.chosen) < count and search.go_on(count):
        pass
    return np.array(search.chosen, np.intp)


class _Search:
    """The points chosen until now, and how far each point is from those that its distance knows of."""

    def __init__(self, points: Rows) -> None:
        self.chosen = [0]
        self._points = points
        self._squares = np.einsum("ij,ij->i", points, points)
        self._equal = _EQUAL * float(self._squares.max())
        self._nearest = np.full(len(points), np.inf, np.float32)
        self._known = np.zeros(len(points), np.int64)  # how many of the chosen points

    def go_on(self, count: int) -> bool:
        """Choose some more points, up to `count`; return False if each point is equal to a chosen one."""
        near = self._farthest_up_to_date()
        aside = max(_greatest_outside(self._nearest, near), self._equal)
        found = _search(self._points[near], self._squares[near], self._nearest[near], aside, count - len(self.chosen))
        self.chosen += near[found].tolist()
        return bool(found)

    def _farthest_up_to_date(self) -> NDArray[np.intp]:
        """Return the farthest points, whose distances know of all chosen points."""
        near = _farthest(self._nearest)
        while (stale := near[self._known[near] < len(self.chosen)]).size:
            for known in np.unique(self._known[stale]):
                self._bring_up_to_date(stale[self._known[stale] == known], int(known))
            near = _farthest(self._nearest)
        return near

    def _bring_up_to_date(self, places: NDArray[np.intp], known: int) -> None:
        """Lower the squared distances of some points, which know of the same number of chosen points."""
        others = self.chosen[known:]
        back = -2 * self._points[others].T
        for begin in range(0, len(places), _ROWS_AT_ONCE):
            part = places[begin : begin + _ROWS_AT_ONCE]
            squared = self._points[part] @ back
            squared += self._squares[others]
            self._nearest[part] = np.minimum(self._nearest[part], squared.min(1) + self._squares[part])
        self._known[places] = len(self.chosen)
        self._nearest[others] = 0


def _farthest(nearest: Rows) -> NDArray[np.intp]:
    """Return the indices of the farthest points."""
    if len(nearest) <= _FARTHEST_AT_ONCE:
        return np.arange(len(nearest))
    return np.argpartition(nearest, -_FARTHEST_AT_ONCE)[-_FARTHEST_AT_ONCE:]


def _greatest_outside(nearest: Rows, near: NDArray[np.intp]) -> float:
    """Return the greatest squared distance of the points that are not among `near`; 0 if there are none."""
    return float(nearest[near].min()) if len(near) < len(nearest) else 0.0


def _search(points: Rows, squares: Rows, nearest: Rows, aside: float, count: int) -> list[int]:
    """Return the farthest points one after the other, while they are farther than `aside`, at most `count`."""
    found: list[int] = []
    distance = np.empty_like(nearest)
    while len(found) < count:
        farthest = int(nearest.argmax())
        if nearest[farthest] < aside or nearest[farthest] <= 0:
            break
        found.append(farthest)
        np.matmul(points, points[farthest], out=distance)
        distance *= -2
        distance += squares
        distance += squares[farthest]
        np.minimum(nearest, distance, out=nearest)
        nearest[farthest] = 0
    return found
