"""A Laplacian autoencoder: a short code of each window, alike for windows that are neighbours among good ones.

It is linear, so that it has one solution and no training by gradients. The encoder w, with columns at right angles, and
the decoder w' minimise |x - x w w'|^2 + weight * sum over neighbours |w'x_i - w'x_j|^2: w are the leading eigenvectors
of x'x - weight * x'Lx, where L is the Laplacian of the graph of the nearest neighbours (Jia and others, Laplacian
Auto-Encoders, Neurocomputing 160, 2015). What the code cannot say of a window is one more feature.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from plugins.classical_features.features import Rows

_LEAST_DEVIATION = 0.05
"""Of the median deviation: a feature that is alike in all good parts does not decide alone."""


@dataclass(frozen=True, slots=True)
class LaplacianAutoencoder:
    """What was learned.

    Attributes:
        mean, scale: Of each feature, (k,).
        encoder: Shape (k, c).
    """

    mean: Rows
    scale: Rows
    encoder: Rows

    @classmethod
    def learn(cls, rows: Rows, code: int, neighbours: int, weight: float) -> "LaplacianAutoencoder":
        """Return the autoencoder of these windows.

        Args:
            rows: Features of windows of good parts, (n, k).
            code: Length of the code.
            neighbours: As many nearest neighbours each window has in the graph.
            weight: Of the neighbours beside the reconstruction.
        """
        mean, deviation = rows.mean(0), rows.std(0)
        scale = np.maximum(deviation, _LEAST_DEVIATION * (float(np.median(deviation)) or 1.0))
        x = (rows - mean) / scale
        smooth = _apart_from_neighbours(x, neighbours)
        _, axes = np.linalg.eigh(x.T @ x / len(x) - weight * smooth)
        leading = axes[:, ::-1][:, :code]
        return cls(mean, scale, leading * np.sign(leading[np.abs(leading).argmax(0), np.arange(leading.shape[1])]))

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.float64]]) -> "LaplacianAutoencoder":
        """Return the autoencoder that was written as arrays."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    @property
    def arrays(self) -> dict[str, Rows]:
        """Return it as arrays."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __call__(self, rows: Rows) -> Rows:
        """Return code and error of each window, (n, k) to (n, c + 1)."""
        x = (rows - self.mean) / self.scale
        code = x @ self.encoder
        error = np.sqrt(np.maximum(np.square(x).sum(1) - np.square(code).sum(1), 0.0))
        return np.column_stack([code, error])


def _apart_from_neighbours(x: Rows, neighbours: int) -> Rows:
    """Return x'Lx for the graph in which each window is joined to its nearest ones, per joint, (k, k)."""
    nearest = np.argpartition(squared_distances(x, x) + np.diag(np.full(len(x), np.inf)), neighbours - 1, axis=1)
    apart = (x[:, None, :] - x[nearest[:, :neighbours]]).reshape(-1, x.shape[1])
    return np.asarray(apart.T @ apart / len(apart))


def squared_distances(rows: Rows, others: Rows) -> Rows:
    """Return the squared distance of each row from each other one, (n, k) and (m, k) to (n, m)."""
    squares = np.square(rows).sum(1)[:, None] + np.square(others).sum(1)
    return np.asarray(np.maximum(squares - 2 * rows @ others.T, 0.0))
