"""Features of a network that is not trained: computed once, and then used by each fold."""

from collections.abc import Callable

import torch

from station.learning.progress import with_progress
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.detectors.torch_networks.torch_detector import as_tensor

_AT_ONCE = 8
_CANDIDATES = 40_000
_LOOKING = "Looking at good parts"


class FrozenFeatures:
    """Keeps the features of the pictures of one teaching."""

    def __init__(self, features_of: Callable[[torch.Tensor], torch.Tensor]) -> None:
        """Keep nothing yet.

        Args:
            features_of: From pixels 0..255, (n, 3, h, w) float32, to the features of each picture, (n, ...).
        """
        self._features_of = features_of
        self._kept: torch.Tensor | None = None

    def of(self, pictures: Pixels, session: Session) -> torch.Tensor:
        """Return the features of all pictures; of the same pictures in each call."""
        if self._kept is None:
            begins = range(0, len(pictures), _AT_ONCE)
            with torch.inference_mode():
                parts = [
                    self._features_of(as_tensor(pictures[begin : begin + _AT_ONCE]))
                    for begin in with_progress(begins, _LOOKING, session.on_progress)
                ]
            self._kept = torch.cat(parts).clone()
        return self._kept


def candidates_of(features: torch.Tensor) -> torch.Tensor:
    """Return the features of at most 40000 places for a coreset, drawn by chance: (n, c, gh, gw) to (m, c)."""
    rows = features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])
    return rows[torch.randperm(len(rows))[:_CANDIDATES]]
