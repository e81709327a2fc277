"""A part on hold: somebody needs its pictures, so they are never given up until it is released."""

from dataclasses import dataclass
from datetime import datetime

from station.domain.inspection import PartKey


@dataclass(frozen=True, slots=True)
class Hold:
    """Who put a part on hold, or releases it.

    Attributes:
        key: The part.
        reason: Why.
        person: Who; as in `OperatorFeedback`.
        at: UTC.
    """

    key: PartKey
    reason: str
    person: str
    at: datetime

    @property
    def words(self) -> str:
        """Return it in words: "ON HOLD: complaint 4711 (Ada)"."""
        return f"ON HOLD: {self.reason} ({self.person})" if self.person else f"ON HOLD: {self.reason}"
