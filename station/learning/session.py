"""How one teaching reports, how it is stopped, and where it leaves its traces."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from station.learning.progress import OnProgress, no_progress

if TYPE_CHECKING:
    from station.learning.jobs import Cancellation


@dataclass(frozen=True, slots=True)
class Session:
    """What a teaching is given besides its pictures.

    Attributes:
        on_progress: Called in the thread of the teaching.
        cancellation: Stops the training from another thread.
        log: File that receives what the training process writes; None for `logs/training.log`.
        package: The name of the model package; "" for one made of product, view and time.
    """

    on_progress: OnProgress = no_progress
    cancellation: "Cancellation | None" = None
    log: Path | None = None
    package: str = ""

    def log_in(self, logs: Path) -> Path:
        """Return the log, which lies in this folder if no other was given."""
        return self.log or logs / "training.log"


ALONE = Session()
"""Nobody listens."""
