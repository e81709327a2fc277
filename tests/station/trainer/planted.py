"""Planted defects: good cells are noise, and a defect moves a square of cells along one direction."""

import numpy as np

from station.trainer.defect_cells import DefectCells

GRID = (12, 10)
COMPONENTS = 8
_SQUARE = (slice(3, 7), slice(4, 8))


def good_pictures(seed: int, count: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Return projected cells (n, gh, gw, k), and the anomaly of each by distance, (n, gh, gw)."""
    draw = np.random.default_rng(seed)
    cells = draw.normal(size=(count, *GRID, COMPONENTS)).astype(np.float32)
    return cells, (1 + 0.2 * draw.normal(size=(count, *GRID))).astype(np.float32)


def planted_defect(
    seed: int, kind: str = "crack", *, component: int = 0, by: float = 3.0, masked: bool = True
) -> DefectCells:
    """Return a defect that moves one component of a square of cells, and their distance hardly."""
    cells, anomaly = good_pictures(seed, 1)
    cells[(0, *_SQUARE, component)] += by
    anomaly[(0, *_SQUARE)] += 0.2
    return DefectCells(kind, cells[0], anomaly[0], marked_square() if masked else None)


def marked_square() -> np.ndarray:
    """Return the cover of the square of cells that a defect moves."""
    cover = np.zeros(GRID, np.float32)
    cover[_SQUARE] = 1
    return cover
