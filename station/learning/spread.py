"""Few of many, spread evenly over all."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


def spread_out(items: Sequence[Item], count: int) -> Sequence[Item]:
    """Return at most `count` of the items, spread evenly over all, in their order; the first and the last are there."""
    if len(items) <= count:
        return items
    return [items[place] for place in np.linspace(0, len(items) - 1, count).round().astype(int)]
